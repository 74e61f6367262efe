"""Working calendars: when a desk is open, and what "two working hours" or "two working days" mean there.

Pure: a calendar is a value, and every function of it depends on its arguments alone. A calendar is computed year by
year, once; after that a question is two searches in sorted lists.

For one date the first of these that says something decides: an exception, a closure, a public holiday, the week.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import accumulate, pairwise
from zoneinfo import ZoneInfo

from tenir.clock.public_holidays import PublicHolidays
from tenir.clock.walls import TICK, end_at, first_at, instant, microseconds, wall

DAY = 24 * 60
ONE_DAY = timedelta(days=1)
PATIENCE = 10
"""Years without one open minute after which a calendar is taken to be closed for ever."""
FARTHEST = 200
"""Years after which a due date is refused: it is a mistake and not a plan."""
EARLIEST_YEAR, LATEST_YEAR = 1900, 9900


class CalendarError(ValueError):
    """Base of what a calendar cannot answer."""


class NeverOpen(CalendarError):
    """The calendar has no opening in the ten years that follow."""


class TooFar(CalendarError):
    """The answer lies centuries away, or before 1900."""


class NotASpan(CalendarError):
    """Hours that cannot be: an end before a beginning, more than a day long, or two that overlap."""


@dataclass(frozen=True, order=True)
class Span:
    """Open from `begins` to `ends`, in minutes of the clock on the wall after midnight.

    What is above 1440 is past midnight: 22:00-06:00 is `Span(1320, 1800)` and belongs to the day whose evening it is.
    Raises `NotASpan`.
    """

    begins: int
    ends: int

    def __post_init__(self) -> None:
        if not 0 <= self.begins < self.ends <= min(self.begins + DAY, 2 * DAY):
            raise NotASpan(f"{self.begins}-{self.ends}")


Hours = tuple[Span, ...]
CLOSED: Hours = ()


@dataclass(frozen=True, order=True)
class Closure:
    """Closed from one date to another, both included: the company's holidays, a removal."""

    first: date
    last: date
    name: str = ""

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise NotASpan(f"{self.first}-{self.last}")


@dataclass(frozen=True)
class _Year:
    """The open stretches of one year in order, in microseconds since 1970; `before` is the open time before each."""

    begins: list[int]
    ends: list[int]
    before: list[int]
    total: int


