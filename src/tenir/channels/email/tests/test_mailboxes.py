"""A real mailbox is listened to: every letter is stored, marked after its commit, and read once."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.management import call_command

from tenir import clock
from tenir.cases.models import Message
from tenir.channels.email import mailboxes
from tenir.channels.email.models import Mailbox
from tenir.channels.email.tests.test_receive import letter
from tenir.channels.email.verbs import save_mailbox
from tenir.ledger.events import SYSTEM
from tests.servers.dovecot import Dovecot, dovecot

pytestmark = pytest.mark.django_db(transaction=True)
ADDRESS = "bonjour@desk.example"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Dovecot]:
    with dovecot(tmp_path, users={ADDRESS: "good"}) as running:
        yield running


def mailbox(server: Dovecot, *, password: str = "good") -> Mailbox:
    incoming = {"host": server.host, "port": server.port, "security": "plain", "timeout": 5}
    return save_mailbox(
        Mailbox(), name="Desk", address=ADDRESS, incoming=incoming, secrets={"imap_password": password}, by=SYSTEM,
        at=clock.now(),
    )  # fmt: skip


@pytest.fixture
def listening() -> Iterator[None]:
    with heard():
        yield


@contextmanager
def heard() -> Iterator[None]:
    """The mailboxes are listened to meanwhile."""
    stop = threading.Event()
    thread = threading.Thread(target=mailboxes.listen_to_all, args=(stop,))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(30)


def soon(true: Callable[[], bool]) -> None:
    ends = time.monotonic() + 40
    while not true():
        assert time.monotonic() < ends, "it never came true"
        time.sleep(0.05)


def test_letters_there_and_letters_that_come_are_stored_and_marked(server: Dovecot, listening: None) -> None:
    server.deliver(ADDRESS, letter())
    box = mailbox(server)
    soon(lambda: Message.objects.count() == 1)
    server.deliver(ADDRESS, letter("Encore.", message_id="<two@client.example>"))
    soon(lambda: Message.objects.count() == 2)
    soon(lambda: all("\\Seen" in mail.flags for mail in server.mails(ADDRESS)))
    soon(lambda: Mailbox.objects.get(pk=box.pk).read_at is not None)


def test_a_wrong_password_is_said_and_a_right_one_taken_up(server: Dovecot, listening: None) -> None:
    server.deliver(ADDRESS, letter())
    box = mailbox(server, password="bad")
    soon(lambda: Mailbox.objects.get(pk=box.pk).trouble == "wrong-password")
    box.refresh_from_db()
    save_mailbox(box, secrets={"imap_password": "good"}, by=SYSTEM, at=clock.now())
    soon(lambda: Message.objects.count() == 1)


def test_a_mailbox_numbered_anew_is_read_again_and_nothing_twice(server: Dovecot, listening: None) -> None:
    server.deliver(ADDRESS, letter())
    mailbox(server)
    soon(lambda: Message.objects.count() == 1)
    server.change_uidvalidity(ADDRESS)
    server.deliver(ADDRESS, letter("Encore.", message_id="<two@client.example>"))
    soon(lambda: Message.objects.count() == 2)


def test_after_a_restore_what_was_marked_is_read_too(server: Dovecot) -> None:
    server.deliver(ADDRESS, letter())
    mailbox(server)
    with heard():
        soon(lambda: Mailbox.objects.filter(read_at__isnull=False).exists() and Message.objects.count() == 1)
    call_command("flush", interactive=False, reset_sequences=False)  # as if the backup were older than the letter
    box = mailbox(server)
    with heard():
        soon(lambda: Mailbox.objects.filter(read_at__isnull=False).exists())
        assert Message.objects.count() == 0
    Mailbox.objects.filter(pk=box.pk).update(read_everything=True)
    with heard():
        soon(lambda: Message.objects.count() == 1)
