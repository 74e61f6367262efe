"""From a reply in a case to a mail server's answer: the road of every letter that leaves.

The letter is composed once and kept; every retry sends the same bytes with the same Message-ID to those recipients
whose fate is not settled. It is marked as leaving, durably, before a byte of it goes to a server. Where the line was
cut between the last byte and the answer nobody can know: the same letter goes again, and its Message-ID tells the
receiving server that it is the same.
"""

import logging
import time
from datetime import datetime, timedelta

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from tenir import clock
from tenir.cases import verbs as cases
from tenir.cases.links import customer_url
from tenir.cases.models import Attachment, Case, Message
from tenir.channels.email import answers, verbs
from tenir.channels.email.accounts import sending
from tenir.channels.email.events import LetterSent
from tenir.channels.email.models import Delivery, Letter, Mailbox
from tenir.channels.email.secrets import SecretsUnreadable
from tenir.channels.email.tokens import message_id, reply_address
from tenir.channels.email.wires import compose as wire
from tenir.channels.email.wires.addresses import one_line
from tenir.channels.email.wires.smtp import Fate, Outcome, Sender
from tenir.customers.models import Reach
from tenir.ledger import files
from tenir.ledger.events import SYSTEM
from tenir.ledger.verbs import record, verb
from tenir.outbox.handlers import GiveUp, Later, handles, next_try
from tenir.outbox.models import Task
from tenir.people.access import organisation_name

LONGEST = timedelta(days=2)
"""How long a letter is tried before its author is told that it cannot be delivered (RFC 5321 4.5.4.1 asks for days)."""


PATIENCE = 3600
"""Seconds for which the answer to a letter is held in memory when it cannot be stored."""

log = logging.getLogger("tenir.sending")


class NoMailbox(Exception):
    """No mailbox of the desk can send."""


def mailbox_of(case: Case) -> Mailbox:
    """The mailbox that writes in this case: the one it came to, else its team's, else the desk's first.

    Raises `NoMailbox`.
    """
    boxes = [box for box in Mailbox.objects.filter(is_active=True).order_by("pk") if box.outgoing.get("host")]
    for box in boxes:
        if case.desk_address in (box.address, *box.aliases):
            return box
    for box in boxes:
        if case.team_id is not None and box.team_id == case.team_id:
            return box
    if not boxes:
        raise NoMailbox
    return boxes[0]


# --- A reply -----------------------------------------------------------------------------------------------------


def _tell_author(task: Task, reason: str) -> None:
    """Whatever made the desk give a reply up, its author is told."""
    message = Message.objects.get(pk=task.data["message"])
    cases.failed(message, answer=reason, at=clock.now())
    answers.forget(message.message_id)


@handles("email.send", if_given_up=_tell_author)
def send_reply(task: Task) -> None:
    """Sends one reply, or as much of it as is not settled yet."""
    message = Message.objects.select_related("case__team", "case__customer", "agent").get(pk=task.data["message"])
    if message.delivery == Message.Delivery.FAILED and not _open(message):
        return  # killed just after its author was told
    try:
        box = mailbox_of(message.case)
    except NoMailbox:
        _not_yet(task, message, _("The desk has no mailbox that can send."))
    leaving = cases.leave(message, message_id=message_id(box.address, message.case), at=clock.now())
    if leaving is None:
        answers.forget(message.message_id)
        return
    message.message_id = leaving.message_id
    try:
        raw = raw_of(message, box)
    except ValueError as unwritable:  # no try later would change it
        raise GiveUp(repr(unwritable)) from unwritable
    if known := answers.noted(message.message_id):  # killed before this was stored
        _keep_answer(message, known)
    if open_ := _open(message):
        outcome = _hand_over(box, open_, raw, task, message)
        if unsettled := [*outcome.those(Fate.TEMPORARY), *outcome.those(Fate.UNKNOWN)]:
            _not_yet(task, message, _words(outcome, unsettled))
    _conclude(message)


