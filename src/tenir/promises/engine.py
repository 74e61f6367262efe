"""The due-engine: gives every alarm of every promise once, in order, at a cost that grows with what is due.

A tick asks one index what is due. Its rows are taken in batches, a transaction each: the cases and the promises are
locked (what another process holds is left for the next tick), looked at again, and their next alarm is set by a
compare-and-set that must touch each of them. Events, and the rows that put a call or letter to the customer on
somebody's list, are written in the same transaction: a process that is killed anywhere has given an alarm, or has not.
Whoever changes a promise sets its alarm anew, so nothing is given for what it was before.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import OperationalError, connection

from tenir.cases.models import Case
from tenir.ledger.events import SYSTEM, Fact
from tenir.ledger.verbs import record, record_all, verb
from tenir.promises import alarms
from tenir.promises.alarms import DUE, LATE, UNASKED, WARNING
from tenir.promises.events import (
    PromiseAlarmFailed,
    PromiseAskedAbout,
    PromiseFellDue,
    PromiseLate,
    PromiseToDecide,
    PromiseWarned,
)
from tenir.promises.holders import WhoIsAway, who_is_away
from tenir.promises.kinds import STANDING, Kind
from tenir.promises.models import Promise
from tenir.promises.verbs import _telling

log = logging.getLogger("tenir.promises")
BATCH = 200
PUT_OFF = timedelta(hours=1)
SILENT_WHEN_DUE = (*STANDING, Kind.TELL)
"""What is itself an answer, or a call on a list: passing its date puts nothing more on the list."""

Place = tuple[datetime, int]


class MovedUnderUs(RuntimeError):
    """A locked promise changed all the same: the transaction is given up, and the next tick looks again."""


def tick(*, at: datetime, most: int = 5000) -> int:
    """Gives the alarms that are due at an instant, the oldest first, at most so many; returns how many were given."""
    given = 0
    place: Place | None = None
    while given < most:
        due = _due(at, after=place, limit=min(BATCH, most - given))
        if not due:
            break
        given += _give_or_push_away(due, at=at)
        place = due[-1]
    return given


def _give_or_push_away(due: Sequence[Place], *, at: datetime) -> int:
    """One batch; when something in it cannot be done, each alone, and what still fails is put off for an hour: one bad
    row keeps no other from its alarm."""
    try:
        return _give(due, at=at)
    except (MovedUnderUs, OperationalError):
        raise  # nothing is wrong with the rows: the next tick looks again
    except Exception:
        log.exception("alarms could not be given", extra={"promises": [pk for _, pk in due]})
        if len(due) > 1:
            return sum(_give_or_push_away([place], at=at) for place in due)
        _push_away(due[0], at=at)
        return 0


@verb
def _push_away(place: Place, *, at: datetime) -> None:
    when, pk = place
    if Promise.objects.filter(pk=pk, next_alarm_at=when).update(next_alarm_at=at + PUT_OFF):
        case_id = Promise.objects.values_list("case_id", flat=True).get(pk=pk)
        record(PromiseAlarmFailed(case=case_id, promise=pk), by=SYSTEM, at=at)


def _due(at: datetime, *, after: Place | None, limit: int) -> list[Place]:
    """Where the next alarms stand in the index."""
    waiting = Promise.objects.filter(next_alarm_at__lte=at).order_by("next_alarm_at", "pk")
    if after is not None:
        waiting = waiting.filter(next_alarm_at__gte=after[0]).exclude(next_alarm_at=after[0], pk__lte=after[1])
    return [(when, pk) for when, pk in waiting.values_list("next_alarm_at", "pk")[:limit] if when is not None]


@verb
def _give(due: Sequence[Place], *, at: datetime) -> int:
    """One batch in one transaction; what somebody else holds, or has changed since, is passed over."""
    promises = _lock([pk for _, pk in due], at=at)
    if not promises:
        return 0
    away = who_is_away(at)
    before = {each.pk: (each.next_alarm_at, each.next_alarm) for each in promises}
    reached = {each.pk: alarms.reached(each, at=at) for each in promises}
    to_tell = [each for each in promises if reached[each.pk] == DUE and each.kind not in SILENT_WHEN_DUE]
    if to_tell:
        _telling.put_on_list(to_tell, at=at, away=away)
    for each in promises:
        each.next_alarm_at, each.next_alarm = alarms.after(each, reached[each.pk], at=at)
    _compare_and_set(promises, before)
    record_all([_fact(each, reached[each.pk], away) for each in promises], by=SYSTEM, at=at)
    return len(promises)


def _lock(ids: Sequence[int], *, at: datetime) -> list[Promise]:
    """The promises of a batch as they are now, in order: their cases are locked first, as every verb does."""
    cases = Case.objects.filter(promises__in=ids).order_by("pk").distinct().values_list("pk", flat=True)
    held = Case.objects.filter(pk__in=list(cases)).order_by("pk").select_for_update(no_key=True, skip_locked=True)
    still_due = Promise.objects.filter(pk__in=ids, case__in=[case.pk for case in held], next_alarm_at__lte=at)
    rows = still_due.select_related("case", "customer", "calendar").order_by("next_alarm_at", "pk")
    return list(rows.select_for_update(no_key=True, skip_locked=True, of=("self",)))


# By hand: a batch is one statement that is prepared once, and says how many rows it touched.
_SET = """UPDATE promises_promise SET next_alarm_at = %s, next_alarm = %s, told_by_id = %s
          WHERE id = %s AND next_alarm_at = %s AND next_alarm = %s"""


def _compare_and_set(promises: Sequence[Promise], before: dict[int, tuple[datetime | None, str]]) -> None:
    """Moves each promise from the alarm that was read to its next one. Raises `MovedUnderUs`."""
    adapt = connection.ops.adapt_datetimefield_value
    rows = [
        (adapt(each.next_alarm_at), each.next_alarm, each.told_by_id, each.pk, adapt(was_at), was)
        for each in promises
        for was_at, was in [before[each.pk]]
    ]
    with connection.cursor() as cursor:
        cursor.executemany(_SET, rows)
        if cursor.rowcount != len(rows):
            raise MovedUnderUs


def _fact(promise: Promise, given: str, away: WhoIsAway) -> Fact:
    about = {"case": _case_of(promise), "customer": promise.customer_id, "promise": promise.pk}
    if given not in (WARNING, DUE, LATE, UNASKED):
        return PromiseAskedAbout(**about, number=int(given.removeprefix(alarms.ASK)))
    holder = away.holder(promise.owner_id, promise.deputy_id)
    due = promise.due_at.isoformat()
    if given == DUE:
        tell = promise.told_by_id if promise.kind not in SILENT_WHEN_DUE else None
        return PromiseFellDue(**about, due=due, holder=holder, tell=tell)
    if given == UNASKED:
        return PromiseToDecide(**about, holder=holder)
    return (PromiseWarned if given == WARNING else PromiseLate)(**about, due=due, holder=holder)


def _case_of(promise: Promise) -> int:
    """The case that shows it now: one that was merged is told of in the one that was kept."""
    case = promise.case
    while case.merged_into_id is not None:
        case = Case.objects.get(pk=case.merged_into_id)
    return case.pk
