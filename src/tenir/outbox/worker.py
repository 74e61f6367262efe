"""The worker process: the one scheduler loop, the hands that do due tasks, and the loops that listen to mailboxes."""

import logging
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import close_old_connections, connection

from tenir import clock
from tenir.outbox import verbs, workers
from tenir.outbox.handlers import (
    MAX_FAILURES,
    GiveUp,
    Later,
    Service,
    handlers,
    next_try,
    on_death,
    repeated,
    services,
)
from tenir.outbox.models import Task
from tenir.outbox.verbs import Claim

log = logging.getLogger("tenir.work")
PAUSE = 0.5
"""Seconds between two looks for due work: one indexed query each."""
LOOK_AROUND = 2.0
"""Seconds between two looks for workers that died with work in their hands."""
HANDS = 4
"""Tasks done at the same time, so that one mail server that hangs does not hold up all replies."""
AFTER_TROUBLE = 5.0
"""Seconds to wait when the database does not answer."""


class InHand:
    """The tasks that this process is doing now. Their leases are renewed while it lives, so that no other worker takes
    a slow one for abandoned and does it twice. `worker` is the name under which it claims."""

    worker = ""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._claims: dict[int, Claim] = {}

    @contextmanager
    def holding(self, claim: Claim) -> Iterator[None]:
        with self._lock:
            self._claims[claim.task.pk] = claim
        try:
            yield
        finally:
            with self._lock:
                self._claims.pop(claim.task.pk, None)

    def __bool__(self) -> bool:
        return bool(self._claims)

    def renew(self, *, at: datetime) -> None:
        """Renews every lease."""
        with self._lock:
            claims = list(self._claims.values())
        for claim in claims:
            verbs.hold_on(claim, at=at)


in_hand = InHand()


def work_once(*, at: datetime) -> bool:
    """Claims and does one due task; False when nothing was due. A failing task is put off, never lost."""
    claim = verbs.claim_next(at=at, kinds=list(handlers), worker=in_hand.worker)
    if claim is None:
        return False
    task = claim.task
    try:
        with in_hand.holding(claim):
            handlers[task.kind](task)
    except Later as put_off:
        verbs.later(claim, due_at=put_off.due_at, at=clock.now(), reason=str(put_off))
    except GiveUp as hopeless:
        _give_up(claim, reason=str(hopeless))
    except Exception as failure:
        log.exception("task failed", extra={"task": task.key})
        _failed(claim, reason=f"{type(failure).__name__}: {failure}")
    else:
        verbs.done(claim, at=clock.now())
    return True


def _failed(claim: Claim, *, reason: str) -> None:
    failures = claim.task.failures + 1
    if failures >= MAX_FAILURES:
        _give_up(claim, reason=reason)
    else:
        at = clock.now()
        verbs.later(claim, due_at=at + next_try(failures), at=at, reason=reason, failed=True)


def _give_up(claim: Claim, *, reason: str) -> None:
    """Gives the task up, after whoever waits for it was told; when telling fails, it is tried again later."""
    task = claim.task
    log.warning("gave up", extra={"task": task.key, "reason": reason})
    try:
        if tell := on_death.get(task.kind):
            tell(Task.objects.get(pk=task.pk), reason)
    except Exception:
        log.exception("nobody could be told", extra={"task": task.key})
        at = clock.now()
        verbs.later(claim, due_at=at + next_try(task.failures + 1), at=at, reason=reason, failed=True)
    else:
        verbs.give_up(claim, at=clock.now(), reason=reason)


