"""A letter's whole road, as people go it: an empty desk is opened in the browser, a customer's real mail comes in from
a real mailbox and is seen without reloading, taken, answered, taken back once, sent; the customer opens the link in
the answer, writes, and says that it is solved. Once in French, once in English."""

import email
import email.policy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.running_desk import running, wait_for
from tests.servers import Dovecot, Smtpd, dovecot, smtpd
from tests.shots import CHROMIUM, FLAGS

pytestmark = [pytest.mark.browser, pytest.mark.slow]

DESK = "bonjour@desk.example.test"
EMILE = "emile@customer.example.test"
LIVE_MS = 20_000
"""How long news may take to reach a screen on a machine that does other things too."""


@dataclass(frozen=True)
class Words:
    """What is read and typed on the way, in one language."""

    locale: str
    languages: str
    first_name_of: str
    subject: str
    letter: str
    to_take: str
    take: str
    undo: str
    follow: str
    solved: str
    yes_solved: str
    thanks: str


FRENCH = Words(
    locale="fr-FR",
    languages="fr-en",
    first_name_of="Amina",
    subject="Le couvercle du bac",
    letter="Bonjour,\n\nLe couvercle de mon bac a disparu depuis mardi, et il pleut dedans. Que faire ?\n\nÉmile",
    to_take="À prendre",
    take="Prendre",
    undo="Annuler",
    follow="Suivre votre dossier",
    solved="C’est déjà résolu",
    yes_solved="Oui, c’est résolu",
    thanks="Merci de nous l’avoir dit",
)
ENGLISH = Words(
    locale="en-GB",
    languages="en-fr",
    first_name_of="Amina",
    subject="The lid of my bin",
    letter="Hello,\n\nThe lid of my bin has been gone since Tuesday, and the rain comes in. What can I do?\n\nÉmile",
    to_take="To take",
    take="Take",
    undo="Undo",
    follow="Follow your case",
    solved="It is solved already",
    yes_solved="Yes, it is solved",
    thanks="Thank you for telling us",
)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def mailboxes(tmp_path: Path) -> Iterator[Dovecot]:
    with dovecot(tmp_path, users={DESK: "secret"}) as server:
        yield server


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Smtpd]:
    with smtpd(tmp_path) as server:
        yield server


@pytest.mark.parametrize("words", [FRENCH, ENGLISH], ids=["fr", "en"])
def test_a_letter_is_answered_and_confirmed_solved(
    words: Words, desk_environ: dict[str, str], mailboxes: Dovecot, post: Smtpd, chromium: Browser
) -> None:
    with running(desk_environ | {"TENIR_HOLD_SECONDS": "6"}) as desk:
        base = desk.url.replace("127.0.0.1", "localhost")
        agent = chromium.new_context(locale=words.locale).new_page()
        customer = chromium.new_context(locale=words.locale).new_page()
        _open_the_desk(agent, base, words)
        _connect_the_mailbox(agent, mailboxes, post)
        post.clear()
        agent.goto(f"{base}/cases/?list=waiting")
        mailboxes.deliver(DESK, _mail(words))
        _take_without_reloading(agent, words)
        _answer_and_take_back(agent, post, words)
        link = _answer(agent, post, words)
        _say_solved(customer, link, words)
        expect(agent.locator("#timeline")).to_contain_text("Émile", timeout=LIVE_MS)
        expect(agent.locator("#timeline")).to_contain_text(ANSWERED[words.locale], timeout=LIVE_MS)
        assert "Traceback" not in desk.log, desk.log


ANSWERED = {"fr-FR": "a confirmé que c’est résolu", "en-GB": "confirmed that it is solved"}


def _open_the_desk(page: Page, base: str, words: Words) -> None:
    """The first run, as whoever installs Tenir meets it."""
    page.goto(base)
    expect(page.locator("html")).to_have_attribute("lang", words.locale[:2])
    page.fill("[name=organisation]", "Val-de-Lune")
    page.select_option("[name=languages]", words.languages)
    page.fill("[name=given_name]", words.first_name_of)
    page.fill("[name=email]", "amina@desk.example.test")
    page.fill("[name=password]", "quatre mots tout simples")
    page.click("form button.go")
    page.wait_for_url("**/first-run/mailbox/")


