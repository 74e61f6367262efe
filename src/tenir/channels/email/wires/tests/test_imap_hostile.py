"""Whatever answers on the other side, the reader says what is wrong, in bounded time and memory."""

import socket
import time
from collections.abc import Callable

import pytest

from tenir.channels.email.wires import sockets
from tenir.channels.email.wires.accounts import Security
from tenir.channels.email.wires.imap import MailboxReader, Marked, check
from tenir.channels.email.wires.tests.scenes import account_at, odd_server, says
from tenir.channels.email.wires.trouble import MailError, Trouble

HELLO = b"* OK [CAPABILITY IMAP4rev1 IDLE] ready\r\n"
CAPABLE = b"* CAPABILITY IMAP4rev1 IDLE\r\n%t OK done\r\n"
SIGNED_IN = b"%t OK [CAPABILITY IMAP4rev1 IDLE] in\r\n"
OPENED = (
    b"* 1 EXISTS\r\n* FLAGS (\\Seen)\r\n* OK [PERMANENTFLAGS (\\Seen \\*)] ok\r\n"
    b"* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT 9] ok\r\n%t OK [READ-WRITE] done\r\n"
)
UP_TO_OPENED = (HELLO, CAPABLE, SIGNED_IN, OPENED)


def trouble_of(conversation: Callable[[socket.socket], None]) -> Trouble | None:
    with odd_server(conversation) as port:
        error = check(account_at(port)).error
        return error.trouble if error else None


def reading_from(*answers: bytes) -> Trouble:
    with (
        odd_server(says(*answers)) as port,
        MailboxReader(account_at(port)) as reader,
        pytest.raises(MailError) as error,
    ):
        list(reader.new_mail({}))
    return error.value.trouble


@pytest.mark.parametrize(
    ("answers", "trouble"),
    [
        ((b"HTTP/1.1 400 Bad Request\r\n\r\n",), Trouble.NOT_UNDERSTOOD),
        ((b"220 smtp.example.test ESMTP\r\n",), Trouble.NOT_UNDERSTOOD),
        ((b"\x00\xff\xfe" * 1000 + b"\r\n",), Trouble.NOT_UNDERSTOOD),
        ((b"a" * 2_000_000 + b"\r\n",), Trouble.NOT_UNDERSTOOD),
        ((b"* OK {99999999999999999999}\r\n",), Trouble.NOT_UNDERSTOOD),
        ((b"",), Trouble.TIMEOUT),
        ((b"* OK",), Trouble.TIMEOUT),
        ((b"* BYE Too many connections from your IP\r\n",), Trouble.TOO_MANY_CONNECTIONS),
        ((b"* BYE Server shutting down\r\n",), Trouble.UNAVAILABLE),
        ((HELLO, b"* CAPABILITY NOTHING\r\n%t OK done\r\n"), Trouble.NOT_UNDERSTOOD),
        ((HELLO, CAPABLE, b"%t NO [AUTHENTICATIONFAILED] wrong\r\n"), Trouble.WRONG_PASSWORD),
        ((HELLO, CAPABLE, b"%t NO [ALERT] Too many simultaneous connections.\r\n"), Trouble.TOO_MANY_CONNECTIONS),
        ((HELLO, CAPABLE, b"%t NO [UNAVAILABLE] Temporary failure\r\n"), Trouble.UNAVAILABLE),
        ((HELLO, CAPABLE, b"%t BAD Request is throttled. Suggested Backoff Time: 9 ms\r\n"), Trouble.THROTTLED),
        ((HELLO, CAPABLE, b"garbage %t\r\n"), Trouble.NOT_UNDERSTOOD),
        ((HELLO, CAPABLE, b"+ \r\n+ \r\n"), Trouble.TIMEOUT),
        ((b"* OK hi\r\n", b"* CAPABILITY IMAP4rev1 LOGINDISABLED\r\n%t OK done\r\n"), Trouble.ENCRYPTION_REQUIRED),
    ],
)  # fmt: skip
def test_each_oddity_at_the_door_has_a_name(answers: tuple[bytes, ...], trouble: Trouble) -> None:
    assert trouble_of(says(*answers)) is trouble


def test_a_line_cut_during_the_sign_in_is_not_called_a_wrong_password() -> None:
    def cuts(visitor: socket.socket) -> None:
        with visitor.makefile("rb") as lines:
            visitor.sendall(HELLO)
            visitor.sendall(CAPABLE.replace(b"%t", lines.readline().split(b" ")[0]))
            lines.readline()

    assert trouble_of(cuts) is Trouble.CONNECTION_LOST


def test_a_greeting_that_signs_in_before_starttls_gets_nothing() -> None:
    with odd_server(says(b"* PREAUTH [CAPABILITY IMAP4rev1 STARTTLS] in\r\n", CAPABLE)) as port:
        error = check(account_at(port, security=Security.STARTTLS)).error
    assert error is not None
    assert error.trouble is Trouble.ENCRYPTION_MISSING


def test_words_sent_before_the_encryption_are_not_believed_after_it() -> None:
    injected = (HELLO, b"* CAPABILITY IMAP4rev1 STARTTLS\r\n%t OK done\r\n", b"%t OK go\r\n* OK injected\r\n")
    with odd_server(says(*injected)) as port:
        error = check(account_at(port, security=Security.STARTTLS)).error
    assert error is not None
    assert error.trouble is not Trouble.NOT_UNDERSTOOD or "injected" not in error.said


