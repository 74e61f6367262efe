"""Kept, on time, partly, renegotiated, broken, unconfirmed: by kind, team, cause, channel, month, with the endings."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncMonth
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tenir.cases.access import visible_cases
from tenir.cases.words import channel_name
from tenir.people.models import Agent
from tenir.problems.models import Cause
from tenir.promises.kinds import Kind, kind_name
from tenir.promises.models import Promise

PERIOD = timedelta(days=365)
WAYS = ("kind", "team", "cause", "channel", "month")
"""By what it can be told. By whom is not among them, and never will be."""
COLUMNS = ("made", "open", "kept", "on_time", "partly", "renegotiated", "broken", "unconfirmed", "withdrawn")

_COUNTED: dict[str, Q] = {
    "open": Q(state__in=["open", "delivered"]),
    "kept": Q(state="kept"),
    "on_time": Q(state="kept", delivered_at__lte=F("first_due_at")),
    "partly": Q(state="partly_kept"),
    "renegotiated": Q(renegotiated__gt=0),
    "broken": Q(state="broken"),
    "unconfirmed": Q(state="unconfirmed"),
    "withdrawn": Q(state="withdrawn"),
}


@dataclass
class Line:
    """One row: its name, how many promises became what, and how the cases behind them ended (each case once)."""

    name: str
    counts: dict[str, int]
    endings: dict[str, int] = field(default_factory=dict)


def promises_counted(viewer: Agent, *, standing: bool, at: datetime) -> QuerySet[Promise]:
    """What was promised within a year in the cases that one may see: by people, or (standing) by the desk's rules."""
    promises = Promise.objects.filter(case__in=visible_cases(viewer), made_at__gt=at - PERIOD, made_at__lte=at)
    return promises.exclude(kind=Kind.TELL).filter(policy__isnull=not standing)


def lines(promises: QuerySet[Promise], way: str) -> list[Line]:
    """A line for each kind, team, cause, channel or month, in two queries. `on_time` is kept by the date that was
    promised first: a new date, however well agreed, does not make it earlier. Raises `KeyError` for another way."""
    value, named = _WAYS[way]
    base = promises.exclude(case__ties=None) if way == "cause" else promises
    base = base.annotate(told_by_way=value())
    counts = {name: Count("pk", filter=condition, distinct=True) for name, condition in _COUNTED.items()}
    rows = base.values("told_by_way").annotate(made=Count("pk", distinct=True), **counts).order_by("told_by_way")
    ended = base.filter(case__endings__isnull=False, case__endings__reopened_at=None)
    endings: dict[Any, dict[str, int]] = {}
    for key, kind, count in ended.values_list("told_by_way", "case__endings__kind").annotate(
        n=Count("case", distinct=True)
    ):
        endings.setdefault(key, {})[kind] = count
    found: list[dict[str, Any]] = [dict(row) for row in rows]
    names = named([row["told_by_way"] for row in found])
    return [
        Line(names[row["told_by_way"]], {name: row[name] for name in COLUMNS}, endings.get(row["told_by_way"], {}))
        for row in found
    ]


Names = Callable[[list[Any]], dict[Any, str]]


def _each(name: Callable[[Any], str]) -> Names:
    return lambda keys: {key: name(key) for key in keys}


def _causes(keys: list[Any]) -> dict[Any, str]:
    return {cause.pk: str(cause) for cause in Cause.objects.filter(pk__in=keys)}


def _month(start: datetime) -> str:
    return date_format(start, "F Y")


_WAYS: dict[str, tuple[Callable[[], Any], Names]] = {
    "kind": (lambda: F("kind"), _each(kind_name)),
    "team": (lambda: F("case__team__name"), _each(lambda name: name or _("no team"))),
    "cause": (lambda: F("case__ties__cause"), _causes),
    "channel": (lambda: F("case__channel"), _each(channel_name)),
    "month": (lambda: TruncMonth("made_at", tzinfo=ZoneInfo(settings.TIME_ZONE)), _each(_month)),
}
