"""What comes from outside: a letter, a form, a call that was noted."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection

from tenir.cases import reference as references
from tenir.cases import search
from tenir.cases.events import CallLogged, CaseLinked, CaseOpened, CaseTaken, MessageReceived
from tenir.cases.models import Case, Link, Message, Participant
from tenir.cases.threading import Thread
from tenir.cases.verbs import _steps
from tenir.cases.verbs._steps import KeptFile
from tenir.customers.addresses import address_key
from tenir.customers.models import Customer, Reach
from tenir.ledger.events import SYSTEM, Actor, Doer
from tenir.ledger.verbs import record, record_all, verb
from tenir.people.models import Agent, Team
from tenir.statements import insert
from tenir.text.storing import storable, storable_json


@dataclass(frozen=True, kw_only=True)
class Incoming:
    """Words from outside, read and ready to be stored.

    `key` names them once and for all (the same mail twice is one message). `customer` is who they are from when they
    open a case; in an existing case `thread` says whose they are. `others` are the (name, address) pairs in copy,
    without the desk's own addresses.
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
    key = stored_key(incoming.key)
    _take_turns(key)
    reference = references.draw()
    known, taken = _known(key, reference)
    if known is not None:
        return Message.objects.select_related("case").get(pk=known)
    while taken:
        reference = references.draw()
        taken = _known(key, reference)[1]
    if incoming.thread and incoming.thread.belongs:
        return _into_case(_steps.lock(incoming.thread.case), incoming.thread, incoming, key=key, at=at)
    return _into_new_case(reference, incoming, key=key, at=at)


