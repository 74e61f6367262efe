"""The lists of cases: which there are, their fifty rows at a time by keyset, and how many wait in each."""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from tenir.cases.access import views_for, visible_cases
from tenir.cases.models import ENDED_HERE, IN_HAND, NOT_ENDED, NOT_MERGED, Case, Mention, SavedView
from tenir.cases.verbs.writing import FILTERS as FILTERS
from tenir.people.access import hidden_teams, team_for
from tenir.people.models import Agent
from tenir.statements import Prepared

ROWS = 50
MOST_COUNTED = 99


class Listed(NamedTuple):
    """What a row of a list shows of a case: twelve columns, read without building the objects behind them."""

    pk: int
    reference: str
    subject: str
    state: str
    language: str
    last_words: str
    moved_at: datetime
    unanswered_since: datetime | None
    snoozed_until: datetime | None
    customer_name: str
    owner_id: int | None
    owner_name: str | None


_COLUMNS = (
    "pk",
    "reference",
    "subject",
    "state",
    "language",
    "last_words",
    "moved_at",
    "unanswered_since",
    "snoozed_until",
    "customer__name",
    "owner_id",
    "owner__given_name",
)


def listed_of(case: Case) -> Listed:
    """A case that was read whole, as a row; its customer and owner are loaded."""
    owner = case.owner.given_name if case.owner else None
    shared = (case.pk, case.reference, case.subject, case.state, case.language, case.last_words, case.moved_at)
    return Listed(*shared, case.unanswered_since, case.snoozed_until, case.customer.name, case.owner_id, owner)


def listed(cases: QuerySet[Case]) -> list[Listed]:
    """The cases of a query as rows, in its order."""
    return [Listed(*row) for row in cases.values_list(*_COLUMNS)]


@dataclass(frozen=True)
class Listing:
    """One page of a list. `newer` and `older` are the keyset cursors of its neighbours, None where there is none."""

    which: str
    title: str
    live: str
    cases: list[Listed]
    newer: str | None
    older: str | None
    view: SavedView | None = None


@dataclass(frozen=True)
class _Kind:
    """A list as one agent sees it; `newest` gives its first page by a prepared query, where there is one."""

    title: str
    live: str
    cases: Callable[[], QuerySet[Case]]
    view: SavedView | None = None
    newest: Callable[[], list[Listed]] | None = None


def page(
    agent: Agent, which: str, *, before: str | None = None, after: str | None = None, limit: int = ROWS
) -> Listing:
    """One page of the list `which`: mine, waiting, all, waiting_for_customer, snoozed, ended, mentions, team-N, view-N.

    Newest first; `before` and `after` are cursors of an earlier page. An unknown list is one's own. Raises
    `NotThere` for a team or view that is not the agent's to see.
    """
    kind = _kind(agent, which)
    cases = kind.cases
    upwards = _cursor(after)
    downwards = _cursor(before)
    if upwards:
        at, pk = upwards
        newer = cases().filter(moved_at__gte=at).filter(Q(moved_at__gt=at) | Q(pk__gt=pk))
        rows = listed(newer.order_by("moved_at", "pk")[: limit + 1])
        more_above, rows = len(rows) > limit, rows[:limit][::-1]
        return _listing(which, kind, rows, newer=more_above, older=True)
    if downwards:
        at, pk = downwards
        older = cases().filter(moved_at__lte=at).filter(Q(moved_at__lt=at) | Q(pk__lt=pk))
        rows = listed(older.order_by("-moved_at", "-pk")[: limit + 1])
    elif kind.newest is not None and limit == ROWS:
        rows = kind.newest()
    else:
        rows = listed(cases().order_by("-moved_at", "-pk")[: limit + 1])
    return _listing(which, kind, rows[:limit], newer=bool(downwards), older=len(rows) > limit)


def _listing(which: str, kind: _Kind, rows: list[Listed], *, newer: bool, older: bool) -> Listing:
    first = _written(rows[0]) if rows and newer else None
    last = _written(rows[-1]) if rows and older else None
    return Listing(which, kind.title, kind.live, rows, first, last, kind.view)


