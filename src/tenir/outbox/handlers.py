"""Who does which kind of work. Rooms above register here when the application starts.

A handler gets the claimed task's row. It returns when the work is done, raises `Later` to be tried again at a time of
its own, `GiveUp` when trying again cannot help, and anything else for a retry with back-off.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from tenir.outbox.models import Task

Handler = Callable[[Task], None]
handlers: dict[str, Handler] = {}
MAX_ATTEMPTS = 12


class Later(Exception):
    """Not now: try again at `due_at`."""

    def __init__(self, reason: str, *, due_at: datetime) -> None:
        super().__init__(reason)
        self.due_at = due_at


class GiveUp(Exception):
    """Trying again cannot help; the message says why."""


def handles(kind: str) -> Callable[[Handler], Handler]:
    """Registers the decorated function for tasks of `kind`."""

    def enter(handler: Handler) -> Handler:
        if kind in handlers:
            raise ValueError(f"two handlers for {kind}")
        handlers[kind] = handler
        return handler

    return enter


def next_try(attempts: int) -> timedelta:
    """How long to wait after the n-th failed attempt: 15 s, 30 s, 1 min … at most 6 h (about two days in all)."""
    return min(timedelta(seconds=15) * 2 ** max(0, attempts - 1), timedelta(hours=6))


@dataclass(frozen=True)
class Repeated:
    """Something the worker does again and again: every row of the desk's cron is one of these."""

    name: str
    every: timedelta
    run: Callable[[datetime], None]


repeated: dict[str, Repeated] = {}


def repeat(*, every: timedelta) -> Callable[[Callable[[datetime], None]], Callable[[datetime], None]]:
    """Registers the decorated function to run at this interval; it gets the instant and must be safe to repeat."""

    def enter(run: Callable[[datetime], None]) -> Callable[[datetime], None]:
        name = f"{run.__module__}.{run.__name__}"
        repeated[name] = Repeated(name, every, run)
        return run

    return enter


Service = Callable[[threading.Event], None]
services: dict[str, Service] = {}


def service(name: str) -> Callable[[Service], Service]:
    """Registers a loop that lives in a thread of the worker until its stop event is set (a mailbox that listens)."""

    def enter(loop: Service) -> Service:
        services[name] = loop
        return loop

    return enter
