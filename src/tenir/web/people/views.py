"""Colleagues: inviting, roles, leaving and coming back, and the identity that is read with a reason only."""

from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from tenir import clock
from tenir.people import verbs
from tenir.people.access import agent_for, everybody, identity_readings, teams
from tenir.people.models import Agent, Membership, Role
from tenir.people.presenters import person_rows, reading_rows, right_rows, role_word, standing_of
from tenir.people.rights import may, require
from tenir.web.desk import DeskRequest, back, change, page
from tenir.web.people.me import listed

RIGHTS = (
    "invite_people", "change_role", "end_access", "rename_person", "clear_public_name", "set_skills", "set_identity",
    "read_identity", "see_identity_readings", "manage_teams",
)  # fmt: skip


def rights_of(viewer: Agent, whose: Agent | None = None) -> dict[str, bool]:
    """What the page offers: `can.invite_people` in a template."""
    return {right: may(viewer, right, whose=whose) for right in RIGHTS}


def roles() -> list[tuple[str, str]]:
    """The roles to choose from."""
    return [(role.value, role_word(role.value)) for role in Role]


@page
def people(request: DeskRequest) -> HttpResponse:
    """Everybody, and the teams."""
    require(request.user, "see_people")
    members = Prefetch("memberships", Membership.objects.select_related("agent").order_by("agent__given_name"))
    shown = [
        {"team": team, "members": [one.agent for one in team.memberships.all() if one.agent.is_active]}
        for team in teams(request.user).prefetch_related(members)
    ]
    context = {
        "people": person_rows(everybody(request.user)),
        "teams": shown,
        "roles": roles(),
        "can": rights_of(request.user),
        "rights": right_rows(),
    }
    return render(request, "tenir/people/people.html", context)


@change
def invite(request: DeskRequest) -> HttpResponse:
    """Invites somebody; the link is shown now and never again."""
    chosen = request.POST.get("role", "")
    language = request.POST.get("language", "")
    invitation, token = verbs.invite(
        email=request.POST.get("email", ""),
        given_name=request.POST.get("given_name", ""),
        role=Role(chosen) if chosen in Role.values else Role.AGENT,
        teams=[team for team in teams(request.user) if str(team.pk) in request.POST.getlist("team")],
        language=language if language in verbs.DISPLAY["language"] else settings.DEFAULT_LANGUAGE,
        by=request.user,
        at=clock.now(),
    )
    return _link_shown(request, invitation.agent, invitation, token)


@change
def invite_again(request: DeskRequest, person: int) -> HttpResponse:
    """A new link for somebody who has not come yet; the older one ends."""
    agent = agent_for(request.user, person)
    invitation, token = verbs.invite_again(agent, by=request.user, at=clock.now())
    return _link_shown(request, agent, invitation, token)


def _link_shown(request: HttpRequest, agent: Agent, invitation: Any, token: str) -> HttpResponse:
    link = settings.BASE_URL.rstrip("/") + reverse("invitation", args=[token])
    context = {"agent": agent, "link": link, "until": clock.local(invitation.expires_at)}
    answer = render(request, "tenir/people/invited.html", context)
    answer["Referrer-Policy"] = "no-referrer"
    return answer


@page
def person(request: DeskRequest, person: int) -> HttpResponse:
    """One colleague: what they do here, and what the viewer may change of it."""
    return _person_page(request, agent_for(request.user, person))


def _person_page(request: DeskRequest, agent: Agent, **more: Any) -> HttpResponse:
    can = rights_of(request.user, agent)
    readings = identity_readings(agent, viewer=request.user)[:50] if can["see_identity_readings"] else []
    context: dict[str, Any] = {
        "agent": agent,
        "role": role_word(agent.role),
        "standing": standing_of(agent),
        "roles": roles(),
        "can": can,
        "teams": teams(request.user).filter(members=agent),
        "skills": ", ".join(agent.skills.order_by("name").values_list("name", flat=True)),
        "languages": ", ".join(agent.languages.order_by("code").values_list("code", flat=True)),
        "readings": reading_rows(readings),
        "is_me": agent.pk == request.user.pk,
    }
    return render(request, "tenir/people/person.html", context | more)


@change
def role(request: DeskRequest, person: int) -> HttpResponse:
    """Makes somebody agent, supervisor or administrator."""
    require(request.user, "change_role")
    chosen = request.POST.get("role", "")
    agent = agent_for(request.user, person)
    if chosen in Role.values:
        verbs.change_role(agent, role=Role(chosen), by=request.user, at=clock.now())
        messages.success(request, _("Kept."))
    return back(request)


@change
def rename(request: DeskRequest, person: int) -> HttpResponse:
    """Corrects the name that colleagues see."""
    agent = agent_for(request.user, person)
    verbs.rename(agent, given_name=request.POST.get("given_name", ""), by=request.user, at=clock.now())
    messages.success(request, _("Kept."))
    return back(request)


@change
def clear_public_name(request: DeskRequest, person: int) -> HttpResponse:
    """Removes an offensive public name."""
    verbs.clear_public_name(agent_for(request.user, person), by=request.user, at=clock.now())
    return back(request)


@change
def skills(request: DeskRequest, person: int) -> HttpResponse:
    """What somebody can do and the languages in which they answer."""
    agent, at = agent_for(request.user, person), clock.now()
    verbs.set_languages(agent, languages=listed(request.POST.get("languages", "")), by=request.user, at=at)
    verbs.set_skills(agent, skills=listed(request.POST.get("skills", "")), by=request.user, at=at)
    messages.success(request, _("Kept."))
    return back(request)


@change
def deactivate(request: DeskRequest, person: int) -> HttpResponse:
    """Ends somebody's access, and every session that they have open."""
    agent = agent_for(request.user, person)
    verbs.deactivate(agent, by=request.user, at=clock.now())
    for session in UserSession.objects.filter(user=agent):
        session.end()
    return back(request)


@change
def reactivate(request: DeskRequest, person: int) -> HttpResponse:
    """Gives back an access that was ended."""
    verbs.reactivate(agent_for(request.user, person), by=request.user, at=clock.now())
    return back(request)


@change
def write_identity(request: DeskRequest, person: int) -> HttpResponse:
    """Writes the legal name."""
    agent = agent_for(request.user, person)
    verbs.set_identity(agent, legal_name=request.POST.get("legal_name", ""), by=request.user, at=clock.now())
    messages.success(request, _("Kept."))
    return back(request)


@change
def read_identity(request: DeskRequest, person: int) -> HttpResponse:
    """Shows the legal name, once; who read it and why is kept, and the person can see it."""
    agent = agent_for(request.user, person)
    name = verbs.read_identity(agent, reason=request.POST.get("reason", ""), by=request.user, at=clock.now())
    return _person_page(request, agent, identity=name, identity_shown=True)
