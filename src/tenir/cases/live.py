"""What the live route may tell of a case, and to whom: the rules of `access`, applied without a query per person."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

from tenir.cases.models import Case, Handover
from tenir.cases.reference import spoken
from tenir.ledger.models import Event
from tenir.live import rules
from tenir.people.access import hidden_teams
from tenir.people.models import Agent

#: After these events somebody may see more or less than before.
RIGHTS_CHANGE = frozenset({
    "role_changed", "agent_deactivated", "agent_reactivated",
    "team_made_private", "team_opened", "members_added", "members_removed",
})  # fmt: skip
#: After these a case may enter or leave the list of those that wait for somebody.
WAITING_CHANGES = frozenset({
    "case_opened", "case_taken", "case_released", "case_given", "case_ended", "case_reopened", "state_changed",
})  # fmt: skip


@dataclass(frozen=True)
class Viewer:
    """What decides what an agent sees: the private teams that are closed to them, and who they are where it matters."""

    hidden: frozenset[int]
    agent: int


@dataclass(frozen=True)
class Told:
    """One event of a case: seen by whoever may see the case now, or could see it in the team that it just left."""

    reference: str = ""
    lists: tuple[str, ...] = ()
    team: int | None = None
    left_team: int | None = None
    owner: int | None = None
    offered_to: int | None = None
    only: int | None = None

    def visible_to(self, viewer: Hashable) -> bool:
        """Whether this viewer may know."""
        if not isinstance(viewer, Viewer):
            return False
        if self.only is not None:
            return viewer.agent == self.only
        if self.team not in viewer.hidden or viewer.agent in (self.owner, self.offered_to):
            return True
        return self.left_team is not None and self.left_team not in viewer.hidden


class CaseRules:
    """Events of cases follow the case; events of customers are for every agent; others only for who did them."""

    def viewer_of(self, user: object) -> Viewer | None:
        """The viewer that this agent is; None for anybody else."""
        if not isinstance(user, Agent) or not user.is_active:
            return None
        return Viewer(frozenset(hidden_teams(user)), user.pk)

    def told(self, events: Sequence[Event]) -> Sequence[Told]:
        """One answer for each event: two queries for all of them."""
        cases = _cases(event.case_id for event in events if event.case_id is not None)
        open_offers = Handover.objects.filter(case__in=cases, state=Handover.State.OFFERED)
        offers = dict(open_offers.values_list("case", "taker")) if cases else {}
        return [self._told(event, cases, offers) for event in events]

    def _told(self, event: Event, cases: dict[int, Case], offers: dict[int, int]) -> Told:
        if event.case_id is not None and event.case_id in cases:
            return _told_of_case(event, cases[event.case_id], offers.get(event.case_id))
        if event.customer_id is not None and event.case_id is None:
            return Told(lists=(f"customer:{event.customer_id}",))
        return Told(only=event.actor_id if event.actor_kind == "agent" and event.actor_id else -1)

    def changes_rights(self, event: Event) -> bool:
        """Whether somebody may see more or less from this event on."""
        return event.name in RIGHTS_CHANGE


def _cases(ids: Iterable[int]) -> dict[int, Case]:
    return Case.objects.only("reference", "team", "owner", "customer", "state").in_bulk(set(ids))


def _told_of_case(event: Event, case: Case, offered_to: int | None) -> Told:
    before = event.data.get("before")
    left_team = before if event.name == "team_changed" else None
    owners = {case.owner_id, event.data.get("before") if event.name.startswith("case_") else None}
    lists = ["all", f"customer:{case.customer_id}"]
    if case.state == Case.State.WAITING or event.name in WAITING_CHANGES:
        lists.append("waiting")
    lists += [f"owner:{owner}" for owner in sorted(filter(None, owners))]
    lists += [f"team:{team}" for team in sorted(filter(None, {case.team_id, left_team}))]
    return Told(
        reference=spoken(case.reference),
        lists=tuple(lists),
        team=case.team_id,
        left_team=left_team,
        owner=case.owner_id,
        offered_to=offered_to,
    )


rules.use(CaseRules())
