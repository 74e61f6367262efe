"""The customer's own page: the case in plain words, and everything that they can do there."""

import hashlib
import secrets

from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from tenir import clock
from tenir.cases import verbs as cases
from tenir.cases.errors import CaseError
from tenir.cases.models import Case
from tenir.cases.threading import Thread
from tenir.cases.verbs import Incoming
from tenir.channels.form.verbs import keep
from tenir.customers import verbs as customers
from tenir.customers.models import Reach
from tenir.customers.phone import show_phone
from tenir.customers.verbs import Details
from tenir.ledger.refusals import Refusal
from tenir.web.cases.files import SAFE_IMAGES, send_file
from tenir.web.public import rows
from tenir.web.public.attachments import Files, files_of
from tenir.web.public.forms import CallbackForm, DetailsForm, WordsForm, phones_of
from tenir.web.public.page import CaseRequest, own_page, show
from tenir.web.public.promise_rows import promise_rows


@own_page
def case(request: CaseRequest) -> HttpResponse:
    """The page itself. Reading it changes nothing: programs that look at letters read it too."""
    return _page(request, WordsForm(), Files(), key=secrets.token_hex(12))


def _page(request: CaseRequest, form: WordsForm, files: Files, *, key: str, status: int = 200) -> HttpResponse:
    found = rows.visible_messages(request.case, request.customer)
    ending = rows.ending_of(request.case)
    sentence, question = rows.question(request.case, found, ending)
    promised = promise_rows(request.case, request.customer, token=request.token, at=clock.now())
    asked = [row for row in promised if row.asks and not ending]
    if asked:
        sentence = question = ""  # one question at a time: the case can only end once this one is answered
    context = _context(request) | {
        "owner": rows.who(request.case),
        "steps": rows.steps(request.case, found, ending),
        "promises": promised,
        "asked": asked,
        "talk": rows.turns(found, token=request.token),
        "sentence": sentence,
        "question": question,
        "ending": ending,
        "could_not": ending.because if ending and ending.kind == "could_not" else "",
        "remedy_sought": request.case.remedy_sought,
        "form": form,
        "files": files.rows(),
        "problems": [*form.problems(), *({"id": "reply-files", "words": words} for words in files.problems)],
        "key": key,
        "said": _said(request.GET.get("said", "")),
    }
    return show(request, "case", context, status=status)


def _context(request: CaseRequest) -> dict[str, object]:
    here = reverse("customer_page", args=[request.token])
    links = {
        name.replace("-", "_"): reverse(f"customer_{name.replace('-', '_')}", args=[request.token])
        for name in ("reply", "solved", "not-solved", "callback", "details")
    }
    return {"case": request.case, "reference": str(request.case), "here": here, "home_url": here, "links": links}


def _said(name: str) -> str:
    """What has just been done, in a sentence."""
    return {
        "sent": _("Your message has arrived. You see it below."),
        "solved": _("Thank you for telling us. Your case is closed."),
        "still-owed": _(
            "Thank you for telling us. Your case stays open until what we promised you is settled: see below."
        ),
        "not-solved": _("Thank you for telling us. Your case is open and we carry on."),
        "callback": _("We have noted that you would like to be called."),
        "details": _("Your details are corrected."),
        "kept": _("Thank you. We have noted that it is done."),
        "not-yet": _("Thank you for telling us. It stays on our list until it is done."),
        "partly": _("Thank you for telling us. What is missing is promised again, with its date."),
    }.get(name, "")


def _done(request: CaseRequest, said: str) -> HttpResponse:
    return HttpResponseRedirect(reverse("customer_page", args=[request.token]) + f"?said={said}#said")


# --- Writing -------------------------------------------------------------------------------------------------------


@own_page
def reply(request: CaseRequest) -> HttpResponse:
    """The customer writes. Twice the same click is one message."""
    if request.method != "POST":
        return _done(request, "")
    form, files, key = WordsForm(request.POST), files_of(request), request.POST.get("key", "")[:40]
    if form.is_valid() and not form.cleaned_data["text"].strip() and not files.held and not files.problems:
        form.add_error("text", _("There are no words yet. Write your message, then send it."))
    if not form.is_valid() or files.problems:
        files.wait()
        return _page(request, form, files, key=key, status=422)
    _write(request, form.cleaned_data["text"], files, key=key)
    return _done(request, "sent")


def _write(request: CaseRequest, text: str, files: Files, *, key: str) -> None:
    said = [text, *(file.sha256 for file in files.held)]
    digest = hashlib.sha256("\0".join(said).encode("utf-8", "replace")).hexdigest()[:32]
    incoming = Incoming(
        channel=Case.Channel.FORM,
        key=f"page:{request.case.pk}:{key}:{digest}",
        customer=request.customer,
        sender_name=request.customer.name,
        sender_address=_address(request),
        text=text.strip(),
        language=translation.get_language() or "",
        thread=Thread(request.case, "page", belongs=True, from_customer=True, unexpected=False),
        files=[keep(file) for file in files.held],
    )
    cases.receive_message(incoming, at=clock.now())


