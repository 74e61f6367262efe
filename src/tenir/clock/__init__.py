"""Time: what "now" is, working calendars with their holidays and closures, and due dates counted in them.

Functions here are pure, except `now`, which is read only at the edge (a view, the scheduler, a command) and handed
down as `at=`. Every instant is aware and in UTC until it is shown.
"""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.conf import settings


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)


def local(moment: datetime) -> datetime:
    """The same instant, told in the desk's time zone."""
    return moment.astimezone(ZoneInfo(settings.TIME_ZONE))
