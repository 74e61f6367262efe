"""The first run: only on an empty desk, only by whoever runs it, once."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from tenir.people.models import Agent, Organisation, Role
from tenir.people.tests.scenes import alix
from tenir.web.settings.first_run import ATTEMPTS, code_file

pytestmark = pytest.mark.django_db
ANSWERS = {
    "organisation": "Les Bacs du Canal",
    "languages": "fr-en",
    "given_name": "Alix",
    "email": "alix@desk.example",
    "password": "quatre mots bien ordinaires",
}
FROM_AFAR: dict[str, Any] = {"REMOTE_ADDR": "203.0.113.9"}


@pytest.fixture(autouse=True)
def fresh() -> None:
    cache.clear()
    code_file().unlink(missing_ok=True)


def test_an_empty_desk_leads_to_it_and_afterwards_it_does_not_exist() -> None:
    client = Client()
    assert client.get("/")["Location"] == "/first-run/"
    answer = client.post("/first-run/", ANSWERS)
    assert answer["Location"] == "/first-run/mailbox/"
    founder = Agent.objects.get()
    assert (founder.pk, founder.role, founder.given_name) == (1, Role.ADMINISTRATOR, "Alix")
    assert Organisation.objects.get().name == "Les Bacs du Canal"
    assert Organisation.objects.get().languages == ["fr", "en"]
    assert client.get("/first-run/mailbox/").status_code == 200
    assert client.get("/first-run/ready/").status_code == 200
    for other in (client, Client()):
        assert other.get("/first-run/").status_code == 404
        assert other.post("/first-run/", ANSWERS | {"email": "eve@desk.example"}).status_code == 404
    assert Agent.objects.count() == 1


def test_what_is_wrong_is_said_and_nothing_was_done() -> None:
    client = Client()
    for wrong in ({"password": "court"}, {"email": "alix"}, {"given_name": ""}, {"organisation": " "}):
        page = client.post("/first-run/", ANSWERS | wrong)
        assert page.status_code == 422
        assert "form-errors" in page.text
        assert ANSWERS["password"] not in page.text
    assert not Agent.objects.exists()


@pytest.mark.parametrize(
    "sent", [FROM_AFAR, {"headers": {"x-forwarded-for": "127.0.0.1"}}, {"headers": {"forwarded": "for=127.0.0.1"}}]
)
def test_a_stranger_does_not_claim_a_desk_that_others_can_reach(sent: dict[str, Any]) -> None:
    client = Client()
    page = client.get("/first-run/", **sent)
    assert str(code_file()) in page.text
    code = code_file().read_text().strip()
    assert code not in page.text
    assert code_file().stat().st_mode & 0o077 == 0
    for guess in ("", "0000-0000-0000-0000", code[:-1]):
        assert client.post("/first-run/", ANSWERS | {"code": guess}, **sent).status_code == 422
    assert not Agent.objects.exists()
    assert client.post("/first-run/", ANSWERS | {"code": code.replace("-", " ")}, **sent).status_code == 302
    assert not code_file().exists()


def test_a_desk_with_an_outside_address_asks_for_the_code_even_from_here(settings: Any) -> None:
    settings.BASE_URL = "https://desk.example"
    assert Client().post("/first-run/", ANSWERS).status_code == 422


def test_guessing_comes_to_an_end() -> None:
    client = Client()
    client.get("/first-run/", **FROM_AFAR)
    for _guess in range(ATTEMPTS):
        client.post("/first-run/", ANSWERS | {"code": "1"}, **FROM_AFAR)
    right = ANSWERS | {"code": code_file().read_text()}
    assert client.post("/first-run/", right, **FROM_AFAR).status_code == 422
    assert not Agent.objects.exists()


def test_somebody_who_comes_second_is_told_that_the_desk_is_open(monkeypatch: pytest.MonkeyPatch) -> None:
    alix()
    assert Client().post("/first-run/", ANSWERS).status_code == 404
    assert Client().get("/")["Location"] == "/account/login/"
