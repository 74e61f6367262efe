"""Fills an empty desk with N cases of three messages, straight into the tables, as the verbs would have left them.

    python -m bench.generate FOLDER 100000 [--database postgresql://…] [--seed 42]

Exactly one case in a hundred says "parapluie", exactly ten say "zibeline". Three cases in ten are still open.
"""

import argparse
import json
import multiprocessing
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from tqdm import tqdm

from bench import desk

AT_ONCE = 2000
"""Cases written in one transaction."""
AGENTS, TEAMS = 24, 6
DESK = "desk@bench.example"
END = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
"""When the newest case moved: what is generated does not depend on the day."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.generate", description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("cases", type=int)
    parser.add_argument("--database", default="sqlite")
    parser.add_argument("--seed", type=int, default=42)
    options = parser.parse_args()
    desk.set_up(options.folder, options.database)
    seconds = fill(options.cases, seed=options.seed)
    print(f"{options.cases} cases in {seconds:.0f} s")


def fill(cases: int, *, seed: int = 42, quiet: bool = False) -> float:
    """Fills the desk that this process is set on, which must be empty; the seconds that it took."""
    from django.db import connection

    from tenir.cases.models import Case

    if Case.objects.exists():
        sys.exit("This desk is not empty.")
    began = time.perf_counter()
    store = Postgresql() if connection.vendor == "postgresql" else Sqlite()
    connection.close()
    with tqdm(total=cases, unit=" cases", disable=True if quiet else None) as bar, _made_beside(cases, seed) as batches:
        store.begin()
        for some in batches:
            store.write(some)
            bar.update(len(some.get("cases_case", ())))
        store.end()
    return time.perf_counter() - began


@contextmanager
def _made_beside(cases: int, seed: int) -> Iterator[Iterator["Rows"]]:
    """The batches, made by a process of their own while this one writes them: two cores work."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_make, args=(there, cases, seed), daemon=True)
    process.start()
    there.close()
    try:
        yield iter(here.recv, None)
    finally:
        here.close()
        process.join()


def _make(out: Any, cases: int, seed: int) -> None:
    # A new process and not a fork: the connections' pool has threads of its own, whose locks a fork would inherit.
    import django

    django.setup()
    maker = Maker(cases, seed)
    out.send(maker.people())
    for some in maker.batches():
        out.send(some)
    out.send(None)


Rows = dict[str, list[list[Any]]]


class Table:
    """One table: which columns it has, and what stands in those that a row does not name."""

    def __init__(self, name: str) -> None:
        from django.apps import apps

        from tenir.install import rows

        table = next(table for table in rows.tables(apps) if table.name == name)
        self.name = name
        self.columns = [column.name for column in table.columns]
        self._blank = [self._default(column) for column in table.columns]
        self._place = {column: number for number, column in enumerate(self.columns)}

    @staticmethod
    def _default(column: Any) -> Any:
        if column.name == "xid" or not column.field.has_default():
            return 0 if column.name == "xid" else None if column.field.null or column.field.remote_field else ""
        value = column.field.get_default()
        return json.dumps(value) if column.holds == "json" else value

    def row(self, **values: Any) -> list[Any]:
        made = self._blank.copy()
        for column, value in values.items():
            made[self._place[column]] = value
        return made


@dataclass
class Numbers:
    """The next key of each table, given out here so that rows can name one another before they are written."""

    given: dict[str, int] = field(default_factory=dict)

    def next(self, table: str) -> int:
        number = self.given.get(table, 0) + 1
        self.given[table] = number
        return number


TABLES = (
    *("people_agent", "people_team", "people_membership", "people_presence", "customers_customer", "customers_reach"),
    "email_mailbox",
    *("cases_case", "cases_message", "cases_ending", "ledger_event", "outbox_task", "email_mail"),
)
WORDS = ("cases_message_words", "cases_customer_words")


