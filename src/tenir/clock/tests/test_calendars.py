"""The examples that people would give: office hours, nights, holidays, closures and both changes of the clock."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from tenir.clock.calendars import Calendar, Closure, NeverOpen, NotASpan, Span, TooFar
from tenir.clock.definition import NotACalendar, read_calendar, read_hours, read_span, write_calendar
from tenir.clock.public_holidays import NoSuchCountry, PublicHolidays
from tenir.clock.tests.scenes import ALWAYS, NEVER, NIGHT, OFFICE, PARIS, utc

HOUR = timedelta(hours=1)


def told(moment: datetime) -> str:
    return moment.astimezone(PARIS._zone).strftime("%a %d %b %H:%M")


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        (utc(2026, 11, 23, 8), 2, "Mon 23 Nov 11:00"),
        (utc(2026, 11, 23, 10, 30), 2, "Mon 23 Nov 15:30"),  # over the closed noon
        (utc(2026, 11, 23, 8), 7, "Mon 23 Nov 18:00"),  # the whole day: by its closing, not the next opening
        (utc(2026, 11, 23, 20), 1, "Tue 24 Nov 10:00"),
        (utc(2026, 11, 28, 10, 30), 2, "Mon 30 Nov 10:30"),  # half an hour on Saturday
        (utc(2026, 11, 10, 16), 4, "Thu 12 Nov 12:00"),  # the armistice is a holiday
        (utc(2026, 12, 24, 16), 1.5, "Sat 26 Dec 09:30"),
    ],
)
def test_a_duration_is_counted_while_the_office_is_open(start: datetime, hours: float, due: str) -> None:
    assert told(PARIS.due(start, hours * HOUR)) == due


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        (utc(2026, 11, 23, 8), 0, "Mon 23 Nov 18:00"),
        (utc(2026, 11, 23, 20), 0, "Tue 24 Nov 18:00"),
        (utc(2026, 11, 23, 8), 2, "Wed 25 Nov 18:00"),
        (utc(2026, 11, 23, 20), 2, "Wed 25 Nov 18:00"),  # the day of the words is not counted, however late
        (utc(2026, 11, 27, 8), 1, "Sat 28 Nov 12:00"),
        (utc(2026, 11, 28, 20), 1, "Mon 30 Nov 18:00"),
        (utc(2026, 11, 10, 8), 1, "Thu 12 Nov 18:00"),
    ],
)
def test_working_days_end_at_their_closing(start: datetime, days: int, due: str) -> None:
    assert told(PARIS.add_working_days(start, days)) == due


def test_a_night_belongs_to_the_evening_on_which_it_began() -> None:
    assert NIGHT.is_open(utc(2026, 11, 24, 3))
    assert told(NIGHT.add_working_days(utc(2026, 11, 24, 3), 1)) == "Wed 25 Nov 06:00"
    assert told(NIGHT.due(utc(2026, 11, 23, 22), 8 * HOUR)) == "Tue 24 Nov 23:00"
    assert NIGHT.date_of(utc(2026, 11, 24, 4, 59)) == date(2026, 11, 23)


def test_the_night_when_the_clock_is_set_is_an_hour_shorter_or_longer() -> None:
    assert NIGHT.elapsed(utc(2026, 3, 28, 12), utc(2026, 3, 29, 12)) == 7 * HOUR
    assert NIGHT.elapsed(utc(2026, 10, 24, 12), utc(2026, 10, 25, 12)) == 9 * HOUR
    assert ALWAYS.due(utc(2026, 3, 28, 12), 24 * HOUR) == utc(2026, 3, 29, 12)


def test_hours_inside_the_change_of_the_clock() -> None:
    early = replace(NEVER, week=(read_hours(["2:30-3:30"]),) * 7)
    swallowed = early.openings_on(date(2026, 3, 29))
    assert swallowed == [(utc(2026, 3, 29, 1), utc(2026, 3, 29, 1, 30))]  # 2:30 is not shown: from 3:00 on
    assert early.openings_on(date(2026, 10, 25)) == [(utc(2026, 10, 25, 0, 30), utc(2026, 10, 25, 2, 30))]
    assert replace(NEVER, week=(read_hours(["2:10-2:50"]),) * 7).openings_on(date(2026, 3, 29)) == []
    until_two = replace(NEVER, week=(read_hours(["1:00-2:00"]),) * 7)
    assert until_two.openings_on(date(2026, 10, 25)) == [(utc(2026, 10, 24, 23), utc(2026, 10, 25, 0))]


def test_what_decides_a_date() -> None:
    day = date(2026, 12, 25)
    other = read_hours(["10:00-11:00"])
    closed = replace(PARIS, closures=(Closure(date(2026, 12, 21), date(2026, 12, 31), "Congés"),))
    assert PARIS.hours_on(day) == ()
    assert PARIS.holiday_on(day, language="fr") == "Noël"
    assert closed.hours_on(date(2026, 12, 22)) == ()
    assert closed.closure_on(date(2026, 12, 22)) == Closure(date(2026, 12, 21), date(2026, 12, 31), "Congés")
    assert closed.hours_on(date(2027, 1, 2)) == PARIS.week[5]
    assert replace(closed, exceptions=((day, other),)).hours_on(day) == other
    assert PARIS.closing_of(day) is None
    assert PARIS.next_opening(utc(2026, 12, 24, 18)) == utc(2026, 12, 26, 8)


def test_alsace_and_the_islands_have_their_own_holidays() -> None:
    saint_stephen = date(2026, 12, 26)
    assert not PublicHolidays("FR").name_of(saint_stephen)
    assert PublicHolidays("FR", "57").name_of(saint_stephen, language="fr") == "Saint-Étienne"
    assert PublicHolidays("FR", "6AE").name_of(date(2026, 4, 3), language="en") == "Good Friday"
    assert PublicHolidays("FR", "974").name_of(date(2026, 12, 20))
    assert PublicHolidays("FR", "971").name_of(date(2026, 5, 27))
    assert PublicHolidays("BE").name_of(date(2026, 7, 21), language="fr") == "Fête nationale"
    assert PublicHolidays("GB", "SCT").name_of(date(2026, 11, 30), language="fr")


@pytest.mark.parametrize(("country", "part"), [("XX", ""), ("", ""), ("FR", "nowhere"), ("NYSE", ""), ("fr", "")])
def test_a_country_without_holidays_is_refused_at_once(country: str, part: str) -> None:
    with pytest.raises(NoSuchCountry):
        PublicHolidays(country, part)


def test_a_desk_that_is_never_open_says_so() -> None:
    once = replace(NEVER, exceptions=((date(2026, 11, 23), OFFICE),))
    for calendar in (NEVER, once):
        with pytest.raises(NeverOpen):
            calendar.due(utc(2026, 11, 24, 8), HOUR)
        with pytest.raises(NeverOpen):
            calendar.next_opening(utc(2026, 11, 24, 8))
        with pytest.raises(NeverOpen):
            calendar.add_working_days(utc(2026, 11, 24, 8), 1)
        assert calendar.elapsed(utc(2026, 11, 24, 8), utc(2030, 1, 1)) == timedelta(0)
    assert once.due(utc(2026, 11, 22), 7 * HOUR) == utc(2026, 11, 23, 17)
    closed_for_years = replace(PARIS, closures=(Closure(date(2026, 1, 1), date(9999, 12, 31)),))
    with pytest.raises(NeverOpen):
        closed_for_years.due(utc(2026, 11, 24, 8), HOUR)


def test_what_is_centuries_away_is_refused() -> None:
    with pytest.raises(TooFar):
        ALWAYS.due(utc(2026, 1, 1), timedelta(days=366 * 201))
    with pytest.raises(TooFar):
        ALWAYS.due(utc(1800, 1, 1), HOUR)
    with pytest.raises(TooFar):
        ALWAYS.is_open(datetime.max.replace(tzinfo=utc(2026, 1, 1).tzinfo))
    with pytest.raises(TooFar):
        ALWAYS.add_working_days(utc(2026, 1, 1), 100_000)


def test_nothing_is_counted_backwards() -> None:
    with pytest.raises(ValueError, match="negative"):
        PARIS.due(utc(2026, 1, 1), -HOUR)
    with pytest.raises(ValueError, match="forwards"):
        PARIS.add_working_days(utc(2026, 1, 1), -1)
    assert PARIS.elapsed(utc(2026, 11, 23, 10), utc(2026, 11, 23, 8)) == -2 * HOUR


@pytest.mark.parametrize("spans", [[(540, 540)], [(600, 540)], [(-1, 60)], [(0, 1441)], [(540, 700), (690, 800)]])
def test_impossible_hours_are_refused(spans: list[tuple[int, int]]) -> None:
    with pytest.raises(NotASpan):
        replace(NEVER, week=(tuple(Span(*span) for span in spans),) * 7)


@pytest.mark.parametrize(
    ("typed", "span"),
    [
        ("9:00-12:30", Span(540, 750)),
        ("9h-12h30", Span(540, 750)),
        (" 09:00 – 18:00 ", Span(540, 1080)),
        ("22:00-6:00", Span(1320, 1800)),
        ("0:00-24:00", Span(0, 1440)),
        ("8:00-8:00", Span(480, 1920)),
    ],
)
def test_hours_as_people_type_them(typed: str, span: Span) -> None:
    assert read_span(typed) == span


@pytest.mark.parametrize("typed", ["", "9-12", "9:00", "9:60-10:00", "49:00-50:00", "neuf heures", "9:00-12:00-14:00"])
def test_what_is_no_hours_is_refused(typed: str) -> None:
    with pytest.raises(NotASpan):
        read_span(typed)


def test_a_calendar_is_stored_and_read_again() -> None:
    whole = replace(
        PARIS,
        exceptions=((date(2026, 12, 24), OFFICE[:1]), (date(2026, 12, 25), (Span(1320, 1800),))),
        closures=(Closure(date(2026, 8, 1), date(2026, 8, 15), "Congés d'été"),),
        holidays=(PublicHolidays("FR", "57"), PublicHolidays("BE")),
    )
    assert read_calendar(write_calendar(whole)) == whole
    assert write_calendar(whole)["week"][0] == ["9:00-12:00", "14:00-18:00"]


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"zone": "Europe/Nowhere"}, "calendar"),
        ({"zone": "../../etc/passwd"}, "calendar"),
        ({"zone": None}, "calendar"),
        ({"week": []}, "calendar"),
        ({"week": [["9:00"]] * 7}, "week"),
        ({"week": 7}, "week"),
        ({"exceptions": {"2026-13-01": []}}, "exceptions"),
        ({"closures": [["2026-08-15", "2026-08-01", ""]]}, "closures"),
        ({"closures": [["2026-08-15"]]}, "closures"),
        ({"holidays": [["XX", ""]]}, "holidays"),
        ({"holidays": [7]}, "holidays"),
        ({"closures": [["2026-08-01", "2026-08-15", ""]] * 4000}, "closures"),
    ],
)
def test_data_that_is_no_calendar_says_which_part(change: dict[str, object], part: str) -> None:
    with pytest.raises(NotACalendar, match=part):
        read_calendar(write_calendar(PARIS) | change)


def test_a_week_has_seven_days() -> None:
    with pytest.raises(ValueError, match="seven"):
        Calendar("Europe/Paris", (OFFICE,) * 5)
