"""Calendars of the tests: an office in Paris, a night desk, and whatever hypothesis thinks of."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as some

from tenir.clock.calendars import Calendar, Closure, Span
from tenir.clock.definition import read_hours
from tenir.clock.public_holidays import PublicHolidays

OFFICE = read_hours(["9:00-12:00", "14:00-18:00"])
SATURDAY = read_hours(["9:00-12:00"])
FRANCE = PublicHolidays("FR")

PARIS = Calendar("Europe/Paris", (OFFICE,) * 5 + (SATURDAY, ()), holidays=(FRANCE,))
NIGHT = Calendar("Europe/Paris", (read_hours(["22:00-6:00"]),) * 7)
ALWAYS = Calendar("Europe/Paris", ((Span(0, 1440),),) * 7)
NEVER = Calendar("Europe/Paris", ((),) * 7)

ZONES = ["Europe/Paris", "America/New_York", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kolkata", "Africa/Cairo"]


def utc(year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, second, tzinfo=UTC)


@some.composite
def hours(draw: some.DrawFn) -> tuple[Span, ...]:
    """Up to three spans of a day in order; the last one may go on into the night."""
    marks = sorted(draw(some.sets(some.integers(0, 1439), max_size=6)))
    spans = [Span(begins, ends) for begins, ends in zip(marks[::2], marks[1::2], strict=False)]
    evening = spans[-1].ends if spans else 0
    if draw(some.booleans()) and evening < 1400:
        spans.append(Span(draw(some.integers(max(evening, 1000), 1439)), draw(some.integers(1440, 1440 + 420))))
    return tuple(spans)


@some.composite
def calendars(draw: some.DrawFn, zones: list[str] = ZONES) -> Calendar:
    """Any calendar open for at least two hours a week, with exceptions, closures and holidays."""
    week = draw(some.tuples(*[hours()] * 7))
    week = week if any(span.ends - span.begins > 120 for day in week for span in day) else (OFFICE, *week[1:])
    dates = some.dates(date(2026, 1, 1), date(2027, 12, 31))
    exceptions = draw(some.dictionaries(dates, hours(), max_size=5))
    closures = [
        Closure(first, first + timedelta(days=draw(some.integers(0, 20))))
        for first in draw(some.lists(dates, max_size=2))
    ]
    holidays = draw(some.sampled_from([(), (FRANCE,), (PublicHolidays("FR", "57"),)]))
    return Calendar(draw(some.sampled_from(zones)), week, tuple(sorted(exceptions.items())), tuple(closures), holidays)


def instants(years: int = 2) -> some.SearchStrategy[datetime]:
    """Any instant of some years from 2026 on, often near a change of the clock; to the microsecond or the minute."""
    first, span = utc(2026, 1, 1), years * 365 * 24 * 3600
    to_the_second = some.integers(0, span).map(lambda seconds: first + timedelta(seconds=seconds))
    finer = some.builds(lambda at, extra: at + timedelta(microseconds=extra), to_the_second, some.integers(0, 999_999))
    changes = [utc(2026, 3, 29, 1), utc(2026, 10, 25, 1), utc(2027, 3, 28, 1), utc(2026, 3, 8, 7), utc(2026, 11, 1, 6)]
    near = some.builds(
        lambda at, minutes: at + timedelta(minutes=minutes), some.sampled_from(changes), some.integers(-3000, 3000)
    )
    return some.one_of(to_the_second, finer, near)


durations = some.one_of(
    some.integers(0, 60 * 48).map(lambda minutes: timedelta(minutes=minutes)),
    some.integers(0, 10**11).map(lambda microseconds: timedelta(microseconds=microseconds)),
)