def _open(message: Message) -> list[str]:
    """The recipients of whom no server has said its last word."""
    settled = set(Delivery.objects.filter(message=message).values_list("recipient", flat=True))
    everybody = [a for way in ("to", "cc", "bcc") for a in message.recipients.get(way, [])]
    return [address for address in everybody if address not in settled]


def _hand_over(box: Mailbox, recipients: list[str], raw: bytes, task: Task, message: Message) -> Outcome:
    """Sends the letter and keeps what the server said: before the line is closed in all politeness, since a worker that
    is killed between the server's answer and the commit sends the letter again."""
    try:
        with Sender(sending(box)) as line:
            outcome = line.send(box.address, recipients, raw, before_data=lambda: None)
            _keep_answer(message, _last_words(outcome))
    except (ValueError, SecretsUnreadable) as unusable:
        verbs.note_trouble(box, trouble="settings", detail=repr(unusable), at=clock.now())
        _not_yet(task, message, repr(unusable))
    if outcome.error is None and box.trouble.startswith(verbs.SENDING):
        verbs.note_sent(box, at=clock.now())
    if outcome.error is not None and (outcome.error.lasting or task.attempts > 1):
        trouble = verbs.SENDING + str(outcome.error.trouble)
        verbs.note_trouble(box, trouble=trouble, detail=outcome.error.said, at=clock.now())
    return outcome


def _words(outcome: Outcome, recipients: list[str]) -> str:
    """What the server said about these recipients, on one line."""
    said = []
    for recipient in recipients:
        reply = outcome.recipients[recipient].reply or outcome.final
        words = f"{reply.code} {reply.enhanced} {reply.text}" if reply else str(outcome.error or "")
        said.append(f"{recipient}: {' '.join(words.split())}")
    return "; ".join(said)


def _not_yet(task: Task, message: Message, reason: str) -> None:
    """Tries again later, or tells the author that it cannot be delivered. Always raises."""
    now = clock.now()
    if now - task.created_at > LONGEST:
        cases.failed(message, answer=reason, at=now)
        raise GiveUp(reason)
    cases.delayed(message, answer=reason)
    raise Later(reason, due_at=now + next_try(task.attempts))


def _last_words(outcome: Outcome) -> answers.Answers:
    """What the server finally said, for every recipient of whom it did."""
    last = {Fate.ACCEPTED: True, Fate.PERMANENT: False}
    said = {one: last[recipient.fate] for one, recipient in outcome.recipients.items() if recipient.fate in last}
    return {one: (taken, _words(outcome, [one]).partition(": ")[2]) for one, taken in said.items()}


def _keep_answer(message: Message, said: answers.Answers) -> None:
    """Keeps what the server said, however long the database is away or the disk full: forgetting it would send the
    letter twice. Nobody else can claim the letter meanwhile, which would be a write as well."""
    answers.note(message.message_id, said)
    for _second in range(PATIENCE):
        try:
            return _settle(message, said)
        except (OperationalError, InterfaceError):
            log.exception("the answer to a letter cannot be stored; trying on", extra={"reply": message.pk})
            connection.close()
            time.sleep(1)
    return _settle(message, said)


@verb
def _settle(message: Message, said: answers.Answers) -> None:
    """Keeps what the server finally said of each recipient."""
    now = clock.now()
    for recipient, (taken, words) in said.items():
        defaults = {"accepted": taken, "answer": words, "at": now}
        Delivery.objects.update_or_create(message=message, recipient=recipient, defaults=defaults)


def _conclude(message: Message) -> None:
    """Every recipient is settled: the letter was sent, unless somebody was refused, of which its author is told."""
    rows = list(Delivery.objects.filter(message=message))
    refused = [f"{row.recipient}: {row.answer}" for row in rows if not row.accepted]
    if refused:
        cases.failed(message, answer="; ".join(refused), at=clock.now())
    else:
        cases.sent(message, answer="; ".join(dict.fromkeys(row.answer for row in rows)), at=clock.now())
    answers.forget(message.message_id)


# --- What it says ------------------------------------------------------------------------------------------------


