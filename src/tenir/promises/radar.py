"""What is owed, over all cases: late, today, next; by whom, of what kind; the load of the days to come.

Every question goes to an index of what is open and stops after a page of it: the cost does not grow with the ledger.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from statistics import median
from typing import Any, NamedTuple

from django.db import connection

from tenir import clock
from tenir.people.access import hidden_teams, teams
from tenir.people.models import Agent, Membership, Team
from tenir.people.rights import LEADERS
from tenir.promises.access import promises_for
from tenir.promises.holders import who_is_away
from tenir.promises.kinds import Kind
from tenir.promises.models import Promise

ROWS = 50
LOOKED_AT = 400
"""Nearest promises among which the risk order is made."""
MOST_COUNTED = 100
DAYS = 14
SPANS = 200
"""Newest deliveries of a kind from which it is known how long such promises really take."""
KNOWN_FROM = 5
TYPICAL_FOR = 600


@dataclass(frozen=True)
class Scope:
    """Whose promises, of what kind, due when. `owners` None is everybody's."""

    owners: tuple[int, ...] | None
    kind: str = ""
    when: str = ""


class Risky(NamedTuple):
    """One open promise in the order of the radar."""

    pk: int
    due_at: datetime
    kind: str


class Owed(NamedTuple):
    """What a row of the radar shows."""

    pk: int
    kind: str
    what: str
    way: str
    due_at: datetime
    deadline_at: datetime | None
    counted_from: datetime
    owner_id: int | None
    deputy_id: int | None
    owner_name: str | None
    reference: str
    subject: str
    customer_name: str
    holder: str = ""

    @property
    def binding_at(self) -> datetime:
        """The instant that counts: ours, or the customer's own deadline when it comes first."""
        return min(self.due_at, self.deadline_at) if self.deadline_at else self.due_at


_COLUMNS = (
    "pk", "kind", "what", "way", "due_at", "deadline_at", "counted_from", "owner_id", "deputy_id",
    "owner__given_name", "case__reference", "case__subject", "customer__name",
)  # fmt: skip


@dataclass(frozen=True)
class Page:
    """One page; `newer` and `older` say whether there is more on either side of it."""

    rows: list[Owed]
    newer: bool
    older: bool


@dataclass(frozen=True)
class Day:
    """How much is due on a day (None: is late already), counted up to `MOST_COUNTED`."""

    begins: datetime | None
    count: int


# --- Whose -----------------------------------------------------------------------------------------------------------


def sees_all(viewer: Agent) -> bool:
    """Supervisors and administrators look at everybody's; others at their own and their teams'."""
    return viewer.role in LEADERS


def owners_of(viewer: Agent, who: str, *, at: datetime) -> tuple[int, ...] | None:
    """The owners behind a choice: "mine" (with those for whom one stands in now), "team-N" of one's own, or "all" and
    "agent-N" for supervisors. Anything else is one's own."""
    name, _sep, number = who.partition("-")
    if who == "all" and sees_all(viewer):
        return None
    if name == "team" and number.isdecimal() and len(number) < 18 and int(number) in {t.pk for t in teams_of(viewer)}:
        members = Membership.objects.filter(team=int(number)).values_list("agent", flat=True)
        return tuple(sorted(members))
    if name == "agent" and number.isdecimal() and len(number) < 18 and sees_all(viewer):
        return (int(number),)
    away = who_is_away(at)
    return (viewer.pk, *sorted(one for one in away.deputies if away.holder(one, None) == viewer.pk))


def teams_of(viewer: Agent) -> list[Team]:
    """The teams whose promises somebody looks at: their own, or every one that a supervisor may know of."""
    if sees_all(viewer):
        return list(teams(viewer))
    return list(Team.objects.filter(memberships__agent=viewer).order_by("name"))


# --- What ------------------------------------------------------------------------------------------------------------


def page(
    viewer: Agent, scope: Scope, *, at: datetime, after: tuple[datetime, int] | None = None,
    before: tuple[datetime, int] | None = None,
) -> Page:  # fmt: skip
    """Fifty promises by their date, from a place in the order on; the nearest first."""
    place = after or before
    found = _nearest(scope, at=at, limit=ROWS + 1, place=place, backwards=before is not None)
    more, found = len(found) > ROWS, found[:ROWS]
    if before is not None:
        return Page(_rows(viewer, [one.pk for one in reversed(found)], at=at), newer=more, older=True)
    return Page(_rows(viewer, [one.pk for one in found], at=at), newer=after is not None, older=more)


def riskiest(viewer: Agent, scope: Scope, *, at: datetime) -> Page:
    """Among the nearest, those with the least time left beside what such promises really take; at most a page."""
    known = typical(at=at)
    nearest = _nearest(scope, at=at, limit=LOOKED_AT)
    nearest.sort(key=lambda one: (one.due_at - at - known.get(one.kind, timedelta(0)), one.pk))
    return Page(_rows(viewer, [one.pk for one in nearest[:ROWS]], at=at), newer=False, older=False)


