"""Other cases of the same customer about the same matter, with what they have in common and the ways to join them."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from tenir import clock
from tenir.cases import times
from tenir.cases.access import case_for
from tenir.cases.same_matter import Alike, same_matter
from tenir.cases.words import state_name
from tenir.web.desk import DeskRequest, page


@page
def same(request: DeskRequest, reference: str) -> HttpResponse:
    """What to put into the case's page, fetched after it: nothing, when there is nothing alike."""
    case, at = case_for(request.user, reference), clock.now()
    alike = same_matter(case, viewer=request.user, at=at)[:3]
    rows = [
        {
            "reference": str(each.case),
            "subject": each.case.subject,
            "note": f"{state_name(each.case.state)}, {times.short(each.case.moved_at, at=at)}",
            "why": why(each),
        }
        for each in alike
    ]
    return render(request, "tenir/matters/offer.html", {"reference": str(case), "rows": rows})


def why(alike: Alike) -> str:
    """What the two cases have in common, for whoever decides."""
    if alike.named:
        return _("One of the two names the other’s reference.")
    return _("Both say: %(words)s.") % {"words": ", ".join(alike.words[:6])}
