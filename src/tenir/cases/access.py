"""The only way to obtain a case or a part of one: what somebody may not see does not exist for them."""

from datetime import datetime

from django.db.models import Q, QuerySet

from tenir.cases import reference as references
from tenir.cases.models import Attachment, Case, Handover, Message, SavedView
from tenir.people.models import Agent, Role


def visible_cases(agent: Agent) -> QuerySet[Case]:
    """Every case that `agent` may see: all but those of private teams which they are not in (unless they own them)."""
    cases = Case.objects.all()
    if agent.role in (Role.SUPERVISOR, Role.ADMINISTRATOR):
        return cases
    closed = list(_private_teams_without(agent))
    return cases.exclude(Q(team__in=closed) & ~Q(owner=agent)) if closed else cases


def _private_teams_without(agent: Agent) -> QuerySet[Agent, int]:
    from tenir.people.models import Team

    return Team.objects.filter(is_private=True).exclude(members=agent).values_list("pk", flat=True)  # type: ignore[return-value]


def case_for(agent: Agent, reference: str) -> Case:
    """The case with this reference, as typed. Raises `Case.DoesNotExist` when it is not there, or not theirs to see."""
    bare = references.read(reference)
    if bare is None:
        raise Case.DoesNotExist(reference)
    return visible_cases(agent).select_related("customer", "owner", "team", "category").get(reference=bare)


def message_for(agent: Agent, message_id: int) -> Message:
    """One message of a visible case. Raises `Message.DoesNotExist`."""
    return Message.objects.select_related("case").get(pk=message_id, case__in=visible_cases(agent))


def attachment_for(agent: Agent, attachment_id: int) -> Attachment:
    """One attachment of a visible case. Raises `Attachment.DoesNotExist`."""
    return Attachment.objects.select_related("message").get(pk=attachment_id, message__case__in=visible_cases(agent))


def offer_for(agent: Agent, offer_id: int) -> Handover:
    """A hand-over that `agent` gives or is offered. Raises `Handover.DoesNotExist`."""
    return Handover.objects.select_related("case").get(Q(giver=agent) | Q(taker=agent), pk=offer_id)


def views_for(agent: Agent) -> QuerySet[SavedView]:
    """The saved lists of an agent and of their teams."""
    return SavedView.objects.filter(Q(agent=agent) | Q(team__members=agent)).distinct().order_by("name")


def others_here(case: Case, *, but: Agent, at: datetime) -> list[tuple[Agent, bool]]:
    """Who else has this case open now, and whether they are writing."""
    sights = case.sights.filter(here_until__gt=at).exclude(agent=but).select_related("agent")
    return [(sight.agent, sight.writing) for sight in sights]