def _written(case: Listed) -> str:
    return base64.urlsafe_b64encode(f"{case.moved_at.isoformat()}|{case.pk}".encode()).decode().rstrip("=")


def _cursor(text: str | None) -> tuple[datetime, int] | None:
    """The place that a cursor names; None for none, or for anything that is not one."""
    try:
        at, _sep, pk = base64.urlsafe_b64decode((text or "") + "===").decode().partition("|")
        moment = datetime.fromisoformat(at)
        return (moment, int(pk)) if moment.tzinfo else None
    except ValueError:
        return None


def _kind(agent: Agent, which: str) -> _Kind:
    name, _sep, number = which.partition("-")
    if name == "team" and number.isdecimal():
        team = team_for(agent, int(number))
        return _Kind(team.name, f"team:{team.pk}", lambda: visible_cases(agent).filter(IN_HAND, team=team))
    if name == "view" and number.isdecimal():
        view = views_for(agent).get(pk=int(number))
        return _Kind(view.name, "all", lambda: _filtered(visible_cases(agent), view.filters, agent), view)
    return _standing(agent, which if which in _CASES else "mine")


def _standing(agent: Agent, which: str) -> _Kind:
    """One of the lists that everybody has."""
    titles = {
        "mine": _("My cases"),
        "waiting": _("To take"),
        "all": _("All cases"),
        "waiting_for_customer": _("Waiting for the customer"),
        "snoozed": _("Set aside"),
        "ended": _("Ended"),
        "mentions": _("Mentions"),
    }
    live = {"waiting": "waiting", "all": "all", "mentions": "all"}.get(which, f"owner:{agent.pk}")
    sees_all = agent.is_active and not hidden_teams(agent)
    newest = partial(_newest, which, agent.pk) if sees_all else None
    return _Kind(titles[which], live, lambda: _CASES[which](visible_cases(agent), agent.pk), newest=newest)


def _newest(which: str, agent: int) -> list[Listed]:
    prepared = _NEWEST[which]
    return [Listed(*row) for row in (prepared(agent=agent) if which in _OF_AGENT else prepared())]


def _unseen_mentions(agent: int) -> QuerySet[Mention, int]:
    return Mention.objects.filter(agent=agent, seen_at=None).values_list("message__case", flat=True)


_CASES: dict[str, Callable[[QuerySet[Case], int], QuerySet[Case]]] = {
    "mine": lambda seen, agent: seen.filter(IN_HAND, owner=agent),
    "waiting": lambda seen, _agent: seen.filter(IN_HAND, NOT_MERGED, state=Case.State.WAITING),
    "all": lambda seen, _agent: seen.filter(NOT_MERGED),
    "waiting_for_customer": lambda seen, agent: seen.filter(
        IN_HAND, owner=agent, state=Case.State.WAITING_FOR_CUSTOMER
    ),
    # One's own, and those that are nobody's: somebody has to think of them.
    "snoozed": lambda seen, agent: seen.filter(Q(owner=agent) | Q(owner=None), snoozed_until__isnull=False),
    "ended": lambda seen, agent: seen.filter(ENDED_HERE, owner=agent),
    "mentions": lambda seen, agent: seen.filter(NOT_MERGED, pk__in=_unseen_mentions(agent)),
}
_OF_AGENT = _CASES.keys() - {"waiting", "all"}


def _prepared(which: str) -> Prepared[tuple[Any, ...]]:
    def newest(agent: int = 0) -> QuerySet[Case, tuple[Any, ...]]:
        cases = _CASES[which](Case.objects.all(), agent)
        return cases.order_by("-moved_at", "-pk")[: ROWS + 1].values_list(*_COLUMNS)

    return Prepared(newest, agent=int) if which in _OF_AGENT else Prepared(newest)


_NEWEST = {which: _prepared(which) for which in _CASES}


