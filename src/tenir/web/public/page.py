"""What every page of the customer's side shares: its language, its headers, its frame."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from tenir import clock
from tenir.cases.links import LinkExpired, LinkUnknown, read_customer_token
from tenir.cases.models import Case
from tenir.channels.form.verbs import send_fresh_link
from tenir.customers.models import Customer
from tenir.promises.access import service_charter

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
CaseView = Callable[Concatenate["CaseRequest", P], HttpResponse]
TONGUES = {"fr": "Français", "en": "English"}
YEAR = 365 * 24 * 3600


class CaseRequest(HttpRequest):
    """A request that a customer's link let in."""

    token: str
    case: Case
    customer: Customer


def public(view: View[P]) -> Callable[..., HttpResponse]:
    """A page for anybody. There is no session to be abused, hence no proof against forged requests: a browser that
    keeps no cookies, or hides where it comes from, can write to us all the same."""

    @wraps(view)
    def seen(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        return _spoken(request, lambda: view(request, *args, **kwargs), known="")

    return csrf_exempt(seen)


def own_page(view: CaseView[P]) -> Callable[..., HttpResponse]:
    """A page of the case that the link's token leads to; the token is the only right there is, and all that is asked.

    A link that is too old, was made up, or no longer leads anywhere gets one and the same answer.
    """

    @wraps(view)
    def seen(request: Any, token: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        request.token = token
        try:
            request.case, request.customer = read_customer_token(token)
        except (LinkUnknown, LinkExpired):
            return _private(_spoken(request, lambda: no_longer(request), known=""))
        known = request.customer.language or request.case.language
        return _private(_spoken(request, lambda: view(request, *args, **kwargs), known=known))

    return csrf_exempt(seen)


def no_longer(request: CaseRequest) -> HttpResponse:
    """The answer to a link that does not open, with the offer of a fresh one. It tells nothing about any case."""
    fresh = reverse("customer_fresh_link", args=[request.token])
    return show(request, "no_longer", {"fresh_url": fresh}, status=404)


def show(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """Renders a page of this side in its frame."""
    tongue = translation.get_language() or settings.DEFAULT_LANGUAGE
    other = "en" if tongue == "fr" else "fr"
    here = context.get("here", request.path)
    frame = {
        "home_url": reverse("contact"),
        "other_language": {"url": f"{here}?lang={other}", "label": TONGUES[other], "code": other},
        "foot": [{"url": reverse("charter"), "label": _("What we commit to")}] if service_charter().exists() else [],
        "max_bytes": settings.MAX_ATTACHMENT_MB * 1024 * 1024,
    }
    return render(request, f"tenir/public/{template}.html", frame | context, status=status)


def _spoken(request: HttpRequest, answer: Callable[[], HttpResponse], *, known: str) -> HttpResponse:
    """The answer in the person's language: the one they ask for now, chose before, are known to speak, or read."""
    asked = request.GET.get("lang", "")
    candidates = (asked, request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, ""), known)
    language = next((one for one in candidates if one in TONGUES), translation.get_language_from_request(request))
    with translation.override(language if language in TONGUES else settings.DEFAULT_LANGUAGE):
        with timezone.override(settings.TIME_ZONE):
            response = answer()
        response["Content-Language"] = translation.get_language() or ""
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    if asked in TONGUES:
        _remember(response, asked)
    return response


def _remember(response: HttpResponse, language: str) -> None:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=YEAR,
        httponly=True,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        samesite="Lax",
    )


def _private(response: HttpResponse) -> HttpResponse:
    """A page that only its owner is to see: nobody keeps it, lists it, or learns its address."""
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "no-store, private"
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


@public
def fresh_link(request: HttpRequest, token: str) -> HttpResponse:
    """Sends a fresh link to the address that we know, when the old one was ours. The answer is always the same."""
    if request.method != "POST":
        return _private(HttpResponse(status=405, headers={"Allow": "POST"}))
    try:
        send_fresh_link(read_customer_token(token)[0], at=clock.now())
    except LinkExpired as old:
        send_fresh_link(old.case, at=clock.now())
    except LinkUnknown:
        pass  # the same words all the same
    words = _("If this link was one of ours, a fresh one is on its way to the address that we know.")
    return _private(show(request, "said", {"title": _("Check your e-mail"), "words": words}))
