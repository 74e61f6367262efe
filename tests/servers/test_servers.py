"""The test servers themselves: what other tests lean on."""

import smtplib
import ssl
from pathlib import Path

from imapclient import IMAPClient

from tests.servers import Mode, dovecot, smtpd, token_server

DESK = "desk@example.test"
HELLO = b"Subject: hello\r\n\r\nhello\r\n"


def test_a_delivered_mail_is_listed_and_survives_a_restart_and_a_kill(tmp_path: Path) -> None:
    with dovecot(tmp_path) as server:
        server.deliver(DESK, HELLO)
        server.stop()
        server.deliver(DESK, HELLO)
        server.start()
        server.kill()
        server.start()
        assert [mail.raw for mail in server.mails(DESK)] == [HELLO, HELLO]


def test_uidvalidity_changes_and_the_mails_stay(tmp_path: Path) -> None:
    with dovecot(tmp_path) as server:
        server.make_folder(DESK, "Été/Deux")
        server.deliver(DESK, HELLO, folder="INBOX")
        before = server.uidvalidity(DESK)
        assert server.change_uidvalidity(DESK) > before
        assert len(server.mails(DESK)) == 1
        assert "Été/Deux" in server.folders(DESK)


def test_a_token_opens_the_mailbox_until_it_is_revoked(tmp_path: Path) -> None:
    with token_server() as tokens, dovecot(tmp_path, tokens=tokens) as server:
        trusting = ssl.create_default_context(cafile=str(server.ca_file))
        token = tokens.access_token(DESK)
        with IMAPClient(server.host, server.tls_port, ssl_context=trusting, timeout=10) as client:
            client.oauth2_login(DESK, token)
        tokens.revoke(DESK)
        assert tokens.owner(token) is None


def test_a_mail_is_kept_before_the_server_says_so_and_reaches_the_mailbox(tmp_path: Path) -> None:
    with dovecot(tmp_path) as mailboxes, smtpd(tmp_path, deliver_to=mailboxes) as server:
        with smtplib.SMTP(server.host, server.port, timeout=10) as client:
            client.sendmail("amina@example.test", [DESK], HELLO)
        assert [(mail.envelope_from, mail.raw) for mail in server.received()] == [("amina@example.test", HELLO)]
        assert len(mailboxes.mails(DESK)) == 1


def test_an_order_holds_from_the_next_command_and_a_killed_server_comes_back_with_its_mails(tmp_path: Path) -> None:
    with smtpd(tmp_path) as server:
        with smtplib.SMTP(server.host, server.port, timeout=10) as client:
            client.sendmail("amina@example.test", ["a@example.test"], HELLO)
            server.behave(Mode.REFUSE_RCPT)
            client.mail("amina@example.test")
            assert client.rcpt("b@example.test")[0] == 550
        port = server.port
        server.kill()
        server.start()
        assert server.port == port
        assert len(server.received()) == 1
