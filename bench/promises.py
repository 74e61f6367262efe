"""The due-engine beside the bare query: a tick with nothing due, and many promises due at once.

    python -m bench.promises [--open 1000000] [--due 10000] [--database sqlite|postgresql://…]

On a throw-away desk; what is open is spread over the ten years to come.
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench import desk
from bench.measure import Measure, bare_cursor, for_driver, side_by_side, statements

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
CASES = 2000
AT_ONCE = 5000
TICKS = 300


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.promises", description=__doc__.partition("\n")[0])
    parser.add_argument("--open", type=int, default=1_000_000)
    parser.add_argument("--due", type=int, default=10_000)
    parser.add_argument("--database", default="sqlite")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tenir-bench-") as folder:
        desk.set_up(Path(folder), options.database)
        for measure in run(open_ones=options.open, due=options.due):
            print(line(measure), flush=True)


def line(measure: Measure) -> str:
    if measure.ours is None:
        return f"{measure.name}: {measure.value:,.0f} {measure.unit} (wanted: {measure.target}) {measure.note}"
    bare = f", bare {measure.bare.median_ms:.3f} ms" if measure.bare else ""
    ours = f"{measure.ours.median_ms:.3f} ms, 95 % below {measure.ours.p95_ms:.3f} ms"
    return f"{measure.name}: {ours}{bare} (wanted: {measure.target})"


def run(*, open_ones: int, due: int) -> list[Measure]:
    """The measures of the engine, on the empty desk that this process is set on."""
    _fill(open_ones)
    return [_idle(open_ones), *_all_at_once(due)]


# --- The desk ------------------------------------------------------------------------------------------------------


def _fill(count: int) -> None:
    """So many open promises whose alarms are still to come, in `CASES` cases."""
    step = timedelta(days=3650) / count
    _insert(count, lambda number: NOW + timedelta(days=1) + step * number)


def _insert(count: int, due_at: Callable[[int], datetime]) -> None:
    from django.db import transaction

    from tenir.promises.models import Promise

    cases = _cases()
    for begin in range(0, count, AT_ONCE):
        rows = [_row(cases[n % len(cases)], due_at(n)) for n in range(begin, min(begin + AT_ONCE, count))]
        with transaction.atomic():
            Promise.objects.bulk_create(rows)


def _row(case: Any, due_at: datetime) -> Any:
    from tenir.promises.models import Promise

    return Promise(
        case=case,
        customer_id=case.customer_id,
        kind="delivery",
        what="Livrer le bac vert et son couvercle",
        owner_id=case.owner_id,
        due_at=due_at,
        first_due_at=due_at,
        counted="clock",
        amount=2880,
        counted_from=due_at - timedelta(days=2),
        made_at=due_at - timedelta(days=2),
        next_alarm_at=due_at,
        next_alarm="due",
    )


def _cases() -> list[Any]:
    from tenir.cases.models import Case
    from tenir.customers.models import Customer
    from tenir.people.models import Agent

    if not Case.objects.exists():
        owner = Agent.objects.create(email="a@bench.example", given_name="Amina", joined_at=NOW)
        customers = Customer.objects.bulk_create(
            Customer(name=f"Client {number}", language="fr", created_at=NOW) for number in range(CASES)
        )
        Case.objects.bulk_create(
            Case(
                reference=f"{number:08}",
                subject="Bac",
                channel="email",
                customer=customer,
                owner=owner,
                state="open",
                language="fr",
                first_request_at=NOW,
                opened_at=NOW,
                moved_at=NOW,
            )
            for number, customer in enumerate(customers)
        )
    return list(Case.objects.order_by("pk"))


# --- Measured ------------------------------------------------------------------------------------------------------


def _idle(open_ones: int) -> Measure:
    from tenir.promises import engine

    with statements() as seen:
        engine.tick(at=NOW)
    cursor = bare_cursor()
    (sql, params) = for_driver(*seen[0])

    def bare(_turn: int) -> None:
        cursor.execute(sql, params)
        cursor.fetchall()

    ours, least = side_by_side(lambda _turn: engine.tick(at=NOW), bare, times=TICKS)
    return Measure(f"tick with nothing due, {open_ones:,} open", ours, least, target="below 5 ms")


def _all_at_once(count: int) -> list[Measure]:
    """Everything due in one minute, with a call to make in each case; then late, without one."""
    from tenir.promises import engine

    _insert(count, lambda number: NOW - timedelta(milliseconds=number))
    measures = []
    for name, at in (("due", NOW), ("late", NOW + timedelta(days=4))):
        began, given = time.perf_counter(), 0
        while more := engine.tick(at=at, most=2000):
            given += more
            if given >= count:
                break
        seconds = time.perf_counter() - began
        note = {"given": given, "seconds": round(seconds, 2)}
        measures.append(
            Measure(f"{name} at once", value=given / seconds, unit="a second", target="1,000 a second", note=note)
        )
    return measures


if __name__ == "__main__":
    main()
