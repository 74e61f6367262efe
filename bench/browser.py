"""A browser inside this process: it speaks to the application as the server's threads do, without a network between."""

import io
import re
from typing import Any
from urllib.parse import urlencode


class Answer:
    """What the application answered."""

    def __init__(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.status, self.headers, self.body = status, headers, body


class Browser:
    """Signed in as one of the desk's agents; keeps cookies, and the token that forms need."""

    def __init__(self, email: str) -> None:
        from django.conf import settings
        from django.test import Client

        from tenir.install.asgi import django
        from tenir.people.models import Agent

        self._application = django
        self.agent = Agent.objects.get(email=email)
        client = Client()
        client.force_login(self.agent, backend="tenir.web.signin.keeping.ByPassword")
        self.cookies = {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value}
        self._token = ""

    @property
    def cookie(self) -> str:
        """The header that says who is signed in."""
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def get(self, address: str) -> Answer:
        path, _, query = address.partition("?")
        return self._ask("GET", path, query, b"")

    def post(self, address: str, form: dict[str, str]) -> Answer:
        if not self._token:
            page = self.get(address)
            found = re.search(rb'name="csrf(?:middlewaretoken|-token)" (?:content|value)="([^"]+)"', page.body)
            assert found, "the page has no token for its form"
            self._token = found[1].decode()
        return self._ask("POST", address, "", urlencode(form | {"csrfmiddlewaretoken": self._token}).encode())

    def _ask(self, method: str, path: str, query: str, body: bytes) -> Answer:
        told: list[Any] = []

        def start(status: str, headers: list[tuple[str, str]], _error: Any = None) -> Any:
            told[:] = [int(status.split()[0]), headers]

        chunks = self._application(self._environ(method, path, query, body), start)
        try:
            content = b"".join(chunks)
        finally:
            chunks.close()
        for name, value in told[1]:
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        return Answer(told[0], told[1], content)

    def _environ(self, method: str, path: str, query: str, body: bytes) -> dict[str, Any]:
        return {
            "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, "SCRIPT_NAME": "",
            "SERVER_NAME": "localhost", "SERVER_PORT": "8000", "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "localhost:8000", "HTTP_COOKIE": self.cookie, "HTTP_ACCEPT": "text/html",
            "HTTP_ACCEPT_LANGUAGE": "fr", "HTTP_ORIGIN": "http://localhost:8000",
            "CONTENT_TYPE": "application/x-www-form-urlencoded", "CONTENT_LENGTH": str(len(body)),
            "wsgi.version": (1, 0), "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(body),
            "wsgi.errors": io.StringIO(), "wsgi.multithread": True, "wsgi.multiprocess": True, "wsgi.run_once": False,
        }  # fmt: skip
