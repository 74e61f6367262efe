"""`tenir hear`: one line of JSON for each line of text."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any


def hear(lines: bytes, *options: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "tenir", "hear", *options]
    environ = os.environ | {"LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
    return subprocess.run(command, input=lines, capture_output=True, check=False, env=environ)


def answers(text: str) -> list[dict[str, Any]]:
    done = hear(text.encode(), "--at", "2026-11-23T10:00", "--zone", "Europe/Paris")
    assert (done.returncode, done.stderr) == (0, b"")
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


def test_each_line_is_answered_in_order() -> None:
    told = answers(
        "fr\tNous vous livrerons sous 48 h.\n"
        "en\tI'll check and get back to you.\n"
        "fr\tVoulez-vous que je vous rappelle demain ?\r\n"
        "fr-FR\tJe vous rappelle demain.\n"
    )
    assert [(one["promise"], one["words"], one["due"], one["asks_for_date"]) for one in told] == [
        (True, "Nous vous livrerons sous 48 h", "2026-11-25T10:00:00+01:00", False),
        (True, "I'll check and get back to you", None, True),
        (False, "", None, False),
        (True, "Je vous rappelle demain", "2026-11-24T18:00:00+01:00", False),
    ]
    assert (told[0]["kind"], told[0]["counted"], told[0]["by_calendar"]) == ("delivery", "clock", False)


def test_a_firm_promise_comes_before_what_only_leaves_today() -> None:
    (told,) = answers("fr\tLe colis part demain et vous sera livré vendredi.\n")
    assert told["due"] == "2026-11-27T18:00:00+01:00"
    assert [other["due"] for other in told["others"]] == ["2026-11-24T18:00:00+01:00"]


def test_a_line_that_cannot_be_read_does_not_stop_the_others() -> None:
    done = hear(b"no tab here\nde\tIch rufe Sie an.\n\xff\xfe\n\nfr\tJe m'en occupe.\n", "--at", "2026-11-23T10:00")
    told = [json.loads(line) for line in done.stdout.decode().splitlines()]
    assert done.returncode == 0
    assert ["error" in one for one in told] == [True, True, True, True, False]
    assert told[-1]["promise"] is True


def test_an_unknown_zone_is_refused_in_words() -> None:
    done = hear(b"", "--zone", "Mars/Olympus")
    assert done.returncode == 2
    assert b"no such time zone: Mars/Olympus" in done.stderr


def test_django_is_not_loaded() -> None:
    program = "import sys; from tenir.install.hear import main; main([]); sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], input=b"", check=False).returncode == 0
