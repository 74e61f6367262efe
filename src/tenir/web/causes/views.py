"""The causes that last, one of them, and what seems to emerge."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from tenir import clock
from tenir.cases import times
from tenir.cases.access import case_for
from tenir.cases.errors import InThePast
from tenir.cases.models import Case
from tenir.people.access import colleagues
from tenir.people.models import Agent
from tenir.people.rights import may, require
from tenir.problems import access, verbs
from tenir.problems.models import Cause
from tenir.web.cases.moments import read_moment
from tenir.web.desk import DeskRequest, change, page

SHOWN = 100


@page
def causes(request: DeskRequest) -> HttpResponse:
    """What lasts, the newest first, and what was fixed."""
    at = clock.now()
    context = {
        "lasting": [row(one, at=at) for one in access.lasting(request.user)[:SHOWN]],
        "fixed": [row(one, at=at) for one in access.fixed(request.user)[:20]],
    }
    return render(request, "tenir/causes/list.html", context)


def row(cause: Cause, *, at: datetime) -> dict[str, Any]:
    """One cause of a list."""
    return {
        "pk": cause.pk,
        "name": str(cause),
        "owner": cause.owner.given_name,
        "tied": getattr(cause, "tied", 0),
        "concerns": cause.concerns,
        "noted": times.short(cause.noted_at, at=at),
        "expected": times.full(cause.expected_at) if cause.expected_at else "",
        "fixed": times.full(cause.fixed_at) if cause.fixed_at else "",
    }


@page
def new(request: DeskRequest) -> HttpResponseBase:
    """A form for a new cause; what emerges fills it (`words`, `case`), and nothing is kept before somebody says so."""
    require(request.user, "keep_causes")
    if request.method == "POST":
        return _made(request)
    context = {
        "words": request.GET.get("words", "")[:500],
        "cases": _cases(request.user, request.GET.getlist("case")),
        "people": colleagues(request.user),
    }
    return render(request, "tenir/causes/new.html", context)


@change
def _made(request: DeskRequest) -> HttpResponseBase:
    cases = _cases(request.user, request.POST.getlist("case"))
    made = verbs.note(**_said(request), cases=cases, by=request.user, at=clock.now())
    return redirect("cause", made.pk)


def _cases(viewer: Agent, given: list[str]) -> list[Case]:
    found = []
    for reference in given[:SHOWN]:
        try:
            found.append(case_for(viewer, reference))
        except Case.DoesNotExist:
            continue  # it went out of sight meanwhile
    return found


def _said(request: DeskRequest) -> dict[str, Any]:
    """What the form says of a cause."""
    owner = next((one for one in colleagues(request.user) if str(one.pk) == request.POST.get("owner", "")), None)
    return {
        "french": request.POST.get("french", ""),
        "english": request.POST.get("english", ""),
        "concerns": request.POST.get("concerns", "").replace(";", ",").replace("\n", ",").split(","),
        "owner": owner,
        "expected_at": _moment(request.POST.get("expected", "")),
    }


def _moment(text: str) -> datetime | None:
    try:
        return read_moment(text, at=clock.now())
    except InThePast:
        return None


@page
def cause(request: DeskRequest, cause: int) -> HttpResponse:
    """One cause, with the cases that have it."""
    found, at = access.cause_for(request.user, cause), clock.now()
    context = {
        "cause": found,
        "row": row(found, at=at),
        "cases": [_case_row(case, at=at) for case in access.tied_cases(found, viewer=request.user)[:SHOWN]],
        "people": colleagues(request.user),
        "expected_value": clock.local(found.expected_at).strftime("%Y-%m-%dT%H:%M") if found.expected_at else "",
        "may_fix": may(request.user, "fix_causes", whose=found.owner),
    }
    return render(request, "tenir/causes/cause.html", context)


def _case_row(case: Case, *, at: datetime) -> dict[str, str]:
    return {
        "reference": str(case),
        "subject": case.subject,
        "name": case.customer.name,
        "when": times.short(case.moved_at, at=at),
    }


@change
def correct(request: DeskRequest, cause: int) -> HttpResponseBase:
    """Other words, owner or date."""
    verbs.correct(access.cause_for(request.user, cause), **_said(request), by=request.user, at=clock.now())
    return redirect("cause", cause)


@page
def emerging(request: DeskRequest) -> HttpResponse:
    """What seems to emerge: fetched after the list, which does not wait for it."""
    found = access.proposals(request.user, at=clock.now())
    rows = [
        {
            "words": ", ".join(each.found.words[:6]),
            "recent": each.found.recent,
            "recent_of": each.recent_of,
            "usual": each.found.usual,
            "usual_of": each.found.usual_of,
            "cases": [{"reference": str(case), "subject": case.subject} for case in each.cases[:SHOWN]],
        }
        for each in found
    ]
    return render(request, "tenir/causes/emerging.html", {"rows": rows})
