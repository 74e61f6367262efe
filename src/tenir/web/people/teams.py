"""Teams: their name, their members, whether their cases are theirs alone, and their signature."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from tenir import clock
from tenir.people import verbs
from tenir.people.access import agent_for, colleagues, team_for
from tenir.people.rights import require
from tenir.web.desk import DeskRequest, back, change, page


@change
def create(request: DeskRequest) -> HttpResponse:
    """A new team."""
    private = "private" in request.POST
    made = verbs.create_team(name=request.POST.get("name", ""), is_private=private, by=request.user, at=clock.now())
    return redirect("team", made.pk)


@page
def team(request: DeskRequest, team: int) -> HttpResponse:
    """One team, as those who lead it see it."""
    found = team_for(request.user, team)
    require(request.user, "manage_teams")
    members = list(found.members.order_by("given_name", "pk"))
    here = {member.pk for member in members}
    others = [one for one in colleagues(request.user) if one.pk not in here]
    return render(request, "tenir/people/team.html", {"team": found, "members": members, "others": others})


@change
def rename(request: DeskRequest, team: int) -> HttpResponse:
    """Another name."""
    found = team_for(request.user, team)
    verbs.rename_team(found, name=request.POST.get("name", ""), by=request.user, at=clock.now())
    messages.success(request, _("Kept."))
    return back(request)


@change
def privacy(request: DeskRequest, team: int) -> HttpResponse:
    """Closes the team's cases to the others, or opens them."""
    found = team_for(request.user, team)
    turn = verbs.make_private if request.POST.get("private") == "yes" else verbs.open_to_all
    turn(found, by=request.user, at=clock.now())
    messages.success(request, _("Kept."))
    return back(request)


@change
def signatures(request: DeskRequest, team: int) -> HttpResponse:
    """What stands under the team's letters."""
    found = team_for(request.user, team)
    french, english = request.POST.get("french", ""), request.POST.get("english", "")
    verbs.set_team_signature(found, french=french, english=english, by=request.user, at=clock.now())
    messages.success(request, _("Kept."))
    return back(request)


@change
def add(request: DeskRequest, team: int) -> HttpResponse:
    """One more member."""
    found = team_for(request.user, team)
    number = request.POST.get("person", "")
    person = agent_for(request.user, int(number) if number.isdecimal() and len(number) < 18 else 0)
    verbs.add_members(found, agents=[person], by=request.user, at=clock.now())
    return back(request)


@change
def remove(request: DeskRequest, team: int, person: int) -> HttpResponse:
    """One member less."""
    found = team_for(request.user, team)
    verbs.remove_members(found, agents=[agent_for(request.user, person)], by=request.user, at=clock.now())
    return back(request)