def _address(request: CaseRequest) -> str:
    reach = request.customer.reaches.filter(kind=Reach.Kind.EMAIL).order_by("pk").first()
    return reach.value if reach else ""


# --- Solved, not solved ----------------------------------------------------------------------------------------------


@own_page
def solved(request: CaseRequest) -> HttpResponse:
    """Asks once more, then notes that it is solved."""
    return _answer(request, "solved")


@own_page
def not_solved(request: CaseRequest) -> HttpResponse:
    """Asks what is missing, then opens the case again."""
    return _answer(request, "not-solved")


def _answer(request: CaseRequest, answer: str) -> HttpResponse:
    form = WordsForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        context = _context(request) | {"form": form, "answer": answer, "key": secrets.token_hex(12)}
        return show(request, "answer", context, status=422 if form.is_bound else 200)
    at, words = clock.now(), form.cleaned_data["text"]
    if answer == "solved":
        told = cases.say_solved(request.case, by=request.customer, at=at)
        return _done(request, answer if told.state == Case.State.ENDED else "still-owed")
    cases.say_not_solved(request.case, by=request.customer, at=at)
    if words.strip():
        _write(request, words, Files(), key=request.POST.get("key", "")[:40])
    return _done(request, answer)


# --- Being called, and details ---------------------------------------------------------------------------------------


@own_page
def callback(request: CaseRequest) -> HttpResponse:
    """Asks for a call back: where, and when it suits."""
    phones = phones_of(request.customer)
    if request.method != "POST":
        form = CallbackForm(initial={"phone": phones[0] if phones else "", "when": request.customer.prefers_hours})
        return _callback_form(request, form, key=secrets.token_hex(12))
    form, key = CallbackForm(request.POST), request.POST.get("key", "")[:40]
    if not form.is_valid():
        return _callback_form(request, form, key=key, status=422)
    number, when = form.cleaned_data["phone"], form.cleaned_data["when"]
    shown = {"number": show_phone(number), "when": when}
    words = _("Please call me back on %(number)s.") % shown
    if when:
        words = _("Please call me back on %(number)s: %(when)s.") % shown
    cases.ask_callback(
        request.case,
        by=request.customer,
        at=clock.now(),
        number=number,
        when=when,
        words=words,
        key=f"page:{request.case.pk}:{key}:call",
    )
    return _done(request, "callback")


def _callback_form(request: CaseRequest, form: CallbackForm, *, key: str, status: int = 200) -> HttpResponse:
    typed = form["phone"].value() or ""
    error = " ".join(str(one) for one in form["phone"].errors)
    context = _context(request) | {"form": form, "phone": typed, "phone_error": error, "key": key}
    return show(request, "callback", context, status=status)


@own_page
def details(request: CaseRequest) -> HttpResponse:
    """Shows what we know of the person, for them to correct."""
    if request.method != "POST":
        form = DetailsForm.known(request.customer, language=translation.get_language() or "fr")
        return _details_form(request, form, phones_of(request.customer))
    form, phones = DetailsForm(request.POST), [one for one in request.POST.getlist("phone")[:10] if one.strip()]
    if not form.is_valid():
        return _details_form(request, form, phones, status=422)
    given = Details(**form.cleaned_data, phones=tuple(phones))
    try:
        customers.correct_details(request.customer, details=given, by=request.customer, at=clock.now())
    except (Refusal, CaseError) as refusal:
        return _details_form(request, form, phones, status=422, refusal=str(refusal))
    return _done(request, "details")


def _details_form(
    request: CaseRequest, form: DetailsForm, phones: list[str], *, status: int = 200, refusal: str = ""
) -> HttpResponse:
    fields = [_phone_field(place, value) for place, value in enumerate([*phones, ""])]
    emails = request.customer.reaches.filter(kind=Reach.Kind.EMAIL).order_by("pk").values_list("shown", flat=True)
    problems = form.problems() + ([{"id": "", "words": refusal}] if refusal else [])
    context = _context(request) | {"form": form, "phones": fields, "emails": list(emails), "problems": problems}
    return show(request, "details", context, status=status)


def _phone_field(place: int, value: str) -> dict[str, str]:
    if place == 0:
        return {"id": "id_phone", "label": _("Your telephone number"), "optional": "", "value": value}
    return {"id": f"id_phone_{place}", "label": _("Another number"), "optional": _("optional"), "value": value}


# --- Files -----------------------------------------------------------------------------------------------------------


@own_page
def file(request: CaseRequest, pk: int) -> HttpResponse:
    """A file of the exchange, handed out and never opened as a page; a raster picture may stand in the page."""
    found = rows.visible_attachment(request.case, request.customer, pk)
    if found is None:
        raise Http404
    picture = "picture" in request.GET and found.content_type in SAFE_IMAGES
    response: FileResponse = send_file(found, inline=picture)
    return response  # type: ignore[return-value]
