"""What comes in: raw mail to stored case, and a case through the internal verb and through HTTP, beside the same rows
in one bare, durable transaction. It writes: run it on a copy (`bench.desk.copy_of`)."""

import email
import email.policy
import re
import secrets
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from bench.browser import Browser
from bench.corpus import FIRST, Writer
from bench.measure import Measure, Statement, for_driver, side_by_side, statements

MAILS, CASES = 300, 200


def run() -> list[Measure]:
    """The measures of everything that is written, on the desk that this process is set on."""
    return [_mail(), *_creation()]


def now() -> datetime:
    return datetime.now(UTC)


def _letter(writer: Writer, number: int) -> dict[str, str]:
    language = "fr" if number % 10 < 7 else "en"
    return {
        "name": writer.name(),
        "address": f"nouveau{number}.{secrets.token_hex(4)}@exemple.test",
        "subject": writer.piece(language, "subject").text,
        "text": writer.letter(language, FIRST).text,
        "language": language,
    }


# --- The bare limit ----------------------------------------------------------------------------------------------


class Again:
    """The rows that a road writes, written again under new names in one transaction, and nothing else.

    What the road wrote is taken down once: its INSERTs and UPDATEs. Each time, the words that must be unique are
    replaced by new ones, and the keys that the database gave out by those that it gives out now.
    """

    def __init__(self, seen: Sequence[Statement], unique: Sequence[str]) -> None:
        from django.db import connection

        self._vendor = connection.vendor
        connection.ensure_connection()
        self._connection = connection.connection
        written = [(sql, params) for sql, params in seen if sql.lstrip().upper().startswith(("INSERT", "UPDATE"))]
        self._statements = [for_driver(sql, list(params or ())) for sql, params in written]
        self._unique = list(unique)
        self._keys = _keys_given(written)

    def __call__(self) -> None:
        new: dict[Any, Any] = {word: word[:-16] + secrets.token_hex(8) for word in self._unique if len(word) > 16}
        new |= {word: secrets.token_hex(4)[: len(word)] for word in self._unique if len(word) <= 16}
        cursor = self._connection.cursor()
        if self._vendor == "sqlite":
            cursor.execute("BEGIN IMMEDIATE")
        try:
            for number, (sql, params) in enumerate(self._statements):
                cursor.execute(sql, [self._renamed(value, new) for value in params])
                if "RETURNING" in sql and (rows := cursor.fetchall()) and number in self._keys:
                    new[("key", self._keys[number])] = rows[0][0]
            cursor.execute("COMMIT") if self._vendor == "sqlite" else self._connection.commit()
        except BaseException:
            cursor.execute("ROLLBACK") if self._vendor == "sqlite" else self._connection.rollback()
            raise

    def _renamed(self, value: Any, new: dict[Any, Any]) -> Any:
        if isinstance(value, str):
            return new.get(value, value)
        return new.get(("key", value), value) if type(value) is int else value


def _keys_given(written: Sequence[Statement]) -> dict[int, int]:
    """Which key each INSERT gave out when it was taken down: found in the rows that name it afterwards."""
    from django.db import connection

    given = {}
    for number, (sql, _params) in enumerate(written):
        table = re.match(r'INSERT INTO "(\w+)"', sql)
        if table and "RETURNING" in sql:
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT max(id) FROM {table[1]}")
                given[number] = cursor.fetchone()[0]
    return given


def _bare(road: Callable[[], object], unique: Callable[[], Sequence[str]]) -> Again:
    with statements() as seen:
        road()
    return Again(seen, unique())


# --- Mail ----------------------------------------------------------------------------------------------------------


def _raw(letter: dict[str, str]) -> bytes:
    from email.message import EmailMessage

    mail = EmailMessage()
    mail["From"] = f"{letter['name']} <{letter['address']}>"
    mail["To"] = "desk@bench.example"
    mail["Subject"] = letter["subject"]
    mail["Message-ID"] = f"<{secrets.token_hex(12)}@exemple.test>"
    mail["Date"] = "Fri, 20 Nov 2026 10:00:00 +0100"
    mail.set_content(letter["text"] + "\n\n-- \n" + letter["name"] + "\n")
    return mail.as_bytes()


