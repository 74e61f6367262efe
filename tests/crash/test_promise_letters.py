"""Workers that are killed anywhere, two at a time: each letter about promises is one letter, whatever it cost."""

import json
import subprocess
import sys
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

import pytest

from tenir.channels.email import parse
from tenir.outbox.worker import HANDS
from tests.crash.test_promises import _environ
from tests.postgres_cluster import cluster
from tests.servers import smtpd

CASES = 40


@pytest.mark.crash
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_each_customer_gets_one_letter_however_often_the_worker_is_killed(database: str, tmp_path: Path) -> None:
    with ExitStack() as held:
        environ = _environ(tmp_path)
        if database == "postgresql":
            environ["TENIR_DATABASE"] = held.enter_context(cluster(durable=True))
        server = held.enter_context(smtpd(tmp_path))
        seed = f"20260302 {database}"
        command = [sys.executable, "-m", "tests.crash.killed_letters", str(CASES), seed, str(server.port)]
        ran = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=400, check=False)
        sent = server.received()
    assert ran.returncode == 0, ran.stderr[-3000:]
    found = json.loads(ran.stdout.splitlines()[-1])
    assert (found["states"], found["unsent"]) == (["done"], 0), ran.stderr[-3000:]
    assert found["events"] == found["news"]  # every event in one task, and in no other
    assert found["kills"] >= 4
    letters = [parse.read(one.raw) for one in sent]
    copies = Counter(str(letter.message_id) for letter in letters)
    assert set(copies) == set(found["letters"])
    assert len(copies) == CASES
    assert {one.recipients for one in sent} == {(f"client{number}@example.org",) for number in range(CASES)}
    # A worker that is killed between the server's answer and the next line sends the same letter, with the same
    # Message-ID, again (docs/decisions/letters-leave-at-least-once.md): at most one for each kill and hand.
    print(f"{database}: {found['kills']} kills, {CASES} letters, {sum(copies.values()) - CASES} second copies")
    assert sum(copies.values()) - CASES <= found["kills"] * HANDS
    for letter in letters:
        assert letter.new_text.count("?answer=kept") == 2
