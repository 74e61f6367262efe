"""Merging, splitting, and undoing either."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from tenir import clock
from tenir.cases import verbs
from tenir.cases.access import case_for, visible_cases
from tenir.cases.models import Case, Rearrangement
from tenir.web.desk import DeskRequest, back, change


@change
def merge(request: DeskRequest, reference: str) -> HttpResponse:
    """Makes this case part of another, whose reference was given; leads to the other."""
    case = case_for(request.user, reference)
    try:
        kept = case_for(request.user, request.POST.get("other", ""))
    except Case.DoesNotExist:
        messages.error(request, _("No case has this reference. Look at it again: one character may be wrong."))
        return back(request)
    row = verbs.merge(kept=kept, other=case, by=request.user, at=clock.now())
    return HttpResponseRedirect(reverse("case", args=[row.kept]))


@change
def split(request: DeskRequest, reference: str) -> HttpResponse:
    """Makes a case of its own of the chosen messages; leads to it."""
    chosen = [int(number) for number in request.POST.getlist("message") if number.isdecimal()]
    subject = request.POST.get("subject", "")
    case = case_for(request.user, reference)
    row = verbs.split(case, messages=chosen, subject=subject, by=request.user, at=clock.now())
    return HttpResponseRedirect(reverse("case", args=[row.other]))


@change
def undo(request: DeskRequest, row: int) -> HttpResponse:
    """Undoes a merge or a split; leads back to the case that it began with."""
    found = Rearrangement.objects.select_related("kept", "other").get(pk=row, kept__in=visible_cases(request.user))
    verbs.rearrange.undo(found, by=request.user, at=clock.now())
    began = found.other if found.kind == Rearrangement.Kind.MERGE else found.kept
    return HttpResponseRedirect(reverse("case", args=[began]))
