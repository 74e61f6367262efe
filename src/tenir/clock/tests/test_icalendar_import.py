"""Closures from iCalendar files: those that calendars write, and garbage."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from tenir.clock.calendars import Calendar, Closure, Span
from tenir.clock.definition import read_hours, write_hours
from tenir.clock.icalendar_import import Imported, NotAnICalendar, import_closures
from tenir.clock.tests.scenes import NIGHT, PARIS, utc

FIRST, LAST = date(2026, 1, 1), date(2027, 12, 31)


def a_file(*events: str) -> bytes:
    inside = "".join(f"BEGIN:VEVENT\n{event.strip()}\nEND:VEVENT\n" for event in events)
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//tests//\n{inside}END:VCALENDAR\n"
    return text.replace("\n", "\r\n").encode()


def taken(*events: str, calendar: Calendar = PARIS) -> Imported:
    return import_closures(calendar, a_file(*events), first=FIRST, last=LAST)


def hours(imported: Imported, *day: int) -> list[str]:
    return write_hours(imported.calendar.hours_on(date(*day)))


def test_whole_days_become_a_closure() -> None:
    found = taken("SUMMARY:Inventaire\nDTSTART;VALUE=DATE:20260810\nDTEND;VALUE=DATE:20260815")
    assert found.calendar.closures == (Closure(date(2026, 8, 10), date(2026, 8, 14), "Inventaire"),)
    assert found.days == 5
    assert not found.calendar.is_working_day(date(2026, 8, 14))
    assert found.calendar.is_working_day(date(2026, 8, 17))


def test_a_day_without_an_end_is_one_day() -> None:
    assert taken("SUMMARY:Pont\nDTSTART;VALUE=DATE:20260515").calendar.closures[0].last == date(2026, 5, 15)


def test_hours_become_other_hours_on_their_date() -> None:
    found = taken(
        "SUMMARY:Réunion\nDTSTART;TZID=Europe/Paris:20261123T110000\nDTEND;TZID=Europe/Paris:20261123T150000",
        "SUMMARY:Formation\nDTSTART:20261124T130000Z\nDURATION:PT1H",
        "SUMMARY:Travaux\nDTSTART:20261125T080000\nDTEND:20261125T093000",
    )
    assert hours(found, 2026, 11, 23) == ["9:00-11:00", "15:00-18:00"]
    assert hours(found, 2026, 11, 24) == ["9:00-12:00", "15:00-18:00"]
    assert hours(found, 2026, 11, 25) == ["9:30-12:00", "14:00-18:00"]
    assert found.days == 3


def test_hours_taken_out_of_a_night_leave_its_morning() -> None:
    found = taken("DTSTART:20261123T230000\nDTEND:20261124T020000", calendar=NIGHT)
    assert found.calendar.hours_on(date(2026, 11, 23)) == (Span(1320, 1380), Span(1560, 1800))
    assert found.calendar.elapsed(utc(2026, 11, 23, 12), utc(2026, 11, 24, 12)) == timedelta(hours=5)


def test_a_series_closes_each_of_its_days_but_those_left_out() -> None:
    found = taken(
        "SUMMARY:Fermé\nDTSTART;VALUE=DATE:20260904\nRRULE:FREQ=MONTHLY;BYDAY=1FR;COUNT=4\n"
        "EXDATE;VALUE=DATE:20261002,20300101"
    )
    assert [each.first.isoformat() for each in found.calendar.closures] == ["2026-09-04", "2026-11-06", "2026-12-04"]


def test_a_series_of_hours_keeps_its_time_when_the_clock_is_set() -> None:
    found = taken("DTSTART;TZID=Europe/Paris:20261019T170000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=3")
    assert hours(found, 2026, 10, 19) == hours(found, 2026, 10, 26) == ["9:00-12:00", "14:00-17:00"]
    assert hours(found, 2026, 11, 9) == ["9:00-12:00", "14:00-18:00"]


def test_the_same_file_twice_changes_nothing_more() -> None:
    events = (
        "SUMMARY:Inventaire\nDTSTART;VALUE=DATE:20260810\nDTEND;VALUE=DATE:20260815",
        "DTSTART:20261124T130000Z\nDURATION:PT1H",
    )
    once = taken(*events)
    again = taken(*events, calendar=once.calendar)
    assert again.calendar == once.calendar


def test_what_closes_nothing_is_named_with_its_reason() -> None:
    found = taken(
        "SUMMARY:Annulé\nDTSTART;VALUE=DATE:20260810\nSTATUS:CANCELLED",
        "SUMMARY:Anniversaire\nDTSTART;VALUE=DATE:20260810\nTRANSP:TRANSPARENT",
        "SUMMARY:Ancien\nDTSTART;VALUE=DATE:20200810",
        "SUMMARY:À rebours\nDTSTART:20260810T100000Z\nDTEND:20260810T090000Z",
        "SUMMARY:Sans date",
        "SUMMARY:Chaque seconde\nDTSTART:20260810T100000Z\nDURATION:PT1H\nRRULE:FREQ=SECONDLY",
        "SUMMARY:Un siècle\nDTSTART;VALUE=DATE:20260101\nDTEND;VALUE=DATE:21260101",
        "SUMMARY:Mêlé\nDTSTART;VALUE=DATE:20260101\nDTEND:20260102T090000Z",
        "SUMMARY:Mauvaise date\nDTSTART:demain",
    )
    assert found.calendar == PARIS
    assert found.days == 0
    assert dict(found.passed_over) == {
        "Annulé": "cancelled",
        "Anniversaire": "free",
        "Ancien": "elsewhen",
        "À rebours": "strange",
        "Sans date": "strange",
        "Chaque seconde": "strange",
        "Un siècle": "strange",
        "Mêlé": "strange",
        "Mauvaise date": "strange",
    }


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00" * 50,
        b"PK\x03\x04",
        b"BEGIN:VCARD\r\nEND:VCARD\r\n",
        b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT",
        a_file() + b" " * 2_000_001,
    ],
    ids=["empty", "zeros", "archive", "card", "cut", "huge"],
)
def test_what_is_no_icalendar_file_is_refused(raw: bytes) -> None:
    with pytest.raises(NotAnICalendar):
        import_closures(PARIS, raw, first=FIRST, last=LAST)


def test_a_file_cannot_close_more_days_than_anybody_means() -> None:
    calendar = replace(PARIS, week=(read_hours(["0:00-24:00"]),) * 7)
    events = ["SUMMARY:Tous les jours\nDTSTART;VALUE=DATE:20260101\nRRULE:FREQ=DAILY"] * 20
    assert taken(*events, calendar=calendar).days <= 2000


VALID = a_file(
    "SUMMARY:Fermé\nDTSTART;VALUE=DATE:20260904\nRRULE:FREQ=MONTHLY;BYDAY=1FR;COUNT=4\nEXDATE;VALUE=DATE:20261002",
    "SUMMARY:Réunion\nDTSTART;TZID=Europe/Paris:20261123T110000\nDTEND;TZID=Europe/Paris:20261123T150000",
)


@settings(deadline=None, max_examples=150)
@given(some.integers(0, len(VALID)), some.integers(0, 40), some.binary(max_size=40))
def test_a_damaged_file_is_read_or_refused(at: int, missing: int, put: bytes) -> None:
    damaged = VALID[:at] + put + VALID[at + missing :]
    try:
        found = import_closures(PARIS, damaged, first=FIRST, last=LAST)
    except NotAnICalendar:
        return
    assert found.days <= 2000
