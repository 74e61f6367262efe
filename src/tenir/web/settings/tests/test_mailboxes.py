"""Mailboxes through the screens: what was typed is tried, secrets go nowhere else, permissions come back once."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from tenir.channels.email.models import Mailbox
from tenir.channels.email.secrets import seal, unseal
from tenir.people.models import Agent
from tenir.people.tests.scenes import alix, amina
from tests.servers import Dovecot, TokenServer, dovecot, token_server

pytestmark = pytest.mark.django_db
ADDRESS = "desk@example.test"
PASSWORD = "pa55-of-the-mailbox"


def client_of(agent: Agent) -> Client:
    client = Client()
    client.force_login(agent)
    return client


@pytest.fixture(scope="module")
def tokens() -> Iterator[TokenServer]:
    with token_server() as running:
        yield running


@pytest.fixture(scope="module")
def inbox(tokens: TokenServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dovecot]:
    with dovecot(tmp_path_factory.mktemp("mail"), users={ADDRESS: PASSWORD}, tokens=tokens) as running:
        yield running


def typed(inbox: Dovecot, **more: str) -> dict[str, str]:
    return {
        "address": ADDRESS,
        "sign_in": "password",
        "imap_host": inbox.host,
        "imap_port": str(inbox.port),
        "imap_security": "plain",
        "smtp_security": "tls",
        "smtp_sign_in": "same",
        "is_active": "on",
        "do": "try",
    } | more


def carried(page: Any) -> str:
    found = re.search(r'name="carried" value="([^"]*)"', page.text)
    assert found
    return found[1]


def test_a_password_that_was_tried_need_not_be_typed_again_but_goes_to_no_other_server(inbox: Dovecot) -> None:
    client = client_of(alix())
    page = client.post("/settings/mailboxes/new/", typed(inbox, imap_password=PASSWORD))
    assert "try-list" in page.text
    assert PASSWORD not in page.text
    kept = carried(page)
    elsewhere = client.post("/settings/mailboxes/new/", typed(inbox, carried=kept, imap_host="localhost"))
    assert elsewhere.status_code == 422
    other_user = client.post("/settings/mailboxes/new/", typed(inbox, carried=kept, imap_user="eve"))
    assert other_user.status_code == 422
    assert not Mailbox.objects.exists()
    assert client.post("/settings/mailboxes/new/", typed(inbox, carried=kept, do="save")).status_code == 302
    box = Mailbox.objects.get()
    assert unseal(box.secrets)["imap_password"] == PASSWORD

    again = client.post(f"/settings/mailboxes/{box.pk}/", typed(inbox, name="Bacs", do="save"))
    assert again.status_code == 302
    box.refresh_from_db()
    assert (box.name, unseal(box.secrets)["imap_password"]) == ("Bacs", PASSWORD)
    moved = client.post(f"/settings/mailboxes/{box.pk}/", typed(inbox, imap_host="localhost", do="save"))
    assert moved.status_code == 422


def test_what_does_not_work_is_kept_only_when_asked_to(inbox: Dovecot) -> None:
    client = client_of(alix())
    wrong = typed(inbox, imap_password="wrong", do="save")
    page = client.post("/settings/mailboxes/new/", wrong)
    assert page.status_code == 200
    assert not Mailbox.objects.exists()
    missing = client.post(
        "/settings/mailboxes/new/", typed(inbox, imap_password=PASSWORD, folders="Nowhere", do="save")
    )
    assert "Nowhere" in missing.text
    assert not Mailbox.objects.exists()
    assert client.post("/settings/mailboxes/new/", wrong | {"do": "anyway"}).status_code == 302
    assert Mailbox.objects.get().address == ADDRESS
    double = client.post("/settings/mailboxes/new/", wrong)
    assert double.status_code == 422


@pytest.mark.parametrize(
    "odd",
    [{"address": "x"}, {"aliases": "a@b, nonsense"}, {"imap_port": "99999"}, {"imap_security": "odd"},
     {"after_reading": "move"}, {"imap_host": ""}, {"folders": "a\x07"}, {"team": "999"}, {"ca_file": "/nowhere"}],
)  # fmt: skip
def test_odd_input_is_said_and_changes_nothing(inbox: Dovecot, odd: dict[str, str]) -> None:
    page = client_of(alix()).post("/settings/mailboxes/new/", typed(inbox, imap_password=PASSWORD, do="save") | odd)
    assert page.status_code == 422
    assert not Mailbox.objects.exists()


def oauth_fields(inbox: Dovecot, tokens: TokenServer) -> dict[str, str]:
    return typed(
        inbox,
        sign_in="oauth",
        provider="own",
        client_id=tokens.client_id,
        client_secret=tokens.client_secret,
        authorize_url=tokens.authorize_url,
        token_url=tokens.token_url,
        device_url=tokens.device_url,
        scopes="mail",
        do="save",
    )


def test_a_permission_given_in_the_browser_comes_back_once_and_opens_the_mailbox(
    inbox: Dovecot, tokens: TokenServer
) -> None:
    client = client_of(alix())
    fields = oauth_fields(inbox, tokens)
    answer = client.post("/settings/mailboxes/new/", fields)
    box = Mailbox.objects.get()
    assert answer["Location"] == f"/settings/mailboxes/{box.pk}/oauth/"
    assert not box.is_active
    page = client.get(answer["Location"])
    back = f"/settings/mailboxes/{box.pk}/oauth/back/"
    assert back in page.text
    told = tokens.consent(page.context["there"], ADDRESS)

    assert client_of(amina()).get(back, told).status_code == 404
    stranger = client_of(alix()).get(back, told, follow=True)
    assert "oauth_access" not in unseal(Mailbox.objects.get().secrets)
    assert stranger.status_code == 200
    forged = client.get(back, told | {"state": "forged"}, follow=True)
    assert forged.status_code == 200
    assert "oauth_access" not in unseal(Mailbox.objects.get().secrets)

    page = client.get(f"/settings/mailboxes/{box.pk}/oauth/")
    told = tokens.consent(page.context["there"], ADDRESS)
    assert client.get(f"{back}?{urlencode(told)}")["Location"] == f"/settings/mailboxes/{box.pk}/"
    assert unseal(Mailbox.objects.get().secrets)["oauth_refresh"]
    kept = client.post(f"/settings/mailboxes/{box.pk}/", fields | {"client_secret": ""})
    assert kept["Location"] == "/settings/mailboxes/"
    assert Mailbox.objects.get().is_active


def test_a_permission_by_a_code_typed_elsewhere(inbox: Dovecot, tokens: TokenServer) -> None:
    client = client_of(alix())
    client.post("/settings/mailboxes/new/", oauth_fields(inbox, tokens))
    box = Mailbox.objects.get()
    where = f"/settings/mailboxes/{box.pk}/oauth/"
    client.post(f"{where}device/")
    waiting = client.get(where).context["waiting"]
    assert waiting["user_code"] in client.get(where).text
    client.post(f"{where}device/")
    assert "oauth_access" not in unseal(Mailbox.objects.get().secrets)
    tokens.approve_device(waiting["user_code"], ADDRESS)
    assert client.post(f"{where}device/")["Location"] == f"/settings/mailboxes/{box.pk}/"
    assert unseal(Mailbox.objects.get().secrets)["oauth_access"]


def test_secrets_of_another_key_are_asked_for_again(inbox: Dovecot) -> None:
    box = Mailbox.objects.create(name="Desk", address=ADDRESS, incoming={"host": inbox.host}, secrets="gAAAA-nothing")
    client = client_of(alix())
    assert client.get(f"/settings/mailboxes/{box.pk}/").status_code == 200
    assert client.get("/settings/mailboxes/").status_code == 200
    assert client.post(f"/settings/mailboxes/{box.pk}/", typed(inbox)).status_code == 422
    assert client.post(f"/settings/mailboxes/{box.pk}/", typed(inbox, carried=seal({})[:-3])).status_code == 422
    fresh = typed(inbox, imap_password=PASSWORD, do="save")
    assert client.post(f"/settings/mailboxes/{box.pk}/", fresh).status_code == 302
    assert unseal(Mailbox.objects.get().secrets)["imap_password"] == PASSWORD
