"""What the desk says: replies (held, scheduled, sent, withdrawn, failed, bounced) and internal notes."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.conf import settings

from tenir.cases import search
from tenir.cases.errors import (
    InThePast,
    NobodyToWriteTo,
    NotAnAddress,
    NothingToSay,
    NotYours,
    SomethingNew,
    TooLate,
)
from tenir.cases.events import (
    CaseTaken,
    MessageBounced,
    MessageFailed,
    MessageLeft,
    MessageSent,
    NoteWritten,
    ReplyWithdrawn,
    ReplyWritten,
)
from tenir.cases.models import Case, Mention, Message
from tenir.cases.verbs import _pictures, _steps
from tenir.cases.verbs._steps import KeptFile
from tenir.ledger.events import SYSTEM
from tenir.ledger.verbs import record, verb
from tenir.outbox import verbs as outbox
from tenir.people.models import Agent, Role
from tenir.text.storing import storable

Recipients = Mapping[str, Sequence[str]]
WAYS = ("to", "cc", "bcc")
CHANGED = ("state", "unanswered_since", "moved_at", "last_words", "reopenings")
"""What a reply changes in its case, and undoing it puts back."""
UNDECIDED = (Message.Delivery.HELD, Message.Delivery.SCHEDULED)


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
    promised: Sequence[Mapping[str, str]] = (),
) -> Message:
    """Writes a reply, held for the time of counting to ten, or until `leaves_at` when it is scheduled.

    `recipients` are addresses under "to", "cc" and "bcc"; `seen_id` is the last message from outside that the author
    has seen. A case that is nobody's becomes the author's. `then_wait` sets it waiting for the customer. `promised` is
    what its author noted as promised in it: it is kept with the message for the room of the promises, which reads it.

    Raises `NothingToSay`, `NobodyToWriteTo`, `NotAnAddress`, `InThePast`, or `SomethingNew` when words arrived that
    the author has not seen; nothing is written then.
    """
    case = _steps.lock(case)
    to = read_recipients(recipients)
    _check_reply(case, text=text, seen_id=seen_id, leaves_at=leaves_at, at=at)
    message = _new_reply(case, by=by, at=at, text=text, recipients=to, leaves_at=leaves_at)
    before = _pictures.take(case, CHANGED)
    ending = _steps.current_ending(case)
    _answered(case, message, by=by, at=at, then_wait=then_wait)
    message.facts = {
        "before": before,
        "after": _pictures.take(case, CHANGED),
        "ending": ending.pk if ending else None,
        "seen": seen_id,
        "then_wait": then_wait,
    }
    if promised:
        message.facts["promised"] = [dict(one) for one in promised]
    message.save(force_insert=True)
    names = _steps.attach(message, files)
    search.index_message(message, names=names)
    _plan_sending(case, message, by=by, at=at)
    case.drafts.filter(agent=by, kind=Message.Kind.REPLY).delete()
    return message


def read_recipients(recipients: Recipients) -> dict[str, list[str]]:
    """The addresses under each way, each once in all. Raises `NobodyToWriteTo`, `NotAnAddress`, and `ValueError` for a
    way that does not exist."""
    read: dict[str, list[str]] = {}
    present: set[str] = set()
    for way in recipients:
        if way not in WAYS:
            raise ValueError(way)
    for way in WAYS:
        for typed in recipients.get(way, ()):
            address = typed.strip()
            if address and address.lower() not in present:
                present.add(address.lower())
                read.setdefault(way, []).append(_address(address))
    if not read.get("to"):
        raise NobodyToWriteTo
    return read


def _address(text: str) -> str:
    """An address that no mail header can be broken with."""
    local, at_sign, domain = text.rpartition("@")
    odd = any(c.isspace() or not c.isprintable() or c in '<>,;"()[]\\' for c in text)
    if not (local and at_sign and domain) or odd or len(text) > 254:
        raise NotAnAddress(text)
    return text


def _check_reply(case: Case, *, text: str, seen_id: int | None, leaves_at: datetime | None, at: datetime) -> None:
    if not text.strip():
        raise NothingToSay
    if leaves_at is not None and leaves_at <= at:
        raise InThePast
    if case.last_inbound_id is not None and (seen_id or 0) < case.last_inbound_id:
        unseen = case.messages.filter(kind=Message.Kind.INBOUND, pk__gt=seen_id or 0).order_by("pk")
        raise SomethingNew(list(unseen.values_list("pk", flat=True)))


def _new_reply(
    case: Case, *, by: Agent, at: datetime, text: str, recipients: dict[str, list[str]], leaves_at: datetime | None
) -> Message:
    return Message(
        case=case,
        kind=Message.Kind.REPLY,
        channel=Case.Channel.EMAIL,
        agent=by,
        author_name=by.shown_name,
        at=at,
        language=case.language,
        text=storable(text).strip(),
        key=_steps.own_key("reply"),
        delivery=Message.Delivery.SCHEDULED if leaves_at else Message.Delivery.HELD,
        leaves_at=leaves_at or at + timedelta(seconds=settings.HOLD_SECONDS),
        recipients=recipients,
    )


def _answered(case: Case, message: Message, *, by: Agent, at: datetime, then_wait: bool) -> None:
    """What a reply does to its case: it has an owner, is no longer ended, and waits for the customer's turn.

    A scheduled reply has answered nobody yet: the case waits for the customer only once it leaves.
    """
    if case.owner_id is None:
        case.owner = by
        record(CaseTaken(case=case.pk, owner=by.pk), by=by, at=at)
    if case.state == Case.State.ENDED:
        _steps.reopen_ended(case, why="reply", by=by, at=at)
    scheduled = message.delivery == Message.Delivery.SCHEDULED
    if not scheduled:
        case.unanswered_since = None
    after = Case.State.WAITING_FOR_CUSTOMER if then_wait and not scheduled else Case.State.OPEN
    _steps.change_state(case, after, why="reply", by=by, at=at)
    case.moved_at = at
    case.last_words = _steps.excerpt(message.text)
    case.save(update_fields=["owner", *CHANGED])


def _plan_sending(case: Case, message: Message, *, by: Agent, at: datetime) -> None:
    leaves_at = message.leaves_at or at
    outbox.plan(
        "email.send",
        key=_steps.sending_key(message),
        due_at=leaves_at,
        at=at,
        case_id=case.pk,
        appointed=message.delivery == Message.Delivery.SCHEDULED,
        message=message.pk,
    )
    leaves = leaves_at.isoformat()
    record(ReplyWritten(case=case.pk, customer=case.customer_id, message=message.pk, leaves_at=leaves), by=by, at=at)


# --- Taken back --------------------------------------------------------------------------------------------------


@verb
def undo_reply(message: Message, *, by: Agent, at: datetime) -> Message:
    """Takes a held or scheduled reply back before it leaves, and puts its words back into its author's draft.

    The case is as it was: still unanswered, ended again if it had ended. Whoever became its owner by replying stays
    its owner, since they are writing. Its author, a supervisor or an administrator may: `NotYours` for anybody else.
    Raises `TooLate` when it has left.
    """
    case, message = _steps.lock_with_case(message)
    if message.agent_id != by.pk and by.role == Role.AGENT:
        raise NotYours
    if message.delivery not in UNDECIDED:
        raise TooLate
    _steps.take_back(message, at=at)
    _steps.back_to_draft(case, message, at=at)
    record(ReplyWithdrawn(case=case.pk, message=message.pk), by=by, at=at)
    _as_before(case, message, by=by, at=at)
    return message


def _as_before(case: Case, message: Message, *, by: Agent, at: datetime) -> None:
    before, after = message.facts["before"], message.facts["after"]
    state = case.state
    changed = _pictures.put_back(case, before=before, after=after)
    restored, case.state = case.state, state
    if restored == Case.State.WAITING:
        restored = _steps.working_state(case)
    if restored == Case.State.ENDED and "state" in changed:
        case.endings.filter(pk=message.facts["ending"]).update(reopened_at=None)
    _steps.change_state(case, restored, why="reply_withdrawn", by=by, at=at)
    case.unanswered_since = _oldest(case, message)
    if "last_words" not in changed:
        _steps.find_last_words(case)
    case.save(update_fields=list(CHANGED))


def _oldest(case: Case, message: Message) -> datetime | None:
    """Since when words wait for an answer, once this reply no longer counts as one."""
    was = _pictures.read("unanswered_since", message.facts["before"]["unanswered_since"])
    return min((moment for moment in (was, case.unanswered_since) if moment), default=None)


# --- On its way ----------------------------------------------------------------------------------------------------


@verb
def leave(message: Message, *, message_id: str, at: datetime) -> Message | None:
    """Marks a reply as leaving, with the Message-ID that it keeps through every retry; None when it was withdrawn, or
    has been sent already.

    Committed before the first byte goes to a server: from here on it can no longer be undone.
    """
    case, message = _steps.lock_with_case(message)
    if message.delivery in (Message.Delivery.WITHDRAWN, Message.Delivery.SENT, Message.Delivery.NONE):
        return None
    before = message.delivery
    message.delivery = Message.Delivery.LEAVING
    message.message_id = message.message_id or message_id[:500]
    message.save(update_fields=["delivery", "message_id"])
    if before != Message.Delivery.LEAVING:
        record(MessageLeft(case=case.pk, message=message.pk), by=SYSTEM, at=at)
    if before == Message.Delivery.SCHEDULED:
        _scheduled_leaves(case, message, at=at)
    return message


def _scheduled_leaves(case: Case, message: Message, *, at: datetime) -> None:
    """A scheduled reply answers now; a case that was ended meanwhile stays so."""
    case.unanswered_since = None
    if message.facts.get("then_wait", True) and case.state != Case.State.ENDED:
        _steps.change_state(case, Case.State.WAITING_FOR_CUSTOMER, why="reply", by=SYSTEM, at=at)
    case.moved_at = at
    case.save(update_fields=["state", "unanswered_since", "moved_at"])


@verb
def sent(message: Message, *, answer: str, at: datetime) -> None:
    """Notes that the server took the reply, with its answer in its own words; noting it again changes nothing."""
    case, message = _steps.lock_with_case(message)
    if message.delivery == Message.Delivery.LEAVING:
        _delivered(message, Message.Delivery.SENT, answer=answer)
        record(MessageSent(case=case.pk, message=message.pk), by=SYSTEM, at=at)


@verb
def delayed(message: Message, *, answer: str) -> None:
    """Keeps why a reply that is on its way has not arrived yet; it is tried again."""
    on_its_way = Message.objects.filter(pk=message.pk, delivery=Message.Delivery.LEAVING)
    on_its_way.update(server_answer=storable(answer)[:2000])


@verb
def failed(message: Message, *, answer: str, at: datetime) -> None:
    """Notes that the reply cannot be delivered: the case comes back, open and as unanswered as it was before.

    Noting it again changes nothing, nor does it for one that was sent or withdrawn.
    """
    case, message = _steps.lock_with_case(message)
    if message.delivery in (Message.Delivery.LEAVING, *UNDECIDED):
        _delivered(message, Message.Delivery.FAILED, answer=answer)
        record(MessageFailed(case=case.pk, message=message.pk), by=SYSTEM, at=at)
        _come_back(case, message, why="message_failed", at=at)


def _delivered(message: Message, delivery: Message.Delivery, *, answer: str) -> None:
    message.delivery, message.server_answer = delivery, storable(answer)[:2000]
    message.save(update_fields=["delivery", "server_answer"])


def _come_back(case: Case, message: Message, *, why: str, at: datetime) -> None:
    """The customer never got it: an ending told in it was none, and their words still wait."""
    if case.state == Case.State.ENDED:
        _steps.reopen_ended(case, why=why, by=SYSTEM, at=at)
    _steps.change_state(case, _steps.working_state(case), why=why, by=SYSTEM, at=at)
    _steps.stop_snoozing(case, why=why, by=SYSTEM, at=at)
    case.moved_at = at
    case.unanswered_since = _oldest(case, message) or at
    case.save(update_fields=["state", "snoozed_until", "moved_at", "unanswered_since", "reopenings"])


@verb
def bounced(message: Message, *, reason: str, permanent: bool, at: datetime) -> None:
    """A bounce lands on the very message that bounced, which comes back to its author; a delay is noted and changes
    nothing else. The same bounce again is noted once."""
    case, message = _steps.lock_with_case(message)
    reason = storable(reason)[:2000]
    if message.bounced_at is not None or (not permanent and message.bounce_reason == reason):
        return
    message.bounce_reason = reason
    message.bounced_at = at if permanent else None
    message.save(update_fields=["bounced_at", "bounce_reason"])
    record(MessageBounced(case=case.pk, message=message.pk, permanent=permanent), by=SYSTEM, at=at)
    if permanent:
        _come_back(case, message, why="message_bounced", at=at)


# --- Internal notes ------------------------------------------------------------------------------------------------


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
        language=by.language,
        text=storable(text).strip(),
        key=_steps.own_key("note"),
    )
    names = _steps.attach(message, files)
    named = list(dict.fromkeys(colleague.pk for colleague in mentions if colleague.pk != by.pk))
    Mention.objects.bulk_create(Mention(message=message, agent_id=pk) for pk in named)
    search.index_message(message, names=names)
    record(NoteWritten(case=case.pk, message=message.pk, mentions=named), by=by, at=at)
    case.drafts.filter(agent=by, kind=Message.Kind.NOTE).delete()
    case.moved_at = at
    case.save(update_fields=["moved_at"])
    return message