def _mail() -> Measure:
    from tenir.cases.models import Message
    from tenir.channels.email.models import Mail, Mailbox
    from tenir.channels.email.receive import Desk, receive
    from tenir.customers.models import Customer

    writer = Writer(11)
    mails = [_raw(_letter(writer, number)) for number in range(MAILS + 20)]
    spare = [_raw(_letter(writer, number)) for number in range(MAILS + 20)]
    at_desk = Desk.at(Mailbox.objects.get())

    def unique() -> list[str]:
        message = Message.objects.order_by("-pk")[0]
        mail, customer = Mail.objects.order_by("-pk")[0], Customer.objects.order_by("-pk")[0]
        reach = customer.reaches.get()
        return [message.key, message.case.reference, mail.fingerprint, reach.value, reach.shown]

    again = _bare(lambda: receive(spare[-1], at=now(), desk=at_desk), unique)

    def bare(turn: int) -> None:
        parsed = email.message_from_bytes(spare[turn], policy=email.policy.default)
        body = parsed.get_body(("plain",))
        assert body is not None
        _read = body.get_content(), parsed["subject"], parsed["from"], parsed["message-id"]
        again()

    spent, limit = side_by_side(lambda turn: receive(mails[turn], at=now(), desk=at_desk), bare, times=MAILS, warm=10)
    made = Mail.objects.filter(outcome="message").order_by("-pk")[:MAILS]
    if len({mail.message_id for mail in made}) < MAILS:
        raise SystemExit("not every mail became a message")
    note = {
        "per_second": spent.per_second,
        "per_second_of_processor_at_best": 1000 / spent.cpu_best_ms,
        "statements": again_count(again),
    }
    return Measure("raw mail to stored case", spent, limit, target="≥ 300/s, ratio ≤ 2", note=note)


def again_count(again: Again) -> int:
    return len(again._statements)  # noqa: SLF001


# --- A case ----------------------------------------------------------------------------------------------------------


def _creation() -> list[Measure]:
    from tenir.cases.models import Message

    writer = Writer(12)

    def unique() -> list[str]:
        message = Message.objects.order_by("-pk")[0]
        return [message.key, message.case.reference]

    again = _bare(lambda: _through_verb(_letter(writer, 0)), unique)
    letters = [_letter(writer, number) for number in range(CASES + 20)]
    spent, limit = side_by_side(lambda turn: _through_verb(letters[turn]), lambda _turn: again(), times=CASES, warm=10)
    verb = Measure(
        "case through the verb", spent, limit, target="ratio ≤ 2.5",
        note={"per_second": spent.per_second, "statements": again_count(again)},
    )  # fmt: skip
    return [verb, _through_http()]


def _through_verb(letter: dict[str, str]) -> Any:
    from tenir.cases import verbs
    from tenir.customers.models import Customer

    customer = Customer.objects.order_by("pk")[0]
    incoming = verbs.Incoming(
        channel="email", key=f"bench:{secrets.token_hex(16)}", customer=customer, sender_name=letter["name"],
        sender_address=letter["address"], text=letter["text"], subject=letter["subject"], language=letter["language"],
    )  # fmt: skip
    return verbs.receive_message(incoming, at=now())


def _through_http() -> Measure:
    """The agents' own form for a new case, through the whole application; bare: the rows of the verb behind it."""
    from tenir.cases import verbs
    from tenir.cases.models import Case, Message
    from tenir.customers.models import Customer

    browser = Browser("agent2@bench.example")
    writer = Writer(13)
    letters = [_letter(writer, number) for number in range(CASES + 20)]

    def open_one() -> None:
        verbs.open_case(
            customer=Customer.objects.order_by("pk")[0], by=browser.agent, at=now(), channel="letter",
            subject=letters[-1]["subject"], text=letters[-1]["text"],
        )  # fmt: skip

    def unique() -> list[str]:
        message = Message.objects.order_by("-pk")[0]
        return [message.key, message.case.reference]

    again = _bare(open_one, unique)

    def ours(turn: int) -> None:
        words = {"subject": letters[turn]["subject"], "text": letters[turn]["text"], "channel": "letter"}
        answer = browser.post("/cases/new/", words | {"customer": "1"})
        if answer.status not in (302, 303):
            raise SystemExit(f"no case through the form: {answer.status}\n{answer.body.decode()[:600]}")

    before = Case.objects.order_by("-pk")[0].pk
    spent, limit = side_by_side(ours, lambda _turn: again(), times=CASES, warm=10)
    made = Message.objects.filter(case_id__gt=before).values("case").distinct().count()
    note = {"per_second": spent.per_second, "messages": made, "statements": again_count(again)}
    return Measure("case through HTTP, in process", spent, limit, target="ratio ≤ 2.5", note=note)
