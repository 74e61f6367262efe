"""The calendars in which promises are counted: the stored ones, and the desk's own until somebody has written it."""

import json
import logging
from functools import lru_cache

from django.conf import settings

from tenir.clock.calendars import Calendar, Span
from tenir.clock.definition import NotACalendar, read_calendar
from tenir.clock.public_holidays import PublicHolidays
from tenir.promises.models import WorkingCalendar

log = logging.getLogger("tenir.promises")
OFFICE = (Span(9 * 60, 18 * 60),)
HOLIDAYS_BY_ZONE = {"Europe/Paris": ("FR", ""), "Indian/Reunion": ("FR", "974"), "America/Martinique": ("FR", "972"),
                    "America/Guadeloupe": ("FR", "971"), "America/Cayenne": ("FR", "973"),
                    "Indian/Mayotte": ("FR", "976"), "Europe/Brussels": ("BE", ""), "Europe/Luxembourg": ("LU", ""),
                    "Europe/Zurich": ("CH", ""),
                    "Europe/London": ("GB", "ENG"), "Europe/Dublin": ("IE", "")}  # fmt: skip
"""Where a time zone says the country. Elsewhere the holidays are chosen with the hours."""


def desk_row() -> WorkingCalendar | None:
    """The row of the desk's own calendar, once somebody has written it."""
    return WorkingCalendar.objects.filter(is_desks=True).first()


def calendar_of(row: WorkingCalendar | None) -> Calendar:
    """A stored calendar, or the usual one. A definition is read once, and its years are computed once a process.

    One that can no longer be read (its public holidays are not known any more) counts as the usual one, so that what is
    owed keeps its alarms; the log says so.
    """
    return usual() if row is None else _read(json.dumps(row.definition, sort_keys=True))


def desk_calendar() -> Calendar:
    """The desk's own calendar."""
    return calendar_of(desk_row())


@lru_cache(maxsize=64)
def _read(definition: str) -> Calendar:
    try:
        return read_calendar(json.loads(definition))
    except NotACalendar:
        log.exception("a calendar cannot be read: the usual hours count instead")
        return usual()


def usual() -> Calendar:
    """Monday to Friday, 9:00 to 18:00, with the country's public holidays: until somebody has written the hours."""
    return _usual(settings.TIME_ZONE)


@lru_cache(maxsize=8)
def _usual(zone: str) -> Calendar:
    country = HOLIDAYS_BY_ZONE.get(zone)
    holidays = (PublicHolidays(*country),) if country else ()
    return Calendar(zone, (OFFICE,) * 5 + ((), ()), holidays=holidays)
