"""The road of a letter that leaves, to a real SMTP server."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

from tenir import clock
from tenir.cases import verbs as cases
from tenir.cases.models import Case, Message
from tenir.channels.email import answers, parse
from tenir.channels.email.models import Mailbox
from tenir.channels.email.receive import Desk, receive
from tenir.channels.email.tests.test_receive import letter
from tenir.outbox.models import Task
from tenir.outbox.worker import work_once
from tenir.people.tests.scenes import amina
from tests.servers.smtpd import Mode, Smtpd, smtpd

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Smtpd]:
    with smtpd(tmp_path) as running:
        yield running


@pytest.fixture
def box(server: Smtpd) -> Mailbox:
    outgoing = {"host": "127.0.0.1", "port": server.port, "security": "plain", "timeout": 5}
    return Mailbox.objects.create(name="Desk", address="bonjour@desk.example", outgoing=outgoing, plus_addressing=True)


def answered(box: Mailbox, *, to: tuple[str, ...] = ("emile@client.example",), **more: object) -> Message:
    """A letter came and was answered just now."""
    opened = receive(letter(), at=clock.now(), desk=Desk.at(box)).message
    assert opened is not None
    return cases.reply(
        opened.case, by=amina(), at=clock.now(), text="Bonjour,\n\nIl arrive **mardi**.", recipients={"to": to},
        seen_id=opened.pk, **more,  # type: ignore[arg-type]
    )  # fmt: skip


def work(after: timedelta) -> None:
    """Does what is due, so much later."""
    with time_machine.travel(clock.now() + after, tick=True):
        while work_once(at=clock.now()):
            pass


def test_a_reply_leaves_after_its_ten_seconds_and_reaches_the_server_once(box: Mailbox, server: Smtpd) -> None:
    reply = answered(box)
    work(timedelta(seconds=5))
    assert server.received() == []
    work(timedelta(seconds=11))
    work(timedelta(minutes=10))
    (sent,) = server.received()
    reply.refresh_from_db()
    assert (reply.delivery, sent.recipients) == ("sent", ("emile@client.example",))
    assert reply.server_answer.startswith("250")
    read = parse.read(sent.raw)
    assert "Il arrive" in read.new_text
    assert read.in_reply_to == ("<one@client.example>",)
    assert read.message_id == reply.message_id
    assert str(reply.case) in read.subject
    assert any(fold.kind == "history" and "couvercle" in fold.text for fold in read.folded)
    assert Case.objects.get(pk=reply.case_id).state == "waiting_for_customer"


def test_the_answer_to_it_comes_back_into_the_case(box: Mailbox, server: Smtpd) -> None:
    reply = answered(box)
    work(timedelta(seconds=11))
    sent = parse.read(server.received()[0].raw)
    back = letter("Merci !", message_id="<back@client.example>", to=sent.reply_to[0].address, subject="rien",
                  In_Reply_To=str(sent.message_id))  # fmt: skip
    message = receive(back, at=clock.now(), desk=Desk.at(box)).message
    assert message is not None
    assert message.case_id == reply.case_id
    # our own letter coming back opens nothing
    assert receive(server.received()[0].raw, at=clock.now(), desk=Desk.at(box)).message is None


def test_undone_in_time_nothing_leaves(box: Mailbox, server: Smtpd) -> None:
    cases.undo_reply(answered(box), by=amina(), at=clock.now())
    work(timedelta(minutes=1))
    assert server.received() == []


def test_deferred_it_is_tried_again_with_the_same_bytes(box: Mailbox, server: Smtpd) -> None:
    server.behave(Mode.DEFER_END)
    reply = answered(box)
    work(timedelta(seconds=11))
    reply.refresh_from_db()
    assert (reply.delivery, Task.objects.get().state) == ("leaving", "waiting")
    assert "Could not be kept" in reply.server_answer
    server.behave(Mode.ACCEPT)
    work(timedelta(minutes=5))
    (sent,) = server.received()
    reply.refresh_from_db()
    assert reply.delivery == "sent"
    assert parse.read(sent.raw).message_id == reply.message_id


def test_what_the_server_said_outlives_a_kill_before_the_commit(box: Mailbox, server: Smtpd) -> None:
    server.behave(Mode.DEFER_END)
    reply = answered(box, to=("emile@client.example", "nora@client.example"))
    work(timedelta(seconds=11))
    reply.refresh_from_db()
    answers.note(reply.message_id, {"emile@client.example": (True, "250 2.0.0 taken")})
    server.behave(Mode.ACCEPT)
    work(timedelta(minutes=5))
    (sent,) = server.received()
    assert sent.recipients == ("nora@client.example",)
    reply.refresh_from_db()
    assert (reply.delivery, "250 2.0.0 taken" in reply.server_answer) == ("sent", True)
    assert answers.noted(reply.message_id) == {}


def test_a_spoilt_note_is_as_none(box: Mailbox, server: Smtpd, settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path / "data"
    settings.DATA_DIR.mkdir()
    server.behave(Mode.DEFER_END)
    reply = answered(box)
    work(timedelta(seconds=11))
    reply.refresh_from_db()
    answers.note(reply.message_id, {"emile@client.example": (True, "250")})
    (note,) = (Path(settings.DATA_DIR) / "answers").iterdir()
    note.write_bytes(b"[\0")
    server.behave(Mode.ACCEPT)
    work(timedelta(minutes=5))
    assert len(server.received()) == 1
    assert not note.exists()


def test_refused_its_author_is_told_and_the_case_comes_back(box: Mailbox, server: Smtpd) -> None:
    server.behave(Mode.REFUSE_RCPT)
    reply = answered(box)
    work(timedelta(seconds=11))
    reply.refresh_from_db()
    assert reply.delivery == "failed"
    assert "No such person" in reply.server_answer
    case = Case.objects.get(pk=reply.case_id)
    assert (case.state, case.unanswered_since is not None) == ("open", True)


def test_one_recipient_deferred_the_others_do_not_get_it_twice(box: Mailbox, server: Smtpd) -> None:
    server.behave(Mode.ACCEPT, recipients={"zoe@client.example": "defer"})
    reply = answered(box, to=("emile@client.example", "zoe@client.example"))
    work(timedelta(seconds=11))
    server.behave(Mode.ACCEPT)
    work(timedelta(minutes=5))
    assert [mail.recipients for mail in server.received()] == [("emile@client.example",), ("zoe@client.example",)]
    reply.refresh_from_db()
    assert reply.delivery == "sent"


def test_a_server_that_cuts_the_line_gets_the_same_letter_again(box: Mailbox, server: Smtpd) -> None:
    server.behave(Mode.DROP_REPLY)
    reply = answered(box)
    work(timedelta(seconds=11))
    server.behave(Mode.ACCEPT)
    work(timedelta(minutes=5))
    first, again = (parse.read(mail.raw) for mail in server.received())
    assert first.message_id == again.message_id == reply.case.messages.get(pk=reply.pk).message_id
    assert first.sha256 == again.sha256


def test_a_server_away_is_waited_for_two_days_then_its_author_is_told(box: Mailbox, server: Smtpd) -> None:
    server.stop()
    reply = answered(box)
    work(timedelta(seconds=11))
    reply.refresh_from_db()
    assert reply.delivery == "leaving"
    work(timedelta(days=3))
    reply.refresh_from_db()
    assert (reply.delivery, Task.objects.get().state) == ("failed", "dead")


def test_a_scheduled_reply_withdraws_itself_when_the_customer_writes_first(box: Mailbox, server: Smtpd) -> None:
    reply = answered(box, leaves_at=clock.now() + timedelta(hours=2))
    more = letter("C’est arrangé !", message_id="<two@client.example>", In_Reply_To="<one@client.example>")
    receive(more, at=clock.now(), desk=Desk.at(box))
    work(timedelta(hours=3))
    reply.refresh_from_db()
    assert (reply.delivery, server.received()) == ("withdrawn", [])


def test_a_letter_with_breaks_in_every_header_is_answered_all_the_same(box: Mailbox, server: Smtpd) -> None:
    hostile = letter(sender="NAME <zoe@client.example>")
    hostile = hostile.replace(b"NAME", b"=?utf-8?q?Zo=C2=8D=0D=0ABcc:_x=40evil.example?=")
    hostile = hostile.replace(b"Subject: Bac", b"Subject: =?utf-8?q?Bac=0D=0ABcc:_x=40evil.example=C2=9D?=")
    opened = receive(hostile, at=clock.now(), desk=Desk.at(box)).message
    assert opened is not None
    to = {"to": ["zoe@client.example"]}
    reply = cases.reply(
        opened.case, by=amina(), at=clock.now(), text="Il arrive.", recipients=to, seen_id=opened.pk
    )  # fmt: skip
    work(timedelta(seconds=11))
    (sent,) = server.received()
    reply.refresh_from_db()
    assert (reply.delivery, sent.recipients) == ("sent", ("zoe@client.example",))
    assert b"\r\nBcc:" not in sent.raw
