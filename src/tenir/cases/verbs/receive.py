"""What comes from outside: a letter, a form, a call that was noted."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import F

from tenir.cases import reference as references
from tenir.cases import search
from tenir.cases.events import CallLogged, CaseOpened, CaseReopened, MessageReceived
from tenir.cases.models import Case, Link, Message, Participant
from tenir.cases.threading import Thread
from tenir.cases.verbs import _steps
from tenir.cases.verbs._steps import KeptFile
from tenir.customers.models import Customer
from tenir.ledger.events import SYSTEM, Doer
from tenir.ledger.verbs import record, verb
from tenir.people.models import Agent


@dataclass(frozen=True, kw_only=True)
class Incoming:
    """Words from outside, read and ready to be stored.

    `key` names them once and for all (the same mail twice is one message). `customer` is who they are from when they
    open a case; in an existing case `thread` says whose they are. `others` are the (name, address) pairs in copy.
    """

    channel: str
    key: str
    customer: Customer
    sender_name: str
    sender_address: str
    text: str
    subject: str = ""
    thread: Thread | None = None
    language: str = ""
    html: str = ""
    folded: Sequence[tuple[str, str]] = ()
    facts: dict[str, Any] = field(default_factory=dict)
    files: Sequence[KeptFile] = ()
    others: Sequence[tuple[str, str]] = ()
    message_id: str = ""
    raw_sha256: str = ""
    said_at: datetime | None = None
    desk_address: str = ""
    team_id: int | None = None
    remedy_sought: str = ""


@verb
def receive_message(incoming: Incoming, *, at: datetime) -> Message:
    """Stores the words in their case, opening or reopening it; the same `key` again returns the message that is there.

    The message, the case, its participants, the search index and the events are one transaction.
    """
    return receive(incoming, at=at)


def receive(incoming: Incoming, *, at: datetime) -> Message:
    """The steps of `receive_message`, for a channel's own verb to share its transaction."""
    existing = Message.objects.filter(key=incoming.key).select_related("case").first()
    if existing is not None:
        return existing
    thread = incoming.thread
    case = _steps.lock(thread.case) if thread and thread.belongs else _open(incoming, at=at)
    message = _store(case, incoming, at=at)
    if thread and not thread.belongs:
        Link.objects.get_or_create(case=case, other=thread.case, defaults={"because": "named_by_a_stranger"})
    _arrived(case, message, by=message.customer or SYSTEM, at=at)
    return message


def _open(incoming: Incoming, *, at: datetime) -> Case:
    reference = references.draw()
    while Case.objects.filter(reference=reference).exists():
        reference = references.draw()
    case = Case.objects.create(
        reference=reference,
        subject=_steps.excerpt(incoming.subject) or _steps.excerpt(incoming.text)[:80],
        channel=incoming.channel,
        language=incoming.language or incoming.customer.language,
        customer=incoming.customer,
        team_id=incoming.team_id,
        desk_address=incoming.desk_address,
        first_request_at=at,
        opened_at=at,
        moved_at=at,
        remedy_sought=incoming.remedy_sought,
    )
    fact = CaseOpened(case=case.pk, customer=case.customer_id, channel=incoming.channel)
    record(fact, by=incoming.customer, at=at)
    return case


def _store(case: Case, incoming: Incoming, *, at: datetime) -> Message:
    thread = incoming.thread
    participant = None
    if thread and thread.belongs and not thread.from_customer:
        participant = _participant(case, incoming.sender_name, incoming.sender_address, unexpected=thread.unexpected)
    message = Message.objects.create(
        case=case,
        kind=Message.Kind.INBOUND,
        channel=incoming.channel,
        customer=None if participant else case.customer,
        participant=participant,
        author_name=incoming.sender_name or incoming.sender_address,
        at=at,
        said_at=incoming.said_at,
        language=incoming.language,
        subject=incoming.subject[:500],
        text=incoming.text,
        folded=[list(pair) for pair in incoming.folded],
        html=incoming.html,
        facts=incoming.facts,
        key=incoming.key,
        message_id=incoming.message_id[:500],
        raw_sha256=incoming.raw_sha256,
    )
    _steps.attach(message, incoming.files)
    for name, address in incoming.others:
        _participant(case, name, address, unexpected=False)
    search.index_message(message)
    return message


def _participant(case: Case, name: str, address: str, *, unexpected: bool) -> Participant:
    defaults = {"name": name[:160], "unexpected": unexpected}
    return Participant.objects.get_or_create(case=case, address=address.lower()[:254], defaults=defaults)[0]


def _arrived(case: Case, message: Message, *, by: Doer, at: datetime) -> None:
    """What words from outside do to the case: they wake it, reopen it, count as a contact and wait for an answer."""
    fact = MessageReceived(case=case.pk, customer=case.customer_id, message=message.pk, channel=message.channel)
    record(fact, by=by, at=at)
    _steps.withdraw_scheduled(case, at=at, by=SYSTEM)
    if case.state == Case.State.ENDED:
        reopen_ended(case, why="customer_wrote", by=by, at=at)
    _steps.change_state(case, _steps.working_state(case), why="message_received", by=by, at=at)
    _steps.stop_snoozing(case)
    case.moved_at = at
    case.unanswered_since = case.unanswered_since or at
    case.last_inbound_id = message.pk
    case.last_words = _steps.excerpt(message.text)
    case.contacts = case.contacts + 1
    case.save()


def reopen_ended(case: Case, *, why: str, by: Doer, at: datetime) -> None:
    """Reopens an ended case in memory, marks its ending and records it; the caller saves the case."""
    case.endings.filter(reopened_at=None).update(reopened_at=at)
    case.reopenings = case.reopenings + 1
    record(CaseReopened(case=case.pk, customer=case.customer_id, why=why), by=by, at=at)
    _steps.change_state(case, _steps.working_state(case), why=why, by=by, at=at)


@verb
def log_call(
    case: Case, *, by: Agent, at: datetime, said_at: datetime, direction: str, text: str, cut: bool
) -> Message:
    """Notes a telephone call in the case: `direction` is "in" or "out"; `cut` when the line went before the end.

    A call in counts as a contact; a cut line counts against the desk, never the customer.
    """
    case = _steps.lock(case)
    message = Message.objects.create(
        case=case,
        kind=Message.Kind.CALL,
        channel=Case.Channel.PHONE,
        agent=by,
        customer=None,
        author_name=by.given_name,
        at=at,
        said_at=said_at,
        text=text,
        facts={"direction": direction, "cut": cut},
        key=f"call:{case.pk}:{references.draw()}:{at.timestamp()}",
    )
    search.index_message(message)
    record(CallLogged(case=case.pk, customer=case.customer_id, message=message.pk, cut=cut), by=by, at=at)
    if case.state == Case.State.ENDED and direction == "in":
        reopen_ended(case, why="customer_called", by=by, at=at)
    case.contacts = F("contacts") + (1 if direction == "in" else 0)
    case.cut_lines = F("cut_lines") + (1 if cut else 0)
    case.moved_at = at
    case.last_words = _steps.excerpt(text)
    case.save()
    case.refresh_from_db()
    return message
