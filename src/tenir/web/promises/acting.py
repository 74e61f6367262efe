"""What is done with a promise: delivered, another date, given, withdrawn, broken, and what the customer said of it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from tenir import clock
from tenir.cases.models import Case
from tenir.ledger.refusals import NotThere, Refusal
from tenir.people.access import agent_for, colleagues
from tenir.promises import presenters, verbs
from tenir.promises.access import promise_for
from tenir.promises.errors import NotAChoice
from tenir.promises.lists import of_family
from tenir.promises.models import Promise
from tenir.promises.verbs import Answer, Told
from tenir.promises.words import told_name
from tenir.web.desk import DeskRequest, page
from tenir.web.promises import showing
from tenir.web.promises.when import read_due, usual, when

Do = Callable[[Promise, datetime], Any]


@page
def delivery(request: DeskRequest, promise: int) -> HttpResponse:
    """Says that it was done, part by part."""

    def do(found: Promise, at: datetime) -> None:
        parts = _numbers(request, "part") if "has_parts" in request.POST else None
        verbs.deliver(found, seen=_seen(request), parts=parts, by=request.user, at=at)

    return _act(request, promise, "delivery", _("It is done"), do)


@page
def new_date(request: DeskRequest, promise: int) -> HttpResponse:
    """Another date, with its reason."""

    def do(found: Promise, at: datetime) -> None:
        due = read_due(request.POST, at=at)
        verbs.renegotiate(found, seen=_seen(request), due=due, by=request.user, at=at, **_said(request))

    return _act(request, promise, "new_date", _("Agree on another date"), do)


@page
def withdrawal(request: DeskRequest, promise: int) -> HttpResponse:
    """It is no longer wanted, or was a mistake."""

    def do(found: Promise, at: datetime) -> None:
        verbs.withdraw(found, seen=_seen(request), by=request.user, at=at, **_said(request))

    return _act(request, promise, "withdrawal", _("Withdraw the promise"), do)


@page
def breaking(request: DeskRequest, promise: int) -> HttpResponse:
    """An honest no: it will not be kept."""

    def do(found: Promise, at: datetime) -> None:
        verbs.break_promise(found, seen=_seen(request), by=request.user, at=at, **_said(request))

    return _act(request, promise, "breaking", _("Say that it cannot be kept"), do)


@page
def owner(request: DeskRequest, promise: int) -> HttpResponse:
    """Gives it to somebody else."""

    def do(found: Promise, at: datetime) -> None:
        number = request.POST.get("to", "")
        if not number.isdecimal() or len(number) > 17:
            raise NotAChoice("to")
        verbs.give(found, seen=_seen(request), to=agent_for(request.user, int(number)), by=request.user, at=at)

    return _act(request, promise, "owner", _("Give the promise to somebody"), do)


@page
def answer(request: DeskRequest, promise: int) -> HttpResponse:
    """Notes what the customer said of it."""

    def do(found: Promise, at: datetime) -> None:
        said = request.POST.get("answer", "")
        if said not in list(Answer):
            raise NotAChoice("answer")
        missing, words = _numbers(request, "missing"), request.POST.get("missing_words", "")
        verbs.confirm(found, answer=Answer(said), missing=missing, missing_words=words, by=request.user, at=at)

    return _act(request, promise, "answer", _("What does the customer say?"), do)


@page
def unconfirmed(request: DeskRequest, promise: int) -> HttpResponse:
    """Decides that no answer will come."""

    def do(found: Promise, at: datetime) -> None:
        because = request.POST.get("because", "")
        verbs.leave_unconfirmed(found, seen=_seen(request), because=because, by=request.user, at=at)

    return _act(request, promise, "unconfirmed", _("Leave it unconfirmed"), do)


def _act(request: DeskRequest, pk: int, action: str, title: str, do: Do) -> HttpResponse:
    found = promise_for(request.user, pk)
    at = clock.now()
    if request.method != "POST":
        return _form(request, found, action, title, at=at)
    try:
        do(found, at)
    except NotThere:
        raise
    except Refusal as refusal:
        return _form(request, promise_for(request.user, pk), action, title, at=at, error=str(refusal))
    return showing.done(request, _kept_case(found))


def _form(
    request: DeskRequest, found: Promise, action: str, title: str, *, at: datetime, error: str = ""
) -> HttpResponse:
    case = _kept_case(found)
    listed = of_family([found.case_id], at=at)
    about = {one.pk: one.what for one in listed}
    shown = next((one for one in listed if one.pk == found.pk), None)
    if shown is None:
        raise Promise.DoesNotExist(found.pk)
    promise = presenters.row(shown, at=at, about=about)
    context = {
        "title": title,
        "identity": f"promise-{action}-dialog",
        "reference": str(case),
        "subject": case.subject,
        "promise": promise,
        "typed": request.POST,
        "chosen": _numbers(request, "part") if request.method == "POST" else [part.pk for part in promise.parts],
        "missing": _numbers(request, "missing"),
        "error": error,
        "when": when(request.POST, at=at) if error else usual(found.kind, at=at),
        "told": [(value, told_name(value)) for value in Told.values],
        "colleagues": [one for one in colleagues(request.user) if one.pk != found.owner_id],
    }
    return showing.form(request, f"tenir/promises/form_{action}.html", context, refused=bool(error))


def _kept_case(found: Promise) -> Case:
    case = found.case
    while case.merged_into is not None:
        case = case.merged_into
    return case


def _seen(request: DeskRequest) -> int:
    """The revision that the person looked at; none that exists when the form does not say it."""
    seen = request.POST.get("seen", "")
    return int(seen) if seen.isdecimal() and len(seen) < 10 else -1


def _said(request: DeskRequest) -> dict[str, str]:
    return {"because": request.POST.get("because", ""), "told": request.POST.get("told", "")}


def _numbers(request: DeskRequest, name: str) -> list[int]:
    return [int(text) for text in request.POST.getlist(name)[:100] if text.isdecimal() and len(text) < 18]
