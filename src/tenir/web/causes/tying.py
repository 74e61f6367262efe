"""The causes of one case, beside it: those that it has, those that its words touch, and any other."""

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from tenir import clock
from tenir.cases.access import case_for
from tenir.cases.models import Case, Message
from tenir.problems import access, verbs
from tenir.problems.models import Cause
from tenir.problems.touching import touched
from tenir.web.desk import DeskRequest, back, change, page


@page
def beside(request: DeskRequest, reference: str) -> HttpResponse:
    """What to put beside the case, fetched after it; nothing, where no cause lasts and none is tied."""
    case = case_for(request.user, reference)
    tied = list(access.causes_for(request.user).filter(ties__case=case).order_by("-pk"))
    others = [cause for cause in access.lasting(request.user)[:50] if cause not in tied]
    text = _words(case) if others else ""
    met = {cause.pk: touched(cause.concerns, text) for cause in others}
    context = {
        "reference": str(case),
        "tied": tied,
        "alike": [{"cause": cause, "words": ", ".join(met[cause.pk])} for cause in others if met[cause.pk]],
        "others": [cause for cause in others if not met[cause.pk]],
    }
    return render(request, "tenir/causes/beside.html", context)


def _words(case: Case) -> str:
    said = case.messages.filter(kind__in=[Message.Kind.INBOUND, Message.Kind.CALL]).order_by("at", "pk")
    return "\n".join([case.subject, *(text[:2000] for text in said.values_list("text", flat=True)[:10])])


def _cause(request: DeskRequest) -> Cause:
    number = request.POST.get("cause", "")
    if not number.isdecimal() or len(number) > 17:
        raise Http404
    return access.cause_for(request.user, int(number))


@change
def tie(request: DeskRequest, reference: str) -> HttpResponseBase:
    """This case has this cause."""
    verbs.tie(_cause(request), case=case_for(request.user, reference), by=request.user, at=clock.now())
    return back(request)


@change
def untie(request: DeskRequest, reference: str) -> HttpResponseBase:
    """It was another one."""
    verbs.untie(_cause(request), case=case_for(request.user, reference), by=request.user, at=clock.now())
    return back(request)
