"""Cases for the tests, in the words of the house: Émile's bin came without its lid, and so on.

`TICKS` counts minutes of an ordinary Monday; every scene says when it happens.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from tenir.cases import verbs
from tenir.cases.models import Case, Message
from tenir.cases.threading import Thread
from tenir.cases.verbs import Incoming, KeptFile
from tenir.customers.models import Customer
from tenir.customers.verbs import find_or_add
from tenir.ledger.models import Event
from tenir.people.models import Agent
from tenir.people.tests.scenes import MONDAY

BIN = "Bonjour, le bac vert est bien arrivé, mais il n'a pas de couvercle. Pouvez-vous m'en apporter un ?"


def minutes(count: float) -> datetime:
    """So many minutes after nine o'clock on that Monday."""
    return MONDAY + timedelta(minutes=count)


def customer(name: str = "Émile Durand", *, language: str = "fr") -> Customer:
    """Somebody who writes from name@example.org; the same name twice is the same person."""
    address = name.split()[0].lower().replace("é", "e") + "@example.org"
    return find_or_add(address, name=name, language=language, at=MONDAY)


def address_of(who: Customer) -> str:
    return who.reaches.get(kind="email").value


def emile() -> Customer:
    return customer()


def incoming(who: Customer, text: str = BIN, *, key: str = "", **changes: Any) -> Incoming:
    """A mail from a customer, as the channel hands it over."""
    number = Message.objects.count()
    given: dict[str, Any] = {
        "channel": Case.Channel.EMAIL,
        "key": key or f"mail:{number}:{who.pk}",
        "customer": who,
        "sender_name": who.name,
        "sender_address": address_of(who),
        "subject": "Bac sans couvercle",
        "text": text,
        "language": "fr",
        "message_id": f"mail-{number}-{who.pk}@example.org",
        "desk_address": "aide@desk.example",
    }
    return Incoming(**(given | changes))


def bin_without_lid(*, at: datetime = MONDAY, who: Customer | None = None, **changes: Any) -> Case:
    """A letter has just come in: a case that waits for somebody."""
    return verbs.receive_message(incoming(who or emile(), **changes), at=at).case


def writes_again(case: Case, text: str = "Toujours rien ?", *, at: datetime, **changes: Any) -> Message:
    """The customer of a case answers in it."""
    case.refresh_from_db()
    thread = Thread(case, "headers", belongs=True, from_customer=True, unexpected=False)
    return verbs.receive_message(incoming(case.customer, text, thread=thread, **changes), at=at)


def other_writes(
    case: Case, address: str, text: str = "Je confirme.", *, at: datetime, unexpected: bool = False, **changes: Any
) -> Message:
    """Somebody who is not the customer answers in a case."""
    thread = Thread(case, "headers", belongs=True, from_customer=False, unexpected=unexpected)
    changes = dict[str, Any](sender_name="", sender_address=address, thread=thread) | changes
    return verbs.receive_message(incoming(case.customer, text, **changes), at=at)


def reply(
    case: Case, by: Agent, text: str = "Bonjour, nous l'apportons demain.", *, at: datetime, **changes: Any
) -> Message:
    """An agent who has read everything answers the customer."""
    case.refresh_from_db()
    given: dict[str, Any] = {
        "text": text,
        "recipients": {"to": [address_of(case.customer)]},
        "seen_id": case.last_inbound_id,
    }
    return verbs.reply(case, by=by, at=at, **(given | changes))


def leaves(message: Message, *, at: datetime) -> Message | None:
    """The outbox takes a reply and hands it to the server's door."""
    return verbs.leave(message, message_id=f"reply-{message.pk}@desk.example", at=at)


def delivered(case: Case, by: Agent, *, at: datetime, **changes: Any) -> Message:
    """A reply that the server took."""
    message = reply(case, by, at=at, **changes)
    leaves(message, at=at + timedelta(seconds=10))
    verbs.sent(message, answer="250 ok", at=at + timedelta(seconds=11))
    message.refresh_from_db()
    return message


def photo(name: str = "couvercle.jpg") -> KeptFile:
    return KeptFile(name=name, content_type="image/jpeg", size=20_480, sha256="ab" * 32)


def fresh(case: Case) -> Case:
    """The case as it is in the database."""
    return Case.objects.get(pk=case.pk)


def told(case: Case | None = None) -> list[str]:
    """The names of the events of a case, in order; of all of them without a case."""
    events = Event.objects.order_by("pk")
    return list((events.filter(case_id=case.pk) if case else events).values_list("name", flat=True))


def facts(name: str) -> list[dict[str, Any]]:
    """What all events of this name say."""
    return list(Event.objects.filter(name=name).order_by("pk").values_list("data", flat=True))


def last(name: str) -> Event:
    """The latest event of this name."""
    return Event.objects.filter(name=name).order_by("-pk")[0]


def texts(messages: Sequence[Message]) -> list[str]:
    return [message.text for message in messages]
