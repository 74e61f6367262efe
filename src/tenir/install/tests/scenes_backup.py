"""A desk with something of everything in it, other desks to restore into, and how two databases are compared."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import connections
from django.db.utils import load_backend

from tenir.cases import verbs as cases
from tenir.cases.models import Case, Message
from tenir.cases.threading import Thread
from tenir.channels.email.models import Mailbox
from tenir.customers import verbs as customers
from tenir.ledger import files
from tenir.outbox import verbs as outbox
from tenir.people.tests import scenes as people

AT = datetime.fromisoformat("2026-03-02T09:00:00.123456+00:00")
SIGNED_IN = {"django_session", "usersessions_usersession"}


def letter(number: int, text: str = "", *, case: Case | None = None, raw: bytes | None = None) -> Message:
    """The n-th letter of Émile: it opens a case, or is one more in the case given."""
    raw = raw if raw is not None else f"From: Émile {number}\n\n{text}".encode()
    incoming = cases.Incoming(
        channel=Case.Channel.EMAIL,
        key=f"mail:{number}",
        customer=customers.find_or_add(f"emile{number % 7}@exemple.test", name="Émile Œuvré", language="fr", at=AT),
        sender_name="Émile Œuvré",
        sender_address=f"emile{number % 7}@exemple.test",
        text=text or f"Bonjour, ma poubelle n° {number} n'a plus de couvercle : « que faire ? »\n\n\u202f€ 😀",
        subject=f"Poubelle {number}",
        thread=Thread(case, "headers", belongs=True, from_customer=True, unexpected=False) if case else None,
        language="fr",
        folded=[("quote", "> avant"), ("signature", "Émile")],
        facts={"remote_images": True, "to": ["desk@exemple.test"], "deep": {"é": [1, 2.5, None, "null"]}},
        files=[cases.KeptFile(name="photo.jpg", content_type="image/jpeg", size=len(raw), sha256=files.keep(raw))],
        others=[("Zoé", "zoe@exemple.test")],
        message_id=f"<{number}@exemple.test>",
        raw_sha256=files.keep(b"raw " + raw),
        said_at=AT - timedelta(hours=1),
    )
    return cases.receive_message(incoming, at=AT + timedelta(seconds=number))


def busy_desk(letters: int = 12) -> None:
    """Cases in several states, replies held and undone, notes, tags, drafts, offers, steps, endings, tasks."""
    amina, bruno = people.amina(), people.bruno()
    people.team("Nord", amina, bruno)
    for number in range(letters):
        case = letter(number).case
        if number % 3 == 0:
            cases.take(case, by=amina, at=AT)
            cases.write_note(case, by=bruno, at=AT, text="Vu. Нет.", mentions=[amina])
            cases.save_draft(
                case, by=amina, kind="reply", text="Bonj", at=AT, attachments=[["a", "b", 1, files.keep(b"d")]]
            )
        if number % 4 == 0:
            cases.tag(case, name="couvercle", by=amina, at=AT)
            cases.add_step(case, text="Appeler", by=amina, at=AT)
    case = Case.objects.get(subject="Poubelle 0")
    sent = cases.reply(
        case, by=amina, at=AT, text="Voici.", recipients={"to": ["e@exemple.test"]}, seen_id=case.last_inbound_id
    )
    cases.undo_reply(sent, by=amina, at=AT)
    cases.offer_handover(case, to=bruno, story="Son couvercle.", by=amina, at=AT)
    Mailbox.objects.create(name="Bonjour", address="bonjour@desk.example")
    outbox.plan("email.send", key="one", due_at=AT, at=AT, case_id=case.pk, words=["é"])


# --- Other desks -------------------------------------------------------------------------------------------------


def new_desk(folder: Path, database: str = "") -> dict[str, str]:
    """What `tenir` has to be told about a desk that does not exist yet."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TENIR_", "DJANGO_"))}
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "tenir.toml").touch()
    here = {"TENIR_CONFIG": str(folder / "tenir.toml"), "TENIR_DATA_DIR": str(folder / "desk"), "LC_ALL": "C.UTF-8"}
    return kept | here | ({"TENIR_DATABASE": database} if database else {})


def tenir(
    environ: Mapping[str, str], *arguments: str, before: Callable[[], object] | None = None
) -> "subprocess.CompletedProcess[str]":
    """Runs one `tenir` command about that desk."""
    return subprocess.run(
        [sys.executable, "-m", "tenir", *arguments],
        env=dict(environ),
        text=True,
        capture_output=True,
        preexec_fn=before,
    )


@contextmanager
def database_of(environ: Mapping[str, str]) -> Iterator[str]:
    """The alias of a connection to that desk's database."""
    from tenir.install import kinds

    place = kinds.database().read(environ.get("TENIR_DATABASE", "sqlite"))
    settings: dict[str, Any] = {"ENGINE": "django.db.backends.sqlite3", "OPTIONS": {}}
    settings["NAME"] = f"{environ['TENIR_DATA_DIR']}/tenir.sqlite3"
    if place.engine != "sqlite":
        settings["ENGINE"] = "django.db.backends.postgresql"
        settings |= {"NAME": place.name, "USER": place.user, "HOST": place.host, "PORT": place.port}
    whole = connections.configure_settings({"default": {}, "other": settings})["other"]
    connections["other"] = load_backend(whole["ENGINE"]).DatabaseWrapper(whole, "other")
    try:
        yield "other"
    finally:
        connections["other"].close()
        del connections["other"]


def all_rows(using: str) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table but those of people who are signed in, as Django's own models read them."""
    found: dict[str, list[dict[str, Any]]] = {}
    for model in apps.get_models(include_auto_created=True):
        if model._meta.db_table not in SIGNED_IN:
            rows = list(model._base_manager.using(using).order_by("pk").values())
            found[model._meta.db_table] = sorted(rows, key=lambda row: str(next(iter(row.values()))).zfill(20))
    return found


def without_transactions(rows: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """The rows without the numbers that a database gives to its own transactions."""
    return {
        table: [{name: value for name, value in row.items() if name != "xid"} for row in some]
        for table, some in rows.items()
    }
