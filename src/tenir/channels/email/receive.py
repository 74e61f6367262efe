"""From raw bytes to a message of a case: the road of every mail that comes in.

The bytes are kept before anything is read in them. What the mail is (a person's words, a bounce, a machine's) decides
what becomes of it; whatever becomes of it is one row of `Mail`, found again by its fingerprint. Whoever hands a mail
over (a mailbox, an MTA's pipe) lets go of it only after `receive` returned.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DataError, IntegrityError, connection
from django.db.models import Q

from tenir import clock
from tenir.cases import threading as threads
from tenir.cases import verbs as cases
from tenir.cases.models import Case, Message
from tenir.channels.email import parse
from tenir.channels.email.events import MailRescued, MailSlowed
from tenir.channels.email.models import Letter, Mail, Mailbox
from tenir.channels.email.parse import Address, ParsedMail
from tenir.channels.email.tokens import reference_in
from tenir.channels.email.wires.addresses import is_address
from tenir.customers import verbs as customers
from tenir.customers.models import Customer
from tenir.ledger import files
from tenir.ledger.events import SYSTEM
from tenir.ledger.verbs import record, verb
from tenir.outbox import verbs as outbox
from tenir.people.models import Agent
from tenir.statements import Prepared, insert

NO_REPLY = ("noreply", "no-reply", "no_reply", "ne-pas-repondre", "nepasrepondre", "donotreply", "do-not-reply")


@dataclass(frozen=True)
class Desk:
    """What the reader has to know of the desk: its own addresses, and the mailbox that a mail came to."""

    own: frozenset[str]
    mailbox: Mailbox | None = None

    @classmethod
    def at(cls, mailbox: Mailbox | None) -> "Desk":
        boxes = Mailbox.objects.values_list("address", "aliases")
        return cls(frozenset(a.lower() for address, aliases in boxes for a in (address, *aliases)), mailbox)


def receive(raw: bytes, *, at: datetime, desk: Desk) -> Mail:
    """Keeps, reads and places one mail; the same mail again returns the row that is there.

    Raises `OSError` or `DatabaseError` when it could not be stored: the mail then stays where it came from.
    """
    sha256 = files.keep(raw)
    authserv = desk.mailbox.trusted_authserv if desk.mailbox else ""
    mail = parse.read(raw, own_addresses=desk.own, trusted_authserv=authserv or None)
    try:
        return place(mail, sha256=sha256, at=at, desk=desk)
    except (ValueError, DataError) as unstorable:
        # The database refuses something in it. It becomes a case all the same, with the raw mail attached: one
        # letter must never stop the mailbox behind it.
        trouble = parse.Trouble("unreadable", repr(unstorable)[:500])
        bare = replace(parse.read(b""), sha256=sha256, troubles=(trouble,))
        return place(bare, sha256=sha256, at=at, desk=desk)


def place(mail: ParsedMail, *, sha256: str, at: datetime, desk: Desk) -> Mail:
    """Gives a mail that was read its place. Two processes with the same mail at once: one writes, both return it."""
    print_ = fingerprint(mail)
    if existing := _WITH_FINGERPRINT(fingerprint=print_):
        return existing[0]
    row = Mail(
        fingerprint=print_,
        sha256=sha256,
        mailbox=desk.mailbox,
        received_at=at,
        sender=_author(mail, desk).address.lower()[:254],
        subject=mail.subject[:240],
    )
    try:
        return _place(row, mail, at=at, desk=desk)
    except IntegrityError:
        return Mail.objects.get(fingerprint=print_)


_WITH_FINGERPRINT = Prepared(lambda fingerprint: Mail.objects.filter(fingerprint=fingerprint), fingerprint=str)


def _place(row: Mail, mail: ParsedMail, *, at: datetime, desk: Desk) -> Mail:
    if mail.bounce is not None:
        return _place_bounce(row, mail, at=at)
    if mail.machine is not None:
        row.outcome, row.reason = Mail.Outcome.MACHINE, f"{mail.machine.kind}: {mail.machine.reason}"[:240]
        return _store(row)
    if _writes_too_often(row.sender, at=at):
        return _slow_down(row, at=at)
    return _become_message(row, mail, at=at, desk=desk)


def fingerprint(mail: ParsedMail) -> str:
    """SHA-256 of what the author wrote, as hex: not of the trace headers, which differ with every way a mail takes."""
    digest = hashlib.sha256()
    parts = [
        mail.message_id or "",
        mail.sender.address.lower() if mail.sender else "",
        mail.sent_at.isoformat() if mail.sent_at else "",
        mail.subject,
        mail.text,
        *(f"{a.name}:{hashlib.sha256(a.content).hexdigest()}" for a in mail.attachments),
    ]
    if not any(parts):
        parts = [mail.sha256]
    for part in parts:
        digest.update(part.encode("utf-8", "surrogatepass") + b"\0")
    return digest.hexdigest()


@verb
def _store(row: Mail) -> Mail:
    return insert(row)


# --- A person's words --------------------------------------------------------------------------------------------


@verb
def _become_message(row: Mail, mail: ParsedMail, *, at: datetime, desk: Desk) -> Mail:
    row.message = become_message(row, mail, at=at, desk=desk)
    row.outcome = Mail.Outcome.MESSAGE
    return insert(row)


def become_message(row: Mail, mail: ParsedMail, *, at: datetime, desk: Desk) -> Message:
    """The step that makes a mail a message of its case, inside the caller's transaction."""
    author = _author(mail, desk)
    thread = threads.find(
        sender=author.address,
        answers_to=(*mail.in_reply_to, *reversed(mail.references)),
        token_case=_token_case(mail),
        subject=mail.subject,
    )
    customer = thread.case.customer if thread and thread.belongs else _customer(author, mail, at=at)
    incoming = cases.Incoming(
        channel=Case.Channel.EMAIL,
        key=f"mail:{row.fingerprint}",
        customer=customer,
        sender_name=author.name,
        sender_address=author.address,
        text=mail.new_text,
        subject=mail.subject,
        thread=thread,
        language=mail.language or "",
        html=mail.html or "",
        folded=[(fold.kind, fold.text) for fold in mail.folded],
        facts=_facts(mail, author),
        files=_kept_files(mail, row.sha256),
        others=_others(mail, author, desk),
        message_id=mail.message_id or "",
        raw_sha256=row.sha256,
        said_at=mail.sent_at,
        desk_address=_desk_address(mail, desk),
        team_id=desk.mailbox.team_id if desk.mailbox else None,
    )
    return cases.receive(incoming, at=at)


