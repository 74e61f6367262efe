"""The link of an invitation: who invites whom, and how they will sign in from now on; the way to the provider."""

import logging
from typing import Any

import requests
from allauth.account.internal.flows.login import record_authentication
from allauth.socialaccount.providers.openid_connect import views as openid
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import login
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tenir import clock
from tenir.people import verbs
from tenir.people.access import invitation_for
from tenir.people.errors import InvitationOver
from tenir.people.models import Agent

log = logging.getLogger("tenir.signin")
BACKEND = "tenir.web.signin.keeping.ByAccount"


def to_provider(request: HttpRequest, provider_id: str) -> HttpResponse:
    """To the organisation's identity provider (OpenID Connect)."""
    return _through_provider(openid.login, request, provider_id)


def from_provider(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Back from it."""
    return _through_provider(openid.callback, request, provider_id)


def _through_provider(step: Any, request: HttpRequest, provider_id: str) -> HttpResponse:
    try:
        answer: HttpResponse = step(request, provider_id)
    except requests.RequestException as trouble:
        log.warning("the identity provider does not answer", extra={"reason": repr(trouble)})
        messages.error(request, _("Your identity provider does not answer. Try again in a moment, or sign in here."))
        return redirect("account_login")
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows who is expected and changes nothing; POST lets them in, with a password or towards a passkey."""
    try:
        agent = invitation_for(token, at=clock.now()).agent
        with translation.override(_language(request, agent)):
            answer = _join(request, token, agent) if request.method == "POST" else _page(request, agent)
    except InvitationOver as over:
        answer = render(request, "tenir/signin/invitation_over.html", {"words": str(over)}, status=404)
    answer["Referrer-Policy"] = "no-referrer"  # the address is the secret
    return answer


def _language(request: HttpRequest, agent: Agent) -> str:
    """The language that the invitation was written for, unless the person has chosen one here."""
    asked = request.POST.get("language") or request.GET.get("lang") or agent.language
    return asked if asked in verbs.DISPLAY["language"] else agent.language


def _page(request: HttpRequest, agent: Agent, **more: Any) -> HttpResponse:
    language = translation.get_language()
    context = {"agent": agent, "language": language, "typed_name": agent.given_name} | more
    return render(request, "tenir/signin/invitation.html", context)


def _join(request: HttpRequest, token: str, invited: Agent) -> HttpResponse:
    by_passkey = request.POST.get("how") == "passkey"
    password = None if by_passkey else request.POST.get("password", "")
    name = request.POST.get("given_name", "")
    language = translation.get_language() or invited.language
    try:
        agent = verbs.accept_invitation(token, password=password, at=clock.now(), given_name=name, language=language)
    except ValidationError as weak:
        return _page(request, invited, problems=weak.messages, typed_name=name)
    come_in(request, agent)
    if by_passkey:
        return redirect("mfa_add_webauthn")
    messages.success(
        request, _("Welcome. Choose here how the desk looks, and protect your sign-in with a second factor.")
    )
    return redirect("me")


def come_in(request: HttpRequest, agent: Agent) -> None:
    """Signs somebody in who has just proved by a one-time link who they are; an older session of the browser ends."""
    request.session.flush()
    login(request, agent, backend=BACKEND)
    record_authentication(request, agent, method="one-time link", reauthenticated=True)
    UserSession.objects.create_from_request(request)  # so that it can be seen and ended


def nowhere(request: HttpRequest, **_parts: str) -> HttpResponse:
    """allauth's pages that this desk does not have: addresses are changed by whoever administers it."""
    raise Http404
