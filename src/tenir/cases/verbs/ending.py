"""Setting aside, ending, reopening, and the customer's own answer."""

from datetime import datetime

from tenir.cases.errors import BecauseMissing, InThePast, NotEnded
from tenir.cases.events import CaseEnded, CaseSnoozed, CaseTaken, CaseWoken, EndingAnswered
from tenir.cases.models import Case, Ending
from tenir.cases.verbs import _steps
from tenir.cases.verbs.receive import reopen_ended
from tenir.customers.models import Customer
from tenir.ledger.events import SYSTEM, Doer
from tenir.ledger.verbs import record, verb
from tenir.people.models import Agent


@verb
def snooze(case: Case, *, until: datetime, by: Agent, at: datetime) -> Case:
    """Sets a case aside until an instant; words from the customer bring it back at once. Raises `InThePast`."""
    if until <= at:
        raise InThePast
    case = _steps.lock_open(case)
    snooze_step(case, until=until, by=by, at=at)
    case.save()
    return case


def snooze_step(case: Case, *, until: datetime, by: Agent, at: datetime) -> None:
    """Shared step on a locked case; the caller saves it."""
    case.snoozed_until = until
    record(CaseSnoozed(case=case.pk, until=until.isoformat()), by=by, at=at)


@verb
def wake(case: Case, *, why: str, at: datetime, by: Doer = SYSTEM) -> Case:
    """Brings a snoozed case back to the top of its lists; waking it twice is waking it once."""
    case = _steps.lock(case)
    if case.snoozed_until is not None:
        case.snoozed_until = None
        case.moved_at = at
        record(CaseWoken(case=case.pk, why=why), by=by, at=at)
        case.save()
    return case


@verb
def end(case: Case, *, kind: str, by: Agent, at: datetime, because: str = "", remedy_given: str = "") -> Ending:
    """Ends a case with its ending. "Could not help" asks why and is as honest an answer as the others (E7).

    Raises `BecauseMissing`, `AlreadyEnded`; a kind that does not exist is a `ValueError`.
    """
    ending = Ending.Kind(kind)
    if ending == Ending.Kind.COULD_NOT and not because.strip():
        raise BecauseMissing
    case = _steps.lock_open(case)
    if remedy_given.strip():
        case.remedy_given = remedy_given.strip()
    made = end_step(case, ending, because=because, by=by, at=at)
    case.save()
    return made


def end_step(case: Case, kind: str, *, because: str, by: Agent, at: datetime) -> Ending:
    """Shared step on a locked, open case; the caller saves it. Whoever ends a case that is nobody's owns it."""
    if case.owner_id is None:
        case.owner = by
        record(CaseTaken(case=case.pk, owner=by.pk), by=by, at=at)
    ending = Ending.objects.create(case=case, kind=kind, because=because.strip(), by=by, at=at)
    record(CaseEnded(case=case.pk, customer=case.customer_id, ending=ending.pk, kind=kind), by=by, at=at)
    _steps.change_state(case, Case.State.ENDED, why="ended", by=by, at=at)
    case.snoozed_until = None
    case.unanswered_since = None
    case.moved_at = at
    return ending


@verb
def reopen(case: Case, *, by: Agent, at: datetime) -> Case:
    """Reopens an ended case. Raises `NotEnded`."""
    case = _steps.lock(case)
    if case.state != Case.State.ENDED:
        raise NotEnded
    reopen_ended(case, why="reopened", by=by, at=at)
    case.moved_at = at
    case.save()
    return case


@verb
def say_solved(case: Case, *, by: Customer, at: datetime) -> Case:
    """The customer says that it is solved: an ending is confirmed, or the owner is told that it can end.

    Saying so twice changes nothing more.
    """
    case = _steps.lock(case)
    ending = _current_ending(case)
    if ending is None:
        ending = Ending.objects.create(case=case, kind=Ending.Kind.SOLVED, by=None, at=at)
        record(CaseEnded(case=case.pk, customer=case.customer_id, ending=ending.pk, kind="solved"), by=by, at=at)
        _steps.change_state(case, Case.State.ENDED, why="customer_said_solved", by=by, at=at)
        case.snoozed_until, case.unanswered_since, case.moved_at = None, None, at
        case.save()
    if ending.confirmed is not True:
        _answer(case, ending, solved=True, by=by, at=at)
    return case


@verb
def say_not_solved(case: Case, *, by: Customer, at: datetime) -> Case:
    """The customer says that it is not solved: an ended case is open again, with its owner, waiting for an answer."""
    case = _steps.lock(case)
    ending = _current_ending(case)
    if ending is not None:
        _answer(case, ending, solved=False, by=by, at=at)
        reopen_ended(case, why="customer_said_not_solved", by=by, at=at)
    else:
        _steps.change_state(case, _steps.working_state(case), why="customer_said_not_solved", by=by, at=at)
    case.snoozed_until = None
    case.unanswered_since = case.unanswered_since or at
    case.moved_at = at
    case.save()
    return case


def _current_ending(case: Case) -> Ending | None:
    return case.endings.filter(reopened_at=None).order_by("-at").first() if case.state == "ended" else None


def _answer(case: Case, ending: Ending, *, solved: bool, by: Customer, at: datetime) -> None:
    ending.confirmed, ending.confirmed_at = solved, at
    ending.save(update_fields=["confirmed", "confirmed_at"])
    record(EndingAnswered(case=case.pk, customer=by.pk, ending=ending.pk, solved=solved), by=by, at=at)
