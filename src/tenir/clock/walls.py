"""The clock on the wall and the instants behind it, on both days of the year when it is set.

A time of day may not exist (spring) or exist twice (autumn). What lasts "from 2:30 to 3:30" lasts from the first to
the last moment at which the clock on the wall shows a time between the two.
"""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

TICK = timedelta(microseconds=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def wall(moment: datetime, zone: ZoneInfo) -> datetime:
    """What the clock on the wall shows at an instant: a naive time."""
    return moment.astimezone(zone).replace(tzinfo=None)


def first_at(shown: datetime, zone: ZoneInfo) -> datetime:
    """The first instant at which the clock on the wall shows `shown` (naive) or later on that day."""
    early, late = _both(shown, zone)
    return early if wall(early, zone) == shown else _jump(late, early, zone)


def end_at(shown: datetime, zone: ZoneInfo) -> datetime:
    """The instant after the last at which the clock on the wall shows less than `shown` (naive)."""
    early, late = _both(shown, zone)
    if wall(early, zone) != shown:
        return _jump(late, early, zone)
    return late if wall(late - TICK, zone) < shown else early


def _both(shown: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The instant by the offset before a change of the clock, and by the one after it; the same on ordinary days."""
    return shown.replace(tzinfo=zone).astimezone(UTC), shown.replace(tzinfo=zone, fold=1).astimezone(UTC)


@lru_cache(maxsize=1024)
def _jump(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The instant between two at which the clock is set forward (to the second)."""
    offset = before.astimezone(zone).utcoffset()
    low, high = 0, int((after - before).total_seconds())
    while high - low > 1:
        middle = (low + high) // 2
        if (before + timedelta(seconds=middle)).astimezone(zone).utcoffset() == offset:
            low = middle
        else:
            high = middle
    return before + timedelta(seconds=high)


def microseconds(moment: datetime) -> int:
    """Since 1970, exactly: no float rounds an instant."""
    return (moment - EPOCH) // TICK


def instant(count: int) -> datetime:
    """The instant so many microseconds after 1970, in UTC."""
    return EPOCH + timedelta(microseconds=count)
