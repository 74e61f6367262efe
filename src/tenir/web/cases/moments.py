"""Moments to set a case aside until, or to send a reply at: the few that people want, and any other."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tenir.cases.errors import InThePast

MORNING = time(9)


@dataclass(frozen=True)
class Moment:
    """A choice: its words, the full date as shown, and its value in the form."""

    words: str
    date: str
    value: str


def moments(*, at: datetime) -> list[Moment]:
    """In three hours, tomorrow morning, next Monday morning, in a week: always with the full date beside."""
    local = at.astimezone(ZoneInfo(settings.TIME_ZONE))
    days_to_monday = 7 - local.weekday()
    soon = (local + timedelta(hours=3)).replace(minute=0, second=0, microsecond=0)
    return [
        _moment(_("in three hours"), soon),
        _moment(_("tomorrow morning"), _morning(local, 1)),
        _moment(_("next Monday"), _morning(local, days_to_monday)),
        _moment(_("in a week"), _morning(local, 7)),
    ]


def _morning(local: datetime, days: int) -> datetime:
    return datetime.combine(local.date() + timedelta(days=days), MORNING, local.tzinfo)


def _moment(words: str, when: datetime) -> Moment:
    return Moment(words, date_format(when, "l j F, H:i"), when.strftime("%Y-%m-%dT%H:%M"))


def read_moment(text: str, *, at: datetime) -> datetime:
    """The instant of a form's `YYYY-MM-DDTHH:MM` in the desk's zone. Raises `InThePast` on anything else, or a past
    one, so that the person chooses again."""
    try:
        read = parse_datetime(text)
    except ValueError:
        read = None
    if read is None:
        raise InThePast
    when = read if read.tzinfo else read.replace(tzinfo=ZoneInfo(settings.TIME_ZONE))
    if when <= at:
        raise InThePast
    return when
