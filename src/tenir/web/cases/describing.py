"""What the case is about, and who is in it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpResponse
from django.utils.translation import gettext as _

from tenir import clock
from tenir.cases import verbs
from tenir.cases.access import case_for
from tenir.cases.models import Case, Category
from tenir.cases.verbs.describe import DESCRIBED
from tenir.customers.access import customer_for
from tenir.web.desk import DeskRequest, back, change


def _case(request: DeskRequest, reference: str) -> Case:
    return case_for(request.user, reference)


@change
def words(request: DeskRequest, reference: str) -> HttpResponse:
    """Corrects the subject, the remedies or the language."""
    said = {name: request.POST[name] for name in DESCRIBED if name in request.POST}
    verbs.describe(_case(request, reference), by=request.user, at=clock.now(), **said)
    return back(request)


@change
def category(request: DeskRequest, reference: str) -> HttpResponse:
    """Says what the case turned out to be about."""
    name = request.POST.get("category", "")
    chosen = Category.objects.filter(pk=name).first() if name.isdecimal() else None
    verbs.categorise(_case(request, reference), category=chosen, by=request.user, at=clock.now())
    return back(request)


@change
def tag(request: DeskRequest, reference: str) -> HttpResponse:
    """Adds a tag."""
    verbs.tag(_case(request, reference), name=request.POST.get("name", ""), by=request.user, at=clock.now())
    return back(request)


@change
def untag(request: DeskRequest, reference: str) -> HttpResponse:
    """Removes a tag."""
    verbs.untag(_case(request, reference), name=request.POST.get("name", ""), by=request.user, at=clock.now())
    return back(request)


@change
def link(request: DeskRequest, reference: str) -> HttpResponse:
    """Links the case to another by its reference."""
    case = _case(request, reference)
    try:
        other = case_for(request.user, request.POST.get("other", ""))
    except Case.DoesNotExist:
        messages.error(request, _("No case has this reference. Look at it again: one character may be wrong."))
        return back(request)
    because = request.POST.get("because", "")
    verbs.link(case, other=other, because=because, by=request.user, at=clock.now())
    return back(request)


@change
def unlink(request: DeskRequest, reference: str) -> HttpResponse:
    """Removes a link."""
    other = case_for(request.user, request.POST.get("other", ""))
    verbs.unlink(_case(request, reference), other=other, by=request.user, at=clock.now())
    return back(request)


@change
def add_participant(request: DeskRequest, reference: str) -> HttpResponse:
    """Adds somebody to the case by their address."""
    address = request.POST.get("address", "").strip()
    try:
        validate_email(address)
    except ValidationError:
        messages.error(request, _("This address is not complete: it looks like name@example.org."))
        return back(request)
    name = request.POST.get("name", "")
    verbs.add_participant(_case(request, reference), address=address, name=name, by=request.user, at=clock.now())
    return back(request)


@change
def remove_participant(request: DeskRequest, reference: str) -> HttpResponse:
    """Takes somebody out of the case."""
    who = _case(request, reference).participants.get(address=request.POST.get("address", ""))
    verbs.remove_participant(who, by=request.user, at=clock.now())
    return back(request)


@change
def add_step(request: DeskRequest, reference: str) -> HttpResponse:
    """Adds a line to the checklist."""
    if text := request.POST.get("text", "").strip():
        verbs.add_step(_case(request, reference), text=text, by=request.user, at=clock.now())
    return back(request)


@change
def check_step(request: DeskRequest, reference: str, step: int) -> HttpResponse:
    """Ticks or unticks a line of the checklist."""
    line = _case(request, reference).steps.get(pk=step)
    verbs.check_step(line, done="done" in request.POST, by=request.user, at=clock.now())
    return back(request)


@change
def remove_step(request: DeskRequest, reference: str, step: int) -> HttpResponse:
    """Removes a line of the checklist."""
    verbs.remove_step(_case(request, reference).steps.get(pk=step), by=request.user, at=clock.now())
    return back(request)


@change
def customer(request: DeskRequest, reference: str) -> HttpResponse:
    """Corrects whose case it is."""
    number = request.POST.get("customer", "")
    chosen = customer_for(request.user, int(number) if number.isdecimal() else 0)
    verbs.change_customer(_case(request, reference), customer=chosen, by=request.user, at=clock.now())
    return back(request)
