"""The permission to use a mailbox with OAuth 2: a browser here (code with PKCE), or any browser (device code)."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.crypto import constant_time_compare, get_random_string
from django.utils.translation import gettext as _

from tenir import clock
from tenir.channels.email.accounts import client, keep_tokens
from tenir.channels.email.models import Mailbox
from tenir.channels.email.secrets import SecretsUnreadable, seal, unseal
from tenir.channels.email.wires import oauth
from tenir.channels.email.wires.trouble import MailError
from tenir.people.rights import require
from tenir.web.desk import DeskRequest, change, page
from tenir.web.settings.views import show

RIGHT = "manage_mailboxes"


def _mailbox(request: DeskRequest, number: int) -> Mailbox:
    require(request.user, RIGHT)
    box = Mailbox.objects.get(pk=number)
    if box.incoming.get("sign_in") != "oauth":
        raise Mailbox.DoesNotExist
    return box


def redirect_uri(box: Mailbox) -> str:
    """The address to which the service sends the browser back; it is registered there."""
    return settings.BASE_URL.rstrip("/") + reverse("mailbox-oauth-back", args=[box.pk])


def _key(box: Mailbox) -> str:
    return f"mailbox-oauth-{box.pk}"


@page
def connect(request: DeskRequest, mailbox: int) -> HttpResponse:
    """Where to go to say yes. What must come back with the browser is kept in the session."""
    box = _mailbox(request, mailbox)
    state, verifier = get_random_string(40), oauth.new_verifier()
    request.session[_key(box)] = {"state": state, "verifier": verifier}
    try:
        us = client(box, redirect_uri=redirect_uri(box))
        there = oauth.authorization_url(us, state=state, verifier=verifier, login_hint=box.address)
        device = bool(us.provider.device_url)
    except (ValueError, SecretsUnreadable):
        messages.error(request, _("These settings cannot be used: check the addresses and the identifiers."))
        return redirect("mailbox", box.pk)
    waiting = _waiting(request, box)
    context = {"box": box, "there": there, "redirect_uri": redirect_uri(box), "device": device, "waiting": waiting}
    return show(request, "mailbox_oauth", context)


@page
def come_back(request: DeskRequest, mailbox: int) -> HttpResponse:
    """The browser comes back with a code, once; a stranger's code or an old one is not taken."""
    box = _mailbox(request, mailbox)
    kept = request.session.pop(_key(box), None)
    code, state = request.GET.get("code", ""), request.GET.get("state", "")
    if not kept or not constant_time_compare(kept["state"], state):
        messages.error(request, _("This answer does not belong to what was asked. Begin again here."))
        return redirect("mailbox-oauth", box.pk)
    if not code:
        said = request.GET.get("error_description") or request.GET.get("error") or ""
        messages.error(request, _("The service did not give the permission. It says: %(said)s") % {"said": said[:200]})
        return redirect("mailbox-oauth", box.pk)
    try:
        us = client(box, redirect_uri=redirect_uri(box))
        tokens = oauth.exchange_code(us, code, verifier=kept["verifier"], at=clock.now())
    except MailError as error:
        messages.error(request, error.sentence())
        return redirect("mailbox-oauth", box.pk)
    return _connected(request, box, tokens)


def _connected(request: DeskRequest, box: Mailbox, tokens: oauth.Tokens) -> HttpResponse:
    keep_tokens(box, tokens)
    messages.success(request, _("The permission is there. Now try the mailbox, put it in use and save it."))
    return redirect("mailbox", box.pk)


# --- The device code ---------------------------------------------------------------------------------------------


def _waiting(request: DeskRequest, box: Mailbox) -> dict[str, Any] | None:
    """The code that is being waited for, if its time is not over."""
    kept = request.session.get(_key(box) + "-device")
    if not kept or datetime.fromisoformat(kept["expires_at"]) < clock.now():
        return None
    shown: dict[str, Any] = kept
    return shown


@change
def device(request: DeskRequest, mailbox: int) -> HttpResponse:
    """Begins with a code to type elsewhere, or asks once whether it was typed."""
    box = _mailbox(request, mailbox)
    kept = _waiting(request, box)
    try:
        if kept is None or "again" in request.POST:
            _start(request, box)
            return redirect("mailbox-oauth", box.pk)
        tokens = oauth.poll_device(client(box), _device(kept), at=clock.now())
    except MailError as error:
        request.session.pop(_key(box) + "-device", None)
        messages.error(request, error.sentence())
        return redirect("mailbox-oauth", box.pk)
    if isinstance(tokens, oauth.Pending):
        messages.info(request, _("The service has not seen the code yet. Type it there, then look again here."))
        return redirect("mailbox-oauth", box.pk)
    request.session.pop(_key(box) + "-device", None)
    return _connected(request, box, tokens)


def _start(request: DeskRequest, box: Mailbox) -> None:
    begun = oauth.start_device(client(box), at=clock.now())
    request.session[_key(box) + "-device"] = {
        "user_code": begun.user_code,
        "verification_uri": begun.verification_uri,
        "expires_at": begun.expires_at.isoformat(),
        "interval": begun.interval.total_seconds(),
        "sealed": seal({"device_code": begun.device_code}),
    }


def _device(kept: dict[str, Any]) -> oauth.DeviceCode:
    return oauth.DeviceCode(
        kept["user_code"],
        kept["verification_uri"],
        datetime.fromisoformat(kept["expires_at"]),
        timedelta(seconds=kept["interval"]),
        unseal(kept["sealed"])["device_code"],
    )
