"""Another date, a word that cannot be kept, and who answers for it."""

from datetime import datetime

from tenir.cases.models import Case
from tenir.clock.recurrence import read_rule
from tenir.ledger.events import SYSTEM
from tenir.ledger.verbs import record, verb
from tenir.people.models import Agent
from tenir.promises import alarms
from tenir.promises.dates import Due
from tenir.promises.errors import DateMissing, DeputyForOneself, NotAChoice
from tenir.promises.events import (
    PromiseBroken,
    PromiseDeputyNamed,
    PromiseGiven,
    PromiseRenegotiated,
    PromiseWithdrawn,
)
from tenir.promises.kinds import Kind
from tenir.promises.models import Change, Promise
from tenir.promises.verbs import _steps, _telling

Told = Change.Told


@verb
def renegotiate(
    promise: Promise, *, seen: int, due: Due | None, because: str, told: str, by: Agent, at: datetime
) -> Promise:
    """Another date, with its reason. The first date stays; unless the customer was `told`, that is put on the list.

    Raises `DateMissing`, `DateIsPast`, `DateTooFar`, `ReasonMissing`, `ChangedMeanwhile`, `NotOpen`, `StandingPromise`.
    """
    if due is None:
        raise DateMissing
    because, told = _steps.reason(because), _how(told)
    _steps.check_due(due, at=at)
    case, promise = _steps.lock_owed(promise, seen=seen)
    agree(case, promise, due, because=because, told=told, by=by, at=at)
    return promise


def agree(case: Case, promise: Promise, due: Due, *, because: str, told: str, by: Agent, at: datetime) -> None:
    """The step behind `renegotiate`: gives a locked promise its new date, and stores it."""
    before = promise.due_at
    promise.due_at, promise.counted, promise.amount = due.at, due.counted, due.amount
    promise.calendar, promise.counted_from = due.calendar, at
    promise.renegotiated += 1
    if promise.deadline_at is not None and promise.deadline_at <= at:
        promise.deadline_at = _next_deadline(promise, promise.deadline_at, at=at)
    promise.next_alarm_at, promise.next_alarm = alarms.first(promise, at=at)
    _settle(promise, told, by=by, at=at)
    what = Change.What.RENEGOTIATED
    _steps.note(promise, what, by=by, at=at, because=because, told=told, due_before=before, due_after=due.at)
    fact = PromiseRenegotiated(
        case=case.pk,
        customer=promise.customer_id,
        promise=promise.pk,
        before=before.isoformat(),
        after=due.at.isoformat(),
        counted=due.counted,
        told=told,
    )
    record(fact, by=by, at=at)
    _steps.save(promise)


def _next_deadline(promise: Promise, gone_by: datetime, *, at: datetime) -> datetime | None:
    """The customer's next deadline; one that does not come again has gone by, and the date agreed on counts."""
    if not promise.deadline_rule:
        return None
    return _steps.next_deadline(read_rule(promise.deadline_rule), first=gone_by, after=at)


@verb
def told_in_a_letter(promise: Promise, *, at: datetime) -> None:
    """The desk's own letter told the customer of the new date: that is taken off the list. Twice is once."""
    _case, promise = _steps.lock(promise)
    if promise.told_by_id is not None and promise.state == Promise.State.OPEN and promise.due_at > at:
        _telling.settle(promise, told=True, by=SYSTEM, at=at)
        _steps.save(promise)


@verb
def break_promise(promise: Promise, *, seen: int, because: str, told: str, by: Agent, at: datetime) -> Promise:
    """Admits that a promise will not be kept; unless the customer was `told`, that is put on the list.

    Raises `ReasonMissing`, `ChangedMeanwhile`, `NotOpen`, `StandingPromise`.
    """
    because, told = _steps.reason(because), _how(told)
    case, promise = _steps.lock_owed(promise, seen=seen)
    _steps.end(promise, Promise.State.BROKEN, at=at)
    _settle(promise, told, by=by, at=at)
    _steps.note(promise, Change.What.BROKEN, by=by, at=at, because=because, told=told)
    fact = PromiseBroken(case=case.pk, customer=promise.customer_id, promise=promise.pk, told=told)
    record(fact, by=by, at=at)
    _steps.save(promise)
    return promise


@verb
def withdraw(promise: Promise, *, seen: int, because: str, told: str, by: Agent, at: datetime) -> Promise:
    """Takes a promise back: it is no longer wanted, or was a mistake. Unless the customer was `told`, that is put on
    the list. Raises `ReasonMissing`, `ChangedMeanwhile`, `NotOpen`, `StandingPromise`.
    """
    because, told = _steps.reason(because), _how(told)
    case, promise = _steps.lock_owed(promise, seen=seen)
    _steps.end(promise, Promise.State.WITHDRAWN, at=at)
    _settle(promise, told, by=by, at=at)
    _steps.note(promise, Change.What.WITHDRAWN, by=by, at=at, because=because, told=told)
    fact = PromiseWithdrawn(case=case.pk, customer=promise.customer_id, promise=promise.pk, told=told)
    record(fact, by=by, at=at)
    _steps.save(promise)
    return promise


def _how(told: str) -> str:
    """Raises `NotAChoice` for a way of telling that does not exist."""
    if told not in Told.values:
        raise NotAChoice("told")
    return told


def _settle(promise: Promise, told: str, *, by: Agent, at: datetime) -> None:
    """The customer knows, or somebody's list says that they must be told."""
    if promise.kind == Kind.TELL:
        return
    if told == Told.NOT_YET:
        _telling.put_on_list([promise], by=by, at=at)
    else:
        _telling.settle(promise, told=True, by=by, at=at)


@verb
def give(promise: Promise, *, seen: int, to: Agent, by: Agent, at: datetime) -> Promise:
    """Somebody else answers for a promise. Raises `HasLeft`, `ChangedMeanwhile`, `NotOpen`, `StandingPromise`."""
    _steps.check_here(to)
    case, promise = _steps.lock_owed(promise, seen=seen)
    if promise.owner_id == to.pk:
        return promise
    before, promise.owner = promise.owner_id, to
    if promise.deputy_id == to.pk:
        promise.deputy = None
    fact = PromiseGiven(case=case.pk, customer=promise.customer_id, promise=promise.pk, owner=to.pk, before=before)
    record(fact, by=by, at=at)
    _steps.save(promise)
    return promise


@verb
def name_deputy(promise: Promise, *, seen: int, deputy: Agent | None, by: Agent, at: datetime) -> Promise:
    """Who answers for a promise while its owner is away, or nobody in particular.

    Raises `HasLeft`, `DeputyForOneself`, `ChangedMeanwhile`, `NotOpen`, `StandingPromise`.
    """
    if deputy is not None:
        _steps.check_here(deputy)
    case, promise = _steps.lock_owed(promise, seen=seen)
    if deputy is not None and deputy.pk == promise.owner_id:
        raise DeputyForOneself
    named = deputy.pk if deputy else None
    if promise.deputy_id == named:
        return promise
    promise.deputy = deputy
    fact = PromiseDeputyNamed(case=case.pk, customer=promise.customer_id, promise=promise.pk, deputy=named)
    record(fact, by=by, at=at)
    _steps.save(promise)
    return promise
