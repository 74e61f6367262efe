"""Setting aside, ending, reopening."""

from django.http import HttpResponse

from tenir import clock
from tenir.cases import verbs
from tenir.cases.access import case_for
from tenir.cases.models import Ending
from tenir.web.cases.moments import read_moment
from tenir.web.desk import DeskRequest, back, change


@change
def snooze(request: DeskRequest, reference: str) -> HttpResponse:
    """Sets the case aside until a moment."""
    at = clock.now()
    until = read_moment(request.POST.get("until", ""), at=at)
    verbs.snooze(case_for(request.user, reference), until=until, by=request.user, at=at)
    return back(request)


@change
def wake(request: DeskRequest, reference: str) -> HttpResponse:
    """Brings the case back now."""
    verbs.wake(case_for(request.user, reference), why="by_hand", by=request.user, at=clock.now())
    return back(request)


@change
def end(request: DeskRequest, reference: str) -> HttpResponse:
    """Ends the case with its ending."""
    kind = request.POST.get("kind", "")
    verbs.end(
        case_for(request.user, reference),
        kind=kind if kind in Ending.Kind.values else Ending.Kind.SOLVED,
        because=request.POST.get("because", ""),
        remedy_given=request.POST.get("remedy_given", ""),
        by=request.user,
        at=clock.now(),
    )
    return back(request)


@change
def reopen(request: DeskRequest, reference: str) -> HttpResponse:
    """Reopens the case."""
    verbs.reopen(case_for(request.user, reference), by=request.user, at=clock.now())
    return back(request)
