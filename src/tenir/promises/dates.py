"""By when: a date that somebody chose, so long by the clock, or so long by a calendar. They are different things, and a
promise says which one it is."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tenir.clock.calendars import Calendar, NeverOpen, TooFar
from tenir.promises.errors import CalendarClosed, DateMissing, DateTooFar
from tenir.promises.hours import calendar_of, desk_row
from tenir.promises.kinds import CUSTOMS
from tenir.promises.models import Promise, WorkingCalendar

FARTHEST = timedelta(days=366 * 5)
Counted = Promise.Counted


@dataclass(frozen=True)
class Due:
    """By when, and how that was counted: `amount` is minutes, or working days."""

    at: datetime
    counted: str = Counted.DATE
    amount: int | None = None
    calendar: WorkingCalendar | None = None


def on(at: datetime | None) -> Due:
    """By a date that somebody chose. Raises `DateMissing` for none."""
    if at is None:
        raise DateMissing
    return Due(at)


def by_the_clock(start: datetime, span: timedelta) -> Due:
    """So long by the clock, nights and Sundays included: "48 hours"."""
    return _counted(Counted.CLOCK, span, None, lambda: start + span)


def by_the_calendar(start: datetime, span: timedelta, *, calendar: WorkingCalendar | None = None) -> Due:
    """So long while the desk is open, by its own calendar when none is given. Raises `CalendarClosed`, `DateTooFar`."""
    row = calendar or desk_row()
    return _counted(Counted.CALENDAR, span, row, lambda: calendar_of(row).due(start, span))


def in_working_days(start: datetime, days: int, *, calendar: WorkingCalendar | None = None) -> Due:
    """By the closing of the n-th working day after that of `start`. Raises `CalendarClosed`, `DateTooFar`."""
    row = calendar or desk_row()
    at = _reached(lambda: calendar_of(row).add_working_days(start, days))
    return Due(at, Counted.WORKING_DAYS, days, row)


def usual(kind: str, *, start: datetime) -> Due:
    """When a promise of this kind made now is usually due."""
    custom = CUSTOMS[kind]
    if custom.working_days:
        return in_working_days(start, custom.working_days)
    return by_the_calendar(start, timedelta(hours=custom.hours or 8))


def _counted(how: str, span: timedelta, row: WorkingCalendar | None, count: Callable[[], datetime]) -> Due:
    if span <= timedelta(0):
        raise DateMissing
    return Due(_reached(count), how, int(span.total_seconds() // 60), row)


def _reached(count: Callable[[], datetime]) -> datetime:
    try:
        return count()
    except NeverOpen:
        raise CalendarClosed from None
    except (TooFar, OverflowError):
        raise DateTooFar from None


def time_between(promise: Promise, start: datetime, end: datetime) -> timedelta:
    """The time between two instants as the promise counts it: all of it by the clock, the open time by a calendar."""
    calendar = counting_calendar(promise)
    return end - start if calendar is None else calendar.elapsed(start, end)


def time_after(promise: Promise, start: datetime, span: timedelta) -> datetime:
    """The instant so long after another, as the promise counts it; by the clock where its calendar is never open."""
    calendar = counting_calendar(promise)
    try:
        return start + span if calendar is None else calendar.due(start, span)
    except (NeverOpen, TooFar):
        return start + span


def counting_calendar(promise: Promise) -> Calendar | None:
    """The calendar by which a promise is counted, or None for one that goes by the clock or by a chosen date."""
    if promise.counted in (Counted.DATE, Counted.CLOCK):
        return None
    return calendar_of(promise.calendar)


def counted_words(counted: str, amount: int | None) -> str:
    """How a date was counted, in the reader's language: "48 hours by the clock", "2 working days by the calendar"."""
    if amount is None or counted == Counted.DATE:
        return _("a chosen date")
    if counted == Counted.WORKING_DAYS:
        days = ngettext("%(n)s working day by the calendar", "%(n)s working days by the calendar", amount)
        return days % {"n": amount}
    if amount % 60:
        span = ngettext("%(n)s minute", "%(n)s minutes", amount) % {"n": amount}
    else:
        span = ngettext("%(n)s hour", "%(n)s hours", amount // 60) % {"n": amount // 60}
    shape = _("%(span)s by the clock") if counted == Counted.CLOCK else _("%(span)s of opening hours")
    return shape % {"span": span}


def usual_or_clock(kind: str, *, start: datetime) -> Due:
    """As `usual`; where the calendar has no opening, as long by the clock: what is late must reach somebody's list."""
    try:
        return usual(kind, start=start)
    except (CalendarClosed, DateTooFar):
        custom = CUSTOMS[kind]
        return by_the_clock(start, timedelta(days=custom.working_days, hours=custom.hours or 8))