def _author(mail: ParsedMail, desk: Desk) -> Address:
    """Whose words these are: From, but for a form or shop that writes for a person and names them in Reply-To.

    What could not be written to is no address: it is kept as a name, and the person can be answered by other ways.
    """
    sender = mail.sender or Address("", "")
    if not is_address(sender.address):
        sender = Address(sender.name or sender.address, "")
    stand_in = not sender.address or sender.address.lower() in desk.own or sender.address.lower().startswith(NO_REPLY)
    answer_to = mail.reply_to[0] if mail.reply_to else Address("", "")
    if stand_in and is_address(answer_to.address) and answer_to.address.lower() not in desk.own:
        return answer_to
    return sender


def _customer(author: Address, mail: ParsedMail, *, at: datetime) -> Customer:
    if not author.address:
        return customers.add_unreachable(name=author.name, language=mail.language or "", at=at)
    return customers.find_or_add(author.address, name=author.name, language=mail.language or "", at=at)


def _token_case(mail: ParsedMail) -> int | None:
    """The case that a genuine mark of ours names: in the address that was written to, else in what is answered."""
    written_to = [one.address for one in (*mail.delivered_to, *mail.to, *mail.cc)]
    for text in (*written_to, *mail.in_reply_to, *reversed(mail.references)):
        if reference := reference_in(text):
            return Case.objects.filter(reference=reference).values_list("pk", flat=True).first()
    return None


def _desk_address(mail: ParsedMail, desk: Desk) -> str:
    for address in (*mail.to, *mail.cc, *mail.delivered_to):
        if address.address.lower() in desk.own:
            return address.address.lower()
    return desk.mailbox.address if desk.mailbox else ""


def _others(mail: ParsedMail, author: Address, desk: Desk) -> list[tuple[str, str]]:
    """Everybody else in the mail: they are participants, never the customer."""
    present = {author.address.lower(), *desk.own, ""}
    others = []
    for address in (*mail.authors, *mail.to, *mail.cc):
        bare = address.address.lower()
        if bare not in present and reference_in(bare) is None and is_address(bare):
            present.add(bare)
            others.append((address.name, address.address))
    return others[:100]


def _facts(mail: ParsedMail, author: Address) -> dict[str, object]:
    """What the case page says beside the words: failed checks, what could not be read, who was in copy."""
    failed = [[a.method, a.result] for a in mail.authentication if a.result not in ("pass", "none", "neutral")]
    facts: dict[str, object] = {
        "from": author.address.lower(),
        "authentication": failed,
        "troubles": [[trouble.code, trouble.detail[:500]] for trouble in mail.troubles],
        "remote_images": mail.has_remote_images,
        "to": [a.address for a in mail.to],
        "cc": [a.address for a in mail.cc],
    }
    return {name: value for name, value in facts.items() if value}


def _kept_files(mail: ParsedMail, raw_sha256: str) -> list[cases.KeptFile]:
    kept = [
        cases.KeptFile(
            name=file.name,
            content_type=file.content_type,
            size=file.size,
            sha256=files.keep(file.content),
            content_id=file.content_id or "",
            inline=file.inline,
        )
        for file in mail.attachments
    ]
    if mail.troubles:
        size = files.path_of(raw_sha256).stat().st_size
        kept.append(cases.KeptFile(name="mail.eml", content_type="message/rfc822", size=size, sha256=raw_sha256))
    return kept


