"""Loads the common corpus (one JSON ticket a line) in bulk and writes which reference each ticket got.

    python -m bench.peers.tenir.load FOLDER CORPUS.jsonl [--database postgresql://…]

The agent `agent1@bench.example` signs in with the password in `PASSWORD`.
"""

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

from tqdm import tqdm

from bench import desk
from bench.generate import AT_ONCE, Numbers, Postgresql, Rows, Sqlite, Table, excerpt, name_key, stamp

PASSWORD = "bench-pass-1-tenir"
DESK = "bl@exemple.fr"
TABLES = (
    *("people_agent", "people_team", "people_membership", "email_mailbox", "customers_customer", "customers_reach"),
    *("cases_case", "cases_message", "cases_ending", "ledger_event"),
)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.peers.tenir.load", description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--database", default="sqlite")
    options = parser.parse_args()
    desk.set_up(options.folder, options.database)
    from django.db import connection

    store: Any = Postgresql() if connection.vendor == "postgresql" else Sqlite()
    loader = Loader()
    store.begin()
    store.write(loader.people())
    tickets = options.corpus.read_text("utf-8").splitlines()
    for number, line in enumerate(tqdm(tickets, unit=" tickets", disable=None), start=1):
        loader.ticket(json.loads(line))
        if number % AT_ONCE == 0:
            store.write(loader.taken())
    store.write(loader.taken())
    store.end()
    (options.folder / "references.json").write_text(json.dumps(loader.references))
    print(f"{len(tickets)} tickets loaded")


class Loader:
    """The rows of the corpus, as the verbs would have written them."""

    def __init__(self) -> None:
        self.references: list[str] = []
        self._tables = {name: Table(name) for name in TABLES}
        self._numbers = Numbers()
        self._customers: dict[str, int] = {}
        self._rows: Rows = {}
        self._random = Random(3)
        self._taken: set[str] = set()

    def _add(self, table: str, **values: Any) -> int:
        number = self._numbers.next(table)
        self._rows.setdefault(table, []).append(self._tables[table].row(**values | {"id": number}))
        return number

    def taken(self) -> Rows:
        rows, self._rows = self._rows, {}
        return rows

    def people(self) -> Rows:
        from django.contrib.auth.hashers import make_password

        password, at = make_password(PASSWORD), stamp(datetime(2025, 1, 1, tzinfo=UTC))
        for number in range(4):
            agent = self._add(
                "people_agent", email=f"agent{number}@bench.example", given_name=f"Agent {number}", is_active=True,
                role="agent", joined_at=at, password=password, language="fr",
            )  # fmt: skip
            if not number:
                self._add("people_team", name="Livraison", is_private=False)
            self._add("people_membership", agent_id=agent, team_id=1)
        self._add("email_mailbox", name="Livraison", address=DESK, is_active=False)
        return self.taken()

    def ticket(self, told: dict[str, Any]) -> None:
        """One case with its three messages."""
        customer = self._customer(told)
        case, owner = self._numbers.next("cases_case"), told["assignee"] + 1
        ended = told["status"] != "open"
        last = 0
        self._event("case_opened", told["created"], "customer", customer, case, customer, channel="email")
        for place, said in enumerate(told["messages"]):
            message = self._message(told, case, customer, owner, place)
            if said["from"] == "customer":
                last = message
                self._event(
                    "message_received", said["ts"], "customer", customer, case, customer, message=message,
                    channel="email",
                )  # fmt: skip
            else:
                self._event("case_taken", said["ts"], "agent", owner, case, None, owner=owner, before=None)
                self._event("message_sent", said["ts"], "system", None, case, None, message=message)
        moved = told["messages"][-1]["ts"]
        if ended:
            ending = self._add("cases_ending", case_id=case, kind="solved", by_id=owner, at=_at(moved), confirmed=None)
            self._event("case_ended", moved, "agent", owner, case, customer, ending=ending, kind="solved")
        reference, spoken = self._reference()
        self.references.append(spoken)
        row = self._tables["cases_case"].row(
            id=case, reference=reference, subject=told["subject"], state="ended" if ended else "open",
            channel="email", language="fr", customer_id=customer, owner_id=owner, team_id=1, desk_address=DESK,
            first_request_at=_at(told["created"]), opened_at=_at(told["created"]), moved_at=_at(moved),
            unanswered_since=None if ended else _at(moved), last_words=excerpt(told["messages"][-1]["body"]),
            last_inbound_id=last, contacts=2,
        )  # fmt: skip
        self._rows.setdefault("cases_case", []).append(row)

    def _customer(self, told: dict[str, Any]) -> int:
        from tenir.cases.search import document

        known = self._customers.get(told["email"])
        if known:
            return known
        at = _at(told["created"])
        number = self._add(
            "customers_customer", name=told["name"], name_key=name_key(told["name"]), language="fr", created_at=at
        )
        self._add(
            "customers_reach", customer_id=number, kind="email", value=told["email"], shown=told["email"], created_at=at
        )
        made = document([told["name"], told["email"], told["email"], told["email"]], "")
        self._rows.setdefault("cases_customer_words", []).append([number, made.words, made.stems])
        self._customers[told["email"]] = number
        return number

    def _message(self, told: dict[str, Any], case: int, customer: int, owner: int, place: int) -> int:
        from tenir.cases.search import document

        said = told["messages"][place]
        by_customer = said["from"] == "customer"
        author = told["name"] if by_customer else f"Agent {owner - 1}"
        subject = told["subject"] if by_customer else ""
        number = self._add(
            "cases_message", case_id=case, kind="inbound" if by_customer else "reply", channel="email",
            customer_id=customer if by_customer else None, agent_id=None if by_customer else owner, author_name=author,
            at=_at(said["ts"]), language="fr", subject=subject, text=said["body"], key=f"corpus:{case}:{place}",
            message_id=said["mid"], delivery="" if by_customer else "sent",
        )  # fmt: skip
        made = document([subject, said["body"], author], "fr")
        self._rows.setdefault("cases_message_words", []).append([number, made.words, made.stems])
        return number

    def _event(
        self, name: str, at: int, who: str, doer: int | None, case: int, customer: int | None, **data: Any
    ) -> None:
        self._add(
            "ledger_event", at=_at(at), name=name, actor_kind=who, actor_id=doer, case_id=case, customer_id=customer,
            data=json.dumps(data),
        )  # fmt: skip

    def _reference(self) -> tuple[str, str]:
        from tenir.cases.reference import ALPHABET, LENGTH, check_character, spoken

        while True:
            body = "".join(self._random.choices(ALPHABET, k=LENGTH))
            if body not in self._taken:
                self._taken.add(body)
                reference = body + check_character(body)
                return reference, spoken(reference)


def _at(seconds: int) -> str:
    return stamp(datetime.fromtimestamp(seconds, UTC))


if __name__ == "__main__":
    main()
