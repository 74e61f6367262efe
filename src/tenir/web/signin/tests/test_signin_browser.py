"""Coming in, in a real Chromium: an invitation, a password, codes, a passkey, and a session that is ended."""

import re

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from playwright.sync_api import Browser, Page, expect

from tenir import clock
from tenir.channels.email.account_mail import plan_account_mail
from tenir.ledger.events import SYSTEM
from tenir.outbox.models import Task
from tenir.people import verbs
from tenir.people.models import Agent, Role
from tenir.web.signin.tests.browser import check_for_everybody, chromium, desk, page  # noqa: F401  (fixtures)

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
WORDS = "quatre mots bien ordinaires"


def invited(name: str = "Amina", role: Role = Role.AGENT) -> str:
    """The path of an invitation."""
    email = f"{name.lower()}@desk.example"
    _invitation, token = verbs.invite(email=email, given_name=name, role=role, language="en", by=SYSTEM, at=clock.now())
    return f"/invitation/{token}/"


def join(page: Page, name: str = "Amina") -> None:  # noqa: F811
    """Follows an invitation and chooses a password."""
    page.goto(invited(name))
    page.get_by_label("Choose a password").fill(WORDS)
    page.get_by_role("button", name="Join with this password").click()
    expect(page.get_by_role("heading", name="My settings")).to_be_visible()
    page.wait_for_load_state("load")  # its modules listen


def sign_out(page: Page) -> None:  # noqa: F811
    page.goto("/account/logout/")
    page.get_by_role("button", name="Sign out").last.click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def sign_in(page: Page, name: str = "Amina") -> None:  # noqa: F811
    page.goto("/account/login/")
    page.get_by_label("E-mail address").fill(f"{name.lower()}@desk.example")
    page.get_by_label("Password").fill(WORDS)
    page.get_by_role("button", name="Sign in", exact=True).click()


def code_of(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, list(yield_hotp_counters_from_time())[1])))


def prove_it_is_me(page: Page) -> None:  # noqa: F811
    """What concerns one's sign-in asks for the password once more."""
    if page.get_by_role("heading", name="Is it you?").is_visible():
        page.get_by_label("Password").fill(WORDS)
        page.get_by_role("button", name="Continue").click()


def test_from_the_invitation_to_a_sign_in_with_codes(page: Page) -> None:  # noqa: F811
    where = invited()
    page.goto(where)
    check_for_everybody(page)
    assert Agent.objects.get().joined_at is None  # looking changes nothing
    page.get_by_label("Choose a password").fill("short")
    page.get_by_role("button", name="Join with this password").click()
    expect(page.get_by_role("alert")).to_contain_text("12")
    page.get_by_label("Choose a password").fill(WORDS)
    page.get_by_role("button", name="Join with this password").click()
    expect(page.get_by_role("heading", name="My settings")).to_be_visible()
    check_for_everybody(page)

    page.goto("/account/2fa/")
    check_for_everybody(page)
    page.get_by_role("link", name="Set up").click()
    prove_it_is_me(page)
    check_for_everybody(page)
    secret = page.get_by_label("Or type this key into it").input_value()
    assert secret not in str(Agent.objects.values())
    page.get_by_label("The six digits that it shows").fill(code_of(secret))
    page.get_by_role("button", name="Ask for these codes from now on").click()
    expect(page.locator(".codes li")).to_have_count(10)
    check_for_everybody(page)
    from allauth.mfa.models import Authenticator

    assert secret not in str(list(Authenticator.objects.values_list("data", flat=True)))
    assert Task.objects.filter(kind="email.account", data__what="totp_activated").exists()

    sign_out(page)
    check_for_everybody(page)
    sign_in(page)
    expect(page.get_by_role("heading", name="One more step")).to_be_visible()
    check_for_everybody(page)
    page.get_by_label("Code of your application").fill("000000")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_text("This code is not the right one")).to_be_visible()
    page.get_by_label("Code of your application").fill(next_code(secret))
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).to_have_url(re.compile("/cases/"))

    page.context.clear_cookies()
    page.goto(where)
    expect(page.get_by_role("heading", name="This link is over")).to_be_visible()


def next_code(secret: str) -> str:
    """A code that has not been used yet: allauth takes each one once."""
    from django.core.cache import cache

    cache.clear()
    return code_of(secret)


def test_a_passkey_is_added_opens_the_desk_alone_and_is_removed(page: Page) -> None:  # noqa: F811
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    page.goto(invited())
    page.get_by_role("button", name="Join with a passkey instead").click()
    expect(page.get_by_role("heading", name="Add a passkey")).to_be_visible()
    check_for_everybody(page)
    page.get_by_label("How to call it").fill("My telephone")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator(".codes li")).to_have_count(10)
    assert not Agent.objects.get().has_usable_password()

    sign_out(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page).to_have_url(re.compile("/cases/"))

    page.goto("/account/2fa/webauthn/")
    check_for_everybody(page)
    page.get_by_role("link", name="Rename").click()
    if page.get_by_role("heading", name="Is it you?").is_visible():
        page.goto("/account/2fa/webauthn/reauthenticate/?next=/account/2fa/webauthn/")
        check_for_everybody(page)
        page.get_by_role("button", name="Use my passkey").click()
        page.get_by_role("link", name="Rename").click()
    page.get_by_label("How to call it").fill("Old telephone")
    page.get_by_role("button", name="Keep").click()
    expect(page.get_by_text("Old telephone")).to_be_visible()
    page.get_by_role("link", name="Remove").click()
    check_for_everybody(page)
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("You have no passkey yet.")).to_be_visible()


def test_a_session_that_is_ended_elsewhere_is_over_at_once(page: Page, chromium: Browser, desk: str) -> None:  # noqa: F811
    join(page)
    other = chromium.new_context(base_url=desk, locale="en")
    elsewhere = other.new_page()
    sign_in(elsewhere)
    expect(elsewhere).to_have_url(re.compile("/cases/"))

    page.goto("/account/sessions/")
    check_for_everybody(page)
    expect(page.get_by_text("this browser")).to_have_count(1)
    page.get_by_role("button", name="End it").click()
    expect(page.get_by_role("button", name="End it")).to_have_count(0)

    elsewhere.goto("/me/")
    expect(elsewhere.get_by_role("heading", name="Sign in")).to_be_visible()
    page.goto("/me/")
    expect(page.get_by_role("heading", name="My settings")).to_be_visible()
    other.close()


def test_what_i_choose_is_seen_at_once_and_kept(page: Page) -> None:  # noqa: F811
    join(page)
    page.locator("#look-text_size").select_option("larger")
    expect(page.locator("html")).to_have_attribute("data-text-size", "larger")
    page.locator("#look-theme").select_option("dark")
    page.locator("#language").select_option("fr")
    page.locator('form[action="/me/look/"] button').click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    check_for_everybody(page)


def test_an_unfit_link_for_a_new_password_leads_to_another(page: Page) -> None:  # noqa: F811
    join(page)
    plan_account_mail(Agent.objects.get(), what="reset_link", at=clock.now())
    sign_out(page)
    page.goto("/account/password/reset/key/1-nothing/")
    expect(page.get_by_text("This link has already been used")).to_be_visible()
    check_for_everybody(page)