def _filtered(cases: QuerySet[Case], filters: dict[str, str], agent: Agent) -> QuerySet[Case]:
    """What a saved list keeps; a filter that says nothing, or nothing known, is passed over.

    An owner "me" and a team "mine" are those of whoever looks, so that a team can share a list.
    """
    cases = cases.filter(NOT_MERGED)
    if filters.get("owner") == "me":
        cases = cases.filter(owner=agent)
    if filters.get("team") == "mine":
        cases = cases.filter(team__in=agent.teams.all())
    for name in ("team", "owner", "category"):
        cases = _by_number(cases, name, filters.get(name, ""))
    for name, field in (("language", "language"), ("channel", "channel"), ("tag", "tags__name")):
        if filters.get(name):
            cases = cases.filter(**{field: filters[name]})
    if filters.get("unanswered"):
        cases = cases.filter(NOT_ENDED, unanswered_since__isnull=False)
    return _in_state(cases, filters.get("state", ""))


def _by_number(cases: QuerySet[Case], name: str, value: str) -> QuerySet[Case]:
    if value.isdecimal() and len(value) < 18:
        return cases.filter(**{name: int(value)})
    return cases.filter(**{f"{name}__isnull": True}) if value == "none" else cases


def _in_state(cases: QuerySet[Case], state: str) -> QuerySet[Case]:
    if state == "in_hand":
        return cases.filter(IN_HAND)
    return cases.filter(state=state) if state in Case.State.values else cases


_RAIL = """SELECT 'counts' AS kind, 0 AS id, '' AS words,
  (SELECT count(*) FROM (SELECT 1 FROM cases_case WHERE owner_id = %s AND NOT (state = 'ended')
     AND snoozed_until IS NULL LIMIT 100) AS mine),
  (SELECT count(*) FROM (SELECT 1 FROM cases_case WHERE state = 'waiting' AND merged_into_id IS NULL
     AND snoozed_until IS NULL {seen}
     LIMIT 100) AS waiting),
  (SELECT count(DISTINCT case_id) FROM cases_mention JOIN cases_message ON cases_message.id = cases_mention.message_id
     WHERE cases_mention.agent_id = %s AND seen_at IS NULL)
UNION ALL SELECT 'team', t.id, t.name, 0, 0, 0 FROM people_membership m JOIN people_team t ON t.id = m.team_id
  WHERE m.agent_id = %s
UNION ALL SELECT 'view', v.id, v.name, 0, 0, 0 FROM cases_savedview v WHERE v.agent_id = %s
  OR v.team_id IN (SELECT team_id FROM people_membership WHERE agent_id = %s)
UNION ALL SELECT 'presence', 0, state, 0, 0, 0 FROM people_presence WHERE agent_id = %s"""


@dataclass(frozen=True)
class Rail:
    """What stands around every page for one agent: how many wait, their teams and saved lists (id and name, by
    name), and what they are doing now."""

    counts: dict[str, str]
    teams: list[tuple[int, str]]
    views: list[tuple[int, str]]
    presence: str


def rail(agent: Agent) -> Rail:
    """The rail of an agent, in one query: every page asks for it. A figure is exact up to 99, then "99+"."""
    hidden = sorted(hidden_teams(agent))
    places = ", ".join(["%s"] * len(hidden))
    seen = f"AND (team_id IS NULL OR team_id NOT IN ({places}))" if hidden else ""
    with connection.cursor() as cursor:
        cursor.execute(_RAIL.format(seen=seen), [agent.pk, *hidden, *[agent.pk] * 5])
        rows = cursor.fetchall()
    figures = next(row[3:] for row in rows if row[0] == "counts")
    return Rail(
        counts=dict(zip(("mine", "waiting", "mentions"), map(_counted, figures), strict=True)),
        teams=_named(rows, "team"),
        views=_named(rows, "view"),
        presence=next((row[2] for row in rows if row[0] == "presence"), "away"),
    )


def _named(rows: list[tuple[Any, ...]], kind: str) -> list[tuple[int, str]]:
    return sorted(((row[1], row[2]) for row in rows if row[0] == kind), key=lambda pair: pair[1].casefold())


def _counted(count: int) -> str:
    return f"{MOST_COUNTED}+" if count > MOST_COUNTED else str(count or "")
