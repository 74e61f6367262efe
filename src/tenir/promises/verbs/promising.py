"""Making a promise."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tenir.cases.models import Case, Message
from tenir.clock.recurrence import NotARule, read_rule
from tenir.ledger.verbs import verb
from tenir.people.models import Agent, Team
from tenir.promises.access import with_merged
from tenir.promises.dates import Due
from tenir.promises.errors import DateMissing, DeadlineUnclear, DeputyForOneself, NotAChoice, NotFromThisCase
from tenir.promises.kinds import MADE_BY_PEOPLE, Kind
from tenir.promises.models import Promise
from tenir.promises.verbs import _steps


@dataclass(frozen=True)
class Deadline:
    """The customer's own: an instant, or the first time of a series with its RFC 5545 rule ("before Tuesday's
    collection")."""

    at: datetime
    rule: str = ""


@verb
def promise(
    case: Case,
    *,
    what: str,
    due: Due | None,
    by: Agent,
    at: datetime,
    kind: str = Kind.ACTION,
    parts: Sequence[str] = (),
    owner: Agent | None = None,
    deputy: Agent | None = None,
    deliverer: str = "",
    delivering_team: Team | None = None,
    deadline: Deadline | None = None,
    depends_on: Promise | None = None,
    customer_does: str = "",
    made_in: Message | None = None,
) -> Promise:
    """Promises something to the customer of a case, by a date; whoever promises answers for it unless they say who.

    `made_in` is the message or the call in which it was said; `customer_does` what the customer must do meanwhile.
    Raises `DateMissing`, `DateIsPast`, `DateTooFar`, `WordsMissing`, `HasLeft`, `DeputyForOneself`, `NotFromThisCase`,
    `DeadlineUnclear`, `NotAChoice`, `AlreadyEnded`.
    """
    if due is None:
        raise DateMissing
    if kind not in MADE_BY_PEOPLE:
        raise NotAChoice("kind")
    _steps.check_due(due, at=at)
    owner = owner or by
    for person in filter(None, (owner, deputy)):
        _steps.check_here(person)
    if deputy is not None and deputy.pk == owner.pk:
        raise DeputyForOneself
    case = _steps.lock_open_case(case.pk)
    _check_belongs(case, depends_on, made_in)
    return _steps.make(
        case,
        kind=kind,
        what=what,
        due=due,
        parts=parts,
        owner=owner,
        deputy=deputy,
        deliverer=_steps.words(deliverer)[:160],
        delivering_team=delivering_team,
        deadline_at=_next(deadline, at=at),
        deadline_rule=deadline.rule if deadline else "",
        depends_on=depends_on,
        customer_does=_steps.words(customer_does),
        made_in=made_in,
        by=by,
        at=at,
    )


def _check_belongs(case: Case, depends_on: Promise | None, made_in: Message | None) -> None:
    if depends_on is None and made_in is None:
        return
    ids = with_merged(case)
    if (depends_on and depends_on.case_id not in ids) or (made_in and made_in.case_id not in ids):
        raise NotFromThisCase


def _next(deadline: Deadline | None, *, at: datetime) -> datetime | None:
    """The customer's next deadline, or None. Raises `DeadlineUnclear` for a rule that is none, or is over."""
    if deadline is None:
        return None
    if not deadline.rule:
        coming: datetime | None = deadline.at
    else:
        try:
            rule = read_rule(deadline.rule)
        except NotARule:
            raise DeadlineUnclear from None
        coming = _steps.next_deadline(rule, first=deadline.at, after=at)
    if coming is None or coming <= at:
        raise DeadlineUnclear
    return coming
