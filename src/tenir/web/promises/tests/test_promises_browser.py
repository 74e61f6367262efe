"""The road of a promise in a real Chromium: made from the keyboard, refused and corrected, kept in two parts, ended."""

import os
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import axe_core_python
import pytest
from django.db import connection
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from tenir import clock
from tenir.cases.models import Case
from tenir.cases.tests.scenes import bin_without_lid
from tenir.people.models import Agent
from tenir.people.tests.scenes import amina, bruno
from tenir.promises.models import Promise

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

AXE = (Path(axe_core_python.__file__).parent / "axe.min.js").read_text()
CHROMIUM = os.environ.get("TENIR_TEST_CHROMIUM", "/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
Opener = Callable[..., Page]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright, pytest.MonkeyPatch.context() as patch:
        # Playwright keeps an event loop in this thread, in which nothing of Django runs.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def tab(chromium: Browser, live_server: Any) -> Iterator[Opener]:
    """Opens tabs in which any error of a script, and anything that the policy refuses, fails the test."""
    wrong: list[str] = []
    contexts = []

    def heard(message: ConsoleMessage) -> None:
        expected = ("Failed to load resource", "Response Status Error Code 422", "EventSource")
        if message.type == "error" and not any(words in message.text for words in expected):
            wrong.append(message.text)

    def opened(path: str, who: Agent, *, width: int = 1440, theme: Any = "light", **options: Any) -> Page:
        context = chromium.new_context(
            base_url=live_server.url, color_scheme=theme, viewport={"width": width, "height": 900},
            reduced_motion="reduce", **options,
        )  # fmt: skip
        contexts.append(context)
        client = Client()
        client.force_login(who)
        cookies = [{"name": key, "value": it.value, "url": live_server.url} for key, it in client.cookies.items()]
        context.add_cookies(cookies)  # type: ignore[arg-type]
        page = context.new_page()
        page.on("console", heard)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()
    connection.close()
    assert wrong == []


@pytest.fixture
def case() -> Case:
    return bin_without_lid(at=clock.now() - timedelta(hours=2))


def test_promised_refused_corrected_delivered_and_only_then_ended(tab: Opener, case: Case) -> None:
    page = tab(f"/cases/{case}/", amina())
    expect(page.locator("#ending-dialog")).to_be_attached()
    page.keyboard.press("p")
    dialog = page.locator("#promise-dialog")
    expect(dialog).to_be_visible()
    dialog.get_by_label("Ce que nous promettons").fill("Apporter le bac et son couvercle")
    dialog.get_by_label("Par éléments").fill("le bac\nle couvercle")
    dialog.get_by_label("Sorte").select_option("callback")
    expect(dialog.get_by_label("Combien")).to_have_value("4")
    dialog.get_by_label("Sorte").select_option("delivery")
    expect(dialog.get_by_label("Combien")).to_have_value("2")
    expect(dialog.locator("#promise-full-date")).to_contain_text(re.compile(r"Pour le \w+ \d+ \w+, \d+:\d\d"))
    dialog.get_by_label("Combien").fill("")
    expect(dialog.locator("#promise-full-date")).to_contain_text("une promesse a une date")
    dialog.get_by_role("button", name="Promettre cela").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Une promesse a une date")
    expect(dialog.get_by_label("Ce que nous promettons")).to_have_value("Apporter le bac et son couvercle")
    dialog.get_by_label("Comment on compte").select_option("clock")
    dialog.get_by_label("Combien").fill("48")
    dialog.get_by_role("button", name="Promettre cela").click()
    expect(dialog).to_have_count(0)
    panel = page.locator("#aside-owed")
    expect(panel).to_contain_text("Apporter le bac et son couvercle")
    assert Promise.objects.get().amount == 48 * 60

    page.keyboard.press("e")
    ending = page.locator("#ending-dialog")
    expect(ending).to_contain_text("Une promesse court encore ici")
    expect(ending.get_by_role("button", name="C’est fait", exact=True)).to_have_count(0)
    page.keyboard.press("Escape")

    panel.get_by_role("link", name="C’est livré").click()
    form = page.locator("#promise-delivery-dialog")
    form.get_by_label("le couvercle").uncheck()
    form.get_by_role("button", name="C’est chose faite").click()
    expect(panel.locator(".promise-parts .is-done")).to_have_count(1)
    panel.get_by_role("link", name="C’est livré").click()
    form.get_by_role("button", name="C’est chose faite").click()
    expect(panel).to_contain_text("à confirmer par le client")
    panel.get_by_role("link", name="Ce que dit le client").click()
    page.locator("#promise-answer-dialog").get_by_role("button", name="Oui, c’est fait").click()
    expect(panel).to_contain_text("1 promesse passée")
    page.keyboard.press("e")
    ending.locator('button[value="solved"]').click()
    expect(page.locator("#case-head")).to_contain_text("Terminé par Amina")


def test_the_whole_road_without_a_script(tab: Opener, case: Case) -> None:
    page = tab(f"/cases/{case}/", bruno(), java_script_enabled=False)
    page.get_by_role("link", name="Promise something").click()
    page.get_by_label("What we promise").fill("Bring the lid")
    page.get_by_role("button", name="Promise it").click()
    expect(page.locator("#aside-owed")).to_contain_text("Bring the lid")
    page.locator("#aside-owed").get_by_role("link", name="Delivered").click()
    page.get_by_role("button", name="It is done").click()
    expect(page.locator("#aside-owed")).to_contain_text("to be confirmed by the customer")


@pytest.mark.parametrize(("who", "theme"), [(amina, "dark"), (bruno, "light")])
def test_everybody_can_read_it_and_nothing_is_wider_than_a_telephone(
    tab: Opener, case: Case, who: Callable[[], Agent], theme: str
) -> None:
    from tenir.promises.tests.scenes import a_bin

    made = a_bin(case, at=clock.now() - timedelta(days=4))
    for path in (f"/cases/{case}/promises/", f"/promises/{made.pk}/date/", f"/promises/{made.pk}/answer/"):
        page = tab(path, who(), width=360, theme=theme)
        page.evaluate(AXE)
        found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
        assert [f"{v['id']}: {n['html'][:140]}" for v in found["violations"] for n in v["nodes"]] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page = tab("/radar/", made.owner or who(), width=360, theme=theme)
    page.get_by_text("En tableau").click()
    page.evaluate(AXE)
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    assert [f"{v['id']}: {n['html'][:140]}" for v in found["violations"] for n in v["nodes"]] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page = tab(f"/cases/{case}/", who(), theme=theme)
    page.keyboard.press("p")
    expect(page.locator("#promise-dialog")).to_be_visible()
    page.evaluate(AXE)
    found = page.evaluate("rules => axe.run('dialog[open], #aside-owed', {runOnly: rules})", RULES)
    assert [f"{v['id']}: {n['html'][:140]}" for v in found["violations"] for n in v["nodes"]] == []


def test_heard_while_it_is_typed_noted_with_one_key_and_promised_when_sent(tab: Opener, case: Case) -> None:
    from tenir.promises import jobs

    page = tab(f"/cases/{case}/", amina())
    text = page.get_by_label("Votre réponse au client")
    text.fill("Bonjour,\nnous vous livrerons le couvercle sous 48 heures. Je vous rappelle demain avant midi.")
    offers = page.locator(".heard")
    expect(offers).to_have_count(2)
    expect(page.locator(".mirror mark").first).to_contain_text("48 heures")
    text.press("Alt+Enter")
    expect(offers.first).to_contain_text("la promesse sera faite à l’envoi")
    text.press("Alt+Shift+Enter")
    expect(offers).to_have_count(1)
    page.reload()
    expect(page.locator(".heard.is-kept")).to_have_count(1)
    text.press("Control+Enter")
    expect(page.locator("#timeline")).to_contain_text("nous vous livrerons le couvercle")
    expect(page.locator(".heard")).to_have_count(0)
    jobs.keep_what_was_said(clock.now())
    assert Promise.objects.get().kind == "delivery"


def test_when_the_desk_does_not_hear_the_reply_is_written_as_ever(tab: Opener, case: Case) -> None:
    page = tab(f"/cases/{case}/", bruno())
    page.route(re.compile("/hearing/$"), lambda route: route.abort())
    text = page.get_by_label("Your reply")
    text.fill("We will deliver the lid within 48 hours.")
    page.wait_for_timeout(700)
    expect(page.locator(".heard")).to_have_count(0)
    text.press("Control+Enter")
    expect(page.locator("#timeline")).to_contain_text("We will deliver the lid")
