"""Who answers for a promise now: its owner, or while they are away whoever stands in for them, by name."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from tenir.people.models import Agent
from tenir.promises.models import Absence, Promise

HOPS = 5
"""Deputies of deputies that are followed: two who stand in for each other are both away, and the owner keeps it."""


@dataclass(frozen=True)
class WhoIsAway:
    """Everybody who is away at one instant, with who stands in; those who have left are away without anybody."""

    deputies: dict[int, int | None]

    def holder(self, owner: int | None, deputy: int | None) -> int | None:
        """The id of who answers: the owner, the promise's own deputy, or the deputy of the absence."""
        if owner is None or owner not in self.deputies:
            return owner
        for first in (deputy, self.deputies[owner]):
            found = self._follow(first, owner)
            if found is not None:
                return found
        return owner

    def _follow(self, agent: int | None, owner: int) -> int | None:
        for _hop in range(HOPS):
            if agent is None or agent == owner:
                return None
            if agent not in self.deputies:
                return agent
            agent = self.deputies[agent]
        return None


def who_is_away(at: datetime) -> WhoIsAway:
    """Asks once for all promises of a page or of a batch: two small queries."""
    deputies: dict[int, int | None] = dict.fromkeys(Agent.objects.filter(is_active=False).values_list("pk", flat=True))
    absences = Absence.objects.filter(begins_at__lte=at, ends_at__gt=at).order_by("pk")
    for agent, deputy in absences.values_list("agent_id", "deputy_id"):
        deputies.setdefault(agent, deputy)
    return WhoIsAway(deputies)


def holder_of(promise: Promise, *, at: datetime) -> Agent | None:
    """Who answers for one promise now; None for a standing one of a case that is nobody's."""
    return holders_of([promise], at=at)[promise.pk]


def holders_of(promises: Iterable[Promise], *, at: datetime) -> dict[int, Agent | None]:
    """Who answers for each of these promises now, by the promise's id."""
    away = who_is_away(at)
    ids = {each.pk: away.holder(each.owner_id, each.deputy_id) for each in promises}
    agents = Agent.objects.in_bulk({pk for pk in ids.values() if pk is not None})
    return {promise: agents.get(pk) if pk is not None else None for promise, pk in ids.items()}
