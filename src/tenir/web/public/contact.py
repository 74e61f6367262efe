"""The public form, and the page that gives the reference."""

import contextlib
import secrets
from datetime import UTC, datetime

from django.core import signing
from django.core.signing import BadSignature, TimestampSigner
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_safe

from tenir import clock
from tenir.cases.models import Message
from tenir.channels.form.verbs import Submission, TooMany, receive_form
from tenir.customers.phone import read_phone
from tenir.web.public.attachments import Files, files_of
from tenir.web.public.forms import ContactForm
from tenir.web.public.page import public, show

PAGE_SALT = "tenir.form.page"
SENT_SALT = "tenir.form.sent"
PAGES_WORK_FOR = 7 * 24 * 3600
TRAP = "website"


@public
def contact(request: HttpRequest) -> HttpResponse:
    """What happened, since when, what you would like. A form to correct comes back whole, its files too."""
    if request.method != "POST":
        return _form(request, ContactForm(), Files(), page=_new_page())
    form, files = ContactForm(request.POST), files_of(request)
    page = request.POST.get("page", "")
    if not form.is_valid() or files.problems:
        files.wait()
        return _form(request, form, files, page=page if _opened_at(page) else _new_page(), status=422)
    try:
        message = receive_form(_submission(request, form, files, page), at=clock.now())
    except TooMany as refusal:
        files.wait()
        return _form(request, form, files, page=page, status=429, refusal=str(refusal))
    return HttpResponseRedirect(reverse("contact_sent", args=[_receipt(message)]))


def _form(
    request: HttpRequest, form: ContactForm, files: Files, *, page: str, status: int = 200, refusal: str = ""
) -> HttpResponse:
    problems = [*form.problems(), *({"id": "contact-files", "words": words} for words in files.problems)]
    if refusal:
        problems = [{"id": "", "words": refusal}]
    context = {"form": form, "files": files.rows(), "problems": problems, "page": page, "trap": TRAP}
    return show(request, "contact", context, status=status)


def _submission(request: HttpRequest, form: ContactForm, files: Files, page: str) -> Submission:
    given = form.cleaned_data
    return Submission(
        page=page.partition(".")[0] or secrets.token_hex(8),
        text=given["text"],
        since=given["since"],
        remedy=given["remedy"],
        name=given["name"],
        email=given["email"],
        phone=given["phone"],
        language=translation.get_language() or "",
        files=files.held,
        address=request.META.get("REMOTE_ADDR", ""),
        opened_at=_opened_at(page),
        trap=request.POST.get(TRAP, ""),
    )


# --- The page's own token: when it was made, so that its sending is one case and a robot's haste is seen ------------


def _signer() -> TimestampSigner:
    return TimestampSigner(sep=".", salt=PAGE_SALT)


def _new_page() -> str:
    return _signer().sign(secrets.token_hex(12))


def _opened_at(page: str) -> datetime | None:
    """When the page with this token was made; None for a token that is not ours or is older than a week."""
    with contextlib.suppress(BadSignature, ValueError):
        _signer().unsign(page, max_age=PAGES_WORK_FOR)
        seconds = signing.b62_decode(page.rsplit(".", 2)[1])
        return datetime.fromtimestamp(seconds, UTC)
    return None


# --- Afterwards ----------------------------------------------------------------------------------------------------


def _receipt(message: Message) -> str:
    return signing.dumps([str(message.case), bool(message.facts.get("typed_email"))], salt=SENT_SALT)


@public
def sent(request: HttpRequest, receipt: str) -> HttpResponse:
    """The reference, and what happens next. It can be read again, and opens nothing."""
    try:
        reference, by_mail = signing.loads(receipt, salt=SENT_SALT)
    except BadSignature as made_up:
        raise Http404 from made_up
    response = show(request, "sent", {"reference": reference, "by_mail": by_mail})
    response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
@public
def number(request: HttpRequest) -> HttpResponse:
    """What there is to say about a number while it is typed; it tells nothing about whose it is."""
    reading = read_phone(request.GET.get("number", "")[:60])
    return JsonResponse(
        {"word": reading.sentence(), "shown": reading.shown, "whole": reading.e164 is not None, "same": []}
    )
