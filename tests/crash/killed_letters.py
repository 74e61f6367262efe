"""Fills an empty desk with deliveries to be asked about, then kills worker after worker while the letters leave.

Prints as JSON what the database holds in the end: `python -m tests.crash.killed_letters CASES SEED SMTP-PORT`.
"""

import ctypes
import json
import os
import random
import signal
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

AT_ONCE = 2
LONGEST = 300


def main() -> None:
    import django

    django.setup()
    from django.conf import settings

    from tenir.install.migrate import migrate

    Path(settings.DATA_DIR).mkdir(parents=True, exist_ok=True)
    migrate()
    chance = random.Random(sys.argv[2])
    _fill(int(sys.argv[1]), port=int(sys.argv[3]))
    kills, began = 0, time.monotonic()
    while _left() and time.monotonic() - began < LONGEST:
        # A worker needs two seconds to take up what a dead one held.
        kills += _storm(chance, seconds=1.0 + kills / 20)
    print(json.dumps(_report() | {"kills": kills}))


def _fill(count: int, *, port: int) -> None:
    """Each case has two promises, delivered a quarter of an hour ago and more: one letter for both."""
    from tenir import clock
    from tenir.cases.tests.scenes import bin_without_lid, customer
    from tenir.channels.email.models import Mailbox
    from tenir.people.tests.scenes import amina
    from tenir.promises import verbs
    from tenir.promises.tests.scenes import plain

    outgoing = {"host": "127.0.0.1", "port": port, "security": "plain", "timeout": 5}
    Mailbox.objects.create(name="Desk", address="aide@desk.example", outgoing=outgoing)
    at = clock.now() - timedelta(minutes=20)
    for number in range(count):
        case = bin_without_lid(who=customer(f"client{number} Durand"), at=at)
        for what in ("Livrer le bac", "Apporter le couvercle"):
            promise = plain(case, at=at, what=what, kind="delivery")
            verbs.deliver(promise, seen=promise.revision, by=amina(), at=at)


def _left() -> int:
    from django.db import connection

    from tenir.channels.email.models import Letter
    from tenir.outbox.models import Task
    from tenir.promises.models import Promise

    waiting = Task.objects.filter(kind="email.promises", state="waiting").count()
    unwritten = Promise.objects.count() // 2 - Letter.objects.exclude(sent_at=None).count()
    connection.close()  # no connection may be shared with a fork
    return waiting + max(0, unwritten)


def _storm(chance: random.Random, *, seconds: float) -> int:
    """Lets workers work beside each other for a moment, then kills them where they are."""
    workers = [_worker() for _ in range(AT_ONCE)]
    time.sleep(chance.uniform(0.3, seconds))
    for pid in workers:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    return len(workers)


def _worker() -> int:
    pid = os.fork()
    if pid == 0:
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)
        from tenir.outbox import worker

        try:
            os.dup2(2, 1)
            worker.run()
        finally:
            os._exit(1)
    return pid


def _report() -> dict[str, Any]:
    from tenir.channels.email.models import Letter
    from tenir.ledger.models import Event
    from tenir.outbox.models import Task

    tasks = Task.objects.filter(kind="email.promises")
    news = Event.objects.filter(name__in=("promise_made", "promise_delivered"))
    return {
        "letters": list(Letter.objects.values_list("message_id", flat=True)),
        "unsent": Letter.objects.filter(sent_at=None).count(),
        "states": sorted(set(tasks.values_list("state", flat=True))),
        "events": sorted(pk for task in tasks for pk in task.data["events"]),
        "news": sorted(event.pk for event in news if event.data.get("kind") != "tell"),
    }


if __name__ == "__main__":
    main()
