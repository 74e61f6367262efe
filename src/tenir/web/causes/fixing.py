"""Fixing a cause: a preview of every promise and every customer, then all of it in one move."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from tenir import clock
from tenir.cases import times
from tenir.cases.access import visible_cases
from tenir.cases.errors import InThePast
from tenir.people.rights import require
from tenir.problems import access, verbs
from tenir.problems.models import Cause
from tenir.promises import dates
from tenir.promises.errors import DateMissing
from tenir.promises.models import Promise
from tenir.promises.verbs.together import NewDate
from tenir.web.cases.moments import read_moment
from tenir.web.desk import DeskRequest, change, page


@page
def fixing(request: DeskRequest, cause: int) -> HttpResponseBase:
    """The preview: each promise with a date to come, and each customer who will be told."""
    found, at = access.cause_for(request.user, cause), clock.now()
    require(request.user, "fix_causes", whose=found.owner)
    if found.fixed_at:
        return redirect("cause", cause)
    if request.method == "POST":
        return _fixed(request, found)
    cases = access.open_cases(found)
    seen = set(visible_cases(request.user).filter(pk__in=[case.pk for case in cases]).values_list("pk", flat=True))
    context = {
        "cause": found,
        "name": str(found),
        "promises": [_row(promise, seen, at=at) for promise in access.promises_behind(found)],
        "cases": [{"reference": str(case), "name": case.customer.name} for case in cases if case.pk in seen],
        "hidden": len(cases) - len(seen),
    }
    return render(request, "tenir/causes/fixing.html", context)


def _row(promise: Promise, seen: set[int], *, at: datetime) -> dict[str, object]:
    """One promise of the preview; what one may not read of a private team's case is not shown, but has its date."""
    shown = promise.case_id in seen
    due = clock.local(dates.usual_or_clock(promise.kind, start=at).at)
    return {
        "pk": promise.pk,
        "revision": promise.revision,
        "what": promise.what if shown else _("A promise of a private team"),
        "name": promise.customer.name if shown else "",
        "before": times.full(promise.due_at),
        "value": due.strftime("%Y-%m-%dT%H:%M"),
    }


@change
def _fixed(request: DeskRequest, cause: Cause) -> HttpResponse:
    at = clock.now()
    behind = {str(promise.pk): promise for promise in access.promises_behind(cause)}
    wanted = [number for number in request.POST.getlist("promise") if number in behind]
    new = [_new_date(request, behind[number], at=at) for number in wanted]
    tell = {"fr": request.POST.get("french", ""), "en": request.POST.get("english", "")}
    verbs.fix(cause, dates=new, tell=tell, by=request.user, at=at)
    messages.success(request, _("It is fixed: every promise has its date, and telling the customers is on the lists."))
    return redirect("cause", cause.pk)


def _new_date(request: DeskRequest, promise: Promise, *, at: datetime) -> NewDate:
    seen = request.POST.get(f"seen-{promise.pk}", "")
    try:
        due = read_moment(request.POST.get(f"due-{promise.pk}", ""), at=at)
    except InThePast:
        raise DateMissing from None
    return NewDate(promise, int(seen) if seen.isdecimal() and len(seen) < 10 else -1, dates.on(due))
