"""Delivering, and what the customer says of it."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from tenir.cases.models import Case
from tenir.customers.models import Customer
from tenir.ledger.events import Doer
from tenir.ledger.verbs import record, verb
from tenir.people.models import Agent
from tenir.promises import alarms, dates
from tenir.promises.errors import MissingWhat, NoSuchPart, NothingDelivered, NotOpen, StandingPromise, StillAsking
from tenir.promises.events import (
    PromiseDelivered,
    PromiseNotYet,
    PromisePartDelivered,
    PromisePartlyKept,
    PromiseUnconfirmed,
)
from tenir.promises.kinds import CUSTOMS, Kind
from tenir.promises.models import Change, Part, Promise
from tenir.promises.verbs import _steps, _telling

State = Promise.State


class Answer(StrEnum):
    """What the customer says of a promise: yes, yes but, not yet."""

    KEPT = "kept"
    PARTLY = "partly"
    NOT_YET = "not_yet"


@verb
def deliver(promise: Promise, *, seen: int, by: Agent, at: datetime, parts: Sequence[int] | None = None) -> Promise:
    """Says that a promise, or some of its parts (their ids), is done. When all is, the customer is asked.

    What shows by itself (a call, an answer) is kept at once. Raises `ChangedMeanwhile`, `NotOpen`, `StandingPromise`,
    `NoSuchPart`, `NothingDelivered`.
    """
    case, promise = _steps.lock_owed(promise, seen=seen)
    _deliver_parts(case, promise, parts, by=by, at=at)
    if not promise.parts.filter(delivered_at=None).exists():
        _delivered(case, promise, by=by, at=at)
    _steps.save(promise)
    return promise


def _deliver_parts(case: Case, promise: Promise, parts: Sequence[int] | None, *, by: Doer, at: datetime) -> None:
    rows = list(promise.parts.order_by("pk"))
    chosen = [row for row in rows if row.delivered_at is None and (parts is None or row.pk in parts)]
    if parts is not None:
        if not parts:
            raise NothingDelivered
        if set(parts) - {row.pk for row in rows}:
            raise NoSuchPart
    for row in chosen:
        row.delivered_at = at
    Part.objects.bulk_update(chosen, ["delivered_at"])
    if chosen and any(row.delivered_at is None for row in rows):
        fact = PromisePartDelivered(
            case=case.pk, customer=promise.customer_id, promise=promise.pk, parts=[row.pk for row in chosen]
        )
        record(fact, by=by, at=at)


def _delivered(case: Case, promise: Promise, *, by: Doer, at: datetime) -> None:
    _steps.note(promise, Change.What.DELIVERED, by=by, at=at)
    promise.delivered_at = at
    if CUSTOMS[promise.kind].self_evident:
        _steps.keep(promise, moment=at, proof="record", by=by, at=at, case_id=case.pk)
    else:
        promise.early = _steps.is_early(promise, at)
        promise.state = State.DELIVERED
        promise.next_alarm_at, promise.next_alarm = alarms.asking(promise, at=at)
        fact = PromiseDelivered(case=case.pk, customer=promise.customer_id, promise=promise.pk, early=promise.early)
        record(fact, by=by, at=at)
    _telling.settle(promise, told=False, by=by, at=at)


@verb
def confirm(
    promise: Promise,
    *,
    answer: Answer,
    by: Customer | Agent,
    at: datetime,
    missing: Sequence[int] = (),
    missing_words: str = "",
) -> Promise:
    """The customer says yes, yes but, or not yet: on their page, or to an agent who notes it.

    "Yes but" makes of what is missing (parts by their ids, or words) a new promise of the same chain, at once.
    Answering the same again changes nothing. Raises `NotOpen`, `StandingPromise`, `MissingWhat`, `NoSuchPart`.
    """
    case, promise = _steps.lock(promise)
    if promise.policy_id is not None or promise.kind == Kind.TELL:
        raise StandingPromise
    if said_already(promise, answer):
        return promise
    if promise.state not in (State.OPEN, State.DELIVERED, State.UNCONFIRMED):
        raise NotOpen(promise.state)
    if answer == Answer.KEPT:
        _kept(case, promise, by=by, at=at)
    elif answer == Answer.PARTLY:
        _partly(case, promise, missing, missing_words, by=by, at=at)
    else:
        _not_yet(case, promise, by=by, at=at)
    _steps.save(promise)
    return promise


def said_already(promise: Promise, answer: Answer) -> bool:
    """Whether this is the answer that was heard last, and nothing has changed since."""
    if answer == Answer.NOT_YET and promise.state == State.OPEN:
        last = promise.changes.order_by("-pk").values_list("what", flat=True).first()
        return last == Change.What.NOT_YET
    return (answer, promise.state) in _SAID_ALREADY


_SAID_ALREADY = {(Answer.KEPT, State.KEPT), (Answer.PARTLY, State.PARTLY_KEPT)}


def _kept(case: Case, promise: Promise, *, by: Doer, at: datetime) -> None:
    promise.parts.filter(delivered_at=None).update(delivered_at=at)
    _steps.note(promise, Change.What.KEPT, by=by, at=at)
    moment = promise.delivered_at or at
    _steps.keep(promise, moment=moment, proof="customer", by=by, at=at, case_id=case.pk)
    _telling.settle(promise, told=False, by=by, at=at)


def _partly(case: Case, promise: Promise, missing: Sequence[int], text: str, *, by: Doer, at: datetime) -> None:
    parts = {part.pk: part for part in promise.parts.order_by("pk")}
    if set(missing) - set(parts):
        raise NoSuchPart
    texts = [parts[pk].text for pk in parts if pk in missing]
    text = _steps.words(text)
    if not texts and not text:
        raise MissingWhat
    Part.objects.filter(pk__in=list(missing)).update(is_missing=True, delivered_at=None)
    promise.parts.exclude(pk__in=list(missing)).filter(delivered_at=None).update(delivered_at=at)
    rest = _continue(case, promise, [*texts, text] if text else texts, by=by, at=at)
    promise.delivered_at = promise.delivered_at or at
    _steps.end(promise, State.PARTLY_KEPT, at=at)
    _steps.note(promise, Change.What.PARTLY_KEPT, by=by, at=at, because=text)
    fact = PromisePartlyKept(
        case=case.pk,
        customer=promise.customer_id,
        promise=promise.pk,
        missing=[pk for pk in parts if pk in missing],
        continued_in=rest.pk,
    )
    record(fact, by=by, at=at)
    _telling.settle(promise, told=False, by=by, at=at)


def _continue(case: Case, promise: Promise, missing: list[str], *, by: Doer, at: datetime) -> Promise:
    """What is missing, owed from now on by the usual date of its kind, by whoever answered for the rest."""
    return _steps.make(
        case,
        kind=promise.kind,
        what=", ".join(missing),
        due=dates.usual_or_clock(promise.kind, start=at),
        parts=missing if len(missing) > 1 else (),
        owner_id=promise.owner_id,
        deputy_id=promise.deputy_id,
        deliverer=promise.deliverer,
        delivering_team_id=promise.delivering_team_id,
        customer_id=promise.customer_id,
        chain_id=promise.chain_id or promise.pk,
        follows=promise,
        by=by,
        at=at,
    )


def _not_yet(case: Case, promise: Promise, *, by: Doer, at: datetime) -> None:
    """Back to open, with its date; when that has passed, it is late at once and reaches its owner's list."""
    if promise.state != State.OPEN:
        promise.parts.update(delivered_at=None)
        promise.state, promise.delivered_at, promise.ended_at, promise.early = State.OPEN, None, None, None
        promise.next_alarm_at, promise.next_alarm = alarms.first(promise, at=at)
    _steps.note(promise, Change.What.NOT_YET, by=by, at=at)
    record(PromiseNotYet(case=case.pk, customer=promise.customer_id, promise=promise.pk), by=by, at=at)


@verb
def leave_unconfirmed(promise: Promise, *, seen: int, because: str, by: Agent, at: datetime) -> Promise:
    """A person decides that no answer will come: the promise is left unconfirmed, never called kept (C17).

    Only once the customer was asked often enough. Raises `StillAsking`, `ReasonMissing`, `ChangedMeanwhile`, `NotOpen`.
    """
    because = _steps.reason(because)
    case, promise = _steps.lock(promise, seen=seen)
    if promise.state != State.DELIVERED:
        raise NotOpen(promise.state)
    if promise.next_alarm:
        raise StillAsking
    _steps.end(promise, State.UNCONFIRMED, at=at)
    _steps.note(promise, Change.What.UNCONFIRMED, by=by, at=at, because=because)
    record(PromiseUnconfirmed(case=case.pk, customer=promise.customer_id, promise=promise.pk), by=by, at=at)
    _steps.save(promise)
    return promise
