"""Deadlines that come again: RFC 5545 recurrence rules ("every Tuesday at 7:00"), as people's calendars write them.

A rule comes from outside and may match no day at all (30 February): the days are walked through between two bounds, so
that no rule can keep the desk busy. Nothing finer than a day is understood.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from tenir.clock.walls import first_at, wall

LONGEST = 300
FARTHEST = timedelta(days=366 * 10)
ONE_DAY = timedelta(days=1)
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_PLACE = re.compile(r"([+-]?[1-9]\d?)?(MO|TU|WE|TH|FR|SA|SU)", re.ASCII)
_NUMBER = re.compile(r"[+-]?\d{1,4}", re.ASCII)


class NotARule(ValueError):
    """The text is no recurrence rule that is understood here."""


@dataclass(frozen=True)
class Rule:
    """A recurrence rule; `by_day` pairs a place (second, last: 0 for each) with a weekday (0 is Monday)."""

    frequency: str
    interval: int = 1
    count: int | None = None
    until: datetime | date | None = None
    months: frozenset[int] = frozenset()
    month_days: frozenset[int] = frozenset()
    by_day: frozenset[tuple[int, int]] = frozenset()
    places: frozenset[int] = frozenset()
    week_begins: int = 0


def read_rule(text: str) -> Rule:
    """The rule that a text means, with or without `RRULE:` before it. Raises `NotARule`."""
    parts = _parts(text)
    try:
        rule = Rule(
            frequency=parts.pop("FREQ", ""),
            interval=_numbers(parts.pop("INTERVAL", "1"), 1, 1000)[0],
            count=_numbers(count, 1, 9999)[0] if (count := parts.pop("COUNT", "")) else None,
            until=_until(until) if (until := parts.pop("UNTIL", "")) else None,
            months=frozenset(_numbers(parts.pop("BYMONTH", ""), 1, 12)),
            month_days=frozenset(_numbers(parts.pop("BYMONTHDAY", ""), -31, 31)),
            by_day=frozenset(_days(parts.pop("BYDAY", ""))),
            places=frozenset(_numbers(parts.pop("BYSETPOS", ""), -366, 366)),
            week_begins=DAYS.index(parts.pop("WKST", "MO")),
        )
    except (ValueError, IndexError) as strange:
        raise NotARule(text[:LONGEST]) from strange
    ordinals = any(place for place, _ in rule.by_day)
    if parts or rule.frequency not in FREQUENCIES or 0 in rule.month_days or 0 in rule.places:
        raise NotARule(text)
    if (rule.frequency in ("DAILY", "WEEKLY") and ordinals) or (rule.frequency == "WEEKLY" and rule.month_days):
        raise NotARule(text)
    return rule


def _parts(text: str) -> dict[str, str]:
    text = text.strip().upper().removeprefix("RRULE:").rstrip(";")
    pairs = [piece.partition("=") for piece in text.split(";")]
    parts = {name: value for name, _, value in pairs}
    if len(text) > LONGEST or len(parts) != len(pairs) or not all(value for _, _, value in pairs):
        raise NotARule(text[:LONGEST])
    return parts


def _numbers(text: str, least: int, most: int) -> list[int]:
    pieces = text.split(",") if text else []
    if not all(_NUMBER.fullmatch(piece) and least <= int(piece) <= most for piece in pieces):
        raise NotARule(text)
    return [int(piece) for piece in pieces]


def _days(text: str) -> list[tuple[int, int]]:
    found = [_PLACE.fullmatch(piece) for piece in text.split(",")] if text else []
    if not all(found):
        raise NotARule(text)
    return [(int(each[1] or 0), DAYS.index(each[2])) for each in found if each]


def _until(text: str) -> datetime | date:
    for shape in ("%Y%m%dT%H%M%SZ", "%Y%m%dT%H%M%S", "%Y%m%d"):
        try:
            read = datetime.strptime(text, shape)  # noqa: DTZ007  (UTC when it ends in Z, the clock on the wall else)
        except ValueError:
            continue
        if shape.endswith("Z"):
            return read.replace(tzinfo=UTC)
        return read if "T" in shape else read.date()
    raise NotARule(text)


def next_time(rule: Rule, *, first: datetime, after: datetime, zone: ZoneInfo) -> datetime | None:
    """The first time of the series later than `after`, in UTC; None when it is over, or ten years away.

    `first` begins the series and is its first time when the rule matches it. The series keeps its time on the clock
    on the wall: 7:00 stays 7:00 when the clock is set.
    """
    coming = _times(rule, first, max(first, after) + FARTHEST, zone)
    return next((moment for moment in coming if moment > after), None)


def times(rule: Rule, *, first: datetime, begin: datetime, end: datetime, zone: ZoneInfo) -> list[datetime]:
    """The times of the series in [begin, end), in UTC."""
    return [moment for moment in _times(rule, first, end, zone) if begin <= moment < end]


def _times(rule: Rule, first: datetime, last: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    shown = wall(first, zone)
    for number, day in enumerate(_dates(rule, shown.date(), wall(last, zone).date())):
        if number == rule.count:
            return
        told = datetime.combine(day, shown.time())
        moment = first_at(told, zone)
        if _over(rule.until, told, moment):
            return
        yield moment


def _over(until: datetime | date | None, told: datetime, moment: datetime) -> bool:
    if isinstance(until, datetime):
        return moment > until if until.tzinfo else told > until
    return until is not None and told.date() > until


def _dates(rule: Rule, first: date, last: date) -> Iterator[date]:
    rule = _completed(rule, first)
    for period in _periods(rule, first, last):
        matching = [day for day in period if _matches(rule, day)]
        if rule.places:
            among = {at - 1 if at > 0 else len(matching) + at for at in rule.places}
            matching = [day for number, day in enumerate(matching) if number in among]
        yield from (day for day in matching if first <= day <= last)


def _completed(rule: Rule, first: date) -> Rule:
    """What a rule does not say is taken from the first time of its series (RFC 5545 3.3.10)."""
    days, month_days, months = rule.by_day, rule.month_days, rule.months
    if rule.frequency == "WEEKLY" and not days:
        days = frozenset({(0, first.weekday())})
    if rule.frequency in ("MONTHLY", "YEARLY") and not days and not month_days:
        month_days = frozenset({first.day})
        if rule.frequency == "YEARLY":
            months = months or frozenset({first.month})
    return Rule(
        rule.frequency, rule.interval, rule.count, rule.until, months, month_days, days, rule.places, rule.week_begins
    )


def _periods(rule: Rule, first: date, last: date) -> Iterator[list[date]]:
    """The days of each day, week, month or year that the series goes through."""
    begin = first
    if rule.frequency == "WEEKLY":
        begin -= ONE_DAY * ((first.weekday() - rule.week_begins) % 7)
    elif rule.frequency != "DAILY":
        begin = first.replace(day=1) if rule.frequency == "MONTHLY" else date(first.year, 1, 1)
    while begin <= last:
        after = _step(rule.frequency, begin, 1)
        yield [begin + ONE_DAY * passed for passed in range((after - begin).days)]
        begin = _step(rule.frequency, begin, rule.interval)


def _step(frequency: str, begin: date, count: int) -> date:
    if frequency == "DAILY":
        return begin + ONE_DAY * count
    if frequency == "WEEKLY":
        return begin + ONE_DAY * (7 * count)
    months = begin.year * 12 + begin.month - 1 + count * (1 if frequency == "MONTHLY" else 12)
    return date(months // 12, months % 12 + 1, 1)


def _matches(rule: Rule, day: date) -> bool:
    if rule.months and day.month not in rule.months:
        return False
    month_end = _step("MONTHLY", day.replace(day=1), 1)
    if rule.month_days and not {day.day, day.day - 1 - (month_end - day.replace(day=1)).days} & rule.month_days:
        return False
    return not rule.by_day or any(_falls(rule, day, place) for place, on in rule.by_day if on == day.weekday())


def _falls(rule: Rule, day: date, place: int) -> bool:
    """Whether a day is the place-th of its weekday in its month, or in its year."""
    if place == 0:
        return True
    if rule.frequency == "MONTHLY" or rule.months:
        begin, end = day.replace(day=1), _step("MONTHLY", day.replace(day=1), 1)
    else:
        begin, end = date(day.year, 1, 1), date(day.year + 1, 1, 1)
    from_begin, from_end = (day - begin).days // 7 + 1, -(((end - day).days - 1) // 7 + 1)
    return place in (from_begin, from_end)