# --- Bounces and hurried senders ---------------------------------------------------------------------------------


def _place_bounce(row: Mail, mail: ParsedMail, *, at: datetime) -> Mail:
    """A bounce lands on the message that bounced. Each step may be repeated after a crash without harm."""
    assert mail.bounce is not None  # noqa: S101  (the caller looked)
    ours = _bounced_message(mail)
    if isinstance(ours, Message):
        cases.bounced(ours, reason=mail.bounce.diagnostic, permanent=mail.bounce.permanent, at=at)
        row.message = ours
    elif isinstance(ours, Letter) and mail.bounce.permanent:
        _letter_bounced(ours, at=at)
    if mail.bounce.permanent and mail.bounce.recipient and ours is not None:
        customers.mark_bounced(mail.bounce.recipient, by=SYSTEM, at=at)
    row.outcome, row.reason = Mail.Outcome.BOUNCE, mail.bounce.diagnostic[:240]
    return _store(row)


def _bounced_message(mail: ParsedMail) -> Message | Letter | None:
    assert mail.bounce is not None  # noqa: S101
    named = Q(message_id__in=[i for i in (mail.bounce.original_message_id, *mail.in_reply_to, *mail.references) if i])
    ours = Message.objects.filter(named, kind=Message.Kind.REPLY).order_by("-pk").first()
    return ours or Letter.objects.filter(named).first()


@verb
def _letter_bounced(letter: Letter, *, at: datetime) -> None:
    from tenir.channels.email.events import LetterBounced

    if Letter.objects.filter(pk=letter.pk, bounced_at=None).update(bounced_at=at):
        record(LetterBounced(case=letter.case_id, kind=letter.kind), by=SYSTEM, at=at)


def _writes_too_often(sender: str, *, at: datetime) -> bool:
    if not sender:
        return False
    with connection.cursor() as cursor:
        since = connection.ops.adapt_datetimefield_value(at - timedelta(hours=1))
        cursor.execute(_IN_THE_LAST_HOUR, [sender, since, settings.INBOUND_RATE + 1])
        return bool(cursor.fetchone()[0] > settings.INBOUND_RATE)


_IN_THE_LAST_HOUR = """SELECT count(*) FROM (
  SELECT 1 FROM email_mail WHERE sender = %s AND received_at > %s LIMIT %s) AS hour"""


@verb
def _slow_down(row: Mail, *, at: datetime) -> Mail:
    """Keeps the letter and reads it in an hour, where a person can see it waiting."""
    row.outcome, row.reason = Mail.Outcome.SLOWED, "rate"
    row.save()
    outbox.plan("email.read_slowed", key=f"slowed:{row.pk}", due_at=at + timedelta(hours=1), at=at, mail=row.pk)
    record(MailSlowed(mail=row.pk), by=SYSTEM, at=at)
    return row


@verb
def rescue(row: Mail, *, at: datetime, by: Agent | None = None) -> Message:
    """Makes a message of a mail that was held back or taken for a machine's: by hand, or when its time has come."""
    row = Mail.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if row.message is not None:
        return row.message
    desk = Desk.at(row.mailbox)
    mail = parse.read(files.content_of(row.sha256), own_addresses=desk.own)
    row.message = become_message(row, mail, at=at, desk=desk)
    row.outcome = Mail.Outcome.MESSAGE
    row.save()
    if by is not None:
        record(MailRescued(case=row.message.case_id, mail=row.pk), by=by, at=at)
    return row.message


# --- The command -------------------------------------------------------------------------------------------------


def main(argv: Sequence[str]) -> int:
    """`tenir receive`: one raw mail on standard input, as an MTA's pipe gives it.

    Exit status 0 when it is stored, 75 (EX_TEMPFAIL of sysexits.h) when it is not: the MTA keeps it and tries again.
    """
    parser = argparse.ArgumentParser(prog="tenir receive")
    parser.add_argument("--mailbox", metavar="ADDRESS", help="the desk's address that this mail came to")
    chosen = parser.parse_args(argv)
    try:
        mailbox = Mailbox.objects.filter(address=chosen.mailbox.lower()).first() if chosen.mailbox else None
        row = receive(sys.stdin.buffer.read(), at=clock.now(), desk=Desk.at(mailbox))
    except Exception as failure:  # noqa: BLE001  (whatever went wrong, the MTA must keep the mail)
        sys.stderr.write(f"tenir receive: {type(failure).__name__}: {failure}\n")
        return 75
    case = str(row.message.case) if row.message else None
    sys.stdout.write(json.dumps({"outcome": row.outcome, "case": case, "reason": row.reason}) + "\n")
    return 0
