"""Engines that are killed anywhere, two at a time: every alarm of every promise is given exactly once."""

import json
import os
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.postgres_cluster import cluster

PROMISES = 600


@pytest.mark.crash
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_every_alarm_is_given_once_however_often_the_engine_is_killed(database: str, tmp_path: Path) -> None:
    with ExitStack() as held:
        environ = _environ(tmp_path)
        if database == "postgresql":
            environ["TENIR_DATABASE"] = held.enter_context(cluster(durable=True))
        command = [sys.executable, "-m", "tests.crash.killed_engines", str(PROMISES), f"20260302 {database}"]
        ran = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=400, check=False)
    assert ran.returncode == 0, ran.stderr[-3000:]
    found = json.loads(ran.stdout.splitlines()[-1])
    once = {str(pk): 1 for pk in found["promises"]}
    assert len(once) == PROMISES
    assert found["fell_due"] == once
    assert set(found["warned"].values()) == {1}  # a warning is not given after the date itself: not all had one
    assert found["tells"] == found["tells_made"] == 20  # one call for each case
    assert found["told_of"] == PROMISES
    assert found["next"] == ["late"]
    assert found["kills"] >= 10


def _environ(tmp_path: Path) -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith(("TENIR_", "LC_", "DJANGO"))}
    return own | {
        "LANG": "C.UTF-8",
        "PYTHONPATH": "src:.",
        "DJANGO_SETTINGS_MODULE": "tenir.install.django_settings",
        "TENIR_CONFIG": os.environ["TENIR_CONFIG"],
        "TENIR_DATA_DIR": str(tmp_path / "desk"),
    }
