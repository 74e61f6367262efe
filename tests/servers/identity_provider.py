"""A local OpenID Connect provider: discovery, authorisation code with PKCE (S256), ID token and userinfo.

It signs in, without asking, whoever `person` says. Like the large ones it refuses another redirect address, a wrong
secret, a code that was used and a verifier that does not fit. It lives in a thread of the tests.
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
from urllib.parse import parse_qsl, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

CLIENT_ID, CLIENT_SECRET = "tenir-desk", "not-a-secret"


@dataclass
class IdentityProvider:
    """The provider's address, who sits before it, and where it sends people back to."""

    url: str = ""
    redirect_uri: str = ""
    person: dict[str, Any] = field(default_factory=dict)
    #: When set, the provider says this instead of giving a code.
    refuses: str = ""
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)
    _tokens: dict[str, dict[str, Any]] = field(default_factory=dict)
    _key: Any = field(default_factory=lambda: rsa.generate_private_key(public_exponent=65537, key_size=2048))

    def get(self, path: str, asked: dict[str, str], bearer: str) -> tuple[int, dict[str, Any] | str]:
        """Answers a GET: JSON, or an address to go to."""
        if path == "/.well-known/openid-configuration":
            return 200, {
                "issuer": self.url,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "userinfo_endpoint": f"{self.url}/userinfo",
                "jwks_uri": f"{self.url}/keys",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
            }
        if path == "/keys":
            key = RSAAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
            return 200, {"keys": [key | {"kid": "one", "alg": "RS256", "use": "sig"}]}
        if path == "/userinfo" and bearer in self._tokens:
            return 200, self._tokens[bearer]
        if path == "/authorize":
            return self._authorize(asked)
        return 401, {"error": "invalid_token"}

    def _authorize(self, asked: dict[str, str]) -> tuple[int, dict[str, Any] | str]:
        wanted = {"client_id": CLIENT_ID, "redirect_uri": self.redirect_uri, "response_type": "code"}
        if any(asked.get(name) != value for name, value in wanted.items()) or "openid" not in asked["scope"].split():
            return 400, {"error": "invalid_request"}
        if asked.get("code_challenge_method") != "S256":
            return 400, {"error": "invalid_request", "error_description": "PKCE is required"}
        if self.refuses:
            return 302, f"{self.redirect_uri}?{urlencode({'error': self.refuses, 'state': asked['state']})}"
        code = secrets.token_urlsafe()
        self._codes[code] = {"challenge": asked["code_challenge"]}
        return 302, f"{self.redirect_uri}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """Answers a POST to the token endpoint."""
        if (form.get("client_id"), form.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET):
            return 401, {"error": "invalid_client"}
        kept = self._codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if kept is None or base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != kept["challenge"]:
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = self.person | {"iss": self.url, "aud": CLIENT_ID, "iat": now, "exp": now + 300}
        access = secrets.token_urlsafe()
        self._tokens[access] = dict(self.person)
        signed = jwt.encode(claims, self._key, algorithm="RS256", headers={"kid": "one"})
        return 200, {"access_token": access, "token_type": "Bearer", "expires_in": 300, "id_token": signed}


@contextmanager
def identity_provider() -> Iterator[IdentityProvider]:
    """A provider that runs meanwhile, on any free port of loopback."""
    provider = IdentityProvider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            bearer = self.headers.get("Authorization", "").removeprefix("Bearer ")
            self._answer(*provider.get(parts.path, dict(parse_qsl(parts.query)), bearer))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            self._answer(*provider.token(dict(parse_qsl(body.decode()))))

        def _answer(self, status: int, said: dict[str, Any] | str) -> None:
            self.send_response(status)
            if isinstance(said, str):
                self.send_header("Location", said)
                self.end_headers()
                return
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(said).encode())

        def log_message(self, format: str, *_args: object) -> None:  # noqa: A002 (the name of the method it replaces)
            """The tests look at answers, not at a log."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
