"""The customer's side in a real Chromium: on a telephone, in both languages, with and without mistakes."""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import axe_core_python
import pytest
from django.db import connection
from playwright.sync_api import Browser, ConsoleMessage, FilePayload, Page, expect, sync_playwright

from tenir.cases import verbs
from tenir.cases.models import Case, Message
from tenir.cases.tests import scenes as cases
from tenir.people.tests.scenes import amina
from tenir.web.public.tests.scenes import answered, case_of_emile, page_of

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

AXE = (Path(axe_core_python.__file__).parent / "axe.min.js").read_text()
CHROMIUM = os.environ.get("TENIR_TEST_CHROMIUM", "/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PICTURE: FilePayload = {"name": "bac.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n bac"}
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
        if message.type == "error" and "Failed to load resource" not in message.text:
            wrong.append(message.text)

    def opened(path: str, *, language: str = "fr", width: int = 1100, theme: Any = "light", **options: Any) -> Page:
        context = chromium.new_context(
            base_url=live_server.url, locale=language, color_scheme=theme, viewport={"width": width, "height": 800},
            reduced_motion="reduce", **options,
        )  # fmt: skip
        contexts.append(context)
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


def everything_said(case: Case) -> str:
    """A case with all that its page can show; the address of the page."""
    answered(case)
    verbs.log_call(
        case, by=amina(), at=cases.minutes(45), said_at=cases.minutes(45), direction="out", text="x", cut=False
    )
    cases.writes_again(case, "Merci, mais il manque encore la charnière.", at=cases.minutes(60))
    answered(case)
    verbs.end(case, kind="solved", by=amina(), at=cases.minutes(90))
    return page_of(case)


def test_a_mistake_loses_nothing_and_the_second_sending_arrives(tab: Opener) -> None:
    page = tab("/contact/")
    page.get_by_label("Que s’est-il passé").fill("Mon bac vert est arrivé sans son couvercle.")
    page.get_by_label("Que souhaitez-vous").fill("Un couvercle.")
    page.get_by_label("Votre adresse électronique").fill("emile@")
    page.locator("input[type=file]").set_input_files([PICTURE])
    page.get_by_role("button", name="Envoyer").click()
    expect(page.locator("#problems")).to_be_focused()
    expect(page.get_by_label("Que s’est-il passé")).to_have_value("Mon bac vert est arrivé sans son couvercle.")
    expect(page.get_by_label("Que souhaitez-vous")).to_have_value("Un couvercle.")
    expect(page.locator("input[name=kept]")).to_be_checked()
    page.locator("#problems a").click()
    expect(page.get_by_label("Votre adresse électronique")).to_be_focused()
    page.get_by_label("Votre adresse électronique").fill("emile@example.org")
    page.get_by_role("button", name="Envoyer").click()
    expect(page.locator(".reference")).to_have_text(re.compile(r"^T-"))
    message = Message.objects.get()
    assert str(message.case) == page.locator(".reference").text_content()
    assert [file.name for file in message.attachments.all()] == ["bac.png"]
    assert not message.case.tags.exists()


def test_a_number_is_counted_while_it_is_typed(tab: Opener) -> None:
    page = tab("/contact/")
    field = page.locator("#id_phone")
    field.press_sequentially("061234567")
    expect(field).to_have_value("06 12 34 56 7")
    expect(page.locator("[data-phone-count]")).to_contain_text("9/10")
    expect(page.locator("[data-phone-word]")).to_contain_text("Il manque un chiffre")
    field.press_sequentially("8")
    expect(page.locator("[data-phone-read]")).to_contain_text("06 12 34 56 78")


def test_a_file_too_large_is_said_before_anything_travels(tab: Opener, settings: Any) -> None:
    settings.MAX_ATTACHMENT_MB = 1
    page = tab("/contact/")
    large: FilePayload = {"name": "film.mov", "mimeType": "video/quicktime", "buffer": b"x" * 1_200_000}
    page.locator("input[type=file]").set_input_files([PICTURE, large])
    expect(page.locator("[data-file-word]")).to_contain_text("« film.mov » dépasse 1 Mo")
    expect(page.locator("[data-drop-words]")).to_have_text("bac.png")


def test_the_whole_road_without_a_script(tab: Opener) -> None:
    page = tab("/contact/", java_script_enabled=False)
    page.get_by_label("Que s’est-il passé").fill("Sans script, cela marche aussi.")
    page.get_by_label("Votre numéro de téléphone").fill("06 12 34 56 78")
    page.get_by_role("button", name="Envoyer").click()
    expect(page.locator(".reference")).to_be_visible()


def test_they_read_answer_and_say_that_it_is_solved(tab: Opener) -> None:
    case = case_of_emile()
    answered(case)
    page = tab(page_of(case), width=360)
    page.get_by_label("Écrire à Amina").fill("Merci, à demain.")
    page.get_by_role("button", name="Envoyer").click()
    expect(page.get_by_role("status").first).to_contain_text("Votre message est arrivé")
    expect(page.locator(".talk")).to_contain_text("Merci, à demain.")
    answered(case)
    page.reload()
    page.get_by_role("link", name="Oui, c’est résolu").click()
    assert Case.objects.get().state != "ended", "a link alone changes nothing"
    page.get_by_role("button", name="Oui, c’est résolu").click()
    expect(page.get_by_text("Merci de nous l’avoir dit")).to_be_visible()
    case.refresh_from_db()
    assert case.state == "ended"
    assert case.endings.get().confirmed is True


def test_they_ask_to_be_called_and_correct_their_details(tab: Opener) -> None:
    case = case_of_emile()
    page = tab(page_of(case))
    page.get_by_role("link", name="Corriger mes coordonnées").click()
    page.locator("#id_phone").fill("0612345678")
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_role("link", name="Être rappelé").click()
    expect(page.locator("#id_phone")).to_have_value("06 12 34 56 78")
    page.get_by_label("Quand cela vous arrange-t-il").fill("après 17 h")
    page.get_by_role("button", name="Rappelez-moi").click()
    expect(page.locator(".talk")).to_contain_text("Rappelez-moi au 06 12 34 56 78")
    assert Message.objects.latest("pk").facts["callback"]["number"] == "+33612345678"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_everybody_can_read_it_and_nothing_is_wider_than_a_telephone(tab: Opener, language: str, theme: str) -> None:
    here = everything_said(case_of_emile())
    told = []
    for path in (
        "/contact/",
        here,
        f"{here}solved/",
        f"{here}not-solved/",
        f"{here}callback/",
        f"{here}details/",
        "/c/x/",
    ):
        page = tab(f"{path}?lang={language}", width=360, theme=theme)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path
        page.evaluate(AXE)
        found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
        told += [f"{path} {v['id']}: {n['html'][:160]}" for v in found["violations"] for n in v["nodes"]]
        assert page.locator("html").get_attribute("lang") == language
    assert told == []


def test_on_paper_there_is_the_exchange_and_nothing_to_click(tab: Opener) -> None:
    page = tab(everything_said(case_of_emile()))
    page.emulate_media(media="print")
    expect(page.locator(".talk")).to_be_visible()
    expect(page.locator("#reply")).to_be_hidden()
    expect(page.get_by_role("link", name="Être rappelé")).to_be_hidden()
