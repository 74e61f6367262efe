"""The customer's word on a promise: yes, not yet, yes but; from their page, or by one tap from a letter.

The letter's links open the page of one promise. Reading it changes nothing, so that programs which follow the links of
letters answer for nobody; the customer's own tap is a POST.
"""

from collections.abc import Sequence

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from tenir import clock
from tenir.cases import verbs as cases
from tenir.cases.models import Case
from tenir.promises import verbs
from tenir.promises.access import promise_of_customer
from tenir.promises.errors import MissingWhat, NoSuchPart, NotOpen, PromiseError
from tenir.promises.models import Promise
from tenir.promises.verbs import Answer
from tenir.web.public.diary import diary_entry
from tenir.web.public.page import CaseRequest, own_page, show
from tenir.web.public.promise_rows import concerns_diary, rows_of

SAID = {Answer.KEPT: "kept", Answer.NOT_YET: "not-yet", Answer.PARTLY: "partly"}


@own_page
def promise(request: CaseRequest, pk: int) -> HttpResponse:
    """One promise and its question; only a POST is an answer."""
    found = _find(request, pk)
    if request.method == "POST":
        return _answer(request, found)
    return _question(request, found, chosen=request.GET.get("answer", ""))


@own_page
def diary(request: CaseRequest, pk: int) -> HttpResponse:
    """The promise as an entry for their diary (RFC 5545)."""
    found = _find(request, pk)
    if not concerns_diary(found, at=clock.now()):
        raise Http404
    answer = HttpResponse(diary_entry(found), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{request.case}-{found.pk}.ics"'
    return answer


def _find(request: CaseRequest, pk: int) -> Promise:
    try:
        return promise_of_customer(request.case, request.customer, pk)
    except Promise.DoesNotExist:
        raise Http404 from None


def _answer(request: CaseRequest, found: Promise) -> HttpResponse:
    """Hears an answer. The same one twice is one; when somebody else changed the promise meanwhile it is said."""
    given, seen = request.POST.get("answer", ""), request.POST.get("seen", "")
    if given not in SAID:
        return _question(request, found, chosen="", status=422)
    answer = Answer(given)
    moved = seen not in ("", str(found.revision)) and not verbs.said_already(found, answer)
    if moved and answer != Answer.KEPT:
        return _question(request, found, chosen=given, status=409, changed=True)
    missing, words = _parts(request), request.POST.get("text", "")
    try:
        _hear(request, found, answer, missing, words)
    except (MissingWhat, NoSuchPart) as unclear:
        return _question(request, found, chosen=given, status=422, error=unclear, words=words)
    except NotOpen:
        return _question(request, _find(request, found.pk), chosen="", status=409, changed=True)
    here = reverse("customer_page", args=[request.token])
    return HttpResponseRedirect(f"{here}?said={SAID[answer]}#said")


def _hear(request: CaseRequest, found: Promise, answer: Answer, missing: Sequence[int], words: str) -> None:
    at, who = clock.now(), request.customer
    verbs.confirm(found, answer=answer, by=who, at=at, missing=missing, missing_words=words)
    if answer != Answer.KEPT and request.case.state == Case.State.ENDED:
        cases.say_not_solved(request.case, by=who, at=at)  # it ended unconfirmed, and something is owed again


def _parts(request: CaseRequest) -> list[int]:
    """The ids that were ticked; what is no number is the id of nothing."""
    ticked = request.POST.getlist("missing")[:200]
    return [int(one) if one.isascii() and one.isdecimal() and len(one) < 19 else -1 for one in ticked]


def _question(
    request: CaseRequest,
    found: Promise,
    *,
    chosen: str,
    status: int = 200,
    error: PromiseError | None = None,
    words: str = "",
    changed: bool = False,
) -> HttpResponse:
    (row,) = rows_of([found], token=request.token, at=clock.now())
    home = reverse("customer_page", args=[request.token])
    context = {
        "case": request.case,
        "reference": str(request.case),
        "home_url": home,
        "back": home,
        "here": row.url,
        "promise": row,
        "chosen": chosen,
        "error": str(error) if error else "",
        "words": words,
        "ticked": _parts(request) if error else [],
        "changed": _("Somebody changed this a moment ago. This is how it stands now.") if changed else "",
    }
    return show(request, "promise", context, status=status)
