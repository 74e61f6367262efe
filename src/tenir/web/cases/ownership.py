"""Whose case it is."""

from django.http import HttpResponse

from tenir import clock
from tenir.cases import verbs
from tenir.cases.access import case_for, offer_for
from tenir.people.access import agent_for, team_for
from tenir.web.desk import DeskRequest, back, change


@change
def take(request: DeskRequest, reference: str) -> HttpResponse:
    """Makes the case one's own."""
    verbs.take(case_for(request.user, reference), by=request.user, at=clock.now())
    return back(request)


@change
def give(request: DeskRequest, reference: str) -> HttpResponse:
    """A supervisor names the owner."""
    colleague = agent_for(request.user, _number(request, "to"))
    verbs.give(case_for(request.user, reference), to=colleague, by=request.user, at=clock.now())
    return back(request)


@change
def release(request: DeskRequest, reference: str) -> HttpResponse:
    """Puts the case back into the queue."""
    verbs.release(case_for(request.user, reference), by=request.user, at=clock.now())
    return back(request)


@change
def team(request: DeskRequest, reference: str) -> HttpResponse:
    """Moves the case to another team, or to none."""
    chosen = team_for(request.user, _number(request, "team")) if request.POST.get("team") else None
    verbs.move_to_team(case_for(request.user, reference), team=chosen, by=request.user, at=clock.now())
    return back(request, "/cases/")


@change
def offer(request: DeskRequest, reference: str) -> HttpResponse:
    """Asks a colleague to take the case, with its story."""
    colleague = agent_for(request.user, _number(request, "to"))
    case = case_for(request.user, reference)
    verbs.offer_handover(case, to=colleague, story=request.POST.get("story", ""), by=request.user, at=clock.now())
    return back(request)


@change
def answer(request: DeskRequest, offer: int) -> HttpResponse:
    """Accepts or declines a hand-over."""
    accept = request.POST.get("answer") == "accept"
    words = request.POST.get("words", "")
    verbs.answer_handover(offer_for(request.user, offer), accept=accept, by=request.user, at=clock.now(), words=words)
    return back(request)


@change
def withdraw(request: DeskRequest, offer: int) -> HttpResponse:
    """Takes an offered hand-over back."""
    verbs.withdraw_handover(offer_for(request.user, offer), by=request.user, at=clock.now())
    return back(request)


def _number(request: DeskRequest, name: str) -> int:
    """A number of the form, or 0, which names nothing."""
    text = request.POST.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 18 else 0
