"""Mail servers that are down, refuse, defer, hang, drop or show an old certificate: said to the administrator, and
everything goes on by itself."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings as desk_settings

from tenir import clock
from tenir.cases import verbs as cases
from tenir.cases.models import Message
from tenir.channels.email import verbs
from tenir.channels.email.mailboxes import listen_to_all
from tenir.channels.email.models import Mail, Mailbox
from tenir.channels.email.receive import Desk, receive
from tenir.channels.email.tests.test_receive import letter
from tenir.ledger.models import Event
from tenir.outbox.worker import ClockWatch, work_once
from tenir.people.tests.scenes import alix, amina
from tenir.web.settings.mailboxes import trouble_words
from tests.running_desk import wait_for
from tests.servers import Certificate, Dovecot, Mode, Smtpd, dovecot, smtpd

DESK = "desk@example.test"
pytestmark = pytest.mark.django_db(transaction=True)


def mailbox(server: Dovecot, *, password: str = "secret", **more: Any) -> Mailbox:
    incoming = {"host": "127.0.0.1", "port": server.port, "security": "plain", "timeout": 5, **more}
    box = Mailbox(address=DESK, name="Desk")
    return verbs.save_mailbox(
        box, secrets={"imap_password": password}, by=alix(), at=clock.now(), incoming=incoming
    )  # fmt: skip


@contextmanager
def listening() -> Iterator[None]:
    stop = threading.Event()
    loop = threading.Thread(target=listen_to_all, args=(stop,))
    loop.start()
    try:
        yield
    finally:
        stop.set()
        loop.join()


def trouble() -> str:
    return Mailbox.objects.get().trouble


def words() -> str:
    return trouble_words(Mailbox.objects.get())


def told() -> list[str]:
    return [event.data["trouble"] for event in Event.objects.filter(name="mailbox_troubled").order_by("pk")]


def arrived(count: int) -> Callable[[], bool]:
    return lambda: Mail.objects.count() == count


def test_a_mailbox_that_goes_down_and_one_with_a_wrong_password_come_back_by_themselves(tmp_path: Path) -> None:
    with dovecot(tmp_path) as server:
        server.deliver(DESK, letter(message_id="<1@client.example>"))
        mailbox(server)
        with listening():
            wait_for(arrived(1))
            server.kill()
            wait_for(trouble)
            assert "127.0.0.1" in words()
            server.deliver(DESK, letter(message_id="<2@client.example>"))
            server.start()
            wait_for(arrived(2))
            wait_for(lambda: not trouble())
            box = Mailbox.objects.get()
            verbs.save_mailbox(box, secrets={"imap_password": "not this"}, by=alix(), at=clock.now())
            wait_for(lambda: trouble() == "wrong-password")
            assert "not this" not in words() + str(list(Event.objects.values_list("data", flat=True)))
            server.deliver(DESK, letter(message_id="<3@client.example>"))
            box.refresh_from_db()
            verbs.save_mailbox(box, secrets={"imap_password": "secret"}, by=alix(), at=clock.now())
            wait_for(arrived(3))
        assert told()[-1] in ("", "wrong-password")
        assert "" in told()


def test_a_mail_that_cannot_be_stored_stays_in_the_mailbox_and_is_said(tmp_path: Path) -> None:
    closed, kept = tmp_path / "a-file", desk_settings.FILES_DIR
    closed.touch()
    with dovecot(tmp_path) as server:
        server.deliver(DESK, letter())
        mailbox(server)
        desk_settings.FILES_DIR = str(closed)
        try:
            with listening():
                wait_for(lambda: trouble() == verbs.STORING)
                assert "a-file" in words()
                assert next(iter(server.mails(DESK))).flags in ((), ("\\Recent",))
                desk_settings.FILES_DIR = kept
                wait_for(arrived(1))
                wait_for(lambda: not trouble())
        finally:
            desk_settings.FILES_DIR = kept
    assert told() == [verbs.STORING, ""]


def test_an_expired_certificate_of_the_mailbox_is_said_in_words(tmp_path: Path) -> None:
    with dovecot(tmp_path, certificate=Certificate.EXPIRED) as server:
        mailbox(server, port=server.tls_port, security="tls", ca_file=str(server.ca_file))
        with listening():
            wait_for(lambda: trouble() == "certificate-expired")
        assert "127.0.0.1" in words()
        assert told() == ["certificate-expired"]


# --- Sending -------------------------------------------------------------------------------------------------------


def sender(server: Smtpd, **more: Any) -> Mailbox:
    outgoing = {"host": "127.0.0.1", "port": server.port, "security": "plain", "timeout": 1, **more}
    return Mailbox.objects.create(name="Desk", address="bonjour@desk.example", outgoing=outgoing)


def answered(box: Mailbox) -> Message:
    opened = receive(letter(), at=clock.now(), desk=Desk.at(box)).message
    assert opened is not None
    to = {"to": ["emile@client.example"]}
    return cases.reply(opened.case, by=amina(), at=clock.now(), text="Il arrive.", recipients=to, seen_id=opened.pk)


def work(after: timedelta) -> None:
    with time_machine.travel(clock.now() + after, tick=True):
        while work_once(at=clock.now()):
            pass


PASSING = [
    Mode.BUSY, Mode.HANG_GREETING, Mode.GARBAGE, Mode.DEFER_MAIL, Mode.DROP_MAIL, Mode.HANG_RCPT, Mode.DEFER_RCPT,
    Mode.DEFER_DATA, Mode.DEFER_END, Mode.HANG_END, Mode.DROP_END,
]  # fmt: skip


def test_whatever_passes_is_waited_for_and_the_letter_arrives_once(tmp_path: Path) -> None:
    with smtpd(tmp_path) as server:
        box = sender(server)
        for number, mode in enumerate(PASSING):
            Mail.objects.all().delete()
            server.behave(mode)
            opened = receive(letter(message_id=f"<{number}@client.example>"), at=clock.now(), desk=Desk.at(box)).message
            assert opened is not None
            to = {"to": ["emile@client.example"]}
            reply = cases.reply(
                opened.case, by=amina(), at=clock.now(), text="Il arrive.", recipients=to, seen_id=opened.pk
            )  # fmt: skip
            work(timedelta(seconds=11))
            reply.refresh_from_db()
            assert (reply.delivery, len(server.received())) == ("leaving", number), mode
            assert reply.server_answer, mode
            server.behave(Mode.ACCEPT)
            work(timedelta(minutes=1))
            work(timedelta(hours=3))
            reply.refresh_from_db()
            assert (reply.delivery, len(server.received())) == ("sent", number + 1), mode


@pytest.mark.parametrize("mode", [Mode.REFUSE_MAIL, Mode.REFUSE_RCPT, Mode.REFUSE_DATA, Mode.REFUSE_END])
def test_what_is_refused_for_good_comes_back_to_its_author(tmp_path: Path, mode: Mode) -> None:
    with smtpd(tmp_path, mode=mode) as server:
        reply = answered(sender(server))
        work(timedelta(seconds=11))
        work(timedelta(hours=9))
        reply.refresh_from_db()
        assert (reply.delivery, server.received()) == ("failed", [])
        assert reply.server_answer.startswith("emile@client.example: 55")
        reply.case.refresh_from_db()
        assert reply.case.unanswered_since is not None
    assert Event.objects.filter(name="message_failed").count() == 1


def test_an_expired_certificate_of_the_sending_server_is_said_and_forgotten_when_renewed(tmp_path: Path) -> None:
    with smtpd(tmp_path, security="tls", certificate=Certificate.EXPIRED) as server:
        box = sender(server, security="tls", ca_file=str(server.ca_file))
        reply = answered(box)
        work(timedelta(seconds=11))
    assert trouble() == "sending certificate-expired"
    verbs.note_well(box, at=clock.now())  # the mailbox is read all the while, which changes nothing here
    assert "127.0.0.1" in words()
    with smtpd(tmp_path, security="tls") as renewed:
        Mailbox.objects.update(outgoing=box.outgoing | {"port": renewed.port})
        work(timedelta(minutes=2))
        assert len(renewed.received()) == 1
    reply.refresh_from_db()
    assert (reply.delivery, trouble(), told()) == ("sent", "", ["sending certificate-expired", ""])


# --- The clock -----------------------------------------------------------------------------------------------------


def test_a_clock_that_jumps_back_an_hour_holds_no_reply_up(tmp_path: Path) -> None:
    from tenir.outbox.verbs import set_right

    with smtpd(tmp_path) as server:
        now = clock.now()
        runs = [100.0]
        watch = ClockWatch(monotonic=lambda: runs[0])
        reply = answered(sender(server))
        runs[0] += 2
        with time_machine.travel(now - timedelta(hours=1), tick=False):
            assert watch.look(lambda back: set_right(at=clock.now(), back_by=back))
            assert not work_once(at=clock.now() + timedelta(seconds=5))
            assert work_once(at=clock.now() + timedelta(seconds=11))
        reply.refresh_from_db()
        assert (reply.delivery, len(server.received())) == ("sent", 1)
    (event,) = Event.objects.filter(name="clock_set_back")
    assert 3590 < event.data["seconds"] < 3610
