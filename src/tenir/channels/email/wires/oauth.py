"""OAuth 2 for mail, as Google and Microsoft require it: getting tokens, keeping them fresh.

Three ways to the first tokens: a browser on this desk (authorisation code with PKCE), a browser anywhere (device
code), no person at all (client credentials). `TokenKeeper` then gives a good access token whenever one is needed.
Sources: RFC 6749, RFC 7636, RFC 8628.
"""

import base64
import hashlib
import http.client
import json
import secrets
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, TypeVar

from tenir.channels.email.wires.accounts import OAuth, Password
from tenir.channels.email.wires.trouble import MailError, Trouble, of_connection

Connection = TypeVar("Connection")
#: An access token counts as over this long before it is: clocks differ, and a sign-in takes a moment.
SKEW = timedelta(seconds=120)
_LARGEST_ANSWER = 1024 * 1024


@dataclass(frozen=True)
class Provider:
    """The addresses of a service, what is asked of it, and what it wants to hear beside the standard."""

    name: str
    authorize_url: str
    token_url: str
    device_url: str = ""
    scopes: tuple[str, ...] = ()
    #: Without a person (client credentials) Microsoft takes only the scope ".default".
    client_scopes: tuple[str, ...] = ()
    extra: Mapping[str, str] = field(default_factory=dict)


def google() -> Provider:
    """Google Workspace and Gmail; offline access must be asked for, and consent again, to get a refresh token."""
    return Provider(
        "google",
        "https://accounts.google.com/o/oauth2/v2/auth",
        "https://oauth2.googleapis.com/token",
        scopes=("https://mail.google.com/",),
        extra={"access_type": "offline", "prompt": "consent"},
    )


def microsoft(tenant: str = "common") -> Provider:
    """Microsoft 365 and Outlook.com; `tenant` is the organisation's identifier or domain."""
    if not tenant.replace("-", "").replace(".", "").isalnum():
        raise ValueError("tenant: letters, digits, dots and hyphens only")
    here = f"https://login.microsoftonline.com/{tenant}/oauth2/v2.0"
    office = "https://outlook.office.com"
    return Provider(
        "microsoft",
        f"{here}/authorize",
        f"{here}/token",
        f"{here}/devicecode",
        scopes=(f"{office}/IMAP.AccessAsUser.All", f"{office}/SMTP.Send", "offline_access"),
        client_scopes=("https://outlook.office365.com/.default",),
    )


@dataclass(frozen=True)
class Client:
    """The desk as registered with the provider. Public clients (device code) have no secret.

    `acts_alone`: no person gave a permission; the registration itself opens the mailbox (client credentials).
    """

    provider: Provider
    client_id: str
    client_secret: str = field(default="", repr=False)
    redirect_uri: str = ""
    acts_alone: bool = False
    timeout: float = 20.0


@dataclass(frozen=True)
class Tokens:
    """What a provider gave. `expires_at` is the end of the access token; a desk without a person has no refresh."""

    access_token: str = field(repr=False)
    expires_at: datetime
    refresh_token: str = field(default="", repr=False)

    def fresh(self, at: datetime) -> bool:
        return bool(self.access_token) and at + SKEW < self.expires_at


class OAuthError(MailError):
    """The provider refused or failed. `code` is its own word (`invalid_grant`, …), empty when it did not answer."""

    def __init__(self, trouble: Trouble, *, host: str, said: object = "", code: str = "") -> None:
        super().__init__(trouble, host=host, said=said)
        self.code = code


# ---- a browser on this desk -------------------------------------------------------------------------------------


def new_verifier() -> str:
    """A PKCE code verifier (RFC 7636): kept with the session between the two halves of the road."""
    return secrets.token_urlsafe(48)


def authorization_url(client: Client, *, state: str, verifier: str, login_hint: str = "") -> str:
    """Where the administrator's browser goes to say yes. `state` must come back unchanged."""
    digest = hashlib.sha256(verifier.encode()).digest()
    asked = {
        "response_type": "code",
        "client_id": client.client_id,
        "redirect_uri": client.redirect_uri,
        "scope": " ".join(client.provider.scopes),
        "state": state,
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
        **({"login_hint": login_hint} if login_hint else {}),
        **client.provider.extra,
    }
    joint = "&" if "?" in client.provider.authorize_url else "?"
    return client.provider.authorize_url + joint + urllib.parse.urlencode(asked)


