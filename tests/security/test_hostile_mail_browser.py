"""Hostile HTML mail in a real Chromium: no request leaves, no script runs, nothing is sent, nobody is led away."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import sync_playwright

from tenir.channels.email import parse
from tenir.channels.email.models import Mailbox
from tenir.channels.email.parse.tests.test_markup import HOSTILE
from tenir.channels.email.receive import Desk, receive
from tenir.people.tests.scenes import MONDAY, amina
from tenir.web.tests.test_look_browser import CHROMIUM, FLAGS

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def canary() -> Iterator[tuple[str, list[str]]]:
    """A server that only remembers who came."""
    came: list[str] = []

    class Remember(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            came.append(self.path)
            self.send_response(204)
            self.end_headers()

        do_POST = do_GET  # noqa: N815

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Remember)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", came
    server.shutdown()
    server.server_close()


def hostile_mail(address: str, html: str, number: int) -> bytes:
    body = html.replace("https://evil.example", address).replace("//evil.example", address.partition(":")[2])
    page = f"<html><body>{body}<img src='{address}/pixel-{number}.gif'></body></html>"
    head = f"From: Mallory <m@evil.example>\r\nTo: desk@desk.example\r\nSubject: {number}\r\n"
    head += f"Message-ID: <{number}@evil.example>\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    return (head + page).encode()


def cookie() -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(amina().pk)
    session["_auth_user_backend"] = "tenir.web.signin.keeping.ByPassword"
    session[HASH_SESSION_KEY] = amina().get_session_auth_hash()
    session.save()
    return str(session.session_key)


def test_hostile_mail_does_nothing(live_server: Any, canary: tuple[str, list[str]]) -> None:
    address, came = canary
    box = Mailbox.objects.create(name="Desk", address="desk@desk.example")
    made = []
    for number, html in enumerate(HOSTILE):
        message = receive(hostile_mail(address, html, number), at=MONDAY, desk=Desk.at(box)).message
        assert message is not None
        made.append(message)
    assert parse.read(hostile_mail(address, HOSTILE[0], 0)).has_remote_images
    key = cookie()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        context = chromium.new_context()
        context.add_cookies([{"name": "tenir_session", "value": key, "url": live_server.url}])
        page = context.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("dialog", lambda dialog: asked.append("dialog: " + dialog.message))
        context.on("page", lambda other: asked.append("window: " + other.url))
        for message in made:
            path = f"{live_server.url}/messages/{message.pk}/html/"
            page.goto(path)
            assert page.url == path
            assert page.locator("form, script, iframe, object, embed, input, base[href], meta[http-equiv]").count() == 0
        page.goto(f"{live_server.url}/cases/{made[0].case}/")
        elsewhere = [url for url in asked if not url.startswith((live_server.url, "data:", "blob:", "about:"))]
        assert (elsewhere, came) == ([], [])
        page.goto(f"{live_server.url}/messages/{made[0].pk}/html/?images")
        page.wait_for_load_state("networkidle")
        assert came == ["/pixel-0.gif"]
        chromium.close()