@dataclass(frozen=True)
class Calendar:
    """The hours of a week (Monday first), other hours on some dates, closures and public holidays, in one time zone.

    Raises `NotASpan` for hours of one day that overlap, `ValueError` for a week without seven days or an unknown zone.
    """

    zone: str
    week: tuple[Hours, ...]
    exceptions: tuple[tuple[date, Hours], ...] = ()
    closures: tuple[Closure, ...] = ()
    holidays: tuple[PublicHolidays, ...] = ()
    _zone: ZoneInfo = field(init=False, repr=False, compare=False)
    _other: dict[date, Hours] = field(init=False, repr=False, compare=False)
    _years: dict[int, _Year] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        if len(self.week) != 7:
            raise ValueError("a week has seven days")
        for hours in (*self.week, *(hours for _, hours in self.exceptions)):
            if any(later.begins < earlier.ends for earlier, later in pairwise(hours)):
                raise NotASpan("hours of a day that overlap or are not in order")
        object.__setattr__(self, "_zone", read_zone(self.zone))
        object.__setattr__(self, "_other", dict(self.exceptions))

    # --- One date --------------------------------------------------------------------------------------------------

    def hours_on(self, day: date) -> Hours:
        """The hours of a date by the clock on the wall; empty when it is closed."""
        if (other := self._other.get(day)) is not None:
            return other
        if self.closure_on(day) or self.holiday_on(day):
            return CLOSED
        return self.week[day.weekday()]

    def closure_on(self, day: date) -> Closure | None:
        """The company's closure that covers this date."""
        return next((closure for closure in self.closures if closure.first <= day <= closure.last), None)

    def holiday_on(self, day: date, *, language: str = "en") -> str:
        """The name of the public holiday of this date, or nothing."""
        return next((name for each in self.holidays if (name := each.name_of(day, language=language))), "")

    def is_working_day(self, day: date) -> bool:
        """Whether there are any hours on this date."""
        return bool(self.hours_on(day))

    def openings_on(self, day: date) -> list[tuple[datetime, datetime]]:
        """The hours of a date as instants (UTC). Hours that a change of the clock swallows whole are left out."""
        midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001  (the clock on the wall)
        pairs = [
            (
                first_at(midnight + timedelta(minutes=span.begins), self._zone),
                end_at(midnight + timedelta(minutes=span.ends), self._zone),
            )
            for span in self.hours_on(day)
        ]
        return [(begins, ends) for begins, ends in pairs if begins < ends]

    def closing_of(self, day: date) -> datetime | None:
        """When the last hours of a date end (perhaps after midnight); None when it is closed."""
        return max((ends for _, ends in self.openings_on(day)), default=None)

    def date_of(self, at: datetime) -> date:
        """The date in the calendar's zone; until its last closing, a night belongs to the day on which it began."""
        today = wall(at, self._zone).date()
        yesterday = self.closing_of(today - ONE_DAY)
        return today - ONE_DAY if yesterday is not None and yesterday >= at else today

    # --- Instants --------------------------------------------------------------------------------------------------

    def is_open(self, at: datetime) -> bool:
        """Whether the desk is open at an instant: the minute of opening is, the minute of closing no longer."""
        moment, year = self._at(at)
        place = bisect_right(year.begins, moment) - 1
        return place >= 0 and moment < year.ends[place]

    def next_opening(self, at: datetime) -> datetime:
        """The first instant from `at` on at which the desk is open: `at` itself while it is. Raises `NeverOpen`."""
        if self.is_open(at):
            return at
        moment, _ = self._at(at)
        first = self._year_of(at)
        for number in range(first, min(first + PATIENCE, LATEST_YEAR) + 1):
            year = self._year(number)
            place = bisect_left(year.begins, moment)
            if place < len(year.begins):
                return instant(year.begins[place])
        raise NeverOpen

    def elapsed(self, start: datetime, end: datetime) -> timedelta:
        """The open time between two instants; negative when `end` comes first. Raises `TooFar`."""
        if end < start:
            return -self.elapsed(end, start)
        (begin, year), (finish, last) = self._at(start), self._at(end)
        first_number, last_number = self._year_of(start), self._year_of(end)
        if first_number == last_number:
            return (_open_until(year, finish) - _open_until(year, begin)) * TICK
        between = sum(self._year(number).total for number in range(first_number + 1, last_number))
        return (year.total - _open_until(year, begin) + between + _open_until(last, finish)) * TICK

    def due(self, start: datetime, duration: timedelta) -> datetime:
        """The first instant by which the desk was open for `duration` since `start`; `start` itself for no duration.

        Raises `NeverOpen`, `TooFar`; `ValueError` for a negative duration.
        """
        if duration < timedelta(0):
            raise ValueError("a duration is not negative")
        if not duration:
            return start
        moment, year = self._at(start)
        wanted = _open_until(year, moment) + duration // TICK
        idle = 0
        first = self._year_of(start)
        for number in range(first, min(first + FARTHEST, LATEST_YEAR) + 1):
            year = self._year(number)
            if wanted <= year.total:
                return instant(_when(year, wanted))
            wanted -= year.total
            idle = 0 if year.total else idle + 1
            if idle > PATIENCE:
                raise NeverOpen
        raise TooFar

    def add_working_days(self, start: datetime, count: int) -> datetime:
        """The closing of the `count`-th working day after the date of `start`, which itself is never counted.

        For 0: the closing of that date, or of the next working day when it is over or closed. Raises `NeverOpen`,
        `TooFar`; `ValueError` for a negative count.
        """
        if count < 0:
            raise ValueError("working days are counted forwards")
        today = self.date_of(start)
        closing = self.closing_of(today) if count == 0 else None
        if closing is not None and closing > start:
            return closing
        left = max(count, 1)
        for closing in self._closings_after(today):
            left -= 1
            if left == 0:
                return closing
        raise TooFar

    def _closings_after(self, day: date) -> Iterator[datetime]:
        idle = 0
        for number in range(1, FARTHEST * 366):
            if (day + ONE_DAY * number).year > LATEST_YEAR:
                return
            closing = self.closing_of(day + ONE_DAY * number)
            idle = 0 if closing else idle + 1
            if idle > PATIENCE * 366:
                raise NeverOpen
            if closing:
                yield closing

    # --- Years -----------------------------------------------------------------------------------------------------

    def _at(self, at: datetime) -> tuple[int, _Year]:
        return microseconds(at), self._year(self._year_of(at))

    def _year_of(self, at: datetime) -> int:
        try:
            return wall(at, self._zone).year
        except OverflowError:
            raise TooFar from None

    def _year(self, number: int) -> _Year:
        known = self._years.get(number)
        if known is None:
            if not EARLIEST_YEAR <= number <= LATEST_YEAR:
                raise TooFar
            known = self._years[number] = self._compute(number)
        return known

    def _compute(self, number: int) -> _Year:
        """The years cut time into pieces without gap or overlap: a night over New Year's Eve is in both."""
        begin = microseconds(first_at(datetime(number, 1, 1), self._zone))  # noqa: DTZ001  (the clock on the wall)
        finish = microseconds(first_at(datetime(number + 1, 1, 1), self._zone))  # noqa: DTZ001
        begins: list[int] = []
        ends: list[int] = []
        for stretch in self._stretches(number):
            opens, closes = max(stretch[0], begin), min(stretch[1], finish)
            if ends and opens <= ends[-1]:
                ends[-1] = max(ends[-1], closes)
            elif opens < closes:
                begins.append(opens)
                ends.append(closes)
        lengths = [closes - opens for opens, closes in zip(begins, ends, strict=True)]
        before = [0, *accumulate(lengths)]
        return _Year(begins, ends, before[:-1], before[-1])

    def _stretches(self, number: int) -> list[tuple[int, int]]:
        eve = date(number - 1, 12, 31)
        days = (date(number + 1, 1, 1) - eve).days
        return sorted(
            (microseconds(opens), microseconds(closes))
            for passed in range(days)
            for opens, closes in self.openings_on(eve + ONE_DAY * passed)
        )


def read_zone(name: str) -> ZoneInfo:
    """The time zone of this name. Raises `ValueError` for anything else, whatever was typed."""
    try:
        return ZoneInfo(name)
    except (KeyError, OSError, ValueError, TypeError) as strange:
        raise ValueError(f"no such time zone: {name!r}") from strange


def _open_until(year: _Year, moment: int) -> int:
    """The open time of a year before a moment of it."""
    place = bisect_right(year.begins, moment) - 1
    if place < 0:
        return 0
    return year.before[place] + min(moment, year.ends[place]) - year.begins[place]


def _when(year: _Year, wanted: int) -> int:
    """The first moment of a year before which `wanted` (at least 1) of it was open."""
    place = bisect_left(year.before, wanted) - 1
    return year.begins[place] + wanted - year.before[place]
