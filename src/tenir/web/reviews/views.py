"""The queue, one review, and the three ways in which it ends."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from tenir import clock
from tenir.cases import presenters as cases
from tenir.cases.errors import InThePast
from tenir.people.access import colleagues
from tenir.reviews import access, verbs
from tenir.reviews.models import Improvement
from tenir.reviews.presenters import day, lines, review_row
from tenir.reviews.words import kind_name
from tenir.web.cases.moments import moments, read_moment
from tenir.web.desk import DeskRequest, change, page

SHOWN = 100


@page
def reviews(request: DeskRequest) -> HttpResponse:
    """What is to be reviewed, the nearest date first; or, with `ended`, the last hundred that were."""
    access.require_reviewer(request.user)
    at, ended = clock.now(), "ended" in request.GET
    found = (access.ended_reviews if ended else access.open_reviews)(request.user)[:SHOWN]
    context = {"rows": [review_row(one, at=at) for one in found], "ended": ended}
    return render(request, "tenir/reviews/list.html", context)


@page
def review(request: DeskRequest, review: int) -> HttpResponse:
    """What happened, and the place to say what was found."""
    found, at = access.review_for(request.user, review), clock.now()
    promise = found.promise
    context = {
        "review": found,
        "row": review_row(found, at=at),
        "case": access.current_case(found),
        "shoes": cases.shoes(access.current_case(found), at=at),
        "promise": promise,
        "promised_for": day(promise.first_due_at, at=at) if promise else "",
        "lines": lines(list(promise.changes.order_by("at", "pk")), at=at) if promise else [],
        "own_work": verbs.answered_for_it(found, request.user),
        "improvement": getattr(found, "improvement", None),
        "kinds": [(kind.value, kind_name(kind.value)) for kind in Improvement.Kind],
        "people": colleagues(request.user),
        "moments": moments(at=at)[2:],
    }
    return render(request, "tenir/reviews/review.html", context)


@change
def take(request: DeskRequest, review: int) -> HttpResponseBase:
    """Puts one's name on it."""
    verbs.take(access.review_for(request.user, review), by=request.user, at=clock.now())
    return redirect("review", review)


@change
def find(request: DeskRequest, review: int) -> HttpResponseBase:
    """Ends it: well handled, or put right."""
    found, words = access.review_for(request.user, review), request.POST.get("words", "")
    if request.POST.get("outcome") == "put_right":
        verbs.put_right(found, with_what=words, by=request.user, at=clock.now())
    else:
        verbs.find_well_handled(found, because=words, by=request.user, at=clock.now())
    messages.success(request, _("The review has ended."))
    return redirect("reviews")


@change
def change_something(request: DeskRequest, review: int) -> HttpResponseBase:
    """Ends it: something is to change."""
    at, number = clock.now(), request.POST.get("owner", "")
    verbs.change_something(
        access.review_for(request.user, review),
        kind=request.POST.get("kind", ""),
        what=request.POST.get("what", ""),
        owner=next((one for one in colleagues(request.user) if str(one.pk) == number), None),
        due_at=_moment(request.POST.get("due", ""), at=at),
        by=request.user,
        at=at,
    )
    messages.success(request, _("The review has ended. The change is followed until it is done."))
    return redirect("reviews")


def _moment(text: str, *, at: datetime) -> datetime | None:
    try:
        return read_moment(text, at=at)
    except InThePast:
        return None
