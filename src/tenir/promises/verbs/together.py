"""Steps for rooms above that move many promises in one transaction of their own; they run inside the caller's verb."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tenir.cases.models import Case
from tenir.customers.models import Reach
from tenir.people.models import Agent
from tenir.promises import dates
from tenir.promises.dates import Due
from tenir.promises.holders import who_is_away
from tenir.promises.kinds import Kind
from tenir.promises.models import Change, Promise
from tenir.promises.verbs import _steps, _telling
from tenir.promises.verbs.changing import agree


@dataclass(frozen=True)
class NewDate:
    """A promise, at the revision that the person saw, and its new date."""

    promise: Promise
    seen: int
    due: Due


def renegotiate_all(new: Sequence[NewDate], *, because: str, by: Agent, at: datetime) -> None:
    """Another date for each, or for none; telling the customers is put on the list of whoever answers for each.

    Raises `DateIsPast`, `DateTooFar`, `ReasonMissing`, `ChangedMeanwhile`, `NotOpen`, `StandingPromise`.
    """
    because = _steps.reason(because)
    for each in sorted(new, key=lambda each: (each.promise.case_id, each.promise.pk)):
        _steps.check_due(each.due, at=at)
        case, promise = _steps.lock_owed(each.promise, seen=each.seen)
        agree(case, promise, each.due, because=because, told=Change.Told.NOT_YET, by=by, at=at)


def tell_all(cases: Sequence[Case], *, words: Mapping[str, str], by: Agent, at: datetime) -> None:
    """Puts telling each of these customers the same thing on the list of the case's owner, in the customer's language
    (`words` by "fr" and "en"); where something is to be told already, the words are added to it."""
    away = who_is_away(at)
    customers = {case.customer_id for case in cases}
    callable_ = set(
        Reach.objects.filter(customer__in=customers, kind=Reach.Kind.PHONE).values_list("customer", flat=True)
    )
    for number in sorted(case.pk for case in cases):
        case = _steps.lock_case(number)
        said = words["en" if (case.language or case.customer.language) == "en" else "fr"]
        tell = Promise.objects.select_for_update().filter(case=case, kind=Kind.TELL, state=Promise.State.OPEN).first()
        if tell is not None:
            tell.words = _steps.words(f"{said}\n\n{tell.words}")
            _steps.save(tell)
            continue
        _steps.make(
            case,
            kind=Kind.TELL,
            what=said,
            words=said,
            due=dates.usual_or_clock(Kind.TELL, start=at),
            owner_id=away.holder(case.owner_id, None),
            way=_telling.way_to(case.customer, has_number=case.customer_id in callable_),
            by=by,
            at=at,
        )
