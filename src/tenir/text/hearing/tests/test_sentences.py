"""The labelled sentences: what is a promise, when it is due, and how often the hearing is right.

`sentences.tsv` holds, for each sentence, the round in which it was written, its language, what it is and its words:
"no", "ask" (a promise without a usable date) or the instant that it is due, said in Paris on Monday 23 November 2026 at
10:00. Rounds after the first were written before the hearing was tried on them; docs/hearing.md tells what it scored at
first sight.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tenir.text.hearing import Finding, hear

PARIS = ZoneInfo("Europe/Paris")
AT = datetime(2026, 11, 23, 10, tzinfo=PARIS)
#: What docs/hearing.md promises of the whole set.
PRECISION, RECALL, DATES = 0.99, 0.98, 0.98


@dataclass(frozen=True)
class Labelled:
    round: str
    language: str
    label: str
    sentence: str


def labelled() -> list[Labelled]:
    lines = (Path(__file__).parent / "sentences.tsv").read_text("utf-8").splitlines()
    return [Labelled(*line.split("\t")) for line in lines]


def heard(one: Labelled) -> str:
    """What the hearing says of it, as a label."""
    findings = hear(one.sentence, language=one.language, at=AT, zone=PARIS)
    if not findings:
        return "no"
    chosen: Finding = max(findings, key=lambda found: (found.due is not None, found.due is not None and found.firm))
    return chosen.due.strftime("%Y-%m-%dT%H:%M") if chosen.due else "ask"


@pytest.mark.parametrize("language", ["fr", "en"])
def test_precision_and_recall(language: str) -> None:
    counted: Counter[str] = Counter()
    wrong = []
    for one in labelled():
        if one.language != language:
            continue
        answer = heard(one)
        promised, said = one.label != "no", answer != "no"
        counted[
            {(True, True): "right", (True, False): "missed", (False, True): "false", (False, False): "silent"}[
                promised, said
            ]
        ] += 1
        counted["dated"] += promised and said and answer == one.label
        if answer != one.label:
            wrong.append(f"{one.label} / {answer}: {one.sentence}")
    told = "\n".join(wrong)
    assert counted["right"] / (counted["right"] + counted["false"]) >= PRECISION, told
    assert counted["right"] / (counted["right"] + counted["missed"]) >= RECALL, told
    assert counted["dated"] / counted["right"] >= DATES, told


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_set_is_large_and_holds_traps(language: str) -> None:
    mine = [one for one in labelled() if one.language == language]
    assert len(mine) >= 400
    assert len({one.sentence for one in mine}) == len(mine)
    promises = sum(one.label != "no" for one in mine)
    assert 0.35 < promises / len(mine) < 0.65
