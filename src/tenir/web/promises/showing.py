"""What the screens of promises share: the panel of a case, a form as a dialog or as a page, and what comes after it."""

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from tenir import clock
from tenir.cases import times
from tenir.cases.models import Case
from tenir.problems.touching import causes_touching
from tenir.promises import presenters
from tenir.promises.access import with_merged
from tenir.promises.lists import of_family
from tenir.promises.presenters import Owed
from tenir.web.desk import DeskRequest


def owed_in(cases: Iterable[int]) -> Owed:
    """What a case and those merged into it owe."""
    at = clock.now()
    return presenters.owed(of_family(cases, at=at), at=at)


def form(request: DeskRequest, template: str, context: dict[str, Any], *, refused: bool = False) -> HttpResponse:
    """A form over the page that one is on; without scripts, a page of its own."""
    frame = "tenir/promises/dialog.html" if request.htmx else "tenir/promises/page.html"
    return render(request, frame, context | {"form_template": template}, status=422 if refused else 200)


def touched(text: str, parts: Sequence[str] = ()) -> list[dict[str, str]]:
    """The shared causes that last and concern what is about to be promised, to be known before it is."""
    return [
        {
            "cause": str(touch.cause),
            "words": ", ".join(touch.words),
            "owner": touch.cause.owner.given_name,
            "expected": times.full(touch.cause.expected_at) if touch.cause.expected_at else "",
            "url": reverse("cause", args=[touch.cause.pk]),
        }
        for touch in causes_touching(text, parts)
    ]


def done(request: DeskRequest, case: Case) -> HttpResponse:
    """After a change: on the case's page its panel is renewed in place, from elsewhere that page is shown again."""
    here = reverse("case", args=[case])
    if not request.htmx:
        return HttpResponseRedirect(here)
    if urlsplit(request.htmx.current_url or "").path != here:
        return HttpResponse(headers={"HX-Refresh": "true"})
    context = {"owed": owed_in(with_merged(case)), "case": {"reference": str(case), "ended": case.state == "ended"}}
    return render(request, "tenir/promises/done.html", context)