def _nearest(
    scope: Scope, *, at: datetime, limit: int, place: tuple[datetime, int] | None = None, backwards: bool = False
) -> list[Risky]:
    """The first open promises of a scope by date: one walk along an index for each owner, merged by the database."""
    adapt = connection.ops.adapt_datetimefield_value
    order, than = ("DESC", "<") if backwards else ("ASC", ">")
    conditions, values = _conditions(scope, at=at)
    if place is not None:
        conditions.append(f"(due_at, id) {than} (%s, %s)")
        values += [adapt(place[0]), place[1]]
    walks: list[str] = []
    given: list[Any] = []
    owners: Sequence[int | None] = scope.owners if scope.owners is not None else (None,)
    for owner in owners:
        own = [*conditions, *([] if owner is None else ["owner_id = %s"])]
        walks.append(
            f"SELECT * FROM (SELECT id, due_at, kind FROM promises_promise WHERE {' AND '.join(own)}"  # noqa: S608
            f" ORDER BY due_at {order}, id {order} LIMIT {limit}) AS walk"
        )
        given += [*values, *([] if owner is None else [owner])]
    if not walks:
        return []
    merged = " UNION ALL ".join(walks)
    sql = f"SELECT id, due_at, kind FROM ({merged}) AS walks ORDER BY due_at {order}, id {order} LIMIT {limit}"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return [Risky(pk, _instant(due), kind) for pk, due, kind in cursor.fetchall()]


def _conditions(scope: Scope, *, at: datetime) -> tuple[list[str], list[Any]]:
    conditions = ["state = 'open'", '"left" IS NULL']
    values: list[Any] = []
    if scope.kind:
        conditions.append("kind = %s")
        values.append(scope.kind)
    for begins, than in zip(_bounds(scope.when, at=at), (">=", "<"), strict=True):
        if begins is not None:
            conditions.append(f"due_at {than} %s")
            values.append(connection.ops.adapt_datetimefield_value(begins))
    return conditions, values


def _bounds(when: str, *, at: datetime) -> tuple[datetime | None, datetime | None]:
    midnight = _midnights(at, 1)[0]
    return {"late": (None, at), "today": (at, midnight), "next": (midnight, None)}.get(when, (None, None))


def _midnights(at: datetime, count: int) -> list[datetime]:
    """The ends of today and of the days after it, in the desk's zone."""
    here = clock.local(at)
    days = (here.date() + timedelta(days=number) for number in range(1, count + 1))
    return [datetime.combine(day, time(0), here.tzinfo) for day in days]


def _instant(value: Any) -> datetime:
    """A moment as the database's driver gives it (SQLite: in UTC, and without saying so)."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _rows(viewer: Agent, ids: Sequence[int], *, at: datetime) -> list[Owed]:
    """The promises of these ids that the viewer may see, in this order, with who answers for each now."""
    promises = promises_for(viewer) if hidden_teams(viewer) else Promise.objects.all()
    found = {row[0]: Owed(*row) for row in promises.filter(pk__in=ids).values_list(*_COLUMNS)}
    away = who_is_away(at)
    holders = {pk: away.holder(one.owner_id, one.deputy_id) for pk, one in found.items()}
    strangers = {holders[pk] for pk, one in found.items() if holders[pk] != one.owner_id} - {None}
    names = dict(Agent.objects.filter(pk__in=[pk for pk in strangers if pk]).values_list("pk", "given_name"))
    return [
        found[pk]._replace(holder=names.get(holders[pk] or 0, found[pk].owner_name or "")) for pk in ids if pk in found
    ]


# --- How much ------------------------------------------------------------------------------------------------------


def load(scope: Scope, *, at: datetime) -> list[Day]:
    """What is late, what is still due today, and what is due on each of the days to come: one query, each count cut
    off at `MOST_COUNTED`."""
    ends = _midnights(at, DAYS)
    spans = [(None, at), (at, ends[0]), *((ends[n], ends[n + 1]) for n in range(DAYS - 1))]
    adapt = connection.ops.adapt_datetimefield_value
    conditions, values = _conditions(replace(scope, when=""), at=at)
    if scope.owners is not None:
        marks = ", ".join(["%s"] * len(scope.owners)) or "NULL"
        conditions.append(f"owner_id IN ({marks})")
        values += scope.owners
    counts, given = [], []
    for number, (begins, ends_at) in enumerate(spans):
        asked = [*conditions, *(["due_at >= %s"] if begins else []), "due_at < %s"]
        inner = f"SELECT 1 FROM promises_promise WHERE {' AND '.join(asked)} LIMIT {MOST_COUNTED}"  # noqa: S608
        counts.append(f"SELECT {number} AS span, count(*) AS found FROM ({inner}) AS one")  # noqa: S608
        given += [*values, *([adapt(begins)] if begins else []), adapt(ends_at)]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(counts) + " ORDER BY span", given)
        return [Day(spans[number][0], found) for number, found in cursor.fetchall()]


def typical(*, at: datetime) -> dict[str, timedelta]:
    """How long promises of each kind really take here: half of the newest deliveries took less. Known anew every ten
    minutes; a kind that was hardly delivered yet is not in it."""
    return _typical(int(at.timestamp()) // TYPICAL_FOR)


@lru_cache(maxsize=1)
def _typical(_moment: int) -> dict[str, timedelta]:
    known = {}
    for kind in Kind:
        done = Promise.objects.filter(kind=kind, delivered_at__isnull=False).order_by("-delivered_at")
        spans = [end - start for start, end in done.values_list("counted_from", "delivered_at")[:SPANS] if end]
        if len(spans) >= KNOWN_FROM:
            known[kind.value] = timedelta(seconds=median(span.total_seconds() for span in spans))
    return known