class Maker:
    """Makes the rows of the whole desk, batch by batch."""

    def __init__(self, cases: int, seed: int) -> None:
        from bench.corpus import Writer

        self.cases = cases
        self._writer = Writer(seed)
        self._random = Random(seed + 1)
        self._tables = {name: Table(name) for name in TABLES}
        self._numbers = Numbers()
        self._customers = max(1, cases // 3)
        self._people: list[tuple[str, str]] = []
        self._names: list[str] = []
        self._rows: Rows = {}
        self._references: set[str] = set()

    def _add(self, table: str, **values: Any) -> int:
        number = values.get("id") or self._numbers.next(table)
        self._rows.setdefault(table, []).append(self._tables[table].row(**values | {"id": number}))
        return int(number)

    def _taken(self) -> Rows:
        rows, self._rows = self._rows, {}
        return rows

    # --- Who answers, who writes ---------------------------------------------------------------------------------

    def people(self) -> Rows:
        """Agents, teams; nobody can sign in by a password."""
        at = stamp(END - timedelta(days=900))
        for number in range(TEAMS):
            self._add("people_team", name=f"Équipe {number + 1}", is_private=False)
        for number in range(AGENTS):
            name = self._writer.name()
            self._names.append(name)
            role = "administrator" if number == 0 else "supervisor" if number == 1 else "agent"
            agent = self._add(
                "people_agent", email=f"agent{number}@bench.example", given_name=name, role=role, is_active=True,
                joined_at=at, password="!", language="fr" if number % 3 else "en",
            )  # fmt: skip
            self._add("people_membership", agent_id=agent, team_id=number % TEAMS + 1)
            self._add("people_presence", agent_id=agent, state="here")
        self._add("email_mailbox", name="Bench", address=DESK, is_active=False)
        return self._taken()

    def _customer(self, language: str, at: str) -> tuple[int, str, str]:
        """One of the desk's customers: somebody new, until there are enough."""
        if len(self._people) < self._customers and (not self._people or self._random.random() < 0.4):
            name = self._writer.name()
            number = len(self._people) + 1
            address = f"client{number}@exemple.test"
            self._people.append((name, address))
            self._add(
                "customers_customer", id=number, name=name, name_key=name_key(name), language=language, created_at=at
            )
            self._add("customers_reach", customer_id=number, kind="email", value=address, shown=address, created_at=at)
            from tenir.text import stem, words

            found = words(f"{name} \n {address} \n {address} \n {address}")
            roots = dict.fromkeys(stem(word.text, tongue) for tongue in ("fr", "en") for word in found)
            document = ([word.folded for word in found], list(roots))
            self._rows.setdefault("cases_customer_words", []).append([number, *document])
            return number, name, address
        number = self._random.randrange(len(self._people))
        return number + 1, *self._people[number]

    # --- Cases -----------------------------------------------------------------------------------------------------

    def batches(self) -> Iterator[Rows]:
        """The cases from the oldest to the newest."""
        rare = {self.cases * part // 10 + self.cases // 20 for part in range(10)}
        for number in range(self.cases):
            special = "zibeline" if number in rare else "parapluie" if number % 100 == 37 else None
            self._case(number, special)
            if (number + 1) % AT_ONCE == 0:
                yield self._taken()
        yield self._taken()

    def _case(self, number: int, special: str | None) -> None:
        r = self._random
        language = "fr" if r.random() < 0.7 else "en"
        opened = END - timedelta(minutes=(self.cases - number) * 4, seconds=r.randrange(200))
        customer, name, address = self._customer(language, stamp(opened))
        made = _Story(self, number, language, opened, customer, name, address, special)
        # Mostly answered and ended; of the others some wait for the desk, some for the customer.
        dice = r.random()
        made.tell(
            "ended" if dice < 0.7 else "open" if dice < 0.85 else "waiting_for_customer" if dice < 0.93 else "waiting"
        )

    def reference(self) -> str:
        """A reference that no other case has, with its check character."""
        from tenir.cases.reference import ALPHABET, LENGTH, check_character

        while True:
            body = "".join(self._random.choices(ALPHABET, k=LENGTH))
            if body not in self._references:
                self._references.add(body)
                return body + check_character(body)


class _Story:
    """One case from its first letter on: rows and events in the order in which the verbs write them."""

    def __init__(
        self, maker: Maker, number: int, language: str, opened: datetime, customer: int, name: str, address: str,
        special: str | None,
    ) -> None:  # fmt: skip
        self.maker, self.language, self.at = maker, language, opened
        self.customer, self.name, self.address, self.special = customer, name, address, special
        self.agent = maker._random.randrange(AGENTS) + 1  # noqa: SLF001 (two halves of one thing)
        self.case = maker._numbers.next("cases_case")  # noqa: SLF001
        self.number = number
        self.state = "waiting"
        self.contacts = self.last_inbound = 0
        self.last_words = ""
        self.subject = maker._writer.piece(language, "subject")  # noqa: SLF001
        self.opened = stamp(opened)
        self.unanswered: str | None = self.opened

    def tell(self, end: str) -> None:
        self._event("case_opened", "customer", self.customer, {"channel": "email"}, customer=self.customer)
        self._inbound(first=True)
        if end == "waiting":
            self._later()
            self._inbound()
            self._later()
            self._inbound()
        else:
            self._later()
            self._reply(taken=True)
            self._later()
            if end == "waiting_for_customer":
                self._inbound()
                self._later()
                self._reply(taken=False)
            else:
                self._inbound()
        if end == "ended":
            self._later()
            self._end()
        self._case(None if end == "waiting" else self.agent)

    def _later(self) -> None:
        self.at += timedelta(minutes=self.maker._random.randrange(20, 2000), seconds=1)  # noqa: SLF001

    def _event(
        self, name: str, kind: str, doer: int | None, data: dict[str, Any], *, customer: int | None = None
    ) -> None:
        self.maker._add(  # noqa: SLF001
            "ledger_event", at=stamp(self.at), name=name, actor_kind=kind, actor_id=doer, case_id=self.case,
            customer_id=customer, data=json.dumps(data),
        )  # fmt: skip

    def _state(self, after: str, why: str, kind: str, doer: int) -> None:
        if self.state != after:
            self._event("state_changed", kind, doer, {"before": self.state, "after": after, "why": why})
            self.state = after

    def _message(self, kind: str, words: Any, **values: Any) -> int:
        from bench.corpus import words_of

        author = self.name if kind == "inbound" else self.maker._names[self.agent - 1]  # noqa: SLF001
        subject = self.subject if kind == "inbound" else None
        message = self.maker._add(  # noqa: SLF001
            "cases_message", case_id=self.case, kind=kind, channel="email", author_name=author, at=stamp(self.at),
            language=self.language, subject=subject.text if subject else "", text=words.text, **values,
        )  # fmt: skip
        of_name, roots_of_name = words_of(author, self.language)
        of_subject, roots = (subject.words, subject.stems) if subject else ([], [])
        document = ([*of_subject, *words.words, *of_name], list(dict.fromkeys([*roots, *words.stems, *roots_of_name])))
        self.maker._rows.setdefault("cases_message_words", []).append([message, *document])  # noqa: SLF001
        self.last_words = excerpt(words.text)
        return message

    def _inbound(self, *, first: bool = False) -> None:
        from bench.corpus import AGAIN, FIRST

        words = self.maker._writer.letter(  # noqa: SLF001
            self.language, FIRST if first else AGAIN, self.special if first else None
        )
        sent, digest = f"<{self.case}.{self.contacts}@exemple.test>", f"{self.case:032x}{self.contacts:032x}"
        message = self._message(
            "inbound", words, customer_id=self.customer, said_at=stamp(self.at), key=f"mail:{digest}",
            message_id=sent, raw_sha256=digest,
        )  # fmt: skip
        self.maker._add(  # noqa: SLF001
            "email_mail", fingerprint=digest, sha256=digest, received_at=stamp(self.at), sender=self.address,
            subject=self.subject.text, outcome="message", message_id=message, mailbox_id=1,
        )  # fmt: skip
        arrived = {"message": message, "channel": "email"}
        self._event("message_received", "customer", self.customer, arrived, customer=self.customer)
        if not first:
            after = "waiting" if self.state == "waiting" else "open"
            self._state(after, "message_received", "customer", self.customer)
        self.contacts += 1
        self.last_inbound = message
        self.unanswered = self.unanswered or stamp(self.at)

    def _reply(self, *, taken: bool) -> None:
        from bench.corpus import ANSWER

        if taken:
            self._event("case_taken", "agent", self.agent, {"owner": self.agent, "before": None})
        self._state("waiting_for_customer", "reply", "agent", self.agent)
        words = self.maker._writer.letter(self.language, ANSWER)  # noqa: SLF001
        leaves = self.at + timedelta(seconds=10)
        number = self.maker._numbers.given.get("cases_message", 0) + 1  # noqa: SLF001
        message = self._message(
            "reply", words, agent_id=self.agent, key=f"reply:{number:032x}", message_id=f"<r{number}@bench.example>",
            delivery="sent", leaves_at=stamp(leaves), recipients=json.dumps({"to": [self.address]}),
            server_answer="250 2.0.0 Ok: queued",
        )  # fmt: skip
        written = {"message": message, "leaves_at": leaves.isoformat()}
        self._event("reply_written", "agent", self.agent, written, customer=self.customer)
        self.maker._add(  # noqa: SLF001
            "outbox_task", kind="email.send", key=f"reply:{message}", data=json.dumps({"message": message}),
            case_id=self.case, due_at=stamp(leaves), set_at=stamp(self.at), created_at=stamp(self.at), state="done",
            attempts=1, ended_at=stamp(leaves),
        )  # fmt: skip
        self.at = leaves + timedelta(seconds=1)
        self._event("message_left", "system", None, {"message": message})
        self._event("message_sent", "system", None, {"message": message})
        self.unanswered = None

    def _end(self) -> None:
        kind = ("solved", "happy", "could_not")[self.number % 3]
        ending = self.maker._add(  # noqa: SLF001
            "cases_ending", case_id=self.case, kind=kind, because="Hors contrat" if kind == "could_not" else "",
            by_id=self.agent, at=stamp(self.at), confirmed=None,
        )  # fmt: skip
        self._event("case_ended", "agent", self.agent, {"ending": ending, "kind": kind}, customer=self.customer)
        self._state("ended", "ended", "agent", self.agent)
        self.unanswered = None

    def _case(self, owner: int | None) -> None:
        self.maker._add(  # noqa: SLF001
            "cases_case", id=self.case, reference=self.maker.reference(), subject=self.subject.text, state=self.state,
            channel="email", language=self.language, customer_id=self.customer, owner_id=owner,
            team_id=self.number % TEAMS + 1, desk_address=DESK, first_request_at=self.opened,
            opened_at=self.opened, moved_at=stamp(self.at), unanswered_since=self.unanswered,
            last_words=self.last_words, last_inbound_id=self.last_inbound, contacts=self.contacts,
        )  # fmt: skip


def stamp(moment: datetime) -> str:
    """A moment as SQLite keeps it, which PostgreSQL reads as well (its session is in UTC)."""
    return moment.isoformat(" ", "seconds")[:19]


def excerpt(text: str) -> str:
    line = " ".join(text[:480].split())
    return line if len(line) <= 160 else line[:159].rstrip() + "…"


def name_key(name: str) -> str:
    from tenir.customers.names import name_key as key

    return key(name)


# --- Into the database -----------------------------------------------------------------------------------------------


class Sqlite:
    """Inserts with nothing waiting for the disk: a desk that was not finished is thrown away."""

    def begin(self) -> None:
        from django.db import connection

        self._cursor = connection.cursor()
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "foreign_keys=OFF", "cache_size=-800000"):
            self._cursor.execute(f"PRAGMA {pragma}")

    def write(self, rows: Rows) -> None:
        self._cursor.execute("BEGIN")
        for table in (*TABLES, *WORDS):
            if some := rows.get(table):
                values = list(_joined(some)) if table in WORDS else some
                self._cursor.executemany(_insert(table, len(values[0])), values)
        self._cursor.execute("COMMIT")

    def end(self) -> None:
        from django.db import connection

        self._cursor.execute("PRAGMA journal_mode=WAL")
        self._cursor.close()
        connection.close()


def _joined(documents: list[list[Any]]) -> Iterator[list[Any]]:
    return ([row, " ".join(words), " ".join(stems)] for row, words, stems in documents)


@cache
def _insert(table: str, count: int) -> str:
    names = "rowid, words, stems" if table in WORDS else _names(table)
    return f"INSERT INTO {table}({names}) VALUES ({', '.join(['%s'] * count)})"


@cache
def _names(table: str) -> str:
    return "id, words" if table in WORDS else ", ".join(Table(table).columns)


class Postgresql:
    """COPY; the word indexes are made at the end, which is many times quicker than word by word."""

    def begin(self) -> None:
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit = off")
            cursor.execute("SET session_replication_role = replica")  # what points where is right by construction
            cursor.execute("SELECT indexname, indexdef FROM pg_indexes WHERE indexdef LIKE '%%USING gin%%'")
            self._indexes = cursor.fetchall()
            for name, _definition in self._indexes:
                cursor.execute(f"DROP INDEX {name}")

    def write(self, rows: Rows) -> None:
        from django.db import connection, transaction

        from tenir.cases.fulltext import Document, _vector

        with transaction.atomic(), connection.cursor() as cursor:
            for table in (*TABLES, *WORDS):
                if not (some := rows.get(table)):
                    continue
                names = _names(table)
                if table in WORDS:
                    some = [[row, _vector(Document(words, stems))] for row, words, stems in some]
                with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                    for row in some:
                        copy.write_row(row)

    def end(self) -> None:
        from django.apps import apps
        from django.core.management.color import no_style
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = origin")
            cursor.execute("SET maintenance_work_mem = '512MB'")
            for _name, definition in self._indexes:
                cursor.execute(definition)
            for statement in connection.ops.sequence_reset_sql(no_style(), list(apps.get_models())):
                cursor.execute(statement)
            cursor.execute("ANALYZE")
        connection.close()


if __name__ == "__main__":
    main()
