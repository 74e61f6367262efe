"""The six functions that the common measurements ask of a desk. `BENCH_HOME` is the folder that was loaded.

Pages are asked for as a browser asks: the whole page, with the agent's session. The "hits" of a search are the rows
on its page (fifty at most).
"""

import json
import os
import re
from pathlib import Path
from typing import Any

HOME = Path(os.environ["BENCH_HOME"])
PASSWORD = "bench-pass-1-tenir"
REFERENCES: list[str] = json.loads((HOME / "references.json").read_text())
Operation = tuple[str, str, Any, Any]


def login(client: Any) -> None:
    """Signs agent1 in with a password, as a person does."""
    page = client.get("/account/login/")
    form = {"login": "agent1@bench.example", "password": PASSWORD, "csrfmiddlewaretoken": _token(page)}
    answer = client.post("/account/login/", form, headers={"Referer": client.base + "/account/login/"})
    assert answer.status in (302, 303), (answer.status, answer.text[:500])
    client.x_token = _token(client.get("/cases/new/?customer=1"))


def _token(page: Any) -> str:
    found = re.search(r'name="csrf(?:middlewaretoken|-token)" (?:value|content)="([^"]+)"', page.text)
    assert found, page.text[:500]
    return found[1]


def inbox(_client: Any) -> list[Operation]:
    return [("GET", "/cases/?list=all", None, None)]


def ticket(_client: Any, number: int) -> list[Operation]:
    return [("GET", f"/cases/{REFERENCES[number - 1]}/", None, None)]


def search(_client: Any, word: str) -> list[Operation]:
    return [("GET", f"/search/?q={word}", None, None)]


def create(client: Any, told: dict[str, Any], _number: str) -> list[Operation]:
    form = {
        "customer": "1",
        "channel": "letter",
        "subject": told["subject"],
        "text": told["messages"][0]["body"],
        "csrfmiddlewaretoken": client.x_token,
    }
    return [("POST", "/cases/new/", form, {"Referer": client.base + "/cases/new/"})]


def check(kind: str, answers: list[Any], wanted: Any) -> int | None:
    """Whether it is the right page; the rows of a list or a search."""
    [answer] = answers
    if kind == "create":
        assert answer.status in (302, 303), (answer.status, answer.text[:500])
        return None
    assert answer.status == 200, (answer.status, answer.text[:500])
    if kind == "ticket":
        assert REFERENCES[wanted - 1] in answer.text
        return None
    rows = len(set(re.findall(r'href="/cases/(T-[0-9A-Z]{4}-[0-9A-Z]{3})/', answer.text)))
    assert rows >= (50 if kind == "list" else min(wanted, 50)), rows
    return rows