def raw_of(message: Message, box: Mailbox) -> bytes:
    """The letter's bytes: composed once, kept, and the same ever after."""
    if not message.raw_sha256:
        raw = wire.compose(_letter(message, box))
        message.raw_sha256 = files.keep(raw)
        _keep_raw(message)
        return raw
    return files.content_of(message.raw_sha256)


@verb
def _keep_raw(message: Message) -> None:
    Message.objects.filter(pk=message.pk).update(raw_sha256=message.raw_sha256)


def _letter(message: Message, box: Mailbox) -> wire.Letter:
    case = message.case
    language: wire.Language = "en" if (case.language or settings.DEFAULT_LANGUAGE) == "en" else "fr"
    said = case.messages.filter(pk__lt=message.pk).exclude(message_id="").order_by("pk")
    before = list(said.values_list("message_id", flat=True))
    answered = case.messages.filter(kind=Message.Kind.INBOUND, pk__lt=message.pk).order_by("-pk").first()
    subject = _subject(case, answered)
    return wire.Letter(
        sender=wire.Address(box.address, one_line(f"{message.author_name} ({organisation_name()})")),
        to=_addresses(message, "to"),
        cc=_addresses(message, "cc"),
        subject=subject,
        date=clock.local(message.leaves_at or message.at),
        message_id=message.message_id,
        body=message.text,
        language=language,
        reply_to=wire.Address(reply_address(box.address, case)) if box.plus_addressing else None,
        in_reply_to=one_line(answered.message_id) if answered else "",
        references=[one_line(one) for one in before],
        signature=_signature(message, language),
        quoted=_quoted(answered),
        attachments=[_attached(file) for file in message.attachments.all()],
        case=str(case),
    )


def _subject(case: Case, answered: Message | None) -> str:
    """The subject that was answered, with the reference once: people and their programs find the thread by it."""
    subject = one_line((answered.subject if answered else "") or case.subject)
    if answered and not subject.lower().startswith("re:"):
        subject = f"Re: {subject}"
    return subject if str(case) in subject else f"{subject} [{case}]"


def _addresses(message: Message, way: str) -> list[wire.Address]:
    names = dict(message.case.participants.values_list("address", "name"))
    reaches = Reach.objects.filter(customer_id=message.case.customer_id, kind=Reach.Kind.EMAIL)
    names |= dict.fromkeys(reaches.values_list("value", flat=True), message.case.customer.name)
    return [wire.Address(a, one_line(names.get(a.lower(), ""))) for a in message.recipients.get(way, [])]


def _signature(message: Message, language: str) -> str:
    """The author’s own signature in the letter’s language, else their team’s or their name; then how to follow."""
    agent, team = message.agent, message.case.team
    own = getattr(agent, f"signature_{language}", "") or getattr(team, f"signature_{language}", "")
    with translation.override(language):
        words = own or f"{message.author_name}\n{organisation_name()}"
        return words + "\n\n" + _("Follow your case %(case)s: %(link)s") % _page(message.case)


def _page(case: Case) -> dict[str, str]:
    return {"case": str(case), "link": customer_url(case)}


def _quoted(answered: Message | None) -> wire.Quoted | None:
    if answered is None or not answered.text:
        return None
    author = answered.author_name or str(answered.case.customer)
    return wire.Quoted(author=author, at=clock.local(answered.said_at or answered.at), text=answered.text)


def _attached(file: Attachment) -> wire.Attached:
    content = files.content_of(file.sha256)
    return wire.Attached(name=one_line(file.name), content_type=file.content_type, content=content)


# --- Letters that the desk writes by itself ------------------------------------------------------------------------


@handles("email.acknowledge")
def acknowledge(task: Task) -> None:
    """Tells who filled in the form that it arrived, with the way to follow it."""
    case = Case.objects.select_related("customer", "team").get(pk=task.data["case"])
    with translation.override(language_of(case)):
        subject = _("We have your message: %(subject)s") % {"subject": case.subject}
        body = _(
            "Thank you for writing to us. Somebody will read it and answer you.\n\n"
            "You can follow it, add to it or ask to be called back at any time:\n%(link)s"
        )
        write_letter(task, case, kind="acknowledgement", subject=subject, body=body % _page(case))


