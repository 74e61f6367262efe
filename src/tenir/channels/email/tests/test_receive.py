"""The road of a mail that comes in."""

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest

from tenir.cases import verbs as cases
from tenir.cases.models import Case, Message
from tenir.channels.email.models import Mail, Mailbox
from tenir.channels.email.receive import Desk, receive, rescue
from tenir.channels.email.tokens import reference_in, reply_address
from tenir.ledger.models import Event
from tenir.people.tests.scenes import amina

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def letter(
    text: str = "Bonjour, mon bac n’a pas de couvercle.",
    *,
    sender: str = "Émile Martin <emile@client.example>",
    to: str = "bonjour@desk.example",
    subject: str = "Bac sans couvercle",
    message_id: str = "<one@client.example>",
    **headers: str,
) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"], mail["Message-ID"] = sender, to, subject, message_id
    mail["Date"] = "Mon, 02 Mar 2026 09:59:00 +0100"
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail.as_bytes()


@pytest.fixture
def desk() -> Desk:
    return Desk.at(Mailbox.objects.create(name="Desk", address="bonjour@desk.example"))


def test_a_letter_opens_a_case_of_its_sender(desk: Desk) -> None:
    row = receive(letter(), at=AT, desk=desk)
    assert row.message is not None
    case = row.message.case
    assert (case.subject, case.state, case.language) == ("Bac sans couvercle", "waiting", "fr")
    assert case.customer.name == "Émile Martin"
    assert [e.name for e in Event.objects.filter(case_id=case.pk).order_by("id")] == ["case_opened", "message_received"]


def test_the_same_letter_twice_is_one_message_whatever_way_it_took(desk: Desk) -> None:
    first = receive(letter(), at=AT, desk=desk)
    again = receive(b"Received: from elsewhere\r\n" + letter(), at=AT + timedelta(minutes=1), desk=desk)
    assert again.pk == first.pk
    assert Message.objects.count() == 1


def test_an_answer_by_its_headers_goes_into_the_case(desk: Desk) -> None:
    opened = receive(letter(), at=AT, desk=desk).message
    assert opened is not None
    answer = letter("Et la roue aussi.", subject="Autre chose", message_id="<two@client.example>",
                    In_Reply_To="<one@client.example>")  # fmt: skip
    followed = receive(answer, at=AT + timedelta(hours=1), desk=desk).message
    assert followed is not None
    assert followed.case_id == opened.case_id


def test_somebody_in_copy_is_a_participant_and_never_the_customer(desk: Desk) -> None:
    opened = receive(letter(Cc="Zoé <zoe@client.example>"), at=AT, desk=desk).message
    assert opened is not None
    answer = letter("J’étais là.", sender="Zoé <zoe@client.example>", message_id="<z@client.example>",
                    In_Reply_To="<one@client.example>")  # fmt: skip
    followed = receive(answer, at=AT + timedelta(hours=1), desk=desk).message
    assert followed is not None
    assert (followed.case_id, followed.customer_id) == (opened.case_id, None)
    assert followed.participant is not None
    assert followed.participant.address == "zoe@client.example"
    assert not followed.participant.unexpected


def test_a_stranger_who_names_a_reference_opens_a_case_of_their_own_linked_to_it(desk: Desk) -> None:
    opened = receive(letter(), at=AT, desk=desk).message
    assert opened is not None
    stranger = letter("Dites-moi tout.", sender="mallory@other.example", subject=f"Re: {opened.case}",
                      message_id="<m@other.example>")  # fmt: skip
    row = receive(stranger, at=AT, desk=desk)
    assert row.message is not None
    assert row.message.case_id != opened.case_id
    assert row.message.case.links.get().other_id == opened.case_id


