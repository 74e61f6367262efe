"""The case page, its live parts, and a case that an agent opens."""

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from tenir import clock
from tenir.cases import presenters, verbs
from tenir.cases.access import case_for, others_here
from tenir.cases.links import customer_token
from tenir.cases.loading import load
from tenir.cases.models import Case, Category, Draft, Tag
from tenir.customers.access import customer_for, known_briefly
from tenir.customers.models import Reach
from tenir.customers.presenters import aside_of
from tenir.people.access import colleagues, teams
from tenir.promises import presenters as promised
from tenir.web.cases.moments import moments
from tenir.web.cases.rows import composer
from tenir.web.desk import DeskRequest, change, page
from tenir.web.promises.showing import owed_in

PARTS = {"top": "tenir/cases/top.html", "timeline": "tenir/cases/timeline.html", "aside": "tenir/cases/aside.html"}


@page
def case(request: DeskRequest, reference: str) -> HttpResponse:
    """A case: who the person is and what they went through, everything said, and the place to answer.

    A merged case leads to the one that was kept; a reference typed another way to its one address.
    """
    found = case_for(request.user, reference)
    if str(found) != reference:
        return redirect("case", found)
    return render(request, "tenir/cases/case.html", _whole(request, found))


def _whole(request: DeskRequest, found: Case) -> dict[str, Any]:
    at, viewer = clock.now(), request.user
    context = _parts(request, found)
    drafts: dict[str, Draft] = {draft.kind: draft for draft in found.drafts.filter(agent=viewer)}
    return context | {
        "composer": composer(found, at=at, to=context["to_whom"], drafts=drafts),
        "which": request.GET.get("list", "mine"),
    }


@page
def dialogs(request: DeskRequest, reference: str) -> HttpResponse:
    """What the actions of a case ask for: fetched after the page, which does not wait for it."""
    found, viewer = case_for(request.user, reference), request.user
    context = _parts(request, found) | {
        "ending": {"action": reverse("ending", args=[found]), "reasons": _reasons()},
        "moments": moments(at=clock.now()),
        "teams": list(teams(viewer)),
        "colleagues": [one for one in colleagues(viewer) if one.pk != viewer.pk],
        "categories": Category.objects.order_by("name"),
        "known_tags": Tag.objects.order_by("name").values_list("name", flat=True)[:200],
    }
    return render(request, "tenir/cases/dialogs.html", context)


def _parts(request: DeskRequest, found: Case) -> dict[str, Any]:
    """What the parts that refresh themselves show: the head, the timeline, the side."""
    at, viewer = clock.now(), request.user
    loaded = load(found, viewer=viewer, at=at)
    person = known_briefly(found.customer)
    addresses = [reach.value for reach in person.reaches if reach.kind == Reach.Kind.EMAIL]
    owed = owed_in([found.pk, *(row.id for row in loaded.beside.get("merged", []))])
    return {
        "case": presenters.heading(loaded, viewer=viewer, at=at),
        "owed": owed,
        "shoes": presenters.shoes(found, at=at) + promised.shoes(owed),
        "timeline": presenters.timeline(loaded, viewer=viewer, at=at),
        "aside": presenters.aside(loaded, at=at),
        "person": aside_of(person),
        "person_url": reverse("customer", args=[found.customer_id]),
        "customer_page": reverse("customer_page", args=[customer_token(found)]),
        "to_whom": presenters.recipients(loaded, addresses=addresses),
        "back_url": reverse("cases") + (f"?list={request.GET['list']}" if "list" in request.GET else ""),
    }


def _reasons() -> list[str]:
    """What stood in the way, as offered when a case could not be solved (E7); any other words will do."""
    return [
        _("not in our power"),
        _("out of stock"),
        _("information was missing"),
        _("no time"),
        _("the rules do not allow it"),
    ]


@page
def part(request: DeskRequest, reference: str, name: str) -> HttpResponse:
    """One part of the page, for the live refresh: the composer is left under the hand."""
    if name not in PARTS:
        raise Http404
    return render(request, PARTS[name], _parts(request, case_for(request.user, reference)))


@change
def sight(request: DeskRequest, reference: str) -> HttpResponse:
    """Says that the case is open here now, and tells who else has it open."""
    found = case_for(request.user, reference)
    at = clock.now()
    if "leaving" in request.POST:
        verbs.go_away(found, by=request.user, at=at)
    else:
        up_to = found.last_inbound_id or 0
        verbs.see(found, by=request.user, at=at, up_to=up_to, writing="writing" in request.POST)
    here = others_here(found, but=request.user, at=at)
    return JsonResponse({"others": [{"name": agent.given_name, "writing": writing} for agent, writing in here]})


@page
def mention_options(request: DeskRequest) -> HttpResponse:
    """The colleagues whose name begins so, for the picker of a note."""
    begun = request.GET.get("q", "").casefold()
    people = [
        {"id": one.pk, "name": one.given_name, "words": ""}
        for one in colleagues(request.user)
        if one.pk != request.user.pk and one.given_name.casefold().startswith(begun)
    ]
    return render(request, "tenir/components/mention_options.html", {"people": people[:12]})


@page
def new_case(request: DeskRequest) -> HttpResponseBase:
    """A case that an agent opens: somebody called, came by, wrote on paper, or has to be written to first."""
    number = request.POST.get("customer") or request.GET.get("customer", "")
    customer = customer_for(request.user, int(number)) if number.isdecimal() and len(number) < 18 else None
    if request.method == "POST" and customer is not None:
        return _opened(request, customer)
    context = {
        "customer": customer,
        "person": aside_of(known_briefly(customer)) if customer else None,
        "teams": teams(request.user),
    }
    return render(request, "tenir/cases/new.html", context)


@change
def _opened(request: DeskRequest, customer: Any) -> HttpResponse:
    channel = request.POST.get("channel", "phone")
    made = verbs.open_case(
        customer=customer,
        by=request.user,
        at=clock.now(),
        channel=channel if channel in Case.Channel.values else Case.Channel.PHONE,
        subject=request.POST.get("subject", ""),
        text=request.POST.get("text", ""),
        remedy_sought=request.POST.get("remedy_sought", ""),
        team=next((team for team in teams(request.user) if str(team.pk) == request.POST.get("team", "")), None),
    )
    return HttpResponseRedirect(reverse("case", args=[made]))
