"""Promising something."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tenir import clock
from tenir.cases.access import case_for
from tenir.cases.models import Case
from tenir.ledger.refusals import NotThere, Refusal
from tenir.people.access import agent_for, colleagues
from tenir.people.models import Agent
from tenir.promises import verbs
from tenir.promises.verbs import Deadline
from tenir.web.desk import DeskRequest, page
from tenir.web.promises import showing
from tenir.web.promises.when import kind_of, kinds, read_due, read_local, usual, when, words_of

REPEATS = {"day": "FREQ=DAILY", "week": "FREQ=WEEKLY", "month": "FREQ=MONTHLY"}


@page
def promises(request: DeskRequest, reference: str) -> HttpResponse:
    """Asks what is promised and by when; makes the promise when it is posted."""
    case = case_for(request.user, reference)
    at = clock.now()
    if request.method != "POST":
        kind = kind_of(request.GET)
        context = _context(request, case, {"kind": kind}, at=at) | {"when": usual(kind, at=at)}
        return showing.form(request, "tenir/promises/form_promise.html", context)
    try:
        _make(case, request.POST, by=request.user, at=at)
    except NotThere:
        raise
    except Refusal as refusal:
        context = _context(request, case, request.POST, at=at) | {"when": when(request.POST, at=at)}
        context["error"] = str(refusal)
        return showing.form(request, "tenir/promises/form_promise.html", context, refused=True)
    return showing.done(request, case)


def _make(case: Case, typed: Mapping[str, str], *, by: Agent, at: datetime) -> None:
    number = typed.get("owner", "")
    verbs.promise(
        case,
        what=typed.get("what", ""),
        kind=kind_of(typed),
        due=read_due(typed, at=at),
        parts=typed.get("parts", "").splitlines()[:40],
        owner=agent_for(by, int(number)) if number.isdecimal() and len(number) < 18 else None,
        deliverer=typed.get("deliverer", ""),
        customer_does=typed.get("customer_does", ""),
        deadline=_deadline(typed),
        by=by,
        at=at,
    )


def _deadline(typed: Mapping[str, str]) -> Deadline | None:
    moment = read_local(typed.get("deadline", ""))
    return Deadline(moment, REPEATS.get(typed.get("repeats", ""), "")) if moment else None


def _context(request: DeskRequest, case: Case, typed: Mapping[str, str], *, at: datetime) -> dict[str, Any]:
    more = ("customer_does", "deadline", "deliverer")
    oneself = str(request.user.pk)
    return {
        "title": _("Promise something"),
        "identity": "promise-dialog",
        "reference": str(case),
        "subject": case.subject,
        "typed": typed,
        "kind": kind_of(typed),
        "usual_words": words_of(kind_of(typed)),
        "kinds": kinds(),
        "colleagues": list(colleagues(request.user)),
        "owner": typed.get("owner") or oneself,
        "more": any(typed.get(name) for name in more) or typed.get("owner", oneself) != oneself,
        "repeats": [("", _("once")), ("day", _("every day")), ("week", _("every week")), ("month", _("every month"))],
    }


@page
@require_POST
def causes(request: DeskRequest) -> HttpResponse:
    """What whoever promises should know before: the shared causes that the words typed so far touch. Keeps nothing."""
    typed = request.POST
    touched = showing.touched(typed.get("what", "")[:2_000], typed.get("parts", "")[:2_000].splitlines())
    return render(request, "tenir/promises/touched.html", {"touched": touched})


@page
def date(request: DeskRequest) -> HttpResponse:
    """The full date that a form makes, as it is typed; for another kind, what is usual for it."""
    at = clock.now()
    asked = request.GET
    if "usual" in asked:
        return render(request, "tenir/promises/when.html", {"when": usual(kind_of(asked), at=at)})
    return render(request, "tenir/promises/full_date.html", {"when": when(asked, at=at)})
