"""Closures from an iCalendar file (RFC 5545): whole days become closures, hours become other hours on their date.

A file comes from outside and may be anything. What cannot be understood is named with its reason and passed over;
nothing in a file can make the import long or fail half-way.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tenir.clock.calendars import ONE_DAY, Calendar, Closure, Hours, Span
from tenir.clock.recurrence import Rule, read_rule, times
from tenir.clock.walls import wall

LARGEST = 2_000_000
MOST = 2000
"""Events read from one file, and days or hours that they may close."""
LONGEST = timedelta(days=366)
ONE_MINUTE = timedelta(minutes=1)


class NotAnICalendar(ValueError):
    """The file is not an iCalendar file, or larger than any real one."""


@dataclass(frozen=True)
class Imported:
    """The calendar with what the file closes, how many days it closes or changes, and the events passed over:
    pairs of the event's name and `cancelled`, `free`, `strange` or `elsewhen` (outside of the dates asked for)."""

    calendar: Calendar
    days: int
    passed_over: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class _Event:
    name: str
    begins: date | datetime
    lasts: timedelta
    rule: Rule | None
    except_on: frozenset[date | datetime]


class _PassedOver(Exception):
    """Why an event closes nothing."""


def import_closures(calendar: Calendar, raw: bytes, *, first: date, last: date) -> Imported:
    """`calendar` with the closures of an iCalendar file that fall between two dates, both included.

    Importing the same file again changes nothing more. Raises `NotAnICalendar`.
    """
    zone = ZoneInfo(calendar.zone)
    closures: set[Closure] = set()
    absences: list[tuple[datetime, datetime]] = []
    passed_over: list[tuple[str, str]] = []
    for component in _events(raw):
        name = _name(component)
        try:
            event = _read(component, name, zone)
            found = list(_occurrences(event, first, last, zone))
        except _PassedOver as reason:
            passed_over.append((name, str(reason)))
            continue
        if not found:
            passed_over.append((name, "elsewhen"))
        room = MOST - len(closures) - len(absences)
        for begins, ends in found[: max(0, room)]:
            if isinstance(begins, datetime) and isinstance(ends, datetime):
                absences.append((begins, ends))
            else:
                closures.add(Closure(begins, ends - ONE_DAY, name))
    closed = replace(calendar, closures=tuple(sorted({*calendar.closures, *closures})))
    changed = _other_hours(closed, absences)
    days = sum((each.last - each.first).days + 1 for each in closures) + len(changed)
    exceptions = tuple(sorted({**dict(calendar.exceptions), **changed}.items()))
    return Imported(replace(closed, exceptions=exceptions), days, tuple(passed_over))


def _events(raw: bytes) -> list[Any]:
    if len(raw) > LARGEST or b"BEGIN:VCALENDAR" not in raw[:2000].upper() or b"END:VCALENDAR" not in raw.upper():
        raise NotAnICalendar
    import icalendar  # only here: it takes a while to load, and a desk imports a calendar once a year

    try:
        parsed = icalendar.Calendar.from_ical(raw.decode("utf-8", "replace"), multiple=True)
        return [event for each in parsed for event in each.walk("VEVENT")][:MOST]
    except Exception as strange:  # a parser of other people's text fails in ways that it does not list
        raise NotAnICalendar from strange


def _name(component: Any) -> str:
    try:
        return " ".join(str(component.get("SUMMARY", "")).replace("\x00", "").split())[:120]
    except Exception:  # noqa: BLE001  (see `_events`)
        return ""


def _read(component: Any, name: str, zone: ZoneInfo) -> _Event:
    try:
        return _understood(component, name, zone)
    except _PassedOver:
        raise
    except Exception as strange:  # see `_events`
        raise _PassedOver("strange") from strange


