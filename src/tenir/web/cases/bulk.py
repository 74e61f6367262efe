"""One action on the chosen rows of a list."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tenir import clock
from tenir.cases import reference as references
from tenir.cases import verbs
from tenir.cases.access import visible_cases
from tenir.cases.errors import BecauseMissing
from tenir.cases.models import BulkAction, Ending
from tenir.people.access import agent_for, team_for
from tenir.web.cases.moments import read_moment
from tenir.web.desk import DeskRequest, back, change

MOST = 200


@change
def act(request: DeskRequest) -> HttpResponse:
    """Does one thing to every chosen case; what it was is kept, for undo."""
    chosen = [bare for typed in request.POST.getlist("case")[:MOST] if (bare := references.read(typed))]
    what = request.POST.get("what", "")
    if not chosen or what not in verbs.bulk.ACTIONS:
        messages.info(request, _("Choose the cases first, then what to do with them."))
        return back(request, "/cases/")
    cases = visible_cases(request.user).filter(reference__in=chosen)
    action = verbs.bulk.act(cases, what=what, by=request.user, at=clock.now(), **_choice(request, what))
    count = len(action.before)
    done = ngettext("Done for one case.", "Done for %(count)s cases.", count) % {"count": count}
    messages.success(request, done, extra_tags="undo:" + reverse("bulk-undo", args=[action.pk]) if count else "")
    return back(request, "/cases/")


def _choice(request: DeskRequest, what: str) -> dict[str, Any]:
    """What the action needs besides the cases. A 404 names what does not exist."""
    text = request.POST.get("choice", "")
    number = int(text) if text.isdecimal() and len(text) < 18 else 0
    if what == "give":
        return {"to": agent_for(request.user, number)}
    if what == "team":
        return {"team": team_for(request.user, number) if number else None}
    if what == "snooze":
        return {"until": read_moment(text, at=clock.now())}
    if what == "tag":
        return {"name": text}
    if what == "end":
        return _ending(text, request.POST.get("because", ""))
    return {}


def _ending(kind: str, because: str) -> dict[str, Any]:
    if kind == Ending.Kind.COULD_NOT and not because.strip():
        raise BecauseMissing
    return {"kind": kind if kind in Ending.Kind.values else Ending.Kind.SOLVED, "because": because}


@change
def undo(request: DeskRequest, action: int) -> HttpResponse:
    """Puts the cases back as they were."""
    found = BulkAction.objects.get(pk=action, agent=request.user)
    verbs.bulk.undo(found, by=request.user, at=clock.now())
    messages.success(request, _("Undone."))
    came_from = back(request, "/cases/")
    # The button of a toast: the whole list is shown again, not put into the toast.
    return HttpResponse(status=204, headers={"HX-Redirect": came_from.url}) if request.htmx else came_from
