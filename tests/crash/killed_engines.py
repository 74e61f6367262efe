"""Fills an empty desk with promises that are due, then kills engine after engine with SIGKILL while they give alarms.

Prints as JSON what the database holds in the end: `python -m tests.crash.killed_engines PROMISES SEED`.
"""

import ctypes
import json
import os
import random
import signal
import sys
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

BATCH = 5
"""Small, so that every engine is killed in the middle of much."""
AT_ONCE = 2


def main() -> None:
    import django

    django.setup()
    from django.conf import settings

    from tenir.install.migrate import migrate

    Path(settings.DATA_DIR).mkdir(parents=True, exist_ok=True)
    migrate()
    wanted, chance = int(sys.argv[1]), random.Random(sys.argv[2])
    _fill(wanted)
    kills = 0
    while _left():
        # Longer and longer, so that even a machine that is very slow comes to the end.
        kills += _storm(chance, seconds=0.2 + kills / 400)
    print(json.dumps(_report() | {"kills": kills}))


def _fill(count: int) -> None:
    from tenir.cases.tests.scenes import bin_without_lid
    from tenir.people.tests.scenes import MONDAY
    from tenir.promises import dates
    from tenir.promises.models import Promise
    from tenir.promises.tests.scenes import plain

    cases = [bin_without_lid(key=f"case {number}") for number in range(20)]
    one = plain(cases[0], due=dates.by_the_clock(MONDAY, timedelta(hours=1)))
    rows = []
    for number in range(1, count):
        one.pk, one.case = None, cases[number % len(cases)]
        rows.append(Promise(**{f.attname: getattr(one, f.attname) for f in Promise._meta.concrete_fields}))
    Promise.objects.bulk_create(rows)
    dates.usual("tell", start=MONDAY)  # the hours are computed here, once, and not again in every engine


def _left() -> int:
    from django.db import connection

    from tenir.promises.models import Promise

    left = Promise.objects.filter(next_alarm__in=["warning", "due"]).exclude(kind="tell").count()
    connection.close()  # no connection may be shared with a fork
    return left


def _storm(chance: random.Random, *, seconds: float) -> int:
    """Lets engines work beside each other for a moment, then kills them where they are."""
    engines = [_engine() for _ in range(AT_ONCE)]
    time.sleep(chance.uniform(0.01, seconds))
    for pid in engines:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    return len(engines)


def _engine() -> int:
    pid = os.fork()
    if pid == 0:
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)
        try:
            _give_alarms()
        finally:
            os._exit(1)
    return pid


def _give_alarms() -> None:
    from django.db import OperationalError

    from tenir.people.tests.scenes import MONDAY
    from tenir.promises import engine

    engine.BATCH = BATCH
    while True:
        try:
            engine.tick(at=MONDAY + timedelta(minutes=50))
            engine.tick(at=MONDAY + timedelta(hours=1))
        except OperationalError:  # as the worker does: said, and tried again
            time.sleep(0.01)


def _report() -> dict[str, Any]:
    from tenir.ledger.models import Event
    from tenir.promises.models import Promise

    events = list(Event.objects.order_by("pk").values_list("name", "data"))
    owed = Promise.objects.exclude(kind="tell")
    return {
        "promises": list(owed.values_list("pk", flat=True)),
        "warned": Counter(data["promise"] for name, data in events if name == "promise_warned"),
        "fell_due": Counter(data["promise"] for name, data in events if name == "promise_fell_due"),
        "tells": Promise.objects.filter(kind="tell").count(),
        "tells_made": sum(name == "promise_made" and data["kind"] == "tell" for name, data in events),
        "told_of": owed.exclude(told_by=None).count(),
        "next": list(owed.values_list("next_alarm", flat=True).distinct()),
    }


if __name__ == "__main__":
    main()
