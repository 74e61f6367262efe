"""What a dead worker held is taken up at once; a living one is never taken for dead."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tenir.outbox import verbs, workers
from tenir.outbox.models import Task

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[4]

HOLD = """
import sys, time
from pathlib import Path
from django.conf import settings
settings.configure(DATA_DIR=Path(sys.argv[1]))
from tenir.outbox import workers
kept = workers.Badge(); print(kept.name, flush=True); time.sleep(60)
"""


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


def test_a_worker_that_lives_is_left_alone_and_one_that_goes_leaves_nothing() -> None:
    badge = workers.Badge()
    assert workers.bury(_never) == 0
    badge.give_up()
    assert workers.bury(_never) == 0


def _never(name: str) -> None:
    raise AssertionError(name)


def test_a_killed_worker_is_found_once(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)],
        env=os.environ | {"PYTHONPATH": str(ROOT / "src")},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    name = process.stdout.readline().strip()
    assert workers.bury(_never) == 0
    process.kill()
    process.wait()
    process.stdout.close()
    found: list[str] = []
    with pytest.raises(OSError, match="away"):
        workers.bury(_away)
    assert workers.bury(found.append) == 1
    assert workers.bury(found.append) == 0
    assert found == [name]


def _away(_name: str) -> None:
    raise OSError("the database is away")


@pytest.mark.django_db
def test_what_a_dead_worker_held_comes_due_now_and_nothing_else_does() -> None:
    for key in ("held", "others", "waiting"):
        verbs.plan("test.ring", key=key, due_at=AT, at=AT)
    first = verbs.claim_next(at=AT, kinds=["test.ring"], worker="dead")
    second = verbs.claim_next(at=AT, kinds=["test.ring"], worker="alive")
    assert first is not None
    assert second is not None
    Task.objects.filter(key="waiting").update(due_at=AT + timedelta(hours=1))
    assert verbs.give_back("dead", at=AT + timedelta(seconds=1)) == 1
    again = verbs.claim_next(at=AT + timedelta(seconds=2), kinds=["test.ring"], worker="alive")
    assert again is not None
    assert again.task == first.task
    assert verbs.claim_next(at=AT + timedelta(seconds=2), kinds=["test.ring"]) is None
    assert not verbs.done(first, at=AT + timedelta(seconds=3)), "the dead one's claim is over"