def exchange_code(client: Client, code: str, *, verifier: str, at: datetime) -> Tokens:
    """The tokens for the code that came back on the redirect address. Raises OAuthError."""
    return _tokens(
        client,
        {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": client.redirect_uri,
            "code_verifier": verifier,
        },
        at,
    )


# ---- a browser anywhere -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class DeviceCode:
    """What to show: "go to `verification_uri` and type `user_code`", before `expires_at`."""

    user_code: str
    verification_uri: str
    expires_at: datetime
    interval: timedelta
    device_code: str = field(repr=False)


class Pending(StrEnum):
    """The person has not typed the code yet; or we ask too often and must add five seconds (RFC 8628 3.5)."""

    WAITING = "authorization_pending"
    SLOWER = "slow_down"


def start_device(client: Client, *, at: datetime) -> DeviceCode:
    """Begin the device road. Raises OAuthError."""
    told = _post(client, client.provider.device_url, {"scope": " ".join(client.provider.scopes)})
    return DeviceCode(
        _text(client, told, "user_code"),
        str(told.get("verification_uri") or told.get("verification_url") or ""),
        at + timedelta(seconds=_seconds(told.get("expires_in"), 900)),
        timedelta(seconds=_seconds(told.get("interval"), 5)),
        _text(client, told, "device_code"),
    )


def poll_device(client: Client, device: DeviceCode, *, at: datetime) -> Tokens | Pending:
    """Ask once whether the person said yes; wait `interval` between.

    Raises OAuthError when they said no, or nothing in time.
    """
    try:
        return _tokens(
            client,
            {
                "grant_type": "urn:ietf:params:oauth:grant-type:device_code",
                "device_code": device.device_code,
            },
            at,
        )
    except OAuthError as error:
        if error.code in set(Pending):
            return Pending(error.code)
        raise


# ---- no person, and refreshing ----------------------------------------------------------------------------------


def client_credentials(client: Client, *, at: datetime) -> Tokens:
    """Tokens for the desk itself. Raises OAuthError."""
    scopes = client.provider.client_scopes or client.provider.scopes
    return _tokens(client, {"grant_type": "client_credentials", "scope": " ".join(scopes)}, at)


def refresh(client: Client, tokens: Tokens | None, *, at: datetime) -> Tokens:
    """New tokens for old; the refresh token stays the same unless the provider gave another. Raises OAuthError."""
    if client.acts_alone:
        return client_credentials(client, at=at)
    if tokens is None or not tokens.refresh_token:
        host = urllib.parse.urlsplit(client.provider.token_url).hostname or ""
        raise OAuthError(Trouble.TOKEN_REVOKED, host=host, said="no refresh token is kept", code="invalid_grant")
    new = _tokens(client, {"grant_type": "refresh_token", "refresh_token": tokens.refresh_token}, at)
    return new if new.refresh_token else replace(new, refresh_token=tokens.refresh_token)


class TokenKeeper:
    """A `TokenSource` over the caller's store.

    `load` returns what is stored now (None: nothing yet) and `save` makes new tokens durable: they are saved before
    anybody uses them, since a provider that rotates has already buried the old refresh token. `lock` is entered
    around load, refresh and save, so that two processes do not spend the same refresh token.
    """

    def __init__(
        self,
        client: Client,
        *,
        load: Callable[[], Tokens | None],
        save: Callable[[Tokens], None],
        now: Callable[[], datetime],
        lock: Callable[[], AbstractContextManager[object]] = nullcontext,
    ) -> None:
        self._client, self._load, self._save, self._now, self._lock = client, load, save, now, lock

    def token(self) -> str:
        tokens = self._load()
        return tokens.access_token if tokens and tokens.fresh(self._now()) else self.renewed("")

    def renewed(self, rejected: str) -> str:
        """A token that is not `rejected`; whoever had the lock before may already have got it."""
        with self._lock():
            tokens = self._load()
            if tokens and tokens.access_token != rejected and tokens.fresh(self._now()):
                return tokens.access_token
            new = refresh(self._client, tokens, at=self._now())
            self._save(new)
            return new.access_token


def with_token(auth: Password | OAuth | None, attempt: Callable[[str], Connection]) -> Connection:
    """Connect with a token where `auth` has tokens (otherwise with ""). Raises MailError.

    One refusal may only be an access token that ended early, and many servers close the connection after it: so it
    is tried once more from the beginning, with another token.
    """
    if not isinstance(auth, OAuth):
        return attempt("")
    token = auth.source.token()
    try:
        return attempt(token)
    except MailError as error:
        if error.trouble is not Trouble.TOKEN_REVOKED:
            raise
    return attempt(auth.source.renewed(token))


