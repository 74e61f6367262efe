"""Every page of the settings, of people and of the sign-in: who sees it, who is told that it does not exist."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from tenir.channels.email.models import Mail, Mailbox
from tenir.channels.email.receive import Desk, receive
from tenir.channels.email.tests.test_receive import letter
from tenir.outbox.models import Task
from tenir.people.models import Agent
from tenir.people.tests.scenes import alix, amina, bruno, denise, outsider, team

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def signed_in(agent: Agent) -> Client:
    client = Client()
    client.force_login(agent)
    return client


@pytest.fixture
def furnished() -> dict[str, int]:
    """A desk with one of everything that these pages show."""
    box = Mailbox.objects.create(name="Desk", address="bonjour@desk.example", trouble="wrong-password")
    machine = receive(letter("Je suis absent.", Auto_Submitted="auto-replied"), at=AT, desk=Desk.at(box))
    assert machine.outcome == Mail.Outcome.MACHINE
    dead = Task.objects.create(
        kind="email.send", key="x", due_at=AT, set_at=AT, created_at=AT, ended_at=AT, state="dead", reason="550 no"
    )
    crew = team("Bacs", amina())
    return {"mailbox": box.pk, "mail": machine.pk, "task": dead.pk, "team": crew.pk, "person": amina().pk}


EVERYBODY = ["/me/", "/people/", "/people/{person}/", "/letters/", "/letters/{mail}/", "/letters/{mail}/raw/",
             "/account/sessions/", "/account/2fa/", "/account/2fa/webauthn/"]  # fmt: skip
LEADERS = ["/teams/{team}/"]
ADMINISTRATORS = ["/settings/", "/settings/categories/", "/settings/undelivered/", "/settings/health/",
                  "/settings/mailboxes/", "/settings/mailboxes/new/", "/settings/mailboxes/{mailbox}/"]  # fmt: skip


@pytest.mark.parametrize("path", EVERYBODY + LEADERS + ADMINISTRATORS)
def test_each_sees_what_is_theirs_and_404_for_the_rest(furnished: dict[str, int], path: str) -> None:
    address = path.format(**furnished)
    for agent, allowed in ((bruno(), EVERYBODY), (denise(), EVERYBODY + LEADERS)):
        assert signed_in(agent).get(address).status_code == (200 if path in allowed else 404)
    page = signed_in(alix()).get(address)
    assert page.status_code == 200
    for stranger in (Client(), signed_in(outsider())):
        answer = stranger.get(address)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/account/login/")


@pytest.mark.parametrize(
    "path",
    ["/people/invitations/", "/people/{person}/role/", "/people/{person}/departure/", "/people/{person}/name/",
     "/people/{person}/identity/", "/people/{person}/identity/readings/", "/settings/undelivered/{task}/retry/",
     "/settings/", "/settings/categories/", "/settings/mailboxes/{mailbox}/", "/teams/"],
)  # fmt: skip
def test_an_agent_changes_nothing_that_is_the_administrators(furnished: dict[str, int], path: str) -> None:
    assert signed_in(bruno()).post(path.format(**furnished), {"name": "x", "reason": "x"}).status_code == 404
    assert signed_in(outsider()).post(path.format(**furnished)).status_code == 302


@pytest.mark.parametrize(
    "path", ["login/", "logout/", "password/reset/", "password/reset/done/", "inactive/", "signup/",
             "password/reset/key/1-x/", "password/reset/key/done/", "3rdparty/login/cancelled/",
             "3rdparty/login/error/"],
)  # fmt: skip
@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_pages_before_the_desk(furnished: dict[str, int], path: str, language: str) -> None:
    page = Client().get(f"/account/{path}", headers={"accept-language": language}, follow=True)
    assert page.status_code in (200, 401)
    assert "gate-brand" in page.text
    assert "style=" not in page.text
    assert f'lang="{language}"' in page.text


def test_nobody_opens_an_account(furnished: dict[str, int]) -> None:
    before = Agent.objects.count()
    page = Client().post(
        "/account/signup/", {"email": "stranger@client.example", "password1": "quatre mots bien longs"}
    )
    assert page.status_code == 200
    assert Agent.objects.count() == before
    for gone in ("/account/email/", "/account/confirm-email/", "/account/3rdparty/"):
        assert signed_in(bruno()).get(gone).status_code == 404
