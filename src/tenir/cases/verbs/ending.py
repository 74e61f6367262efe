"""Setting aside, ending, reopening, and the customer's own answer."""

from datetime import datetime

from tenir.cases import lid, search
from tenir.cases.errors import BecauseMissing, InThePast, NotEnded
from tenir.cases.events import CaseEnded, CaseSnoozed, CaseTaken, CaseWoken, EndingAnswered
from tenir.cases.models import Case, Ending
from tenir.cases.verbs import _steps
from tenir.customers.models import Customer
from tenir.ledger.events import SYSTEM, Doer
from tenir.ledger.models import Event
from tenir.ledger.verbs import record, verb
from tenir.people.models import Agent
from tenir.text.storing import storable

ENDED = ("owner", "state", "snoozed_until", "unanswered_since", "moved_at", "reopenings")


@verb
def snooze(case: Case, *, until: datetime, by: Agent, at: datetime) -> Case:
    """Sets a case aside until an instant; words from the customer bring it back at once.

    Raises `InThePast`, `AlreadyEnded`.
    """
    check_later(until, at=at)
    case = _steps.lock_open(case)
    snooze_step(case, until=until, by=by, at=at)
    case.save(update_fields=["snoozed_until"])
    return case


def check_later(until: datetime, *, at: datetime) -> None:
    """Raises `InThePast` for an instant that is not to come."""
    if until <= at:
        raise InThePast


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
        case.save(update_fields=["snoozed_until", "moved_at"])
    return case


@verb
def end(case: Case, *, kind: str, by: Agent, at: datetime, because: str = "", remedy_given: str = "") -> Ending:
    """Ends a case with its ending. "Could not help" asks why and is as honest an answer as the others (A22, E7).

    Raises `BecauseMissing`, `AlreadyEnded`, and the refusal of whatever keeps the case open (`cases.lid`); a kind that
    does not exist is a `ValueError`.
    """
    ending = read_ending(kind, because)
    case = _steps.lock_open(case)
    given = storable(remedy_given).strip()
    if given:
        case.remedy_given = given
    made = end_step(case, ending, because=because, by=by, at=at)
    case.save(update_fields=[*ENDED, "remedy_given"])
    if given:
        search.index_case(case)
    return made


def read_ending(kind: str, because: str) -> Ending.Kind:
    """The kind of ending. Raises `ValueError` for none that exists, `BecauseMissing` when a reason is asked for."""
    ending = Ending.Kind(kind)
    if ending == Ending.Kind.COULD_NOT and not because.strip():
        raise BecauseMissing
    return ending


def end_step(case: Case, kind: Ending.Kind, *, because: str, by: Agent, at: datetime) -> Ending:
    """Shared step on a locked, open case; the caller saves it. Whoever ends a case that is nobody's owns it.

    Raises what `lid.check` raises.
    """
    lid.check(case)
    _steps.withdraw_offers(case, by=by, at=at)
    if case.owner_id is None:
        case.owner = by
        record(CaseTaken(case=case.pk, owner=by.pk), by=by, at=at)
    return _end(case, kind, because=storable(because).strip(), agent=by, by=by, why="ended", at=at)


def _end(
    case: Case, kind: Ending.Kind, *, because: str, agent: Agent | None, by: Doer, why: str, at: datetime
) -> Ending:
    ending = Ending.objects.create(case=case, kind=kind, because=because, by=agent, at=at)
    record(CaseEnded(case=case.pk, customer=case.customer_id, ending=ending.pk, kind=kind), by=by, at=at)
    _steps.change_state(case, Case.State.ENDED, why=why, by=by, at=at)
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
    _steps.reopen_ended(case, why="reopened", by=by, at=at)
    case.moved_at = at
    case.save(update_fields=ENDED)
    return case


@verb
def say_solved(case: Case, *, by: Customer, at: datetime) -> Case:
    """The customer says that it is solved: an ending is confirmed, or the case ends with their own words.

    While something is still owed to them it stays open, with their answer written down. Saying so twice changes nothing
    more. A reply that was scheduled is held back: the customer spoke first.
    """
    case = _steps.lock(case)
    _steps.withdraw_scheduled(case, at=at)
    ending = _steps.current_ending(case)
    if ending is None and lid.reason_to_stay_open(case):
        if not _just_said_so(case):
            _answer(case, None, solved=True, by=by, at=at)
        return case
    if ending is None:
        _steps.withdraw_offers(case, by=by, at=at)
        ending = _end(case, Ending.Kind.SOLVED, because="", agent=None, by=by, why="customer_said_solved", at=at)
        case.save(update_fields=ENDED)
    if ending.confirmed is not True:
        _answer(case, ending, solved=True, by=by, at=at)
    return case


def _just_said_so(case: Case) -> bool:
    """Whether "it is solved" is the last thing that happened: a second tap on the button says nothing more."""
    last = Event.objects.filter(case_id=case.pk).order_by("-pk").first()
    return last is not None and last.name == EndingAnswered.name and last.data.get("solved") is True


@verb
def say_not_solved(case: Case, *, by: Customer, at: datetime) -> Case:
    """The customer says that it is not solved: the case is open again, with its owner, waiting for an answer."""
    case = _steps.lock(case)
    _steps.withdraw_scheduled(case, at=at)
    ending = _steps.current_ending(case)
    _answer(case, ending, solved=False, by=by, at=at)
    if ending is not None:
        _steps.reopen_ended(case, why="customer_said_not_solved", by=by, at=at)
    _steps.change_state(case, _steps.working_state(case), why="customer_said_not_solved", by=by, at=at)
    _steps.stop_snoozing(case, why="customer_said_not_solved", by=by, at=at)
    case.unanswered_since = case.unanswered_since or at
    case.moved_at = at
    case.save(update_fields=ENDED)
    return case


def _answer(case: Case, ending: Ending | None, *, solved: bool, by: Customer, at: datetime) -> None:
    if ending is not None:
        ending.confirmed, ending.confirmed_at = solved, at
        ending.save(update_fields=["confirmed", "confirmed_at"])
    said = ending.pk if ending else None
    record(EndingAnswered(case=case.pk, customer=case.customer_id, ending=said, solved=solved), by=by, at=at)