# ---- the wire ---------------------------------------------------------------------------------------------------


def _tokens(client: Client, form: Mapping[str, str], at: datetime) -> Tokens:
    told = _post(client, client.provider.token_url, form)
    return Tokens(
        _text(client, told, "access_token"),
        at + timedelta(seconds=_seconds(told.get("expires_in"), 3600)),
        str(told.get("refresh_token") or ""),
    )


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A form with a secret in it goes nowhere but where it was sent."""

    def redirect_request(self, *_: object) -> None:
        return None


def _post(client: Client, url: str, form: Mapping[str, str]) -> dict[str, Any]:
    parts = urllib.parse.urlsplit(url)
    host = parts.hostname or url
    loopback = host in ("localhost", "127.0.0.1", "::1")
    if parts.scheme != "https" and not (loopback and parts.scheme == "http"):
        raise OAuthError(Trouble.TOKEN_SERVICE, host=host, said=f"{url!r} is not an https address")
    filled = {"client_id": client.client_id, **form}
    if client.client_secret:
        filled["client_secret"] = client.client_secret
    request = urllib.request.Request(  # noqa: S310 (the scheme was looked at)
        url, urllib.parse.urlencode(filled).encode(), {"Accept": "application/json"}
    )
    proxies = [urllib.request.ProxyHandler({})] if loopback else []
    opener = urllib.request.build_opener(_NoRedirect, *proxies)
    try:
        with opener.open(request, timeout=client.timeout) as answer:
            return _read(host, answer, client.timeout)
    except urllib.error.HTTPError as error:
        with error:
            raise _refusal(host, error.code, _read_refusal(host, error, client.timeout)) from None
    except (OSError, http.client.HTTPException) as error:
        reason = error.reason if isinstance(error, urllib.error.URLError) else error
        kind = of_connection(reason) if isinstance(reason, BaseException) else Trouble.UNREACHABLE
        raise OAuthError(kind or Trouble.TOKEN_SERVICE, host=host, said=reason) from error


def _read(host: str, answer: Any, timeout: float) -> dict[str, Any]:
    """The JSON object of an answer; its silence and its whole length are bounded."""
    body, ends = bytearray(), time.monotonic() + 4 * timeout
    while piece := answer.read1(65536):
        body += piece
        if len(body) > _LARGEST_ANSWER:
            raise OAuthError(Trouble.TOKEN_SERVICE, host=host, said="an answer of more than a megabyte")
        if time.monotonic() > ends:
            raise TimeoutError("the answer takes too long as a whole")
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        raise OAuthError(Trouble.TOKEN_SERVICE, host=host, said="the answer is not JSON")
    return told


def _read_refusal(host: str, error: urllib.error.HTTPError, timeout: float) -> dict[str, Any]:
    try:
        return _read(host, error.fp, timeout)
    except (OAuthError, OSError, http.client.HTTPException):
        return {}


#: The permission itself is gone (RFC 6749 5.2; `interaction_required` and the like are Microsoft's).
_GONE = frozenset(
    {"invalid_grant", "interaction_required", "consent_required", "login_required", "access_denied", "expired_token"}
)


def _refusal(host: str, status: int, told: Mapping[str, Any]) -> OAuthError:
    code = str(told.get("error") or "")[:60]
    said = f"{code} {told.get('error_description') or ''}".strip() or f"HTTP {status}"
    if code in _GONE:
        kind = Trouble.TOKEN_REVOKED
    elif status == 429:
        kind = Trouble.THROTTLED
    elif status >= 500 or code in ("temporarily_unavailable", "server_error"):
        kind = Trouble.UNAVAILABLE
    else:
        kind = Trouble.TOKEN_SERVICE
    return OAuthError(kind, host=host, said=said, code=code)


def _text(client: Client, told: Mapping[str, Any], name: str) -> str:
    value = told.get(name)
    if not isinstance(value, str) or not value or not value.isprintable():
        host = urllib.parse.urlsplit(client.provider.token_url).hostname or ""
        raise OAuthError(Trouble.TOKEN_SERVICE, host=host, said=f"the answer has no {name}")
    return value


def _seconds(value: object, otherwise: int) -> int:
    """Microsoft has sent numbers as strings."""
    try:
        return max(0, min(int(str(value)), 10 * 365 * 86400))
    except ValueError:
        return otherwise
