"""What the desk says: replies (held, scheduled, sent, withdrawn, failed, bounced) and internal notes."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.conf import settings

from tenir.cases import search
from tenir.cases.errors import InThePast, NobodyToWriteTo, NothingToSay, SomethingNew, TooLate
from tenir.cases.events import (
    CaseTaken,
    MessageBounced,
    MessageFailed,
    MessageSent,
    NoteWritten,
    ReplyWithdrawn,
    ReplyWritten,
)
from tenir.cases.models import Case, Mention, Message
from tenir.cases.verbs import _steps
from tenir.cases.verbs._steps import KeptFile
from tenir.cases.verbs.receive import reopen_ended
from tenir.ledger.events import SYSTEM
from tenir.ledger.verbs import record, verb
from tenir.outbox import verbs as outbox
from tenir.people.models import Agent

Recipients = Mapping[str, Sequence[str]]


@verb
def reply(
    case: Case,
    *,
    by: Agent,
    at: datetime,
    text: str,
    recipients: Recipients,
    seen_id: int | None,
    files: Sequence[KeptFile] = (),
    leaves_at: datetime | None = None,
    then_wait: bool = True,
) -> Message:
    """Writes a reply, held for the time of counting to ten, or until `leaves_at` when it is scheduled.

    `recipients` are addresses under "to" and "cc"; `seen_id` is the last message from outside that the author has
    seen. A case that is nobody's becomes the author's. `then_wait` sets it waiting for the customer.

    Raises `NothingToSay`, `NobodyToWriteTo`, `InThePast`, or `SomethingNew` when words arrived that the author has
    not seen; nothing is written then.
    """
    case = _steps.lock(case)
    _check_reply(case, text=text, recipients=recipients, seen_id=seen_id, leaves_at=leaves_at, at=at)
    message = _write_reply(case, by=by, at=at, text=text, recipients=recipients, files=files, leaves_at=leaves_at)
    _plan_sending(case, message, by=by, at=at)
    _answered(case, message, by=by, at=at, then_wait=then_wait)
    case.drafts.filter(agent=by, kind=Message.Kind.REPLY).delete()
    return message


def _check_reply(
    case: Case,
    *,
    text: str,
    recipients: Recipients,
    seen_id: int | None,
    leaves_at: datetime | None,
    at: datetime,
) -> None:
    if not text.strip():
        raise NothingToSay
    if not any(recipients.get("to", ())):
        raise NobodyToWriteTo
    if leaves_at is not None and leaves_at <= at:
        raise InThePast
    if case.last_inbound_id is not None and (seen_id or 0) < case.last_inbound_id:
        unseen = case.messages.filter(kind=Message.Kind.INBOUND, pk__gt=seen_id or 0).order_by("pk")
        raise SomethingNew(list(unseen.values_list("pk", flat=True)))


def _write_reply(
    case: Case,
    *,
    by: Agent,
    at: datetime,
    text: str,
    recipients: Recipients,
    files: Sequence[KeptFile],
    leaves_at: datetime | None,
) -> Message:
    message = Message.objects.create(
        case=case,
        kind=Message.Kind.REPLY,
        channel=Case.Channel.EMAIL,
        agent=by,
        author_name=by.shown_name,
        at=at,
        language=case.language,
        text=text.strip(),
        key=f"reply:{secrets.token_hex(16)}",
        delivery=Message.Delivery.SCHEDULED if leaves_at else Message.Delivery.HELD,
        leaves_at=leaves_at or at + timedelta(seconds=settings.HOLD_SECONDS),
        recipients={way: list(addresses) for way, addresses in recipients.items()},
    )
    _steps.attach(message, files)
    search.index_message(message)
    return message


def _plan_sending(case: Case, message: Message, *, by: Agent, at: datetime) -> None:
    assert message.leaves_at is not None
    outbox.plan(
        "email.send",
        key=_steps.sending_key(message),
        due_at=message.leaves_at,
        at=at,
        case_id=case.pk,
        message=message.pk,
    )
    leaves = message.leaves_at.isoformat()
    record(ReplyWritten(case=case.pk, customer=case.customer_id, message=message.pk, leaves_at=leaves), by=by, at=at)


def _answered(case: Case, message: Message, *, by: Agent, at: datetime, then_wait: bool) -> None:
    if case.owner_id is None:
        case.owner = by
        record(CaseTaken(case=case.pk, owner=by.pk), by=by, at=at)
    if case.state == Case.State.ENDED:
        reopen_ended(case, why="reply", by=by, at=at)
    after = Case.State.WAITING_FOR_CUSTOMER if then_wait else Case.State.OPEN
    if message.delivery == Message.Delivery.SCHEDULED:
        after = Case.State.OPEN
    else:
        message.facts = {"unanswered_before": case.unanswered_since and case.unanswered_since.isoformat()}
        message.facts["state_before"] = case.state
        message.save(update_fields=["facts"])
        case.unanswered_since = None
    _steps.change_state(case, after, why="reply", by=by, at=at)
    case.moved_at = at
    case.last_words = _steps.excerpt(message.text)
    case.save()


@verb
def undo_reply(message: Message, *, by: Agent, at: datetime) -> Message:
    """Takes a held or scheduled reply back before it leaves, and puts its words back into the author's draft.

    The case is as it was: still unanswered. Raises `TooLate` when the sender has claimed it.
    """
    case = _steps.lock(message.case)
    message = Message.objects.select_for_update().get(pk=message.pk)
    if message.delivery not in (Message.Delivery.HELD, Message.Delivery.SCHEDULED):
        raise TooLate
    if not outbox.withdraw(_steps.sending_key(message), at=at):
        raise TooLate
    message.delivery = Message.Delivery.WITHDRAWN
    message.save(update_fields=["delivery"])
    record(ReplyWithdrawn(case=case.pk, message=message.pk), by=by, at=at)
    _back_to_draft(case, message, by=by, at=at)
    before = message.facts.get("unanswered_before")
    if before:
        case.unanswered_since = datetime.fromisoformat(before)
    if case.state == Case.State.WAITING_FOR_CUSTOMER:
        _steps.change_state(case, _steps.working_state(case), why="reply_withdrawn", by=by, at=at)
    case.save()
    return message


def _back_to_draft(case: Case, message: Message, *, by: Agent, at: datetime) -> None:
    files = [[a.name, a.content_type, a.size, a.sha256] for a in message.attachments.all()]
    case.drafts.update_or_create(
        agent=by,
        kind=Message.Kind.REPLY,
        defaults={
            "text": message.text,
            "recipients": message.recipients,
            "attachments": files,
            "seen_id": case.last_inbound_id,
            "saved_at": at,
        },
    )


@verb
def leave(message: Message, *, message_id: str, at: datetime) -> Message | None:
    """Marks a reply as leaving, with the Message-ID that it keeps through every retry; None when it was withdrawn.

    Committed before the first byte goes to a server: from here on it can no longer be undone.
    """
    message = Message.objects.select_for_update().get(pk=message.pk)
    if message.delivery in (Message.Delivery.WITHDRAWN, Message.Delivery.SENT):
        return None
    scheduled = message.delivery == Message.Delivery.SCHEDULED
    message.delivery = Message.Delivery.LEAVING
    message.message_id = message.message_id or message_id
    message.save(update_fields=["delivery", "message_id"])
    if scheduled:
        case = _steps.lock(message.case)
        case.unanswered_since = None
        _steps.change_state(case, Case.State.WAITING_FOR_CUSTOMER, why="reply", by=SYSTEM, at=at)
        case.save()
    return message


@verb
def sent(message: Message, *, answer: str, at: datetime) -> None:
    """Notes that the server took the reply, with its answer in its own words."""
    _delivered(message, Message.Delivery.SENT, answer=answer)
    record(MessageSent(case=message.case_id, message=message.pk), by=SYSTEM, at=at)


@verb
def failed(message: Message, *, answer: str, at: datetime) -> None:
    """Notes that the reply cannot be delivered: the case comes back to its author, open and unanswered."""
    _delivered(message, Message.Delivery.FAILED, answer=answer)
    record(MessageFailed(case=message.case_id, message=message.pk), by=SYSTEM, at=at)
    _come_back(message, why="message_failed", at=at)


def _delivered(message: Message, delivery: str, *, answer: str) -> None:
    message.delivery, message.server_answer = delivery, answer[:2000]
    Message.objects.filter(pk=message.pk).update(delivery=delivery, server_answer=message.server_answer)


def _come_back(message: Message, *, why: str, at: datetime) -> None:
    case = _steps.lock(message.case)
    if case.state != Case.State.ENDED:
        _steps.change_state(case, _steps.working_state(case), why=why, by=SYSTEM, at=at)
    case.snoozed_until = None
    case.moved_at = at
    case.unanswered_since = case.unanswered_since or at
    case.save()


@verb
def bounced(message: Message, *, reason: str, permanent: bool, at: datetime) -> None:
    """A bounce lands on the very message that bounced and tells its author; a delay is noted and changes nothing else."""
    message = Message.objects.select_for_update().get(pk=message.pk)
    if message.bounced_at is not None:
        return
    message.bounce_reason = reason[:2000]
    if permanent:
        message.bounced_at = at
    message.save(update_fields=["bounced_at", "bounce_reason"])
    record(MessageBounced(case=message.case_id, message=message.pk, permanent=permanent), by=SYSTEM, at=at)
    if permanent:
        _come_back(message, why="message_bounced", at=at)


@verb
def write_note(
    case: Case,
    *,
    by: Agent,
    at: datetime,
    text: str,
    mentions: Sequence[Agent] = (),
    files: Sequence[KeptFile] = (),
) -> Message:
    """Writes an internal note, which no customer ever sees, and tells the colleagues it names.

    Raises `NothingToSay` when there are neither words nor files.
    """
    if not text.strip() and not files:
        raise NothingToSay
    case = _steps.lock(case)
    message = Message.objects.create(
        case=case,
        kind=Message.Kind.NOTE,
        channel=case.channel,
        agent=by,
        author_name=by.given_name,
        at=at,
        text=text.strip(),
        key=f"note:{secrets.token_hex(16)}",
    )
    _steps.attach(message, files)
    Mention.objects.bulk_create(Mention(message=message, agent=colleague) for colleague in mentions)
    search.index_message(message)
    named = [colleague.pk for colleague in mentions]
    record(NoteWritten(case=case.pk, message=message.pk, mentions=named), by=by, at=at)
    case.drafts.filter(agent=by, kind=Message.Kind.NOTE).delete()
    case.moved_at = at
    case.save(update_fields=["moved_at"])
    return message
