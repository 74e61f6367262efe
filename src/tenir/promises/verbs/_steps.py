"""Private steps shared by the verbs of a promise; each runs inside the transaction of the verb that calls it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from tenir.cases.errors import AlreadyEnded
from tenir.cases.models import Case
from tenir.clock.recurrence import Rule, next_time
from tenir.ledger.events import Doer
from tenir.ledger.verbs import record
from tenir.people.models import Agent
from tenir.promises import alarms, dates
from tenir.promises.dates import Due
from tenir.promises.errors import (
    ChangedMeanwhile,
    DateIsPast,
    DateTooFar,
    HasLeft,
    NotOpen,
    ReasonMissing,
    StandingPromise,
    WordsMissing,
)
from tenir.promises.events import PromiseKept, PromiseMade
from tenir.promises.models import Change, Part, Promise
from tenir.text.storing import storable

State = Promise.State
LONGEST_WORDS = 2000


# --- Locking -------------------------------------------------------------------------------------------------------


def lock_case(case_id: int) -> Case:
    """The case as it is now, held until the end of the transaction; a merged case leads to the one that was kept."""
    case = Case.objects.select_for_update(no_key=True).get(pk=case_id)
    while case.merged_into_id is not None:
        case = Case.objects.select_for_update(no_key=True).get(pk=case.merged_into_id)
    return case


def lock_open_case(case_id: int) -> Case:
    """Like `lock_case`; raises `AlreadyEnded`: nothing is promised in a case that has ended."""
    case = lock_case(case_id)
    if case.state == Case.State.ENDED:
        raise AlreadyEnded
    return case


def lock(promise: Promise, *, seen: int | None = None) -> tuple[Case, Promise]:
    """The case and the promise as they are now, always locked in this order: no two verbs wait for each other.

    Raises `ChangedMeanwhile` when the promise is no longer at the revision that the person saw.
    """
    case = lock_case(promise.case_id)
    fresh = Promise.objects.select_for_update().get(pk=promise.pk)
    if seen is not None and fresh.revision != seen:
        raise ChangedMeanwhile(fresh.revision)
    return case, fresh


def lock_owed(promise: Promise, *, seen: int) -> tuple[Case, Promise]:
    """Like `lock`, for what a person changes: raises `StandingPromise` and `NotOpen` too."""
    case, fresh = lock(promise, seen=seen)
    if fresh.policy_id is not None:
        raise StandingPromise
    if fresh.state != State.OPEN:
        raise NotOpen(fresh.state)
    return case, fresh


def save(promise: Promise) -> None:
    """Stores a locked promise as its next revision."""
    promise.revision += 1
    promise.save()


# --- Checking ------------------------------------------------------------------------------------------------------


def words(text: str) -> str:
    """What somebody wrote, as it is kept."""
    return storable(text).strip()[:LONGEST_WORDS]


def reason(text: str) -> str:
    """A reason. Raises `ReasonMissing` for none."""
    kept = words(text)
    if not kept:
        raise ReasonMissing
    return kept


def check_due(due: Due, *, at: datetime) -> None:
    """Raises `DateIsPast` or `DateTooFar` for a date that nobody means."""
    if due.at <= at:
        raise DateIsPast
    if due.at > at + dates.FARTHEST:
        raise DateTooFar


def check_here(agent: Agent) -> None:
    """Raises `HasLeft` for somebody who cannot sign in."""
    if not agent.is_active:
        raise HasLeft(agent.given_name)


def next_deadline(rule: Rule, *, first: datetime, after: datetime) -> datetime | None:
    """The next of the customer's own deadlines, on the desk's wall clock; None when there is none any more."""
    return next_time(rule, first=first, after=after, zone=ZoneInfo(settings.TIME_ZONE))


# --- Making --------------------------------------------------------------------------------------------------------


def make(
    case: Case,
    *,
    kind: str,
    what: str,
    due: Due,
    by: Doer,
    at: datetime,
    parts: Sequence[str] = (),
    **fields: Any,
) -> Promise:
    """Stores an open promise with its parts and its first alarm, and records it. Raises `WordsMissing`."""
    what = words(what)
    if not what:
        raise WordsMissing
    made_by = by if isinstance(by, Agent) else None
    promise = new(case, kind=kind, what=what, due=due, at=at, made_by=made_by, **fields)
    promise.save(force_insert=True)
    texts = [text for part in parts if (text := words(part)[:240])]
    Part.objects.bulk_create(Part(promise=promise, text=text) for text in texts)
    record(made(promise), by=by, at=at)
    return promise


def new(case: Case, *, kind: str, what: str, due: Due, at: datetime, **fields: Any) -> Promise:
    """An open promise with its first alarm, not stored yet."""
    given: dict[str, Any] = {"customer_id": case.customer_id, "counted_from": at} | fields
    promise = Promise(
        case=case,
        kind=kind,
        what=what,
        due_at=due.at,
        first_due_at=due.at,
        counted=due.counted,
        amount=due.amount,
        calendar=due.calendar,
        made_at=at,
        **given,
    )
    promise.next_alarm_at, promise.next_alarm = alarms.first(promise, at=at)
    return promise


def made(promise: Promise) -> PromiseMade:
    """The event of a new promise."""
    return PromiseMade(
        case=promise.case_id,
        customer=promise.customer_id,
        promise=promise.pk,
        kind=promise.kind,
        due=promise.due_at.isoformat(),
        counted=promise.counted,
        owner=promise.owner_id,
        message=promise.made_in_id,
        follows=promise.follows_id,
        policy=promise.policy_id,
    )


# --- Changing ------------------------------------------------------------------------------------------------------


def note(promise: Promise, what: str, *, by: Doer, at: datetime, **fields: Any) -> Change:
    """Keeps a change in the words of whoever made it."""
    return Change.objects.create(promise=promise, what=what, actor_kind=by.actor_kind, actor_id=by.pk, at=at, **fields)


def end(promise: Promise, state: str, *, at: datetime) -> None:
    """A promise that is no longer owed has no alarm; the caller saves it."""
    promise.state, promise.ended_at, promise.left = state, at, None
    promise.next_alarm_at, promise.next_alarm = alarms.NONE


def is_early(promise: Promise, moment: datetime) -> bool:
    """Whether something was done before its warning: with a quarter of its time to spare (C6)."""
    whole = dates.time_between(promise, promise.counted_from, promise.binding_at)
    return moment < promise.binding_at and dates.time_between(promise, promise.counted_from, moment) <= whole * 3 / 4


def keep(promise: Promise, *, moment: datetime, proof: str, by: Doer, at: datetime, case_id: int) -> None:
    """Ends a locked promise as kept, done at `moment`, and records it; the caller saves it."""
    promise.early = is_early(promise, moment)
    end(promise, State.KEPT, at=at)
    promise.delivered_at = promise.delivered_at or moment
    fact = PromiseKept(
        case=case_id,
        customer=promise.customer_id,
        promise=promise.pk,
        kind=promise.kind,
        proof=proof,
        early=promise.early,
        on_time=moment <= promise.due_at,
    )
    record(fact, by=by, at=at)
