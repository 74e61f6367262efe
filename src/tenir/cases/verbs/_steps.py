"""Private steps shared by the verbs of a case; each runs inside the transaction of the verb that calls it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tenir.cases.errors import AlreadyEnded
from tenir.cases.events import StateChanged
from tenir.cases.models import Attachment, Case, Message
from tenir.ledger.events import Doer
from tenir.ledger.verbs import record
from tenir.outbox import verbs as outbox

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


def lock(case: Case) -> Case:
    """The case as it is now, held until the end of the transaction; a merged case leads to the one that was kept."""
    fresh = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    while fresh.merged_into_id is not None:
        fresh = Case.objects.select_for_update(of=("self",)).get(pk=fresh.merged_into_id)
    return fresh


def lock_open(case: Case) -> Case:
    """Like `lock`; raises `AlreadyEnded` when the case has ended."""
    fresh = lock(case)
    if fresh.state == Case.State.ENDED:
        raise AlreadyEnded
    return fresh


def change_state(case: Case, after: str, *, why: str, by: Doer, at: datetime) -> None:
    """Sets the state and records the change, when it is one. The caller saves the case."""
    if case.state != after:
        record(StateChanged(case=case.pk, before=case.state, after=after, why=why), by=by, at=at)
        case.state = after


def working_state(case: Case) -> str:
    """The state of a case that is being worked on: its owner's, or waiting for one."""
    return Case.State.OPEN if case.owner_id else Case.State.WAITING


def excerpt(text: str) -> str:
    """The first words of a message on one line, for a list row."""
    line = " ".join(text[: EXCERPT * 3].split())
    return line if len(line) <= EXCERPT else line[: EXCERPT - 1].rstrip() + "…"


def stop_snoozing(case: Case) -> None:
    case.snoozed_until = None


def withdraw_scheduled(case: Case, *, at: datetime, by: Doer) -> None:
    """A scheduled reply withdraws itself when the customer writes first: what it says may no longer be right."""
    from tenir.cases.events import ReplyWithdrawn

    for message in case.messages.filter(delivery=Message.Delivery.SCHEDULED):
        if outbox.withdraw(sending_key(message), at=at):
            message.delivery = Message.Delivery.WITHDRAWN
            message.save(update_fields=["delivery"])
            fact = ReplyWithdrawn(case=case.pk, message=message.pk, because="customer_wrote")
            record(fact, by=by, at=at)


def sending_key(message: Message) -> str:
    """The outbox key of a reply: one message leaves once."""
    return f"reply:{message.pk}"


def attach(message: Message, files: Sequence[KeptFile]) -> None:
    """Adds kept files to a message; names and types are cut to what the table holds."""
    Attachment.objects.bulk_create(
        Attachment(
            message=message,
            name=file.name[:255],
            content_type=file.content_type[:120],
            size=file.size,
            sha256=file.sha256,
            content_id=file.content_id[:255],
            inline=file.inline,
        )
        for file in files
    )
