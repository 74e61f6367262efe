"""The lists of cases."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from tenir import clock
from tenir.cases import lists, verbs
from tenir.cases.access import views_for
from tenir.people.access import colleagues, teams
from tenir.web.cases.moments import moments
from tenir.web.cases.rows import case_list, filter_fields
from tenir.web.desk import DeskRequest, back, change, page


@page
def cases(request: DeskRequest) -> HttpResponse:
    """One list, fifty rows at a time. With `rows` in the query, only the rows (live refresh)."""
    at = clock.now()
    viewer = request.user
    which = request.GET.get("list", "mine")
    listing = lists.page(viewer, which, before=request.GET.get("before"), after=request.GET.get("after"))
    shown = case_list(listing, viewer=viewer, at=at)
    if "rows" in request.GET:
        return render(request, "tenir/cases/rows.html", {"rows": shown["rows"]})
    if listing.view is not None and listing.view.agent_id == viewer.pk:
        shown["view_deletion_url"] = reverse("view-deletion", args=[listing.view.pk])
    return render(request, "tenir/cases/list.html", {"list": shown})


@page
def dialogs(request: DeskRequest) -> HttpResponse:
    """What the list's actions ask for: fetched after the list, which does not wait for it."""
    own_teams, others = list(teams(request.user)), list(colleagues(request.user))
    context = {
        "teams": own_teams,
        "moments": moments(at=clock.now()),
        "filters": filter_fields(own_teams, others),
    }
    return render(request, "tenir/cases/list_dialogs.html", context)


@page
def beside(request: DeskRequest, reference: str) -> HttpResponse:
    """The list beside a case: fetched after the case, and only where there is room for it."""
    listing = lists.page(request.user, request.GET.get("list", "mine"), limit=25)
    shown = case_list(listing, viewer=request.user, at=clock.now(), current=reference)
    return render(request, "tenir/components/case_list.html", {"list": shown})


@change
def save_view(request: DeskRequest) -> HttpResponse:
    """Keeps the filters of a list under a name."""
    filters = {name: value for name in lists.FILTERS if (value := request.POST.get(name, ""))}
    name = request.POST.get("name", "").strip()
    if not name:
        messages.error(request, _("Give the list a name, so that you find it again."))
        return back(request, "/cases/")
    team = next((team for team in teams(request.user) if str(team.pk) == request.POST.get("share", "")), None)
    view = verbs.save_view(name=name, filters=filters, by=request.user, team=team)
    return HttpResponseRedirect(reverse("cases") + "?" + urlencode({"list": f"view-{view.pk}"}))


@change
def delete_view(request: DeskRequest, view: int) -> HttpResponse:
    """Deletes one's own list."""
    verbs.delete_view(views_for(request.user).get(pk=view), by=request.user)
    return HttpResponseRedirect(reverse("cases"))
