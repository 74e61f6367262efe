"""Private steps shared by the verbs of a case; each runs inside the transaction of the verb that calls it."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tenir.cases.errors import AlreadyEnded
from tenir.cases.events import CaseReopened, CaseWoken, HandoverAnswered, ReplyWithdrawn, StateChanged
from tenir.cases.models import Attachment, Case, Draft, Ending, Handover, Message
from tenir.ledger.events import SYSTEM, Doer
from tenir.ledger.verbs import record
from tenir.outbox import verbs as outbox
from tenir.text.storing import storable

EXCERPT = 160


@dataclass(frozen=True, kw_only=True)
class KeptFile:
    """A file already kept by its SHA-256, and what it is called."""

    name: str
    content_type: str
    size: int
    sha256: str
    content_id: str = ""
    inline: bool = False


def excerpt(text: str, longest: int = EXCERPT) -> str:
    """The first words of a message on one line, for a list row; cut after a whole word where there is one."""
    line = " ".join(text[: EXCERPT * 3].split())
    if len(line) <= longest:
        return line
    cut = line[: longest - 1]
    return (cut.rpartition(" ")[0] or cut) + "…"


# --- The case ----------------------------------------------------------------------------------------------------


def lock(case: Case) -> Case:
    """The case as it is now, held until the end of the transaction; a merged case leads to the one that was kept."""
    fresh = Case.objects.select_for_update().get(pk=case.pk)
    while fresh.merged_into_id is not None:
        fresh = Case.objects.select_for_update().get(pk=fresh.merged_into_id)
    return fresh


def lock_open(case: Case) -> Case:
    """Like `lock`; raises `AlreadyEnded` when the case has ended."""
    fresh = lock(case)
    if fresh.state == Case.State.ENDED:
        raise AlreadyEnded
    return fresh


def lock_with_case(message: Message) -> tuple[Case, Message]:
    """A message and its case as they are now, always locked in this order, so that no two verbs wait for each other."""
    case_id = Message.objects.values_list("case_id", flat=True).get(pk=message.pk)
    case = lock(Case(pk=case_id))
    return case, Message.objects.select_for_update().get(pk=message.pk)


def change_state(case: Case, after: str, *, why: str, by: Doer, at: datetime) -> None:
    """Sets the state and records the change, when it is one. The caller saves the case."""
    if case.state != after:
        record(StateChanged(case=case.pk, before=case.state, after=after, why=why), by=by, at=at)
        case.state = after


def working_state(case: Case) -> str:
    """The state of a case that is being worked on: its owner's, or waiting for one."""
    return Case.State.OPEN if case.owner_id else Case.State.WAITING


def reopen_ended(case: Case, *, why: str, by: Doer, at: datetime) -> None:
    """Reopens an ended case in memory, marks its ending and records it; the caller saves the case."""
    case.endings.filter(reopened_at=None).update(reopened_at=at)
    case.reopenings = case.reopenings + 1
    record(CaseReopened(case=case.pk, customer=case.customer_id, why=why), by=by, at=at)
    change_state(case, working_state(case), why=why, by=by, at=at)


def current_ending(case: Case) -> Ending | None:
    """The ending of an ended case; None for any other."""
    return case.endings.filter(reopened_at=None).first() if case.state == Case.State.ENDED else None


def stop_snoozing(case: Case, *, why: str, by: Doer, at: datetime) -> None:
    """Brings a snoozed case back; the caller saves it."""
    if case.snoozed_until is not None:
        case.snoozed_until = None
        record(CaseWoken(case=case.pk, why=why), by=by, at=at)


def find_last_words(case: Case) -> None:
    """Sets what the lists show of the words of a case again: the last that were said and not taken back."""
    said = case.messages.exclude(kind=Message.Kind.NOTE).exclude(delivery=Message.Delivery.WITHDRAWN)
    last = said.order_by("at", "pk").last()
    case.last_words = excerpt(last.text) if last else ""
    inbound = case.messages.filter(kind=Message.Kind.INBOUND).order_by("-pk").values_list("pk", flat=True)
    case.last_inbound_id = inbound.first()


def withdraw_offers(case: Case, *, by: Doer, at: datetime) -> None:
    """An offered hand-over is moot once the case has changed hands or ended."""
    for offer in case.offers.filter(state=Handover.State.OFFERED):
        offer.state, offer.answered_at = Handover.State.WITHDRAWN, at
        offer.save(update_fields=["state", "answered_at"])
        fact = HandoverAnswered(case=case.pk, offer=offer.pk, taker=offer.taker_id, answer="withdrawn")
        record(fact, by=by, at=at)


# --- Replies -------------------------------------------------------------------------------------------------------


def sending_key(message: Message) -> str:
    """The outbox key of a reply: one message leaves once."""
    return f"reply:{message.pk}"


def own_key(kind: str) -> str:
    """The key of words that were written here, which arrive only once anyway."""
    return f"{kind}:{secrets.token_hex(16)}"


def withdraw_scheduled(case: Case, *, at: datetime) -> None:
    """A scheduled reply withdraws itself when the customer speaks first: what it says may no longer be right.

    Its words go back into its author's draft.
    """
    for message in case.messages.select_for_update().filter(delivery=Message.Delivery.SCHEDULED):
        take_back(message, at=at)
        back_to_draft(case, message, at=at)
        record(ReplyWithdrawn(case=case.pk, message=message.pk, because="customer_wrote"), by=SYSTEM, at=at)


def take_back(message: Message, *, at: datetime) -> None:
    """Marks a locked reply as withdrawn. The sender asks `leave` before the first byte, so this alone decides."""
    message.delivery = Message.Delivery.WITHDRAWN
    message.save(update_fields=["delivery"])
    outbox.withdraw(sending_key(message), at=at)


def back_to_draft(case: Case, message: Message, *, at: datetime) -> None:
    """Puts the words of a withdrawn reply back into its author's draft, before what they have begun since."""
    files = [[a.name, a.content_type, a.size, a.sha256] for a in message.attachments.order_by("pk")]
    mine = case.drafts.filter(agent=message.agent_id, kind=Message.Kind.REPLY).first()
    draft = mine or Draft(case=case, agent=message.agent, kind=Message.Kind.REPLY, seen_id=message.facts.get("seen"))
    draft.text = "\n\n".join(text for text in (message.text, draft.text) if text.strip())
    draft.attachments = files + [row for row in draft.attachments if row not in files]
    draft.recipients = message.recipients
    draft.saved_at = at
    draft.save()


def attach(message: Message, files: Sequence[KeptFile]) -> list[str]:
    """Adds kept files to a message; names and types are cut to what the table holds. Returns the names."""
    rows = [
        Attachment(
            message=message,
            name=storable(file.name)[:255],
            content_type=storable(file.content_type)[:120],
            size=file.size,
            sha256=file.sha256,
            content_id=storable(file.content_id)[:255],
            inline=file.inline,
        )
        for file in files
    ]
    if rows:
        Attachment.objects.bulk_create(rows)
    return [row.name for row in rows]
