"""The only way to obtain a case or a part of one: what somebody may not see does not exist for them."""

from datetime import datetime

from django.db.models import Q, QuerySet

from tenir.cases import reference as references
from tenir.cases.models import Attachment, Case, Handover, Message, SavedView
from tenir.people.access import hidden_teams
from tenir.people.models import Agent
from tenir.people.rights import LEADERS
from tenir.statements import Prepared


def visible_cases(agent: Agent) -> QuerySet[Case]:
    """Every case that `agent` may see: all but those of private teams which they are not in (unless they own them, or
    are offered them). Nothing for somebody who has left."""
    if not agent.is_active:
        return Case.objects.none()
    hidden = hidden_teams(agent)
    if not hidden:
        return Case.objects.all()
    offered = Handover.objects.filter(taker=agent, state=Handover.State.OFFERED).values("case")
    return Case.objects.filter(~Q(team__in=hidden) | Q(team=None) | Q(owner=agent) | Q(pk__in=offered))


def case_for(agent: Agent, reference: str) -> Case:
    """The case with this reference, as typed; the reference of a merged case leads to the one that was kept.

    Raises `Case.DoesNotExist` when it is not there, or not theirs to see.
    """
    bare = references.read(reference)
    if bare is None:
        raise Case.DoesNotExist(reference)
    found = _BY_REFERENCE(reference=bare)
    while found and found[0].merged_into_id is not None:
        found = _BY_KEY(key=found[0].merged_into_id)
    if not found or not may_see(agent, found[0]):
        raise Case.DoesNotExist(reference)
    return found[0]


_WHOLE = Case.objects.select_related("customer", "owner", "team", "category")
_BY_REFERENCE = Prepared(lambda reference: _WHOLE.filter(reference=reference), reference=str)
_BY_KEY = Prepared(lambda key: _WHOLE.filter(pk=key), key=int)


def may_see(agent: Agent, case: Case) -> bool:
    """Whether this case is among the `visible_cases` of an agent; no query where its team is open to all."""
    if not agent.is_active:
        return False
    if case.team is None or not case.team.is_private or case.owner_id == agent.pk:
        return True
    return visible_cases(agent).filter(pk=case.pk).exists()


def message_for(agent: Agent, message_id: int) -> Message:
    """One message of a visible case. Raises `Message.DoesNotExist`."""
    return Message.objects.select_related("case").get(pk=message_id, case__in=visible_cases(agent))


def attachment_for(agent: Agent, attachment_id: int) -> Attachment:
    """One attachment of a visible case. Raises `Attachment.DoesNotExist`."""
    return Attachment.objects.select_related("message").get(pk=attachment_id, message__case__in=visible_cases(agent))


def offer_for(agent: Agent, offer_id: int) -> Handover:
    """A hand-over that `agent` gives or is offered; a supervisor's view of any. Raises `Handover.DoesNotExist`."""
    offers = Handover.objects.select_related("case", "giver", "taker")
    if agent.is_active and agent.role in LEADERS:
        return offers.get(pk=offer_id)
    return offers.get(Q(giver=agent) | Q(taker=agent), pk=offer_id)


def views_for(agent: Agent) -> QuerySet[SavedView]:
    """The saved lists of an agent and of their teams."""
    return SavedView.objects.filter(Q(agent=agent) | Q(team__members=agent)).distinct().order_by("name")


def others_here(case: Case, *, but: Agent, at: datetime) -> list[tuple[Agent, bool]]:
    """Who else has this case open now, and whether they are writing."""
    sights = case.sights.filter(here_until__gt=at).exclude(agent=but).select_related("agent")
    return [(sight.agent, sight.writing) for sight in sights]