class Scheduler:
    """Runs what repeats when its time has come. Intervals are counted on the monotonic clock: a wall clock that
    jumps back an hour neither stops nor repeats anything."""

    def __init__(self, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._next: dict[str, float] = {}

    def tick(self, *, at: datetime) -> None:
        """Runs every repeated job that is due; one that fails is said and does not stop the others."""
        for name, job in list(repeated.items()):
            now = self._monotonic()
            if now < self._next.get(name, now):
                continue
            self._next[name] = now + job.every.total_seconds()
            try:
                job.run(at)
            except Exception:
                log.exception("repeated job failed", extra={"job": name})


class ClockWatch:
    """Compares the wall clock with the monotonic one, which never goes back."""

    def __init__(
        self,
        *,
        wall: Callable[[], datetime] = clock.now,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._wall, self._monotonic = wall, monotonic
        self._began = self._beginning()

    def _beginning(self) -> datetime:
        """What the wall clock showed when the monotonic one began, if both had always run alike."""
        return self._wall() - timedelta(seconds=self._monotonic())

    def look(self, set_right: Callable[[timedelta], object]) -> bool:
        """Calls `set_right` with how far the wall clock was set back since the last look, when it was; a small drift
        is let pass. When `set_right` raises, the next look finds the same again."""
        began = self._beginning()
        back = self._began - began
        if back > verbs.AHEAD:
            log.warning("the clock was set back", extra={"seconds": round(back.total_seconds())})
            set_right(back)
        self._began = began
        return back > verbs.AHEAD


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


def _lend_a_hand(number: int, stop: threading.Event) -> None:
    """Does due tasks one after the other; a database that is away is waited for."""
    stop.wait(PAUSE * number / HANDS)
    while not stop.is_set():
        wait = PAUSE
        try:
            wait = 0.0 if work_once(at=clock.now()) else PAUSE
        except Exception:
            log.exception("the database does not answer; trying again")
            wait = AFTER_TROUBLE
        close_old_connections()
        stop.wait(wait)
    connection.close()


def _inherit(dead: str, *, at: datetime) -> None:
    """What a dead worker held comes due now."""
    tasks = verbs.give_back(dead, at=at)
    log.warning("a worker died; what it held is taken up", extra={"tasks": tasks})


def _schedule(stop: threading.Event) -> None:
    """The scheduler's loop: repeated jobs, leases, and an eye on the clock."""
    scheduler, watch = Scheduler(), ClockWatch()
    renewed = time.monotonic()
    looked = renewed - LOOK_AROUND
    begun = False
    while not stop.is_set():
        wait = PAUSE
        try:
            at = clock.now()
            if not begun:
                verbs.set_right(at=at)
                begun = True
            watch.look(lambda back: verbs.set_right(at=clock.now(), back_by=back))
            if time.monotonic() - looked >= LOOK_AROUND:
                workers.bury(lambda name: _inherit(name, at=clock.now()))
                looked = time.monotonic()
            if time.monotonic() - renewed > verbs.LEASE.total_seconds() / 5:
                in_hand.renew(at=at)
                renewed = time.monotonic()
            scheduler.tick(at=at)
        except Exception:
            log.exception("the database does not answer; trying again")
            wait = AFTER_TROUBLE
        close_old_connections()
        stop.wait(wait)
    connection.close()


def _badge() -> workers.Badge | None:
    """This worker's name; without one (the disk is full) what it holds when it dies waits for the end of its lease."""
    try:
        badge = workers.Badge()
    except OSError:
        log.exception("a worker without a badge")
        return None
    in_hand.worker = badge.name
    return badge


def run() -> None:
    """The body of `tenir work`: until SIGTERM or SIGINT, does what is due; a database away is waited for."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    badge = _badge()
    threads = [
        threading.Thread(target=_keep_alive, args=(name, loop, stop), name=name, daemon=True)
        for name, loop in services.items()
    ]
    threads += [
        threading.Thread(target=_lend_a_hand, args=(number, stop), name=f"hand-{number}", daemon=True)
        for number in range(HANDS)
    ]
    for thread in threads:
        thread.start()
    log.info("working")
    _schedule(stop)
    deadline = time.monotonic() + 5
    for thread in threads:
        thread.join(timeout=max(0.0, deadline - time.monotonic()))
    if badge is not None and not in_hand:
        badge.give_up()
