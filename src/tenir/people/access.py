"""Who may see whom: the only way that a page obtains an agent, a team or an invitation.

Somebody who is not an active agent sees nothing, and cannot tell a missing object from a hidden one.
"""

from datetime import datetime

from django.db import connection
from django.db.models import QuerySet

from tenir.people import errors
from tenir.people.models import Agent, IdentityReading, Invitation, Membership, Organisation, Team
from tenir.people.rights import NotAllowed, may, require
from tenir.people.verbs import hash_of


def colleagues(viewer: object) -> QuerySet[Agent]:
    """Everybody who can sign in, by given name; nobody for an outsider."""
    if not may(viewer, "see_people"):
        return Agent.objects.none()
    return Agent.objects.filter(is_active=True).select_related("presence").order_by("given_name", "pk")


def everybody(viewer: object) -> QuerySet[Agent]:
    """The invited and the gone too, for those who invite; only `colleagues` for the others."""
    if not may(viewer, "invite_people"):
        return colleagues(viewer)
    return Agent.objects.select_related("presence").order_by("given_name", "pk")


def agent_for(viewer: object, pk: int) -> Agent:
    """One colleague; those who are gone are found too, because their name stands on what they did.

    Raises `NotAllowed` (a `NotThere`).
    """
    found = Agent.objects.filter(pk=pk).first() if may(viewer, "see_people") else None
    if found is None:
        raise NotAllowed("see_people")
    return found


def teams(viewer: object) -> QuerySet[Team]:
    """The teams that this person may know of: the open ones, their own, and all of them for supervisors."""
    if not may(viewer, "see_people"):
        return Team.objects.none()
    if may(viewer, "see_private_teams") or not isinstance(viewer, Agent):
        return Team.objects.order_by("name")
    own = Membership.objects.filter(agent=viewer).values("team")
    return (Team.objects.filter(is_private=False) | Team.objects.filter(pk__in=own)).order_by("name")


def team_for(viewer: object, pk: int) -> Team:
    """One team that this person may know of. Raises `NotAllowed` (a `NotThere`)."""
    found = teams(viewer).filter(pk=pk).first()
    if found is None:
        raise NotAllowed("see_people")
    return found


def hidden_teams(viewer: object) -> set[int]:
    """The ids of the private teams whose cases this person may not see.

    One query, for filters of the rooms above.
    """
    if may(viewer, "see_private_teams"):
        return set()
    own = viewer.pk if isinstance(viewer, Agent) and viewer.is_active else None
    with connection.cursor() as cursor:
        cursor.execute(_HIDDEN_TEAMS, [own])
        return {pk for (pk,) in cursor}


#: Written out, since every page asks it: Django would take ten times as long to compose it as it takes to run.
_HIDDEN_TEAMS = """SELECT id FROM people_team
  WHERE is_private AND id NOT IN (SELECT team_id FROM people_membership WHERE agent_id = %s)"""


def invitation_for(token: str, *, at: datetime) -> Invitation:
    """The open invitation of this link, with its agent. Raises `InvitationOver`."""
    open_links = Invitation.objects.filter(used_at=None, expires_at__gt=at).select_related("agent")
    found = open_links.filter(token_sha256=hash_of(token)).first()
    if found is None:
        raise errors.InvitationOver
    return found


def identity_readings(agent: Agent, *, viewer: object) -> QuerySet[IdentityReading]:
    """Who read this person's legal identity and why, newest first; the person themself may always know."""
    require(viewer, "see_identity_readings", whose=agent)
    return agent.identity_readings.select_related("reader").order_by("-at", "-pk")


def organisation_name() -> str:
    """The organisation's name as customers read it; "Tenir" until the first run has asked for it."""
    return Organisation.objects.values_list("name", flat=True).first() or "Tenir"
