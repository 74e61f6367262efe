"""What the benchmarks' generator writes is what the verbs would have written, and it holds what is looked for."""

import json
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
CASES = 400

LOOK = """
import json, sys
from pathlib import Path
from bench import desk
desk.set_up(Path(sys.argv[1]), sys.argv[2])
from bench import generate, reading
generate.fill(int(sys.argv[3]), quiet=True)
from django.db import connection
from tenir.cases import search, verbs
from tenir.cases.fulltext import MESSAGES, Document, Term, index
from tenir.cases.models import Case, Message
from tenir.ledger.models import Event
from tenir.people.models import Agent
from datetime import UTC, datetime

agent = Agent.objects.get(email="agent1@bench.example")
told = {"counted": reading.numbers_are_right(int(sys.argv[3]))}
told["found"] = {w: len(search.find(w + " ", agent=agent, limit=50).hits) for w in ("parapluie", "zibeline")}
told["events"] = {name: sorted(data) for name, data in Event.objects.values_list("name", "data")}
told["received"] = sorted(
    Event.objects.filter(name="message_received").values_list("data__message", flat=True)
) == sorted(Message.objects.filter(kind="inbound").values_list("pk", flat=True))
told["states"] = sorted(set(Case.objects.values_list("state", flat=True)))
told["contacts"] = all(
    case.contacts == case.messages.filter(kind="inbound").count()
    and case.last_inbound_id == case.messages.filter(kind="inbound").order_by("-pk")[0].pk
    for case in Case.objects.all()[:50]
)
words = []
if connection.vendor == "sqlite":
    # Taking a row out of this index repeats its words: when they are others, the index finds itself damaged.
    for message in Message.objects.all()[:60]:
        search.forget_message(message)
        search.index_message(message)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO cases_message_words(cases_message_words) VALUES ('integrity-check')")
        cursor.execute("PRAGMA foreign_key_check")
        words = cursor.fetchall()
told["broken"] = words
case = Case.objects.exclude(state="ended").order_by("-pk")[0]
to = {"to": ["e@exemple.test"]}
reply = verbs.reply(
    case, by=agent, at=datetime.now(UTC), text="Voici.", recipients=to, seen_id=case.last_inbound_id
)
told["next"] = reply.pk - Message.objects.exclude(pk=reply.pk).order_by("-pk")[0].pk
print(json.dumps(told))
"""


@pytest.mark.slow
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_a_generated_desk_is_one_that_verbs_could_have_made(
    tmp_path: Path, database: str, request: pytest.FixtureRequest
) -> None:
    from tenir.ledger.events import registry

    address = "sqlite" if database == "sqlite" else request.getfixturevalue("postgres")
    done = subprocess.run(
        [sys.executable, "-c", LOOK, str(tmp_path), address, str(CASES)],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["counted"] == {"parapluie": CASES // 100, "zibeline": 10}
    assert told["found"] == told["counted"]
    assert told["received"]
    assert told["contacts"]
    assert told["states"] == ["ended", "open", "waiting", "waiting_for_customer"]
    assert told["broken"] == []
    assert told["next"] == 1
    for name, data in told["events"].items():
        own = {field.name for field in fields(registry[name])} - {"case", "customer"}
        assert set(data) <= own, name
        assert own - set(data) <= {"because"}, name
