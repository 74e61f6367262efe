"""Moments as people say them: "9:12", "yesterday", "Tuesday", "3 Nov", in the reader's language and the desk's zone."""

from datetime import date, datetime
from functools import lru_cache

from django.utils.formats import date_format, number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tenir.clock import local


def short(moment: datetime, *, at: datetime) -> str:
    """For a list row: the time today, "yesterday", the weekday within a week, else the date (with another year's)."""
    here, now = local(moment), local(at)
    days = (now.date() - here.date()).days
    if days == 0:
        return f"{here.hour}:{here.minute:02}"
    if days == 1:
        return _("yesterday")
    if 1 < days < 7:
        return date_format(here, "l")
    return _day(here, now)


def _day(here: datetime, now: datetime) -> str:
    """ "25 Oct", « 25 oct. »; with its year when it is another one."""
    return _written(here.date(), here.year != now.year, get_language() or "fr")


@lru_cache(maxsize=4_000)
def _written(day: date, with_year: bool, language: str) -> str:
    month = "N" if language.startswith("fr") else "M"
    return date_format(day, f"j {month} Y" if with_year else f"j {month}")


def long(moment: datetime, *, at: datetime) -> str:
    """For a message: as `short`, always with the time."""
    here, now = local(moment), local(at)
    days = (now.date() - here.date()).days
    clock = date_format(here, "G:i")
    if days == 0:
        return clock
    if days == 1:
        return _("yesterday, %(time)s") % {"time": clock}
    return f"{_day(here, now)}, {clock}"


def full(moment: datetime) -> str:
    """The whole date and time, for what must not be mistaken: "Monday 23 November, 9:00"."""
    return date_format(local(moment), "l j F, G:i")


def size(count: int) -> str:
    """A file's size in words: "1.2 MB", « 1,2 Mo »."""
    if count < 1000:
        return _("%(n)s bytes") % {"n": count}
    if count < 1_000_000:
        return _("%(n)s kB") % {"n": round(count / 1000)}
    return _("%(n)s MB") % {"n": number_format(round(count / 1_000_000, 1), 1)}