def _understood(component: Any, name: str, zone: ZoneInfo) -> _Event:
    if str(component.get("STATUS", "")).upper() == "CANCELLED":
        raise _PassedOver("cancelled")
    if str(component.get("TRANSP", "")).upper() == "TRANSPARENT":
        raise _PassedOver("free")
    begins = _in_zone(component["DTSTART"].dt, zone)
    lasts = _length(component, begins, zone)
    if not timedelta(0) < lasts <= LONGEST or not 1970 <= begins.year <= 2200:
        raise _PassedOver("strange")
    rule = read_rule(component["RRULE"].to_ical().decode("ascii")) if "RRULE" in component else None
    return _Event(name, begins, lasts, rule, frozenset(_exceptions(component, zone)))


def _in_zone(moment: Any, zone: ZoneInfo) -> date | datetime:
    """A date, or an instant; a time without a zone is the calendar's own."""
    if not isinstance(moment, datetime):
        if not isinstance(moment, date):
            raise _PassedOver("strange")
        return moment
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _length(component: Any, begins: date | datetime, zone: ZoneInfo) -> timedelta:
    if "DTEND" in component:
        ends = _in_zone(component["DTEND"].dt, zone)
        if isinstance(ends, datetime) and isinstance(begins, datetime):
            return ends - begins
        if isinstance(ends, datetime) or isinstance(begins, datetime):
            raise _PassedOver("strange")
        return ends - begins
    if "DURATION" in component:
        lasts: timedelta = component["DURATION"].dt
        return lasts
    if isinstance(begins, datetime):
        raise _PassedOver("strange")
    return ONE_DAY


def _exceptions(component: Any, zone: ZoneInfo) -> Iterator[date | datetime]:
    lists = component.get("EXDATE", [])
    for each in lists if isinstance(lists, list) else [lists]:
        for left_out in each.dts[:MOST]:
            yield _in_zone(left_out.dt, zone)


def _occurrences(event: _Event, first: date, last: date, zone: ZoneInfo) -> Iterator[tuple[Any, Any]]:
    """Pairs of beginning and end, both dates or both instants, that touch the dates between `first` and `last`."""
    begin = datetime.combine(first, time(), zone)
    end = datetime.combine(last + ONE_DAY, time(), zone)
    start = event.begins
    whole = not isinstance(start, datetime)
    opening = start if isinstance(start, datetime) else datetime.combine(start, time(12), zone)
    series = [opening] if event.rule is None else times(
        event.rule, first=opening, begin=begin - event.lasts - ONE_DAY, end=end, zone=zone
    )  # fmt: skip
    for moment in series:
        begins: Any = wall(moment, zone).date() if whole else moment
        ends = begins + event.lasts
        if begins in event.except_on or (begins > last or ends <= first if whole else begins >= end or ends <= begin):
            continue
        yield begins, ends


def _other_hours(calendar: Calendar, absences: list[tuple[datetime, datetime]]) -> dict[date, Hours]:
    """The hours that are left on the dates that absences of some hours touch."""
    zone = ZoneInfo(calendar.zone)
    changed: dict[date, Hours] = {}
    for begins, ends in absences:
        start, finish = wall(begins, zone), wall(ends, zone)
        for passed in range(-1, (finish.date() - start.date()).days + 1):
            day = start.date() + ONE_DAY * passed
            hours = changed.get(day, calendar.hours_on(day))
            midnight = datetime.combine(day, time())
            left = _without(
                hours, (start - midnight) // timedelta(minutes=1), -((midnight - finish) // timedelta(minutes=1))
            )
            if left != hours:
                changed[day] = left
    return changed


def _without(hours: Hours, begins: int, ends: int) -> Hours:
    """The hours of a day less those from `begins` to `ends`, in minutes after its midnight."""
    left: list[Span] = []
    for span in hours:
        pieces = [(span.begins, min(span.ends, begins)), (max(span.begins, ends), span.ends)]
        left += [Span(opens, closes) for opens, closes in pieces if opens < closes]
    return tuple(left)