def stored_key(key: str) -> str:
    """A key as the table holds it: a long one by its SHA-256."""
    return key if len(key) <= 120 else "sha256:" + hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def _take_turns(key: str) -> None:
    """Two processes with the same words wait for each other here, and the second finds what the first stored.

    On SQLite one writer at a time does as much.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 7))", [key])


def _known(key: str, reference: str) -> tuple[int | None, bool]:
    """The id of the message with this key, and whether a reference is taken: two questions in one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT 1, id FROM cases_message WHERE key = %s
               UNION ALL SELECT 2, id FROM cases_case WHERE reference = %s""",
            [key, reference],
        )
        found = dict(cursor.fetchall())
    return found.get(1), 2 in found


# --- A new case ----------------------------------------------------------------------------------------------------


def _into_new_case(reference: str, incoming: Incoming, *, key: str, at: datetime) -> Message:
    case = new_case(
        reference,
        subject=incoming.subject,
        words=incoming.text,
        channel=incoming.channel,
        language=incoming.language,
        customer=incoming.customer,
        team_id=incoming.team_id,
        desk_address=incoming.desk_address,
        remedy_sought=incoming.remedy_sought,
        unanswered_since=at,
        contacts=1,
        at=at,
    )
    message = _store(case, incoming, None, key=key, at=at)
    _note_last_inbound(case, message)
    opened = CaseOpened(case=case.pk, customer=case.customer_id, channel=incoming.channel)
    arrived = MessageReceived(case=case.pk, customer=case.customer_id, message=message.pk, channel=incoming.channel)
    record_all([opened, arrived], by=incoming.customer, at=at)
    if incoming.thread is not None:
        _link_to_named(case, incoming.thread.case, at=at)
    if incoming.remedy_sought:
        search.index_new_case(case)
    return message


def _note_last_inbound(case: Case, message: Message) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_case SET last_inbound_id = %s WHERE id = %s", [message.pk, case.pk])
    case.last_inbound_id = message.pk


def new_case(reference: str, *, subject: str, words: str, at: datetime, **fields: Any) -> Case:
    """Inserts a case whose first words come now; it is named by its subject, else by its first words."""
    case = Case(
        reference=reference,
        subject=_steps.excerpt(storable(subject), 240) or _steps.excerpt(storable(words), 80),
        last_words=_steps.excerpt(storable(words)),
        first_request_at=at,
        opened_at=at,
        moved_at=at,
        **fields,
    )
    case.language = (case.language or case.customer.language)[:3]
    case.desk_address = storable(case.desk_address)[:254]
    case.remedy_sought = storable(case.remedy_sought).strip()
    return insert(case)


def _link_to_named(case: Case, named: Case, *, at: datetime) -> None:
    """A stranger named a case by its reference: theirs is linked to it, and both say so."""
    Link.objects.create(case=case, other=named, because="named_by_a_stranger")
    record(CaseLinked(case=case.pk, other=named.pk, added=True), by=SYSTEM, at=at)
    record(CaseLinked(case=named.pk, other=case.pk, added=True), by=SYSTEM, at=at)


# --- A case that is there ------------------------------------------------------------------------------------------


def _into_case(case: Case, thread: Thread, incoming: Incoming, *, key: str, at: datetime) -> Message:
    author = None if thread.from_customer else _author(case, incoming, unexpected=thread.unexpected)
    message = _store(case, incoming, author, key=key, at=at)
    by: Doer = author or Actor("customer", case.customer_id)
    fact = MessageReceived(case=case.pk, customer=case.customer_id, message=message.pk, channel=message.channel)
    record(fact, by=by, at=at)
    _steps.withdraw_scheduled(case, at=at)
    _bring_back(case, why="customer_wrote" if author is None else "message_received", by=by, at=at)
    case.unanswered_since = case.unanswered_since or at
    case.last_inbound_id = message.pk
    case.last_words = _steps.excerpt(message.text)
    case.contacts += author is None
    case.save(update_fields=[*BROUGHT_BACK, "unanswered_since", "last_inbound_id", "last_words", "contacts"])
    return message


BROUGHT_BACK = ("state", "snoozed_until", "moved_at", "reopenings")


def _bring_back(case: Case, *, why: str, by: Doer, at: datetime) -> None:
    """Words from outside wake a case, reopen it when it had ended, and put it at the top; the caller saves it."""
    if case.state == Case.State.ENDED:
        _steps.reopen_ended(case, why=why, by=by, at=at)
    _steps.change_state(case, _steps.working_state(case), why="message_received", by=by, at=at)
    _steps.stop_snoozing(case, why="message_received", by=by, at=at)
    case.moved_at = at


def _author(case: Case, incoming: Incoming, *, unexpected: bool) -> Participant:
    """The participant who wrote; somebody who had been taken out and writes all the same is shown as unexpected."""
    address = address_key(incoming.sender_address)[:254]
    author = case.participants.filter(address=address).first()
    if author is None:
        name = storable(incoming.sender_name)[:160]
        return Participant.objects.create(case=case, address=address, name=name, unexpected=unexpected)
    if unexpected and not author.unexpected:
        author.unexpected = True
        author.save(update_fields=["unexpected"])
    return author


# --- Both ----------------------------------------------------------------------------------------------------------


def _store(case: Case, incoming: Incoming, author: Participant | None, *, key: str, at: datetime) -> Message:
    message = Message(
        case=case,
        kind=Message.Kind.INBOUND,
        channel=incoming.channel,
        customer_id=None if author else case.customer_id,
        participant=author,
        author_name=storable(incoming.sender_name or incoming.sender_address)[:160],
        at=at,
        said_at=incoming.said_at,
        language=incoming.language[:3],
        subject=storable(incoming.subject)[:500],
        text=storable(incoming.text),
        folded=storable_json(incoming.folded),
        html=storable(incoming.html),
        facts=storable_json(incoming.facts),
        key=key,
        message_id=storable(incoming.message_id)[:500],
        raw_sha256=incoming.raw_sha256,
    )
    insert(message)
    names = _steps.attach(message, incoming.files)
    _add_others(case, incoming)
    search.index_message(message, names=names)
    return message


def _add_others(case: Case, incoming: Incoming) -> None:
    """Whoever is in copy becomes a participant; never the customer, never the desk. Who was taken out stays out."""
    present = {address_key(incoming.sender_address), case.desk_address.lower(), ""}
    named = {address_key(address)[:254]: storable(name)[:160] for name, address in incoming.others}
    new = {address: name for address, name in named.items() if address not in present}
    if not new:
        return
    known = set(case.participants.filter(address__in=new).values_list("address", flat=True))
    own = Reach.objects.filter(customer_id=case.customer_id, kind=Reach.Kind.EMAIL, value__in=new)
    known |= set(own.values_list("value", flat=True))
    Participant.objects.bulk_create(
        Participant(case=case, address=address, name=name) for address, name in new.items() if address not in known
    )


# --- Calls and cases that an agent opens -----------------------------------------------------------------------------


@verb
def log_call(
    case: Case, *, by: Agent, at: datetime, said_at: datetime, direction: str, text: str, cut: bool
) -> Message:
    """Notes a telephone call in the case: `direction` is "in" or "out"; `cut` when the line went before the end.

    A call in counts as a contact; a cut line counts against the desk, never the customer, who waits for an answer
    until somebody reaches them (C19). Raises `ValueError` for another direction.
    """
    if direction not in ("in", "out"):
        raise ValueError(direction)
    case = _steps.lock(case)
    message = _note_call(case, by=by, at=at, said_at=said_at, direction=direction, text=text, cut=cut)
    if direction == "in":
        _bring_back(case, why="customer_called", by=by, at=at)
        case.contacts += 1
    case.cut_lines += cut
    case.unanswered_since = (case.unanswered_since or said_at) if cut else None
    case.moved_at = at
    case.last_words = _steps.excerpt(message.text)
    case.save(update_fields=[*BROUGHT_BACK, "contacts", "cut_lines", "unanswered_since", "last_words"])
    return message


def _note_call(
    case: Case, *, by: Agent, at: datetime, said_at: datetime, direction: str, text: str, cut: bool
) -> Message:
    message = Message(
        case=case,
        kind=Message.Kind.CALL,
        channel=Case.Channel.PHONE,
        agent=by,
        author_name=by.shown_name,
        at=at,
        said_at=said_at,
        language=case.language,
        text=storable(text).strip(),
        facts={"direction": direction, "cut": cut},
        key=_steps.own_key("call"),
    )
    insert(message)
    search.index_message(message)
    record(CallLogged(case=case.pk, customer=case.customer_id, message=message.pk, cut=cut), by=by, at=at)
    return message


@verb
def open_case(
    *,
    customer: Customer,
    channel: str,
    subject: str,
    text: str,
    by: Agent,
    at: datetime,
    said_at: datetime | None = None,
    team: Team | None = None,
    remedy_sought: str = "",
) -> Case:
    """Opens a case for somebody who called, came by, sent a letter on paper, or has to be written to first.

    It is the agent's own. `text` is what was said: the note of a call when the channel is the telephone, else the
    customer's words as the agent took them down; empty when nothing was said yet.
    """
    reference = references.draw()
    while _known("", reference)[1]:
        reference = references.draw()
    case = new_case(
        reference,
        subject=subject,
        words=text,
        channel=channel,
        customer=customer,
        owner=by,
        team=team,
        state=Case.State.OPEN,
        remedy_sought=remedy_sought,
        contacts=1 if text.strip() else 0,
        unanswered_since=at if text.strip() and channel != Case.Channel.PHONE else None,
        at=at,
    )
    opened = CaseOpened(case=case.pk, customer=case.customer_id, channel=channel)
    record_all([opened, CaseTaken(case=case.pk, owner=by.pk)], by=by, at=at)
    if text.strip() and channel == Case.Channel.PHONE:
        _note_call(case, by=by, at=at, said_at=said_at or at, direction="in", text=text, cut=False)
    elif text.strip():
        _take_down(case, text, by=by, at=at, said_at=said_at)
    search.index_new_case(case)
    return case


def _take_down(case: Case, text: str, *, by: Agent, at: datetime, said_at: datetime | None) -> None:
    message = Message(
        case=case,
        kind=Message.Kind.INBOUND,
        channel=case.channel,
        customer_id=case.customer_id,
        author_name=storable(case.customer.name)[:160],
        at=at,
        said_at=said_at,
        language=case.language,
        text=storable(text).strip(),
        facts={"taken_down_by": by.pk},
        key=_steps.own_key("taken_down"),
    )
    insert(message)
    search.index_message(message)
    fact = MessageReceived(case=case.pk, customer=case.customer_id, message=message.pk, channel=case.channel)
    record(fact, by=by, at=at)
    _note_last_inbound(case, message)