def _connect_the_mailbox(page: Page, mailboxes: Dovecot, post: Smtpd) -> None:
    """The mailbox is tried before it is kept; the servers are on this machine, hence without encryption."""
    page.fill("[name=address]", DESK)
    for name, value in {
        "imap_host": mailboxes.host,
        "imap_port": str(mailboxes.port),
        "imap_user": DESK,
        "imap_password": "secret",
        "smtp_host": post.host,
        "smtp_port": str(post.port),
    }.items():
        page.fill(f"[name={name}]", value)
    page.select_option("[name=imap_security]", "plain")
    page.select_option("[name=smtp_security]", "plain")
    page.select_option("[name=smtp_sign_in]", "none")
    page.click("button[name=do][value=save]")
    page.wait_for_url("**/first-run/ready/")


def _mail(words: Words) -> bytes:
    mail = EmailMessage()
    mail["From"] = f"Émile Martin <{EMILE}>"
    mail["To"] = DESK
    mail["Subject"] = words.subject
    mail["Message-ID"] = "<first@customer.example.test>"
    mail.set_content(words.letter)
    return mail.as_bytes()


def _take_without_reloading(page: Page, words: Words) -> None:
    row = page.locator("#main li").filter(has_text=words.subject)
    expect(row).to_be_visible(timeout=LIVE_MS)
    row.locator("a[href^='/cases/T-']").first.click()
    page.wait_for_url(re.compile(r"/cases/T-"))
    page.get_by_role("button", name=words.take).first.click()
    expect(page.get_by_role("button", name=words.take, exact=True)).to_have_count(0, timeout=LIVE_MS)


def _answer_and_take_back(page: Page, post: Smtpd, words: Words) -> None:
    """A hasty answer is undone while it is held: its words come back, and nobody gets it."""
    _write(page, "Trop vite." if words is FRENCH else "Too hasty.")
    page.get_by_role("button", name=words.undo, exact=True).click()
    box = page.locator("#composer-reply textarea[name=text]")
    expect(box).to_have_value(re.compile("Trop vite|Too hasty"), timeout=LIVE_MS)
    assert post.received() == []


def _write(page: Page, text: str) -> None:
    box = page.locator("#composer-reply textarea[name=text]")
    if not box.is_visible():
        page.keyboard.press("r")
    box.fill(text)
    page.locator("#composer-reply [data-send]").first.click()
    expect(page.locator("[data-hold]")).to_be_visible(timeout=LIVE_MS)


def _answer(page: Page, post: Smtpd, words: Words) -> str:
    """The second answer leaves once its hold is over; the customer's link stands in it."""
    _write(page, "Un couvercle neuf part ce matin." if words is FRENCH else "A new lid leaves this morning.")
    (letter,) = wait_for(post.received, 40)
    assert letter.recipients == (EMILE,)
    read = email.message_from_bytes(letter.raw, policy=email.policy.default)
    assert words.subject in read["Subject"]
    body = read.get_body(("plain",))
    assert body is not None
    text = body.get_content()
    assert "couvercle neuf" in text or "A new lid" in text
    assert "Trop vite" not in text
    assert "Too hasty" not in text
    found = re.search(rf"{words.follow}[^\n]*?(http://\S+/c/\S+/)", text.replace("\n", " "))
    assert found, text
    return found.group(1)


def _say_solved(page: Page, link: str, words: Words) -> None:
    page.goto(link)
    expect(page.locator("main")).to_contain_text("couvercle neuf" if words is FRENCH else "A new lid")
    page.fill("#reply textarea[name=text]", "Merci Amina !" if words is FRENCH else "Thank you Amina!")
    page.locator("#reply button.go").click()
    expect(page.locator("#said")).to_be_visible()
    page.get_by_role("link", name=re.compile(f"{words.solved}|{words.yes_solved}")).first.click()
    page.get_by_role("button", name=words.yes_solved).click()
    expect(page.locator("#said")).to_contain_text(words.thanks)
