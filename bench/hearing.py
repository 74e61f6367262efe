"""Hearing promises in replies as they are typed: one sentence, and one letter; the desk plays no part in it."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from bench.desk import ROOT
from bench.measure import Measure, side_by_side

PARIS = ZoneInfo("Europe/Paris")
AT = datetime(2026, 11, 23, 10, tzinfo=PARIS)


def run() -> list[Measure]:
    """The labelled sentences of each language, one after the other, and a letter of thirty of them."""
    return [*_measures("fr"), *_measures("en")]


def _measures(language: str) -> Iterator[Measure]:
    from tenir.text.hearing import hear

    path = ROOT / "src/tenir/text/hearing/tests/sentences.tsv"
    rows = [line.split("\t") for line in path.read_text("utf-8").splitlines()]
    sentences = [row[3] for row in rows if row[1] == language]

    def one(turn: int) -> None:
        hear(sentences[turn % len(sentences)], language=language, at=AT, zone=PARIS)

    def letter(turn: int) -> None:
        hear(" ".join(sentences[turn : turn + 30]), language=language, at=AT, zone=PARIS)

    spent, _ = side_by_side(one, times=len(sentences))
    yield Measure(f"hearing a sentence, {language}", spent, target="2 ms")
    spent, _ = side_by_side(letter, times=100)
    yield Measure(f"hearing a letter of 30 sentences, {language}", spent, target="60 ms")


if __name__ == "__main__":
    for measure in run():
        assert measure.ours is not None
        print(f"{measure.name}: {measure.ours.median_ms:.2f} ms, 95 in 100 below {measure.ours.p95_ms:.2f} ms")