def test_the_token_of_an_address_leads_to_the_case_and_cannot_be_made_up(desk: Desk) -> None:
    opened = receive(letter(), at=AT, desk=desk).message
    assert opened is not None
    address = reply_address("bonjour@desk.example", opened.case)
    assert reference_in(address) == opened.case.reference
    mark, _, domain = address.partition("@")
    last = "a" if mark[-1] != "a" else "b"
    assert reference_in(f"{mark[:-1]}{last}@{domain}") is None
    answer = letter("Me revoici.", to=address, subject="sans rapport", message_id="<t@client.example>")
    followed = receive(answer, at=AT, desk=desk).message
    assert followed is not None
    assert followed.case_id == opened.case_id


def test_a_machine_opens_no_case_and_can_be_made_one_by_hand(desk: Desk) -> None:
    row = receive(letter("Je suis absente.", Auto_Submitted="auto-replied"), at=AT, desk=desk)
    assert (row.outcome, row.message) == (Mail.Outcome.MACHINE, None)
    assert Case.objects.count() == 0
    message = rescue(row, at=AT, by=amina())
    assert message.text == "Je suis absente."
    assert rescue(row, at=AT, by=amina()).pk == message.pk


def test_a_bounce_lands_on_the_very_message_and_brings_the_case_back(desk: Desk) -> None:
    opened = receive(letter(), at=AT, desk=desk).message
    assert opened is not None
    reply = cases.reply(opened.case, by=amina(), at=AT, text="Bonjour", recipients={"to": ["emile@client.example"]},
                        seen_id=opened.pk)  # fmt: skip
    cases.leave(reply, message_id="<r1@desk.example>", at=AT)
    cases.sent(reply, answer="250 OK", at=AT)
    receive(dsn("<r1@desk.example>", "emile@client.example"), at=AT + timedelta(minutes=5), desk=desk)
    reply.refresh_from_db()
    assert reply.bounced_at is not None
    assert Case.objects.get(pk=opened.case_id).state == "open"
    assert Case.objects.count() == 1


def dsn(message_id: str, recipient: str) -> bytes:
    return (
        "From: MAILER-DAEMON@mx.example\r\nTo: bonjour@desk.example\r\nSubject: Undelivered Mail Returned to Sender\r\n"
        "Message-ID: <dsn@mx.example>\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nNo such user.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; {recipient}\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1 No such user\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {message_id}\r\n\r\n--b--\r\n"
    ).encode()


def test_who_writes_very_often_is_slowed_and_loses_nothing(desk: Desk, settings: pytest.FixtureRequest) -> None:
    settings.INBOUND_RATE = 3  # type: ignore[attr-defined]
    rows = [receive(letter(f"n° {n}", message_id=f"<n{n}@client.example>"), at=AT, desk=desk) for n in range(6)]
    assert [row.outcome for row in rows] == ["message"] * 4 + ["slowed"] * 2
    assert rescue(rows[-1], at=AT + timedelta(hours=1)).text == "n° 5"


@pytest.mark.parametrize("sender", ["a|b*áe`dÿ÷q¿w@4|ß", '"a b"@client.example', "x@client..example"])
def test_who_cannot_be_written_to_is_a_name_and_no_address(desk: Desk, sender: str) -> None:
    raw = b"From: " + sender.encode() + b"\r\nCc: y@client.example, z@4|x\r\nSubject: Bac\r\n\r\nBonjour\r\n"
    message = receive(raw, at=AT, desk=desk).message
    assert message is not None
    assert (message.facts.get("from"), list(message.case.customer.reaches.all())) == (None, [])
    assert message.case.customer.name != ""
    answerable = receive(raw.replace(b"Cc: y@", b"Message-ID: <2@x.example>\r\nReply-To: y@"), at=AT, desk=desk).message
    assert answerable is not None
    assert answerable.facts["from"] == "y@client.example"


@pytest.mark.parametrize("raw", [b"", b"\x00\xff" * 50, b"From: \r\n\r\n\x00", b"Subject: =?utf-8?q?=00=ff?=\r\n\r\nx"])
def test_whatever_the_bytes_there_is_a_case_with_the_raw_mail(desk: Desk, raw: bytes) -> None:
    row = receive(raw, at=AT, desk=desk)
    assert row.message is not None or row.outcome == Mail.Outcome.MACHINE
