"""The promises of a case as rows: one query, and more only while somebody is away."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet

from tenir.people.models import Agent
from tenir.promises.holders import who_is_away
from tenir.promises.models import Absence, Promise
from tenir.statements import Prepared

MOST = 300


class PartListed(NamedTuple):
    """One part of what was promised."""

    pk: int
    text: str
    delivered_at: datetime | None
    is_missing: bool


@dataclass
class Listed:
    """What a row shows of a promise. `holder` is the name of who answers for it now, while its owner is away too."""

    pk: int
    kind: str
    what: str
    words: str
    way: str
    customer_does: str
    policy_id: int | None
    owner_id: int | None
    deputy_id: int | None
    owner_name: str | None
    owner_away: bool
    deliverer: str
    team_name: str | None
    state: str
    revision: int
    due_at: datetime
    first_due_at: datetime
    counted: str
    amount: int | None
    left: timedelta | None
    deadline_at: datetime | None
    made_at: datetime
    made_by: str | None
    follows_id: int | None
    delivered_at: datetime | None
    ended_at: datetime | None
    early: bool | None
    next_alarm: str
    holder: str = ""
    parts: list[PartListed] = field(default_factory=list)

    @property
    def binding_at(self) -> datetime:
        """The instant that counts: ours, or the customer's own deadline when it comes first."""
        return min(self.due_at, self.deadline_at) if self.deadline_at else self.due_at


_COLUMNS = (
    "pk", "kind", "what", "words", "way", "customer_does", "policy_id", "owner_id", "deputy_id", "owner__given_name",
    "owner_is_away", "deliverer", "delivering_team__name", "state", "revision", "due_at", "first_due_at", "counted",
    "amount", "left", "deadline_at", "made_at", "made_by__given_name", "follows_id", "delivered_at", "ended_at",
    "early", "next_alarm",
)  # fmt: skip
_PART = ("parts__pk", "parts__text", "parts__delivered_at", "parts__is_missing")


def _of_case(case: int, at: datetime) -> QuerySet[Promise, tuple[Any, ...]]:
    away = Absence.objects.filter(agent=OuterRef("owner"), begins_at__lte=at, ends_at__gt=at)
    promises = Promise.objects.filter(case=case).annotate(owner_is_away=Exists(away) | Q(owner__is_active=False))
    return promises.order_by("-pk", "parts__pk").values_list(*_COLUMNS, *_PART)[:MOST]


_OF_CASE = Prepared(_of_case, case=int, at=datetime)


def of_family(cases: Iterable[int], *, at: datetime) -> list[Listed]:
    """The promises made in a case and in those merged into it (their ids), the oldest first."""
    found: dict[int, Listed] = {}
    for case in cases:
        for row in _OF_CASE(case=case, at=at):
            own, part = row[: len(_COLUMNS)], row[len(_COLUMNS) :]
            listed = found.get(own[0]) or found.setdefault(own[0], Listed(*own))
            if part[0] is not None:
                listed.parts.append(PartListed(*part))
    rows = sorted(found.values(), key=lambda one: one.pk)
    _name_holders(rows, at=at)
    return rows


def _name_holders(rows: list[Listed], *, at: datetime) -> None:
    """Who answers now: the owner; only when one of them is away is it asked who stands in."""
    for row in rows:
        row.holder = row.owner_name or ""
    absent = [row for row in rows if row.owner_away and row.state in ("open", "delivered")]
    if not absent:
        return
    away = who_is_away(at)
    ids = {row.pk: away.holder(row.owner_id, row.deputy_id) for row in absent}
    names = dict(Agent.objects.filter(pk__in={pk for pk in ids.values() if pk}).values_list("pk", "given_name"))
    for row in absent:
        row.holder = names.get(ids[row.pk] or 0, row.holder)
