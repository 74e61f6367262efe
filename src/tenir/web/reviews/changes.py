"""What is to change: followed by whoever answers for it, published for everybody."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tenir import clock
from tenir.people.rights import may
from tenir.reviews import access, errors, verbs
from tenir.reviews.models import Improvement
from tenir.reviews.presenters import day, improvement_row
from tenir.web.desk import DeskRequest, change, page
from tenir.web.public.page import public, show

SHOWN = 100


@page
def improvements(request: DeskRequest) -> HttpResponse:
    """What is to change, the nearest date first, and the last hundred that were changed."""
    at = clock.now()
    context = {
        "to_do": [improvement_row(one, at=at) for one in access.improvements_to_do(request.user)[:SHOWN]],
        "done": [improvement_row(one, at=at) for one in access.improvements_done(request.user)[:SHOWN]],
    }
    return render(request, "tenir/reviews/improvements.html", context)


@page
def improvement(request: DeskRequest, improvement: int) -> HttpResponse:
    """One change."""
    return _one(request, access.improvement_for(request.user, improvement))


def _one(request: DeskRequest, found: Improvement, **more: str) -> HttpResponse:
    at = clock.now()
    context = {
        "improvement": found,
        "row": improvement_row(found, at=at),
        "french": found.french,
        "english": found.english,
        "may_publish": may(request.user, "publish_changes"),
        "may_review": may(request.user, "review_cases"),
        "asked": day(found.asked_at, at=at),
    }
    return render(request, "tenir/reviews/improvement.html", context | more, status=422 if more else 200)


@change
def finish(request: DeskRequest, improvement: int) -> HttpResponseBase:
    """It is done."""
    found = access.improvement_for(request.user, improvement)
    verbs.finish(found, how=request.POST.get("how", ""), by=request.user, at=clock.now())
    return redirect("improvement", improvement)


@change
def publish(request: DeskRequest, improvement: int) -> HttpResponseBase:
    """Everybody may read it. Words that are refused are shown again, to be said another way."""
    found = access.improvement_for(request.user, improvement)
    french, english = request.POST.get("french", ""), request.POST.get("english", "")
    try:
        verbs.publish(found, french=french, english=english, by=request.user, at=clock.now())
    except (errors.NotAnonymous, errors.BothLanguages) as refused:
        return _one(request, found, french=french, english=english, refused=str(refused))
    messages.success(request, _("Everybody can read it now."))
    return redirect("improvement", improvement)


@change
def take_back(request: DeskRequest, improvement: int) -> HttpResponseBase:
    """Nobody reads it any more."""
    verbs.take_back(access.improvement_for(request.user, improvement), by=request.user, at=clock.now())
    return redirect("improvement", improvement)


@require_safe
@public
def published(request: HttpRequest) -> HttpResponse:
    """What this desk changed, for everybody: in the reader's language, without a name."""
    french = (translation.get_language() or "fr").startswith("fr")
    rows = [
        {
            "words": one.french if french else one.english,
            "when": date_format(clock.local(one.published_at), "F Y"),
            "when_iso": one.published_at.strftime("%Y-%m"),
        }
        for one in access.published()[:SHOWN]
        if one.published_at
    ]
    return show(request, "changes", {"rows": rows})