@handles("email.customer_link")
def fresh_link(task: Task) -> None:
    """Sends a fresh link to the customer's page to the address that the desk knows."""
    case = Case.objects.select_related("customer", "team").get(pk=task.data["case"])
    with translation.override(language_of(case)):
        subject = _("The link to your case %(case)s") % {"case": case}
        body = _(
            "Here is a fresh link to your case:\n%(link)s\n\nIf you did not ask for it, you can forget this letter."
        )
        write_letter(task, case, kind="link", subject=subject, body=body % _page(case))


def language_of(case: Case) -> wire.Language:
    """The language in which the desk writes in a case."""
    return "en" if (case.language or settings.DEFAULT_LANGUAGE) == "en" else "fr"


def write_letter(task: Task, case: Case, *, kind: str, subject: str, body: str) -> None:
    """Sends an automatic letter to the case's customer; without an address or a mailbox there is nothing to send."""
    reach = Reach.objects.filter(customer_id=case.customer_id, kind=Reach.Kind.EMAIL, bounced_at=None).first()
    if reach is None:
        raise GiveUp("the customer has no address")
    try:
        box = mailbox_of(case)
    except NoMailbox:
        raise GiveUp("no mailbox can send") from None
    row = _letter_row(task, case, kind=kind, to=reach.value, box=box)
    for _taken, words in answers.noted(row.message_id).values():  # killed before this was stored
        _letter_sent(row, answer=words, at=clock.now())
    if row.sent_at is not None:
        answers.forget(row.message_id)
        return
    answered = case.messages.filter(kind=Message.Kind.INBOUND).order_by("pk").first()
    letter = wire.Letter(
        sender=wire.Address(box.address, organisation_name()),
        to=[wire.Address(reach.value, one_line(case.customer.name))],
        subject=one_line(subject if str(case) in subject else f"{subject} [{case}]"),
        date=clock.local(task.created_at),
        message_id=row.message_id,
        body=body,
        language=language_of(case),
        in_reply_to=one_line(answered.message_id) if answered else "",
        signature=organisation_name(),
        automatic=wire.Automatic.REPLIED,
        reply_to=wire.Address(reply_address(box.address, case)) if box.plus_addressing else None,
        case=str(case),
    )
    with Sender(sending(box)) as line:
        outcome = line.send("", [reach.value], wire.compose(letter), before_data=lambda: None)
        words = _words(outcome, [reach.value])
        if outcome.delivered:
            answers.note(row.message_id, _last_words(outcome))
            _letter_sent(row, answer=words, at=clock.now())
            answers.forget(row.message_id)
            return
    now = clock.now()
    if outcome.those(Fate.PERMANENT) or now - task.created_at > LONGEST:
        raise GiveUp(words)
    raise Later(words, due_at=now + next_try(task.attempts))


def note_what_was_said(task: Task, *, kind: str) -> None:
    """Keeps what a server said of a letter of this task, for a worker that was killed before it was stored."""
    for row in Letter.objects.filter(kind=f"{kind}:{task.pk}"[:40]):
        for _taken, words in answers.noted(row.message_id).values():
            _letter_sent(row, answer=words, at=clock.now())
        answers.forget(row.message_id)


@transaction.atomic(durable=True)
def _letter_row(task: Task, case: Case, *, kind: str, to: str, box: Mailbox) -> Letter:
    """The letter's row, with the Message-ID that it keeps: found again by the task's key when it is tried again."""
    known = Letter.objects.filter(case=case, kind=f"{kind}:{task.pk}"[:40]).first()
    if known is not None:
        return known
    new_id = message_id(box.address, case)
    return Letter.objects.create(case=case, kind=f"{kind}:{task.pk}"[:40], message_id=new_id, to=to)


@verb
def _letter_sent(row: Letter, *, answer: str, at: datetime) -> None:
    row.sent_at = at
    if Letter.objects.filter(pk=row.pk, sent_at=None).update(sent_at=at, answer=answer):
        record(LetterSent(case=row.case_id, kind=row.kind.partition(":")[0]), by=SYSTEM, at=at)
