"""Who does which kind of work. Rooms above register here when the application starts.

A handler gets the claimed task's row. It returns when the work is done, raises `Later` to be tried again at a time of
its own, `GiveUp` when trying again cannot help, and anything else for a retry with back-off. The worker renews the
lease for as long as the handler runs, so a handler must end: whatever it waits for needs a time limit.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from tenir.outbox.models import Task

Handler = Callable[[Task], None]
handlers: dict[str, Handler] = {}
OnDeath = Callable[[Task, str], None]
on_death: dict[str, OnDeath] = {}
MAX_FAILURES = 18
"""With `next_try`, about two days: as long as mail servers are usually tried."""


class Later(Exception):
    """Not now: try again at `due_at`."""

    def __init__(self, reason: str, *, due_at: datetime) -> None:
        super().__init__(reason)
        self.due_at = due_at


class GiveUp(Exception):
    """Trying again cannot help; the message says why."""


def handles(kind: str, *, if_given_up: OnDeath | None = None) -> Callable[[Handler], Handler]:
    """Registers the decorated function for tasks of `kind`.

    `if_given_up` gets the task and the reason just before the task is given up for good, for whatever reason; it tells
    whoever waits for the result, and may be called again after a crash.
    """

    def enter(handler: Handler) -> Handler:
        if kind in handlers:
            raise ValueError(f"two handlers for {kind}")
        handlers[kind] = handler
        if if_given_up is not None:
            on_death[kind] = if_given_up
        return handler

    return enter


def next_try(failures: int) -> timedelta:
    """How long to wait after the n-th failure: 15 s, 30 s, 1 min … at most 6 h (44 hours in all, for 18 failures)."""
    doublings = min(max(0, failures - 1), 20)
    return min(timedelta(seconds=15) * (1 << doublings), timedelta(hours=6))


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
