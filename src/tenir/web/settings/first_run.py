"""The first run of an empty desk: the organisation and the first administrator, then the mailbox, then the first steps.

Only while nobody is there. On a desk that others can reach a code is asked for, which whoever started the desk finds
in its data folder: a stranger who comes first claims nothing.
"""

import logging
import os
import secrets
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import constant_time_compare
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from tenir import clock
from tenir.channels.email.models import Mailbox
from tenir.ledger.refusals import Refusal
from tenir.people import verbs
from tenir.people.models import Agent
from tenir.people.rights import require
from tenir.web.desk import DeskRequest, page
from tenir.web.settings.mailboxes import form_page
from tenir.web.settings.views import LANGUAGES
from tenir.web.signin.views import come_in

log = logging.getLogger("tenir.first_run")
ATTEMPTS = 10
"""Wrong codes in a row, from all strangers together, after which the page rests."""
REST_SECONDS = 300
_COUNT = "first-run-attempts"


def code_file() -> Path:
    """Where the code stands while it is needed."""
    return Path(settings.DATA_DIR) / "first-run-code"


def _code() -> str:
    """The code, made once; readable only by whoever runs the desk."""
    path = code_file()
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    code = "-".join(f"{secrets.randbelow(10_000):04}" for _part in range(4))
    with os.fdopen(handle, "w") as file:
        file.write(code + "\n")
        file.flush()
        os.fsync(file.fileno())
    log.warning("nobody is on this desk yet; the first-run page asks for the code in %s", path)
    return code


def needs_code(request: HttpRequest) -> bool:
    """Whether others than this machine could have sent the request."""
    forwarded = any(name in request.headers for name in ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"))
    host = urlsplit(settings.BASE_URL).hostname or ""
    return forwarded or not _is_here(request.META.get("REMOTE_ADDR", "")) or not _is_here(host)


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


@sensitive_post_parameters()
def first_run(request: HttpRequest) -> HttpResponse:
    """The organisation and the first administrator. Afterwards the page does not exist any more."""
    if Agent.objects.exists():
        raise Http404
    guarded = needs_code(request)
    if guarded:
        _code()  # so that the file is there when somebody looks for it
    if request.method != "POST":
        return _page(request, guarded, typed={"languages": "fr-en" if get_language() == "fr" else "en-fr"})
    problems = _wrong_code(request) if guarded else []
    if not problems:
        try:
            founder = _found(request)
        except ValidationError as weak:
            problems = weak.messages
        except Refusal as refusal:
            problems = [str(refusal)]
        else:
            code_file().unlink(missing_ok=True)
            come_in(request, founder)
            return redirect("first-run-mailbox")
    return _page(request, guarded, typed=request.POST, problems=problems, status=422)


def _page(request: HttpRequest, guarded: bool, *, status: int = 200, **more: Any) -> HttpResponse:
    context = {"guarded": guarded, "code_file": code_file(), "organisation": "Tenir"} | more
    return render(request, "tenir/first_run/first_run.html", context, status=status)


def _wrong_code(request: HttpRequest) -> list[str]:
    cache.add(_COUNT, 0, REST_SECONDS)
    if cache.get(_COUNT, 0) >= ATTEMPTS:
        return [_("Too many wrong codes. Wait five minutes.")]
    given = "".join(c for c in request.POST.get("code", "") if c.isdecimal())
    if constant_time_compare(given, _code().replace("-", "")):
        return []
    try:
        cache.incr(_COUNT)
    except ValueError:
        cache.set(_COUNT, 1, REST_SECONDS)
    return [_("This is not the code. It stands in the file named below, on the machine where the desk runs.")]


def _found(request: HttpRequest) -> Agent:
    """The first administrator, then the organisation: a second page that comes first at the same instant is refused."""
    post, at = request.POST, clock.now()
    if not post.get("organisation", "").strip():
        raise ValidationError(_("Give the organisation a name."))
    languages = LANGUAGES.get(post.get("languages", ""), ["fr", "en"])
    founder = verbs.found(
        email=post.get("email", ""),
        given_name=post.get("given_name", ""),
        password=post.get("password", ""),
        language=get_language() or languages[0],
        at=at,
    )
    verbs.set_organisation(name=post["organisation"], languages=languages, by=founder, at=at)
    return founder


@sensitive_post_parameters()
@page
def mailbox(request: DeskRequest) -> HttpResponse:
    """The first mailbox, with the same trials as ever; it can wait."""
    require(request.user, "manage_mailboxes")
    if Mailbox.objects.exists():
        return redirect("first-run-ready")
    return form_page(request, Mailbox(), done="first-run-ready", template="first_mailbox")


@page
def ready(request: DeskRequest) -> HttpResponse:
    """What to do next."""
    require(request.user, "manage_desk")
    context = {"has_mailbox": Mailbox.objects.exists(), "alone": Agent.objects.count() == 1}
    return render(request, "tenir/first_run/ready.html", context)
