"""A new password by mail, the invitation, and the limits on guessing: through the pages and a real SMTP server."""

import email
import email.policy
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from tenir import clock
from tenir.channels.email.models import Mailbox
from tenir.ledger.events import SYSTEM
from tenir.outbox.models import Task
from tenir.outbox.worker import work_once
from tenir.people import verbs
from tenir.people.models import Agent, Role
from tenir.people.tests.scenes import amina, bruno, outsider
from tests.servers import Smtpd, smtpd

pytestmark = pytest.mark.django_db(transaction=True)
WORDS = "quatre mots bien ordinaires"
LINK = re.compile(r"http://\S+(/account/password/reset/key/\S+/)")


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Smtpd]:
    with smtpd(tmp_path_factory.mktemp("smtp")) as running:
        yield running


@pytest.fixture(autouse=True)
def sender(out: Smtpd) -> None:
    cache.clear()
    out.clear()
    way = {"host": out.host, "port": out.port, "security": "plain", "sign_in": "none"}
    Mailbox.objects.create(name="Desk", address="bonjour@desk.example", outgoing=way)


def work() -> None:
    while work_once(at=clock.now() + timedelta(seconds=1)):
        pass


def letters(out: Smtpd) -> list[Any]:
    return [email.message_from_bytes(one.raw, policy=email.policy.default) for one in out.received()]


def body(letter: Any) -> str:
    return str(letter.get_body(("plain",)).get_content())


def test_a_new_password_comes_by_mail_and_its_link_serves_once(out: Smtpd) -> None:
    agent = bruno()
    page = Client().post("/account/password/reset/", {"email": agent.email.upper()}, follow=True)
    assert page.status_code == 200
    assert "key" not in str(Task.objects.get(kind="email.account").data)  # nothing secret waits
    work()
    [letter] = letters(out)
    assert letter["To"].addresses[0].addr_spec == agent.email
    assert letter["Auto-Submitted"] == "auto-generated"
    found = LINK.search(body(letter))
    assert found
    client = Client()
    page = client.get(found[1], follow=True)
    weak = client.post(page.request["PATH_INFO"], {"password1": "court", "password2": "court"})
    assert weak.status_code == 200
    answer = client.post(page.request["PATH_INFO"], {"password1": WORDS, "password2": WORDS})
    assert answer.status_code == 302
    agent.refresh_from_db()
    assert agent.check_password(WORDS)
    assert Client().post("/account/login/", {"login": agent.email, "password": WORDS}).status_code == 302
    again = Client().get(found[1], follow=True)
    assert "/account/password/reset/" in again.text
    assert "password1" not in again.text
    work()
    assert len(letters(out)) == 2  # they are told that it was changed


def test_who_is_here_is_never_told(out: Smtpd) -> None:
    outsider()
    verbs.invite(email="zoe@desk.example", given_name="Zoé", by=SYSTEM, at=clock.now())
    for address in ("nobody@client.example", outsider().email, "zoe@desk.example"):
        page = Client().post("/account/password/reset/", {"email": address})
        assert page["Location"] == "/account/password/reset/done/"
    work()
    assert letters(out) == []


def test_guessing_a_password_comes_to_an_end() -> None:
    agent = amina()
    agent.set_password(WORDS)
    agent.save()
    for _guess in range(6):
        page = Client().post("/account/login/", {"login": agent.email, "password": "wrong wrong wrong"})
        assert page.status_code in (200, 429)
    right = Client().post("/account/login/", {"login": agent.email, "password": WORDS})
    assert right.status_code in (200, 429)  # not let in: even the right one has to wait now


def test_an_invitation_serves_once_and_looking_changes_nothing() -> None:
    _invitation, token = verbs.invite(email="zoe@desk.example", given_name="Zoé", by=SYSTEM, at=clock.now())
    where = f"/invitation/{token}/"
    for _look in range(2):
        page = Client().get(where)
        assert page.status_code == 200
        assert page["Referrer-Policy"] == "no-referrer"
    assert Agent.objects.get(email="zoe@desk.example").joined_at is None
    assert "alert" in Client().post(where, {"how": "password", "password": "court"}).text
    client = Client()
    joined = client.post(where, {"how": "password", "password": WORDS, "given_name": "Zoé B.", "language": "en"})
    assert joined["Location"] == "/me/"
    zoe = Agent.objects.get(email="zoe@desk.example")
    assert (zoe.given_name, zoe.language, zoe.is_active) == ("Zoé B.", "en", True)
    assert client.get("/me/").status_code == 200
    for method in (Client().get, Client().post):
        assert method(where).status_code == 404
    assert Client().get("/invitation/never/").status_code == 404


def test_ending_somebodys_access_ends_their_sessions() -> None:
    _invitation, token = verbs.invite(email="zoe@desk.example", given_name="Zoé", by=SYSTEM, at=clock.now())
    client = Client()
    client.post(f"/invitation/{token}/", {"password": WORDS})
    zoe = Agent.objects.get(email="zoe@desk.example")
    founder = verbs.invite(
        email="alix@desk.example", given_name="Alix", role=Role.ADMINISTRATOR, by=SYSTEM, at=clock.now()
    )[0].agent
    Agent.objects.filter(pk=founder.pk).update(is_active=True, joined_at=clock.now())
    founder.refresh_from_db()
    administrator = Client()
    administrator.force_login(founder)
    assert administrator.post(f"/people/{zoe.pk}/departure/").status_code == 302
    assert client.get("/me/").status_code == 302
    assert administrator.post(f"/people/{zoe.pk}/return/").status_code == 302
    assert client.get("/me/").status_code == 302  # the old session does not come back with the access
