"""What holds for every calendar: monotony, additivity, inverse, and a naive oracle that looks at every minute."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from tenir.clock.calendars import Calendar, TooFar
from tenir.clock.tests.scenes import ALWAYS, NIGHT, PARIS, calendars, durations, instants

MINUTE = timedelta(minutes=1)
slow = settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow])


Shown = tuple[datetime, datetime]


@lru_cache(maxsize=40)
def minutes_by_date(zone_name: str, first: date, last: date) -> dict[date, list[Shown]]:
    """For each local date its minutes: what the clock on the wall shows, and the instant."""
    zone = ZoneInfo(zone_name)
    begin = datetime.combine(first - timedelta(days=3), time(), zone).astimezone(UTC)
    found: dict[date, list[Shown]] = {}
    for number in range(((last - first).days + 7) * 1440):
        at = begin + MINUTE * number
        shown = at.astimezone(zone).replace(tzinfo=None)
        found.setdefault(shown.date(), []).append((shown, at))
    return found


def open_minutes(calendar: Calendar, first: date, last: date) -> dict[datetime, bool]:
    """Every minute of some local dates, and whether the desk is open: looks at the clock on the wall each minute.

    A span lasts from the first to the last minute at which the wall shows a time of it.
    """
    by_date = minutes_by_date(calendar.zone, first, last)
    opened: set[datetime] = set()
    for day in by_date:
        midnight = datetime.combine(day, time())
        around = [pair for passed in range(3) for pair in by_date.get(day + timedelta(days=passed), [])]
        for span in calendar.hours_on(day):
            begins, ends = midnight + MINUTE * span.begins, midnight + MINUTE * span.ends
            inside = [at for shown, at in around if begins <= shown < ends]
            if inside:
                opened.update(inside[0] + MINUTE * n for n in range((inside[-1] - inside[0]) // MINUTE + 1))
    return {at: at in opened for day, pairs in by_date.items() if first <= day <= last for _, at in pairs}


@pytest.mark.parametrize("calendar", [PARIS, NIGHT, ALWAYS], ids=["office", "night", "always"])
def test_two_years_agree_with_the_oracle_at_every_minute(calendar: Calendar) -> None:
    oracle = open_minutes(calendar, date(2026, 1, 1), date(2027, 12, 31))
    assert len(oracle) > 1_050_000
    assert [at for at, is_open in oracle.items() if calendar.is_open(at) is not is_open] == []
    first, last = min(oracle), max(oracle) + MINUTE
    assert calendar.elapsed(first, last) == sum(oracle.values()) * MINUTE


CHANGES = ["2026-03-29", "2026-10-25", "2026-03-08", "2026-11-01", "2026-04-05", "2026-12-31"]
AROUND = [date.fromisoformat(day) for day in CHANGES]


@slow
@given(calendars(), some.sampled_from(AROUND))
def test_any_calendar_agrees_with_the_oracle_around_the_changes_of_the_clock(calendar: Calendar, day: date) -> None:
    oracle = open_minutes(calendar, day - timedelta(days=1), day + timedelta(days=1))
    assert [at for at, is_open in oracle.items() if calendar.is_open(at) is not is_open] == []
    first, last = min(oracle), max(oracle) + MINUTE
    assert calendar.elapsed(first, last) == sum(oracle.values()) * MINUTE


@slow
@given(calendars(), instants(), durations)
def test_due_and_elapsed_are_inverse(calendar: Calendar, start: datetime, duration: timedelta) -> None:
    due = calendar.due(start, duration)
    assert due >= start
    assert calendar.elapsed(start, due) == duration
    tick = timedelta(microseconds=1)
    assert not duration or calendar.elapsed(start, due - tick) == duration - tick  # the first such instant


@slow
@given(calendars(), instants(), durations, durations)
def test_durations_add_up(calendar: Calendar, start: datetime, one: timedelta, other: timedelta) -> None:
    assert calendar.due(calendar.due(start, one), other) == calendar.due(start, one + other)


@slow
@given(calendars(), instants(), instants(), durations, durations)
def test_later_or_longer_is_never_due_earlier(
    calendar: Calendar, start: datetime, other: datetime, one: timedelta, more: timedelta
) -> None:
    early, late = sorted((start, other))
    assert calendar.due(early, one) <= calendar.due(late, one)
    assert calendar.due(early, one) <= calendar.due(early, one + more)


@slow
@given(calendars(), instants(), instants(), instants())
def test_open_time_adds_up(calendar: Calendar, one: datetime, two: datetime, three: datetime) -> None:
    assert calendar.elapsed(one, two) + calendar.elapsed(two, three) == calendar.elapsed(one, three)
    early, late = sorted((one, two))
    assert timedelta(0) <= calendar.elapsed(early, late) <= late - early


@slow
@given(calendars(), instants())
def test_the_next_opening_is_the_first(calendar: Calendar, start: datetime) -> None:
    opening = calendar.next_opening(start)
    assert calendar.is_open(opening)
    assert opening == start or not calendar.is_open(start)
    assert calendar.elapsed(start, opening) == timedelta(0)


@slow
@given(calendars(zones=["Europe/Paris", "Asia/Kolkata"]), instants(), some.integers(0, 30), some.integers(1, 30))
def test_working_days_add_up_and_end_at_a_closing(calendar: Calendar, start: datetime, one: int, more: int) -> None:
    reached = calendar.add_working_days(start, one)
    assert reached > start
    if not _days_stand_apart(calendar):
        return
    assert calendar.closing_of(calendar.date_of(reached)) == reached
    further = calendar.add_working_days(start, one + more)
    assert further > reached or one == 0
    assert not one or calendar.add_working_days(reached, more) == further


def _days_stand_apart(calendar: Calendar) -> bool:
    """Whether no night goes on into the hours of the next day."""
    every = [*calendar.week, *(hours for _, hours in calendar.exceptions)]
    latest = max((span.ends - 1440 for hours in every for span in hours), default=0)
    return all(span.begins >= latest for hours in every for span in hours)


@slow
@given(instants(years=70), durations)
def test_a_year_far_away_costs_no_more_than_an_error(start: datetime, duration: timedelta) -> None:
    try:
        assert PARIS.due(start, duration) >= start
    except TooFar:
        raise AssertionError("within a century everything has an answer") from None
