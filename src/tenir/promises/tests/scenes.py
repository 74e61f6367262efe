"""Promises for the tests: a bin with its lid for Émile, counted in the hours of an office in Paris.

The clock begins on an ordinary Monday at nine (`minutes`, `MONDAY` of the other rooms' scenes, in UTC).
"""

from datetime import datetime, timedelta
from typing import Any

from tenir.cases.models import Case
from tenir.cases.tests.scenes import bin_without_lid, minutes
from tenir.people.models import Agent
from tenir.people.tests.scenes import MONDAY, alix, amina
from tenir.promises import dates, verbs
from tenir.promises.models import Policy, Promise, WorkingCalendar
from tenir.promises.verbs import Answer, Told

OFFICE = {
    "zone": "Europe/Paris",
    "week": [["9:00-18:00"]] * 5 + [[], []],
    "holidays": [["FR", ""]],
}


def hours(count: float) -> datetime:
    """So many hours after that Monday, nine o'clock."""
    return MONDAY + timedelta(hours=count)


def days(count: float) -> datetime:
    return MONDAY + timedelta(days=count)


def office() -> WorkingCalendar:
    """The desk's own calendar."""
    return WorkingCalendar.objects.filter(is_desks=True).first() or verbs.add_calendar(
        name="Bureau", hours=OFFICE, by=alix(), at=MONDAY
    )


def a_bin(case: Case | None = None, *, at: datetime = MONDAY, by: Agent | None = None, **changes: Any) -> Promise:
    """ "Your bin within 48 hours", with its lid."""
    given: dict[str, Any] = {
        "what": "Livrer le bac vert et son couvercle",
        "due": dates.by_the_clock(at, timedelta(hours=48)),
        "kind": "delivery",
        "parts": ["bac vert", "couvercle"],
    }
    return verbs.promise(case or bin_without_lid(at=at), by=by or amina(), at=at, **(given | changes))


def plain(case: Case | None = None, *, at: datetime = MONDAY, **changes: Any) -> Promise:
    """A promise without parts."""
    return a_bin(case, at=at, **({"what": "Rembourser 20 €", "kind": "action", "parts": ()} | changes))


def part(promise: Promise, text: str) -> int:
    return promise.parts.get(text=text).pk


def delivered(promise: Promise, *, at: datetime, **changes: Any) -> Promise:
    promise.refresh_from_db()
    return verbs.deliver(promise, seen=promise.revision, by=amina(), at=at, **changes)


def says(promise: Promise, answer: Answer, *, at: datetime, **changes: Any) -> Promise:
    """The customer answers on their page."""
    return verbs.confirm(promise, answer=answer, by=promise.customer, at=at, **changes)


def another_date(promise: Promise, *, to: datetime, at: datetime, told: str = Told.BY_CALL, **changes: Any) -> Promise:
    promise.refresh_from_db()
    given: dict[str, Any] = {"because": "plus de couvercles en stock", "by": amina(), "seen": promise.revision}
    return verbs.renegotiate(promise, due=dates.on(to), told=told, at=at, **(given | changes))


def fresh(promise: Promise) -> Promise:
    return Promise.objects.get(pk=promise.pk)


def rule(kind: str, within: timedelta, *, at: datetime = MONDAY - timedelta(days=1), **changes: Any) -> Policy:
    """A standing promise, written the day before, counted in the office's hours."""
    given: dict[str, Any] = {"name": f"{kind} in {within}", "calendar": office()}
    return verbs.keep_policy(kind=kind, within=within, by=alix(), at=at, **(given | changes))


__all__ = ["Answer", "Told", "minutes"]
