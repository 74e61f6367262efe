"""Hearing a promise in a reply that is being written, and what of it was noted when the reply is sent."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_POST

from tenir import clock
from tenir.cases.access import case_for
from tenir.clock.calendars import Calendar
from tenir.promises import dates
from tenir.promises.errors import DateIsPast, DateMissing
from tenir.promises.hours import desk_calendar
from tenir.promises.kinds import MADE_BY_PEOPLE, Kind, kind_name
from tenir.promises.presenters import full
from tenir.web.desk import DeskRequest, page
from tenir.web.promises import showing

if TYPE_CHECKING:
    from tenir.text.hearing import Finding

LONGEST = 20_000
MOST = 12
KINDS: dict[str, Kind] = {
    "callback": Kind.CALLBACK, "reply": Kind.FIND_OUT, "delivery": Kind.DELIVERY, "sending": Kind.DELIVERY,
}  # fmt: skip
"""What is heard, as the ledger calls it; anything else is an action."""


@dataclass(frozen=True)
class Heard:
    """One commitment, as a promise already filled in. Without a date, `due` is what is usual for its kind."""

    words: str
    what: str
    kind: str
    kind_name: str
    due: str
    field: str
    full: str
    counted: str
    asks: bool


class Workdays:
    """The desk's calendar as the hearing asks it."""

    def __init__(self, calendar: Calendar) -> None:
        self._calendar = calendar

    def is_working(self, day: date, /) -> bool:
        """Whether the desk works on that day."""
        return self._calendar.is_working_day(day)

    def add_working_days(self, start: date, count: int, /) -> date:
        """The `count`th working day after `start`; a calendar that is closed for years ends the search."""
        day = start
        for _day in range(3660):
            if count <= 0:
                break
            day += timedelta(days=1)
            count -= self.is_working(day)
        return day


@page
@require_POST
def hearing(request: DeskRequest, reference: str) -> HttpResponse:
    """The commitments in the words so far, each with its full date, to be noted or not. Nothing is kept."""
    case = case_for(request.user, reference)
    at = clock.now()
    calendar = desk_calendar()
    from tenir.text.hearing import hear  # only here: its grammar takes a while to load

    findings = hear(
        request.POST.get("text", "")[:LONGEST],
        language=case.language or request.user.language,
        at=at,
        zone=ZoneInfo(settings.TIME_ZONE),
        calendar=Workdays(calendar),
        closes=_closing(calendar, at=at),
    )
    shown = [_heard(finding, at=at) for finding in findings[:MOST]]
    touched = showing.touched(" ".join(one.what for one in shown)) if shown else []
    return render(request, "tenir/promises/heard.html", {"heard": shown, "least": _field(at), "touched": touched})


def _closing(calendar: Calendar, *, at: datetime) -> time:
    """When the desk's day ends: today, or on the next day on which it is open."""
    today = clock.local(at).date()
    for day in range(10):
        if closing := calendar.closing_of(today + timedelta(days=day)):
            return clock.local(closing).time()
    return time(18)


def _heard(finding: "Finding", *, at: datetime) -> Heard:
    kind = KINDS.get(finding.kind, Kind.ACTION)
    due = finding.due or dates.usual_or_clock(kind, start=at).at
    what = finding.what[:1].upper() + finding.what[1:]
    return Heard(
        words=finding.words,
        what=what or finding.words,
        kind=kind,
        kind_name=kind_name(kind),
        due=due.isoformat(),
        field=_field(due),
        full=full(due, at=at),
        counted=finding.counted,
        asks=finding.due is None,
    )


def _field(moment: datetime) -> str:
    return clock.local(moment).strftime("%Y-%m-%dT%H:%M")


def promised(typed: QueryDict, *, at: datetime) -> list[dict[str, str]]:
    """What was noted as promised in a reply, from its form. Raises `DateMissing`, `DateIsPast`."""
    names = ("what", "kind", "due", "counted")
    rows = zip(*(typed.getlist(f"promised_{name}")[:MOST] for name in names), strict=False)
    return [_noted(*row, at=at) for row in rows if row[0].strip()]


def _noted(what: str, kind: str, due: str, counted: str, *, at: datetime) -> dict[str, str]:
    try:
        moment = parse_datetime(due)
    except ValueError:
        moment = None
    if moment is None:
        raise DateMissing
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=ZoneInfo(settings.TIME_ZONE))
    if moment <= at:
        raise DateIsPast
    kind = kind if kind in MADE_BY_PEOPLE else Kind.ACTION
    return {"what": what.strip()[:500], "kind": str(kind), "due": moment.isoformat(), "counted": counted[:20]}
