"""The first run from end to end in a real Chromium, with a real mailbox and a real SMTP server."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tenir.channels.email import verbs
from tenir.channels.email.models import Mailbox
from tenir.channels.email.secrets import unseal
from tenir.people.models import Agent
from tenir.web.signin.tests.browser import check_for_everybody, chromium, desk, page  # noqa: F401  (fixtures)
from tests.servers import Dovecot, Smtpd, dovecot, smtpd

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
ADDRESS = "desk@example.test"
PASSWORD = "pa55-of-the-mailbox"


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Dovecot, Smtpd]]:
    folder = tmp_path_factory.mktemp("mail")
    (folder / "in").mkdir()
    (folder / "out").mkdir()
    with (
        dovecot(folder / "in", users={ADDRESS: PASSWORD}) as inbox,
        smtpd(folder / "out", users={ADDRESS: PASSWORD}) as out,
    ):
        yield inbox, out


def test_the_first_run_from_end_to_end(page: Page, servers: tuple[Dovecot, Smtpd]) -> None:  # noqa: F811
    inbox, out = servers
    inbox.deliver(ADDRESS, b"From: emile@example.test\r\nSubject: old\r\n\r\nAn old letter.\r\n")
    page.goto("/")
    expect(page.get_by_role("heading", name="A new desk")).to_be_visible()
    check_for_everybody(page)
    page.get_by_label("Name, as customers read it").fill("The Canal Bins")
    page.get_by_label("Given name").fill("Alix")
    page.get_by_label("E-mail address").fill("alix@example.test")
    page.get_by_label("Password").fill("four quite ordinary words")
    page.get_by_role("button", name="Open the desk").click()
    expect(page.get_by_role("heading", name="Your mailbox")).to_be_visible()
    check_for_everybody(page)

    page.get_by_label("The mailbox’s address").fill(ADDRESS)
    page.locator("#mailbox_imap_host").fill("127.0.0.1")
    page.locator("#mailbox_imap_port").fill(str(inbox.port))
    page.locator("#mailbox_imap_security").select_option("plain")
    page.locator("#mailbox_imap_password").fill("wrong")
    page.locator("#mailbox_smtp_host").fill("127.0.0.1")
    page.locator("#mailbox_smtp_port").fill(str(out.port))
    page.locator("#mailbox_smtp_security").select_option("plain")
    page.get_by_role("button", name="Try, then keep").click()
    expect(page.get_by_text("It does not work yet")).to_be_visible()
    expect(page.locator("#trial")).to_contain_text("refuses this user name and password")
    check_for_everybody(page)
    assert not Mailbox.objects.exists()
    assert out.received() == []

    page.locator("#mailbox_imap_password").fill(PASSWORD)
    page.get_by_role("button", name="Only try").click()
    expect(page.get_by_text("It works", exact=True)).to_be_visible()
    expect(page.locator("#trial")).to_contain_text("“INBOX” holds 1 letter.")
    expect(page.get_by_role("checkbox", name="INBOX")).to_be_checked()
    assert PASSWORD not in page.content()
    assert not Mailbox.objects.exists()
    [letter] = out.received()
    assert letter.recipients == ("alix@example.test",)
    check_for_everybody(page)

    page.get_by_label("Send me a letter to try it").uncheck()
    page.get_by_role("button", name="Try, then keep").click()
    expect(page.get_by_role("heading", name="The desk is open")).to_be_visible()
    check_for_everybody(page)
    box = Mailbox.objects.get()
    assert box.is_active
    assert unseal(box.secrets)["imap_password"] == unseal(box.secrets)["smtp_password"] == PASSWORD
    assert verbs.positions(box)["INBOX"].last_uid == 1  # the old letter is left alone

    page.goto(f"/settings/mailboxes/{box.pk}/")
    check_for_everybody(page)
    assert PASSWORD not in page.content()
    page.locator("#mailbox_smtp_host").fill("localhost")
    page.locator("#mailbox_imap_host").fill("localhost")
    page.get_by_role("button", name="Only try").click()
    expect(page.get_by_role("alert")).to_contain_text("Type the password")
    for path in ("/settings/", "/settings/mailboxes/", "/settings/categories/", "/settings/undelivered/",
                 "/settings/health/", "/people/", f"/people/{Agent.objects.get().pk}/", "/letters/"):  # fmt: skip
        page.goto(path)
        check_for_everybody(page)


def test_a_certificate_file_that_is_not_there_is_said(page: Page, tmp_path: Path) -> None:  # noqa: F811
    page.goto("/")
    page.get_by_label("Name, as customers read it").fill("The Canal Bins")
    page.get_by_label("Given name").fill("Alix")
    page.get_by_label("E-mail address").fill("alix@example.test")
    page.get_by_label("Password").fill("four quite ordinary words")
    page.get_by_role("button", name="Open the desk").click()
    page.get_by_role("link", name="Later").click()
    expect(page.get_by_text("It has no mailbox yet")).to_be_visible()
    page.get_by_role("link", name="Connect a mailbox").click()
    page.get_by_label("The mailbox’s address").fill(ADDRESS)
    page.get_by_text("Finer points").click()
    page.get_by_label("Certificate file of your own authority").fill(str(tmp_path / "none.pem"))
    page.get_by_role("button", name="Only try").click()
    expect(page.get_by_role("alert")).to_contain_text("There is no such file on this machine.")
    expect(page.get_by_role("alert")).to_contain_text("Give a server to read from")
    check_for_everybody(page)
