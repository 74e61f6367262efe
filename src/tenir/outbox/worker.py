"""The worker process: the one scheduler loop, the tasks that are due, and the loops that listen to mailboxes."""

import logging
import signal
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import DatabaseError, close_old_connections, connection

from tenir import clock
from tenir.outbox import verbs
from tenir.outbox.handlers import MAX_ATTEMPTS, GiveUp, Later, Service, handlers, next_try, repeated, services

log = logging.getLogger("tenir.work")
PAUSE = 0.5
"""Seconds between two looks for due work: one indexed query each."""


def work_once(*, at: datetime) -> bool:
    """Claims and does one due task; False when nothing was due. A failing task is put off, never lost."""
    claim = verbs.claim_next(at=at, kinds=list(handlers))
    if claim is None:
        return False
    task = claim.task
    try:
        handlers[task.kind](task)
    except Later as later:
        verbs.later(claim, due_at=later.due_at, reason=str(later))
    except GiveUp as hopeless:
        log.warning("gave up", extra={"task": task.key, "reason": str(hopeless)})
        verbs.give_up(claim, at=clock.now(), reason=str(hopeless))
    except Exception as failure:
        log.exception("task failed", extra={"task": task.key})
        reason = f"{type(failure).__name__}: {failure}"
        if task.attempts >= MAX_ATTEMPTS:
            verbs.give_up(claim, at=clock.now(), reason=reason)
        else:
            verbs.later(claim, due_at=clock.now() + next_try(task.attempts), reason=reason)
    else:
        verbs.done(claim, at=clock.now())
    return True


class Scheduler:
    """Runs what repeats when its time has come. Intervals are counted on the monotonic clock: a wall clock that
    jumps back an hour neither stops nor repeats anything."""

    def __init__(self, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._next = dict.fromkeys(repeated, monotonic())

    def tick(self, *, at: datetime) -> None:
        """Runs every repeated job that is due; one that fails is said and does not stop the others."""
        for name, job in repeated.items():
            if self._monotonic() < self._next.get(name, 0.0):
                continue
            self._next[name] = self._monotonic() + job.every.total_seconds()
            try:
                job.run(at)
            except Exception:
                log.exception("repeated job failed", extra={"job": name})


def _keep_alive(name: str, loop: Service, stop: threading.Event) -> None:
    """Runs a service until asked to stop; when it fails it is said, and begun again a little later."""
    wait = 1.0
    while not stop.is_set():
        began = time.monotonic()
        try:
            loop(stop)
        except Exception:
            log.exception("service failed", extra={"service": name})
        finally:
            connection.close()
        wait = 1.0 if time.monotonic() - began > 60 else min(wait * 2, 60.0)
        stop.wait(wait)


def run() -> None:
    """The body of `tenir work`: until SIGTERM or SIGINT, does what is due; a database away is waited for."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    threads = [
        threading.Thread(target=_keep_alive, args=(name, loop, stop), name=name, daemon=True)
        for name, loop in services.items()
    ]
    for thread in threads:
        thread.start()
    scheduler = Scheduler()
    log.info("working")
    while not stop.is_set():
        try:
            scheduler.tick(at=clock.now())
            while not stop.is_set() and work_once(at=clock.now()):
                pass
            stop.wait(PAUSE)
        except DatabaseError:
            log.exception("the database does not answer; trying again")
            stop.wait(5)
        close_old_connections()
    for thread in threads:
        thread.join(timeout=timedelta(seconds=5).total_seconds())
