"""What the desk's database and files hold, as plain rows in a JSON file, for the test to judge."""

import hashlib
import json
from collections import Counter
from pathlib import Path
from typing import Any


def write(path: str) -> None:
    """Written aside and renamed: whoever reads it reads all of it."""
    aside = Path(path + ".part")
    aside.write_text(json.dumps(rows() if path.endswith("whole.json") else counts()))
    aside.rename(path)


def counts() -> dict[str, Any]:
    """Whether the desk is quiet."""
    from tenir.cases.models import Message
    from tenir.channels.email.models import Mail
    from tenir.outbox.models import Task

    replies = Message.objects.filter(kind=Message.Kind.REPLY)
    return {
        "mails": Mail.objects.count(),
        "sha": list(Mail.objects.values_list("sha256", flat=True)),
        "replies": replies.count(),
        "on their way": replies.exclude(delivery=Message.Delivery.SENT).count(),
        "tasks": Task.objects.filter(state=Task.State.WAITING, kind__startswith="email.").count(),
        "unanswered": _unanswered(),
        "waiting": [
            f"{task.key} due {task.due_at:%H:%M:%S}, {task.attempts} attempts: {task.reason}"
            for task in Task.objects.filter(state=Task.State.WAITING).order_by("due_at")[:10]
        ],
    }


def _unanswered() -> dict[str, Any] | None:
    """Somebody who waits for an answer and has an address, the last to have written."""
    from tenir.cases.models import Case

    waits = Case.objects.exclude(unanswered_since=None).order_by("-unanswered_since")
    for case in waits[:5]:
        address = case.customer.reaches.filter(kind="email").values_list("value", flat=True).first()
        if address and case.last_inbound_id:
            return {"case": str(case), "seen": case.last_inbound_id, "to": address}
    return None


def rows() -> dict[str, Any]:
    from django.db import connection

    from tenir.cases.models import Attachment, Case, Draft, Message
    from tenir.channels.email.models import Mail
    from tenir.ledger.models import Event
    from tenir.outbox.models import Task

    asked = ("id", "case_id", "kind", "text", "message_id", "raw_sha256", "delivery", "recipients", "key")
    messages: list[dict[str, Any]] = [dict(row) for row in Message.objects.values(*asked)]
    named = {a.sha256 for a in Attachment.objects.all()} | {m["raw_sha256"] for m in messages}
    named |= set(Mail.objects.values_list("sha256", flat=True))
    return {
        "vendor": connection.vendor,
        "mails": list(Mail.objects.values("id", "sha256", "outcome", "message_id", "fingerprint")),
        "messages": messages,
        "drafts": list(Draft.objects.values_list("text", flat=True)),
        "cases": list(Case.objects.values("id", "state", "last_inbound_id", "contacts")),
        "attachments": list(Attachment.objects.values("message_id", "name", "sha256", "size")),
        "events": list(Event.objects.order_by("id").values("id", "name", "case_id", "data")),
        "read in order": _read_in_order(),
        "tasks": list(Task.objects.values("id", "kind", "state", "attempts", "reason", "key")),
        "spoilt files": [sha for sha in sorted(named - {""}) if not _kept(sha)],
        "not found by search": _not_found(messages),
    }


def _read_in_order() -> dict[str, int]:
    """How often a reader of the ledger meets each event."""
    from tenir.ledger.readers import Position, after, position_of

    met: Counter[int] = Counter()
    place = Position()
    while events := after(place):
        met.update(event.id for event in events)
        place = position_of(events[-1])
    return {str(event): times for event, times in met.items()}


def _kept(sha: str) -> bool:
    from tenir.ledger import files

    try:
        return hashlib.sha256(files.content_of(sha)).hexdigest() == sha
    except FileNotFoundError:
        return False


def _not_found(messages: list[dict[str, Any]]) -> list[int]:
    """The messages whose own word the full-text index does not have, or has elsewhere too."""
    from tenir.cases.fulltext import MESSAGES, index
    from tenir.cases.search import read_query

    lost = []
    for message in messages:
        own = [word.strip(".") for word in message["text"].split() if word.startswith("jeton")]
        if own and index().newest(MESSAGES, read_query(own[0]), limit=5) != [message["id"]]:
            lost.append(message["id"])
    return lost
