"""Mailboxes, senders and hostile servers for the tests of the wires."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tenir.channels.email.wires.accounts import OAuth, Password, Security
from tenir.channels.email.wires.imap import Account
from tenir.channels.email.wires.smtp import SmtpAccount
from tests.servers import Dovecot, Smtpd

DESK = "desk@example.test"


def mail(subject: str = "bin", body: str = "The lid is missing.") -> bytes:
    return f"From: emile@example.test\r\nSubject: {subject}\r\n\r\n{body}\r\n".encode()


def account(
    server: Dovecot,
    *,
    security: Security = Security.PLAIN,
    auth: Password | OAuth | None = None,
    folders: tuple[str, ...] = ("INBOX",),
    host: str | None = None,
    timeout: float = 20,
    ca_file: Path | None = None,
) -> Account:
    return Account(
        host=host or server.host,
        port=server.tls_port if security is Security.TLS else server.port,
        security=security,
        user=DESK,
        auth=auth or Password("secret"),
        folders=folders,
        ca_file=ca_file or server.ca_file,
        timeout=timeout,
    )


def account_at(port: int, *, timeout: float = 0.5, security: Security = Security.PLAIN) -> Account:
    return Account(host="127.0.0.1", port=port, security=security, user=DESK, auth=Password("secret"), timeout=timeout)


@contextmanager
def odd_server(conversation: Callable[[socket.socket], None]) -> Iterator[int]:
    """A server on loopback that does to each visitor whatever the function does. Yields its port."""
    listener = socket.create_server(("127.0.0.1", 0))
    ended = threading.Event()

    def serve() -> None:
        while not ended.is_set():
            try:
                visitor, _ = listener.accept()
            except OSError:
                return
            with visitor:
                visitor.settimeout(10)
                try:
                    conversation(visitor)
                except OSError:
                    continue  # the visitor left, as it should

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        ended.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(15)


def says(*answers: bytes) -> Callable[[socket.socket], None]:
    """A conversation in which each line of the visitor gets the next answer; `%t` in it is the visitor's tag."""

    def converse(visitor: socket.socket) -> None:
        with visitor.makefile("rb") as lines:
            for number, answer in enumerate(answers):
                tag = b"" if number == 0 else lines.readline().split(b" ")[0]
                visitor.sendall(answer.replace(b"%t", tag))
            while lines.readline():
                pass

    return converse


def sender(
    server: Smtpd,
    *,
    security: Security = Security.PLAIN,
    auth: Password | OAuth | None = None,
    timeout: float = 20,
    host: str | None = None,
) -> SmtpAccount:
    return SmtpAccount(
        host=host or server.host,
        port=server.port,
        security=security,
        user=DESK if auth else None,
        auth=auth,
        ca_file=server.ca_file,
        timeout=timeout,
    )
