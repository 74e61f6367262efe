"""Rules that come again, beside an older implementation (dateutil) and beside what people mean."""

from datetime import datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from dateutil import rrule
from hypothesis import Phase, given, settings
from hypothesis import strategies as some

from tenir.clock.recurrence import NotARule, next_time, read_rule, times
from tenir.clock.tests.scenes import utc

PARIS = ZoneInfo("Europe/Paris")
UTC_ZONE = ZoneInfo("UTC")


def after(text: str, first: datetime, moment: datetime) -> str | None:
    found = next_time(read_rule(text), first=first, after=moment, zone=PARIS)
    return found.astimezone(PARIS).strftime("%a %d %b %Y %H:%M") if found else None


def test_the_bin_is_collected_every_tuesday_at_seven_on_the_wall() -> None:
    first = utc(2026, 10, 20, 5)
    assert after("FREQ=WEEKLY;BYDAY=TU", first, utc(2026, 10, 20, 5)) == "Tue 27 Oct 2026 07:00"
    assert after("RRULE:FREQ=WEEKLY;BYDAY=TU", first, utc(2026, 10, 20, 4)) == "Tue 20 Oct 2026 07:00"
    assert after("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", first, utc(2026, 10, 21)) == "Tue 03 Nov 2026 07:00"


def test_a_series_that_is_over_has_no_next_time() -> None:
    first = utc(2026, 1, 6, 6)
    assert after("FREQ=WEEKLY;COUNT=2", first, utc(2026, 1, 7)) == "Tue 13 Jan 2026 07:00"
    assert after("FREQ=WEEKLY;COUNT=2", first, utc(2026, 1, 14)) is None
    assert after("FREQ=DAILY;UNTIL=20260108", first, utc(2026, 1, 7, 12)) == "Thu 08 Jan 2026 07:00"
    assert after("FREQ=DAILY;UNTIL=20260108", first, utc(2026, 1, 8, 12)) is None
    assert after("FREQ=DAILY;UNTIL=20260108T055900Z", first, utc(2026, 1, 7, 12)) is None
    assert after("FREQ=DAILY;UNTIL=20260108T070000", first, utc(2026, 1, 7, 12)) == "Thu 08 Jan 2026 07:00"


@pytest.mark.parametrize("text", ["FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=9"])
def test_a_rule_that_matches_no_day_ends_at_once(text: str) -> None:
    assert after(text, utc(2026, 1, 1), utc(2026, 1, 1)) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "every Tuesday",
        "FREQ=SECONDLY",
        "FREQ=WEEKLY;BYDAY=2TU",
        "FREQ=WEEKLY;BYMONTHDAY=3",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;INTERVAL=99999",
        "FREQ=DAILY;COUNT=0",
        "FREQ=DAILY;COUNT=x",
        "FREQ=DAILY;UNTIL=tomorrow",
        "FREQ=DAILY;BYDAY=XX",
        "FREQ=MONTHLY;BYMONTHDAY=0",
        "FREQ=MONTHLY;BYMONTHDAY=32",
        "FREQ=DAILY;FREQ=DAILY",
        "FREQ=DAILY;BYHOUR=3",
        "FREQ=DAILY;WKST=X",
        "FREQ=DAILY;INTERVAL=²",
        "FREQ=DAILY;COUNT=",
        "FREQ=DAILY;" + "BYMONTH=1," * 200 + "2",
        "FREQ=DAILY\x00",
    ],
)
def test_what_is_no_rule_is_refused(text: str) -> None:
    with pytest.raises(NotARule):
        read_rule(text)


@some.composite
def rules(draw: some.DrawFn) -> str:
    frequency = draw(some.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    parts = [f"FREQ={frequency}"]
    if draw(some.booleans()):
        parts.append(f"INTERVAL={draw(some.integers(1, 5))}")
    if draw(some.booleans()):
        parts.append("BYMONTH=" + _several(draw, some.integers(1, 12)))
    if frequency != "WEEKLY" and draw(some.booleans()):
        parts.append("BYMONTHDAY=" + _several(draw, some.integers(-31, 31).filter(bool)))
    if draw(some.booleans()):
        days = some.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU"])
        numbered = frequency in ("MONTHLY", "YEARLY") and not any(part.startswith("BYMONTHDAY") for part in parts)
        numbered = numbered and draw(some.booleans())  # dateutil wants both of "MO,1TU", where the RFC takes either
        places = some.sampled_from(["1", "2", "-1", "5"]) if numbered else some.just("")
        parts.append("BYDAY=" + _several(draw, some.builds(lambda place, day: place + day, places, days)))
        if draw(some.booleans()) and frequency != "DAILY":
            parts.append("BYSETPOS=" + _several(draw, some.sampled_from([1, 2, -1, -2])))
    if draw(some.booleans()):
        parts.append("WKST=SU")
    return ";".join(parts)


def _several(draw: some.DrawFn, values: some.SearchStrategy[object]) -> str:
    return ",".join(str(value) for value in draw(some.lists(values, min_size=1, max_size=3, unique=True)))


@settings(deadline=None, max_examples=150, phases=[Phase.explicit, Phase.generate])
@given(rules(), some.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1)))  # noqa: DTZ001
def test_the_times_are_those_that_dateutil_finds(text: str, shown: datetime) -> None:
    shown = shown.replace(second=0, microsecond=0)
    end = shown + timedelta(days=800)
    theirs = rrule.rrulestr(text, dtstart=shown).replace(until=end - timedelta(microseconds=1))
    first, last = shown.replace(tzinfo=utc(2026, 1, 1).tzinfo), end.replace(tzinfo=utc(2026, 1, 1).tzinfo)
    ours = times(read_rule(text), first=first, begin=first, end=last, zone=UTC_ZONE)
    # dateutil counts the places of a week (BYSETPOS) from its first day on; RFC 5545 counts them in the whole week.
    since = shown + timedelta(days=7) if "WEEKLY" in text and "BYSETPOS" in text else shown
    found = [at.replace(tzinfo=None) for at in ours]
    assert [at for at in found if at >= since] == [at for at in islice(theirs, 1000) if at >= since]


def test_the_places_in_a_week_are_those_of_the_whole_week() -> None:
    saturday = utc(2028, 1, 1)
    rule = read_rule("FREQ=WEEKLY;BYDAY=SA,MO,FR;BYSETPOS=1,2;WKST=SU")
    found = times(rule, first=saturday, begin=saturday, end=utc(2028, 1, 15), zone=UTC_ZONE)
    assert [at.day for at in found] == [3, 7, 10, 14]


@settings(deadline=None)
@given(some.text(max_size=60))
def test_any_text_is_a_rule_or_refused(text: str) -> None:
    for attempt in (text, "FREQ=DAILY;" + text):
        try:
            next_time(read_rule(attempt), first=utc(2026, 1, 1), after=utc(2026, 1, 1), zone=PARIS)
        except NotARule:
            continue
