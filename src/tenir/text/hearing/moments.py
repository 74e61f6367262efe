"""What a date in a sentence means: arithmetic on the desk's days, in its own zone.

Rules, all of them visible in the tests:

* hours and minutes are counted by the clock, in absolute time: 48 hours are 48 hours, also over a change of clocks;
* days, weeks and months are counted by the calendar and end when the desk's day ends (`closes`, 18:00 by default);
* working days are counted by the desk's calendar; "jours ouvrables" count Saturdays too, "heures ouvrées" and "working
  hours" are counted between `opens` and `closes`, and 24 or more of them that make whole days are working days;
* a part of a day ends with it: morning 12:00, noon 12:00, early afternoon 15:00, afternoon `closes`, evening 20:00,
  night 23:59;
* a weekday is the coming one, never today; "en huit" and "week" add seven days; English "next Friday" is that of next
  week (Monday to Sunday), French « vendredi prochain » the coming one;
* a week ends on its last working day up to Friday, a month and a year on their last day; "early next week" is its
  second day; "mid" is Wednesday or the 15th; the beginning of a month is its 10th day;
* « huit jours » and « quinze jours » in words are one week and two, as the idiom has it; in figures they are counted;
* before a day means: by the end of the day before; before an hour, that hour;
* a day without a year, or an hour without a day, is the next one; a date of the last three months is past, and what is
  past is never due.
"""

from __future__ import annotations

import calendar as months
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Protocol

_FAR = 3660
_PAST_DAYS = 92


class Workdays(Protocol):
    """What the hearing needs of a calendar."""

    def is_working(self, day: date, /) -> bool:
        """Whether the desk works on that day."""

    def add_working_days(self, start: date, count: int, /) -> date:
        """The `count`th working day after `start`, which itself is not counted."""


class MondayToFriday:
    """The plainest calendar: Saturdays and Sundays are off, nothing else is."""

    def is_working(self, day: date, /) -> bool:
        return day.weekday() < 5

    def add_working_days(self, start: date, count: int, /) -> date:
        return _add_days(start, count, self.is_working)


def _add_days(start: date, count: int, counts: Callable[[date], bool]) -> date:
    day = start
    for _ in range(_FAR):
        if count <= 0:
            break
        day += timedelta(1)
        count -= counts(day)
    return day


@dataclass(frozen=True, slots=True)
class Desk:
    """When and where the words are said: everything that a date depends on."""

    at: datetime
    zone: tzinfo
    calendar: Workdays
    opens: time = time(9)
    closes: time = time(18)

    @property
    def now(self) -> datetime:
        return self.at.astimezone(self.zone)

    @property
    def today(self) -> date:
        return self.now.date()

    def moment(self, day: date, hour: time) -> datetime:
        """An aware instant; an hour that the change of clocks skips is moved over it."""
        local = datetime.combine(day, hour, self.zone)
        return local.astimezone(UTC).astimezone(self.zone)

    def end_of(self, day: date) -> datetime:
        """When that day's work ends; at its very end when its work is over already."""
        end = self.moment(day, self.closes)
        return end if end > self.at else self.moment(day, time(23, 59))


@dataclass(frozen=True, slots=True)
class Length:
    """So many units; `working` is "", "working" or "ouvrables"."""

    count: float
    unit: str
    working: str = ""


@dataclass(frozen=True, slots=True)
class Weekday:
    """A day of the week: "coming", of "this" week or of the "next" one, and so many weeks later."""

    day: int
    which: str = "coming"
    weeks: int = 0


@dataclass(frozen=True, slots=True)
class Calendar:
    """A day of a month; month and year as far as they were said."""

    day: int
    month: int | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Offset:
    """So many days from today."""

    days: int


@dataclass(frozen=True, slots=True)
class Period:
    """A week, month, quarter, year or week-end (`ahead` of the present one), or a named month, and which part of it."""

    unit: str
    ahead: int = 0
    part: str = "end"
    month: int | None = None


@dataclass(frozen=True, slots=True)
class Clock:
    """An hour of the day."""

    hour: int
    minute: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the day; `today` when the words say this one's."""

    name: str
    today: bool = False


@dataclass(frozen=True, slots=True)
class WeekOf:
    """The week that a date lies in."""

    day: Calendar


Day = Weekday | Calendar | Offset | Period | WeekOf
Hour = Clock | Part

_PART_ENDS = {
    "morning": time(12),
    "early morning": time(10),
    "noon": time(12),
    "lunch": time(14),
    "early afternoon": time(15),
    "evening": time(20),
    "night": time(23, 59),
}


def hour_of(hour: Hour, desk: Desk) -> time:
    """The end of a part of the day, or the hour itself."""
    if isinstance(hour, Clock):
        return time(hour.hour % 24, hour.minute) if hour.hour < 24 else time(23, 59)
    return _PART_ENDS.get(hour.name, desk.closes)


def day_of(day: Day, desk: Desk) -> date | None:
    """The day that is meant (the last one of a period); None when it is past or no day at all."""
    today = desk.today
    if isinstance(day, Offset):
        return today + timedelta(day.days)
    if isinstance(day, Weekday):
        return _weekday(day, today)
    if isinstance(day, Calendar):
        return _calendar(day, today)
    if isinstance(day, WeekOf):
        within = _calendar(day.day, today, past=7)
        return _week_end(within, desk) if within else None
    return _period(day, desk)


