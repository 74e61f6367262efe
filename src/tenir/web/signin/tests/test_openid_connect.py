"""Sign-in through the organisation's identity provider: a real one on loopback, from the button to the desk."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from django.test import Client

from tenir.people.models import Agent
from tenir.people.tests.scenes import amina
from tests.servers.identity_provider import CLIENT_ID, CLIENT_SECRET, IdentityProvider, identity_provider

pytestmark = pytest.mark.django_db
LOGIN = "/account/oidc/oidc/login/"
CALLBACK = "/account/oidc/oidc/login/callback/"


@pytest.fixture
def provider(settings: Any) -> Iterator[IdentityProvider]:
    with identity_provider() as running:
        running.redirect_uri = f"http://testserver{CALLBACK}"
        app = {
            "provider_id": "oidc", "name": "Mairie", "client_id": CLIENT_ID, "secret": CLIENT_SECRET,
            "settings": {"server_url": running.url},
        }  # fmt: skip
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
        yield running


def come_in(browser: Client, provider: IdentityProvider) -> Any:
    """Presses the button, is known to the provider, and comes back to the desk."""
    there = browser.post(LOGIN)
    assert there.status_code == 302
    assert there.headers["Location"].startswith(f"{provider.url}/authorize?")
    back = requests.get(there.headers["Location"], allow_redirects=False, timeout=10)
    assert back.status_code == 302, back.text
    parts = urlsplit(back.headers["Location"])
    assert parts.path == CALLBACK
    return browser.get(f"{parts.path}?{parts.query}", follow=True)


def signed_in(browser: Client) -> int | None:
    number = browser.session.get("_auth_user_id")
    return int(number) if number else None


def test_whoever_is_here_comes_in_and_comes_again(provider: IdentityProvider) -> None:
    agent = amina()
    provider.person = {"sub": "7", "email": agent.email.upper(), "email_verified": True, "name": "Amina"}
    assert provider.url
    browser = Client()
    page = browser.get("/account/login/").content.decode()
    assert "Mairie" in page
    arrived = come_in(browser, provider)
    assert arrived.status_code == 200
    assert signed_in(browser) == agent.pk
    # Their address may change at the provider: they are known by who they are there.
    provider.person |= {"email": "amina.b@desk.example"}
    again = Client()
    come_in(again, provider)
    assert signed_in(again) == agent.pk


@pytest.mark.parametrize(
    "person",
    [
        {"sub": "8", "email": "stranger@elsewhere.example", "email_verified": True},
        {"sub": "9", "email": "amina@desk.example", "email_verified": False},
        {"sub": "10"},
    ],
)
def test_nobody_else_comes_in_and_no_account_is_made(provider: IdentityProvider, person: dict[str, Any]) -> None:
    assert amina().email == "amina@desk.example"
    provider.person = person
    browser = Client()
    come_in(browser, provider)
    assert signed_in(browser) is None
    assert Agent.objects.count() == 1


def test_who_has_left_does_not_come_in(provider: IdentityProvider) -> None:
    agent = amina()
    Agent.objects.filter(pk=agent.pk).update(is_active=False)
    provider.person = {"sub": "7", "email": agent.email, "email_verified": True}
    browser = Client()
    come_in(browser, provider)
    assert signed_in(browser) is None


def test_a_refusal_a_foreign_answer_and_a_dead_provider_are_said_in_words(provider: IdentityProvider) -> None:
    agent = amina()
    provider.person = {"sub": "7", "email": agent.email, "email_verified": True}
    provider.refuses = "access_denied"
    browser = Client()
    assert come_in(browser, provider).status_code == 200
    assert signed_in(browser) is None
    provider.refuses = ""
    stranger = Client()
    foreign = stranger.get(f"{CALLBACK}?code=anything&state=never-given", follow=True)
    assert foreign.status_code < 500
    assert signed_in(stranger) is None


def test_a_provider_that_does_not_answer(settings: Any) -> None:
    with identity_provider() as gone:
        url = gone.url
    app = {
        "provider_id": "oidc", "name": "Mairie", "client_id": CLIENT_ID, "secret": CLIENT_SECRET,
        "settings": {"server_url": url},
    }  # fmt: skip
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
    answer = Client().post(LOGIN, follow=True)
    assert answer.status_code == 200
    assert "ne répond pas" in answer.content.decode()
