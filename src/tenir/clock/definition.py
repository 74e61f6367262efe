"""A calendar as plain data: how it is stored, and how people type hours ("9:00-12:00", "22:00-6:00")."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from tenir.clock.calendars import DAY, Calendar, Closure, Hours, NotASpan, Span
from tenir.clock.public_holidays import PublicHolidays

MOST = 3000
"""Exceptions and closures of one calendar: more are a mistake, and would make every question slow."""
_SPAN = re.compile(r"(\d{1,2})[:hH](\d{2})?\s*[-\u2010-\u2015]\s*(\d{1,2})[:hH](\d{2})?", re.ASCII)


class NotACalendar(ValueError):
    """The data is no calendar; the text says which part of it."""


def read_span(text: str) -> Span:
    """The hours that were typed: "9:00-12:30", "9h-12h30", "22:00-6:00" (past midnight). Raises `NotASpan`."""
    found = _SPAN.fullmatch(text.strip())
    if found is None:
        raise NotASpan(text[:40])
    begins, ends = (int(found[at]) * 60 + int(found[at + 1] or 0) for at in (1, 3))
    if max(begins, ends) > 2 * DAY or any(int(found[at] or 0) > 59 for at in (2, 4)):
        raise NotASpan(text[:40])
    return Span(begins, ends if ends > begins else ends + DAY)


def write_span(span: Span) -> str:
    """As it is typed: "9:00-12:30"; an end past midnight is told as the time of the next day, except where hours
    begin there too ("26:00-30:00": what is left of a night)."""
    ends = span.ends if span.ends <= DAY or span.begins >= DAY else span.ends - DAY
    return f"{span.begins // 60}:{span.begins % 60:02}-{ends // 60}:{ends % 60:02}"


def read_hours(texts: list[str]) -> Hours:
    """The hours of one day in order. Raises `NotASpan`."""
    return tuple(sorted(read_span(text) for text in texts))


def write_hours(hours: Hours) -> list[str]:
    return [write_span(span) for span in hours]


def read_calendar(data: Mapping[str, Any]) -> Calendar:
    """The calendar of stored or sent data. Raises `NotACalendar` with the part that is wrong, whatever it is."""
    part = "closures"
    try:
        if len(data.get("exceptions", {})) + len(data.get("closures", [])) > MOST:
            raise ValueError("too many")
        part = "week"
        week = tuple(read_hours(hours) for hours in data["week"])
        part = "exceptions"
        exceptions = {date.fromisoformat(day): read_hours(hours) for day, hours in data.get("exceptions", {}).items()}
        part = "closures"
        closures = [_read_closure(*row) for row in data.get("closures", [])]
        part = "holidays"
        holidays = tuple(PublicHolidays(*map(str, row)) for row in data.get("holidays", []))
        part = "calendar"
        return Calendar(data["zone"], week, tuple(sorted(exceptions.items())), tuple(sorted(closures)), holidays)
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as strange:
        raise NotACalendar(part) from strange


def _read_closure(first: str, last: str, name: str = "") -> Closure:
    return Closure(date.fromisoformat(first), date.fromisoformat(last), str(name)[:120])


def write_calendar(calendar: Calendar) -> dict[str, Any]:
    """The data that `read_calendar` reads: only what JSON knows."""
    return {
        "zone": calendar.zone,
        "week": [write_hours(hours) for hours in calendar.week],
        "exceptions": {day.isoformat(): write_hours(hours) for day, hours in calendar.exceptions},
        "closures": [[each.first.isoformat(), each.last.isoformat(), each.name] for each in calendar.closures],
        "holidays": [[each.country, each.part] for each in calendar.holidays],
    }
