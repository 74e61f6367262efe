"""A local OAuth 2 server: what Google and Microsoft do for mail, small enough to read, strict where they are.

Authorisation code with PKCE (S256), refresh with rotation (a used refresh token is dead), device code, client
credentials, and introspection (RFC 7662) for the mail servers. It lives in a thread of the tests.
"""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

Form = dict[str, str]
Answer = tuple[int, dict[str, Any]]


@dataclass
class _Grant:
    user: str
    challenge: str = ""
    redirect_uri: str = ""


@dataclass
class _Access:
    user: str
    ends: float


@dataclass
class _Device:
    user_code: str
    ends: float
    user: str | None = None
    refused: bool = False


@dataclass
class TokenServer:
    """The state of the server and its addresses. Everything may be called while it runs."""

    url: str = ""
    client_id: str = "tenir-desk"
    client_secret: str = "not-a-secret"
    lifetime: int = 3600
    requests: list[Form] = field(default_factory=list)
    #: When set, every token request is answered with this (status, JSON).
    answer_with: Answer | None = None
    #: Seconds before each token answer.
    delay: float = 0.0
    _codes: dict[str, _Grant] = field(default_factory=dict)
    _access: dict[str, _Access] = field(default_factory=dict)
    _refresh: dict[str, str] = field(default_factory=dict)
    _devices: dict[str, _Device] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def authorize_url(self) -> str:
        return f"{self.url}/authorize"

    @property
    def token_url(self) -> str:
        return f"{self.url}/token"

    @property
    def device_url(self) -> str:
        return f"{self.url}/device"

    @property
    def introspect_url(self) -> str:
        return f"{self.url}/introspect"

    def access_token(self, user: str, *, lifetime: float | None = None) -> str:
        """A fresh access token for this mailbox, by-passing the flows."""
        token = secrets.token_urlsafe(24)
        self._access[token] = _Access(user, time.monotonic() + (self.lifetime if lifetime is None else lifetime))
        return token

    def refresh_token(self, user: str) -> str:
        token = secrets.token_urlsafe(24)
        self._refresh[token] = user
        return token

    def consent(self, authorization_url: str, user: str) -> Form:
        """The person says yes in the browser: returns the parameters that come back on the redirect address."""
        asked = dict(parse_qsl(urlsplit(authorization_url).query))
        code = secrets.token_urlsafe(16)
        self._codes[code] = _Grant(user, asked.get("code_challenge", ""), asked.get("redirect_uri", ""))
        return {"code": code, "state": asked.get("state", "")}

    def approve_device(self, user_code: str, user: str) -> None:
        """The person types the code on the other screen."""
        for device in self._devices.values():
            if device.user_code == user_code:
                device.user = user

    def refuse_device(self, user_code: str) -> None:
        for device in self._devices.values():
            if device.user_code == user_code:
                device.refused = True

    def expire_access(self) -> None:
        """Every access token given so far is over; the refresh tokens are not."""
        for access in self._access.values():
            access.ends = 0

    def revoke(self, user: str) -> None:
        """The person withdraws the permission: their access and refresh tokens are dead."""
        self._access = {token: access for token, access in self._access.items() if access.user != user}
        self._refresh = {token: owner for token, owner in self._refresh.items() if owner != user}

    def owner(self, access_token: str) -> str | None:
        """Whose mailbox a token opens now, None when none."""
        access = self._access.get(access_token)
        return access.user if access is not None and access.ends > time.monotonic() else None

    def answer(self, path: str, form: Form) -> Answer:
        """What the server says to a POST."""
        if path == "/introspect":
            owner = self.owner(form.get("token", ""))
            return 200, {"active": owner is not None, **({"username": owner} if owner else {})}
        with self._lock:
            self.requests.append(form)
            if self.delay:
                time.sleep(self.delay)
            if self.answer_with is not None:
                return self.answer_with
            if form.get("client_id") != self.client_id:
                return 401, {"error": "invalid_client", "error_description": "no such client"}
            if path == "/device":
                return self._start_device()
            grants = {
                "authorization_code": self._by_code,
                "refresh_token": self._by_refresh,
                "client_credentials": self._by_client,
                "urn:ietf:params:oauth:grant-type:device_code": self._by_device,
            }
            granted = grants.get(form.get("grant_type", ""))
            return granted(form) if granted else (400, {"error": "unsupported_grant_type"})

    def _tokens(self, user: str) -> Answer:
        return 200, {
            "access_token": self.access_token(user),
            "refresh_token": self.refresh_token(user),
            "token_type": "Bearer",
            "expires_in": self.lifetime,
        }

    def _by_code(self, form: Form) -> Answer:
        grant = self._codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        proved = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if grant is None or grant.challenge != proved or grant.redirect_uri != form.get("redirect_uri"):
            return 400, {"error": "invalid_grant", "error_description": "code, verifier or address do not match"}
        return self._tokens(grant.user)

    def _by_refresh(self, form: Form) -> Answer:
        user = self._refresh.pop(form.get("refresh_token", ""), None)
        if user is None:
            return 400, {"error": "invalid_grant", "error_description": "Token has been expired or revoked."}
        return self._tokens(user)

    def _by_client(self, form: Form) -> Answer:
        if form.get("client_secret") != self.client_secret:
            return 401, {"error": "invalid_client", "error_description": "wrong secret"}
        status, told = self._tokens("desk@example.test")
        del told["refresh_token"]
        return status, told

    def _start_device(self) -> Answer:
        code, spoken = secrets.token_urlsafe(24), secrets.token_hex(4).upper()
        self._devices[code] = _Device(spoken, time.monotonic() + 900)
        return 200, {
            "device_code": code,
            "user_code": spoken,
            "verification_uri": f"{self.url}/enter",
            "expires_in": 900,
            "interval": 1,
        }

    def _by_device(self, form: Form) -> Answer:
        device = self._devices.get(form.get("device_code", ""))
        if device is None or device.ends < time.monotonic():
            return 400, {"error": "expired_token"}
        if device.refused:
            return 400, {"error": "access_denied"}
        if device.user is None:
            return 400, {"error": "authorization_pending"}
        return self._tokens(device.user)


class _Requests(BaseHTTPRequestHandler):
    timeout = 10
    tokens: TokenServer

    def do_POST(self) -> None:
        length = min(int(self.headers.get("Content-Length") or 0), 100_000)
        form = {name: values[0] for name, values in parse_qs(self.rfile.read(length).decode()).items()}
        status, told = self.tokens.answer(urlsplit(self.path).path, form)
        body = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the library's name)
        """Silent: tokens would be in the log."""


@contextmanager
def token_server() -> Iterator[TokenServer]:
    """Start it on a free port of 127.0.0.1."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Requests)
    server.daemon_threads = True
    tokens = TokenServer(url=f"http://127.0.0.1:{server.server_port}")
    server.RequestHandlerClass = type("_Bound", (_Requests,), {"tokens": tokens})
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield tokens
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
