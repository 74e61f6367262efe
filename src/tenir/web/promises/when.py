"""By when, as a form says it: a date, so long by the clock or in opening hours, or so many working days."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from tenir import clock
from tenir.ledger.refusals import Refusal
from tenir.promises import dates
from tenir.promises.dates import Due
from tenir.promises.kinds import CUSTOMS, MADE_BY_PEOPLE, Kind, kind_name, usual_words
from tenir.promises.presenters import full

Typed = Mapping[str, str]
WAYS = ("days", "hours", "clock", "date")


@dataclass(frozen=True)
class When:
    """The part of the form that asks by when: what was typed, and the full date that it makes, or why it makes none."""

    how: str
    amount: str
    date: str
    least: str
    full: str
    problem: str
    ways: list[tuple[str, str]]


def way_names() -> list[tuple[str, str]]:
    """The ways to say by when."""
    return [
        ("days", _("working days, by the calendar")),
        ("hours", _("opening hours, by the calendar")),
        ("clock", _("hours by the clock, nights and Sundays too")),
        ("date", _("on a date that I choose")),
    ]


def kinds() -> list[tuple[str, str]]:
    """The kinds that a person can choose."""
    return [(kind.value, kind_name(kind)) for kind in MADE_BY_PEOPLE]


def kind_of(typed: Typed) -> str:
    """The kind that was chosen, an action when none was."""
    kind = typed.get("kind", "")
    return kind if kind in MADE_BY_PEOPLE else Kind.ACTION


def words_of(kind: str) -> str:
    """The words that a promise of this kind begins with."""
    return usual_words(kind)


def usual(kind: str, *, at: datetime) -> When:
    """What is usual for a kind."""
    custom = CUSTOMS[kind]
    how, amount = ("days", custom.working_days) if custom.working_days else ("hours", int(custom.hours or 8))
    return when({"how": how, "amount": str(amount)}, at=at)


def when(typed: Typed, *, at: datetime) -> When:
    """What was typed, with the full date that it makes."""
    shown, problem = "", ""
    due = None
    try:
        due = read_due(typed, at=at)
        if due is not None:
            shown = full(due.at, at=at)
            problem = _("This moment has passed. Choose a date to come.") if due.at <= at else ""
    except Refusal as refusal:
        problem = str(refusal)
    local = clock.local(at)
    date = typed.get("date", "") or (clock.local(due.at).strftime("%Y-%m-%dT%H:%M") if due else "")
    how = typed.get("how", "")
    return When(
        how=how if how in WAYS else "days",
        amount=typed.get("amount", ""),
        date=date,
        least=local.strftime("%Y-%m-%dT%H:%M"),
        full=shown,
        problem=problem,
        ways=way_names(),
    )


def read_due(typed: Typed, *, at: datetime) -> Due | None:
    """The date that a form means; None when it says none. Raises what `promises.dates` refuses."""
    how = typed.get("how", "")
    if how == "date":
        moment = read_local(typed.get("date", ""))
        return dates.on(moment) if moment else None
    amount = typed.get("amount", "").strip()
    if not (amount.isascii() and amount.isdecimal()) or len(amount) > 5 or int(amount) == 0:
        return None
    if how == "clock":
        return dates.by_the_clock(at, timedelta(hours=int(amount)))
    if how == "hours":
        return dates.by_the_calendar(at, timedelta(hours=int(amount)))
    return dates.in_working_days(at, int(amount)) if how == "days" else None


def read_local(text: str) -> datetime | None:
    """The instant of a form's `YYYY-MM-DDTHH:MM` in the desk's zone; None for anything else."""
    try:
        read = parse_datetime(text.strip())
    except ValueError:
        return None
    if read is None or read.year < 1900:
        return None
    return read if read.tzinfo else read.replace(tzinfo=ZoneInfo(settings.TIME_ZONE))