def _weekday(day: Weekday, today: date) -> date | None:
    ahead = (day.day - today.weekday()) % 7
    if day.which == "this":
        found = today + timedelta(day.day - today.weekday())
        if found < today:
            found += timedelta(7)
    elif day.which == "next":
        found = today + timedelta(7 - today.weekday() + day.day)
    else:
        found = today + timedelta(ahead or 7)
    return found + timedelta(7 * day.weeks)


def _calendar(day: Calendar, today: date, past: int = 0) -> date | None:
    if day.month is None:
        return _month_day(day.day, today)
    if day.year is not None:
        found = _date(day.year, day.month, day.day)
        return found if found and found >= today - timedelta(past) else None
    found = _date(today.year, day.month, day.day)
    if found is None or found < today - timedelta(max(past, _PAST_DAYS)):
        return _date(today.year + 1, day.month, day.day)
    if found < today - timedelta(past):
        return None
    return found if (found - today).days <= 366 - _PAST_DAYS else None


def _date(year: int, month: int, day: int) -> date | None:
    """The date, if that year has it: not every year has a 29th of February, none a 31st of November."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _month_day(day: int, today: date) -> date | None:
    year, month = today.year, today.month
    for _ in range(3):
        if day <= months.monthrange(year, month)[1] and date(year, month, max(day, 1)) >= today:
            return date(year, month, day) if day else None
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return None


def _week_end(within: date, desk: Desk) -> date:
    monday = within - timedelta(within.weekday())
    for last in range(4, -1, -1):
        day = monday + timedelta(last)
        if desk.calendar.is_working(day) and day >= desk.today:
            return day
    return max(monday + timedelta(4), desk.today)


def _period(period: Period, desk: Desk) -> date | None:
    if period.unit == "week":
        return _of_week(period, desk)
    if period.unit == "weekend":
        monday = desk.today - timedelta(desk.today.weekday())
        return monday + timedelta(6 + 7 * period.ahead)
    if period.unit == "year":
        return date(desk.today.year + period.ahead, 12, 31) if period.part == "end" else None
    first = _first_of(period, desk.today)
    length = 3 if period.unit == "quarter" else 1
    last = add_months(first, length) - timedelta(1)
    chosen = {"start": first.replace(day=10), "mid": first.replace(day=15)}.get(period.part, last)
    return chosen if chosen >= desk.today else None


def _of_week(period: Period, desk: Desk) -> date | None:
    monday = desk.today - timedelta(desk.today.weekday()) + timedelta(7 * period.ahead)
    if period.part == "end":
        return _week_end(monday, desk) if period.ahead or desk.today.weekday() < 5 else desk.today
    chosen = monday + timedelta(1 if period.part == "start" else 2)
    return chosen if chosen >= desk.today else None


def _first_of(period: Period, today: date) -> date:
    if period.month is not None:
        # "Fin novembre", said in November, is this one; said in December, next year's.
        year = today.year + (period.month < today.month)
        return date(year, period.month, 1)
    if period.unit == "quarter":
        return add_months(date(today.year, 3 * ((today.month - 1) // 3) + 1, 1), 3 * period.ahead)
    return add_months(today.replace(day=1), period.ahead)


def add_months(day: date, count: int) -> date:
    """The same day of a later month, or its last one when it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    if year > 9999:
        return date.max
    return date(year, month + 1, min(day.day, months.monthrange(year, month + 1)[1]))


# --- Lengths ---------------------------------------------------------------------------------------------------------


def after(length: Length, desk: Desk, hour: Hour | None = None) -> datetime | None:
    """The end of a length of time that begins now."""
    if length.count > 3650 or length.count <= 0:
        return None
    if length.unit in ("minute", "hour") and not length.working:
        return (desk.at.astimezone(UTC) + timedelta(**{f"{length.unit}s": length.count})).astimezone(desk.zone)
    if length.unit == "hour" and length.count % 24:
        return _working_hours(length.count, desk)
    day = _days_after(length, desk)
    if day is None:
        return None
    return desk.moment(day, hour_of(hour, desk)) if hour else desk.end_of(day)


def _days_after(length: Length, desk: Desk) -> date | None:
    if length.unit in ("month", "year"):
        return add_months(desk.today, round(length.count * (12 if length.unit == "year" else 1)))
    count = round(length.count * {"week": 7, "hour": 1 / 24}.get(length.unit, 1))
    if length.working == "ouvrables":
        return _add_days(desk.today, count, lambda day: day.weekday() == 5 or desk.calendar.is_working(day))
    if length.working:
        count = round(length.count * {"week": 5, "hour": 1 / 24}.get(length.unit, 1))
        return desk.calendar.add_working_days(desk.today, count)
    return desk.today + timedelta(count)


def _working_hours(count: float, desk: Desk) -> datetime | None:
    left, day = timedelta(hours=count), desk.today
    for _ in range(_FAR):
        if desk.calendar.is_working(day):
            start = max(desk.moment(day, desk.opens), desk.at)
            free = desk.moment(day, desk.closes) - start
            if free >= left:
                return (start.astimezone(UTC) + left).astimezone(desk.zone)
            left -= max(free, timedelta(0))
        day += timedelta(1)
    return None