def test_a_server_that_drips_one_byte_at_a_time_is_given_up() -> None:
    def drips(visitor: socket.socket) -> None:
        for _ in range(1000):
            visitor.sendall(b"*")
            time.sleep(0.05)

    assert trouble_of(drips) is Trouble.TIMEOUT


def test_a_server_that_never_stops_talking_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sockets, "ALLOWANCE", 200_000)

    def floods(visitor: socket.socket) -> None:
        visitor.sendall(HELLO)
        while True:
            visitor.sendall(b"* 1 EXISTS\r\n" * 1000)

    assert trouble_of(floods) in (Trouble.NOT_UNDERSTOOD, Trouble.TIMEOUT)


@pytest.mark.parametrize(
    "answer",
    [
        b"* SEARCH one two\r\n%t OK done\r\n",
        b"* SEARCH 99999999999999999999999 -4\r\n%t OK done\r\n",
        b"* SEARCH 1 2\r\n* SEARCH 3\r\n%t OK done\r\n",
        b"%t NO cannot search\r\n",
        b"* BYE going\r\n",
    ],
)
def test_an_odd_search_is_an_error_or_nothing_never_a_hang(answer: bytes) -> None:
    with odd_server(says(*UP_TO_OPENED, answer, b"%t OK done\r\n")) as port, MailboxReader(account_at(port)) as reader:
        try:
            assert list(reader.new_mail({})) == []
        except MailError as error:
            assert error.trouble in (  # noqa: PT017
                Trouble.NOT_UNDERSTOOD,
                Trouble.REFUSED,
                Trouble.CONNECTION_LOST,
                Trouble.TIMEOUT,
            )


@pytest.mark.parametrize(
    ("answer", "trouble"),
    [
        (b"* 1 FETCH " + b"(" * 5000 + b"\r\n%t OK done\r\n", Trouble.NOT_UNDERSTOOD),
        (b"* 1 FETCH (UID x)\r\n%t OK done\r\n", Trouble.NOT_UNDERSTOOD),
        (b"* 1 FETCH (UID 8 BODY[] {4000000000}\r\n", Trouble.NOT_UNDERSTOOD),
        (b"* 1 FETCH (UID 8 BODY[] {10}\r\nfive!", Trouble.TIMEOUT),
    ],
)
def test_an_odd_fetch_has_a_name(answer: bytes, trouble: Trouble) -> None:
    assert reading_from(*UP_TO_OPENED, b"* SEARCH 8\r\n%t OK done\r\n", answer) is trouble


def test_a_mail_that_the_server_cannot_give_comes_with_the_reason_and_does_not_hold_up_the_next() -> None:
    two = (
        b'* 1 FETCH (UID 8 FLAGS () INTERNALDATE "22-Nov-2026 06:00:00 +0000" RFC822.SIZE 5)\r\n'
        b'* 2 FETCH (UID 9 FLAGS () INTERNALDATE "nonsense" RFC822.SIZE 5)\r\n%t OK done\r\n'
    )
    conversation = says(
        *UP_TO_OPENED,
        b"* SEARCH 8 9\r\n%t OK done\r\n",
        two,
        b"%t NO The requested message could not be converted\r\n",
        b"%t OK nothing\r\n",
        b"* SEARCH 8\r\n%t OK done\r\n",
        b"* 1 FETCH (UID 8 BODY[HEADER] {14}\r\nSubject: x\r\n\r\n)\r\n%t OK done\r\n",
        b"* 2 FETCH (UID 9 BODY[] {5}\r\nhello)\r\n%t OK done\r\n",
    )
    with odd_server(conversation) as port, MailboxReader(account_at(port, timeout=5)) as reader:
        poor, good = reader.new_mail({})
    assert (poor.raw, poor.complete) == (b"Subject: x\r\n\r\n", False)
    assert "could not be converted" in poor.said
    assert (good.raw, good.internal_date, good.complete) == (b"hello", None, True)


def test_a_server_that_permits_keywords_and_then_refuses_them_gets_seen_only() -> None:
    conversation = says(*UP_TO_OPENED, b"%t NO no keywords today\r\n", b"%t OK done\r\n")
    with odd_server(conversation) as port, MailboxReader(account_at(port, timeout=5)) as reader:
        assert reader.mark("INBOX", 8, uidvalidity=7) is Marked.SEEN


@pytest.mark.parametrize("first", [b"* 2 EXISTS\r\n+ idling\r\n", b"+ idling\r\n* 2 EXISTS\r\n"])
def test_new_mail_told_together_with_the_beginning_of_the_idle_is_heard(first: bytes) -> None:
    def idles(visitor: socket.socket) -> None:
        with visitor.makefile("rb") as lines:
            visitor.sendall(HELLO)
            for answer in (CAPABLE, SIGNED_IN, OPENED, first):
                tag = lines.readline().split(b" ")[0]
                visitor.sendall(answer.replace(b"%t", tag))
            assert lines.readline() == b"DONE\r\n"
            visitor.sendall(tag + b" OK over\r\n")

    with odd_server(idles) as port, MailboxReader(account_at(port, timeout=5)) as reader:
        line = reader.connect()
        line.open("INBOX")
        assert line.idle(600)
