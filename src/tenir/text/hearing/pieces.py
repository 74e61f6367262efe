"""The words of a sentence that say when, found by a table of patterns, in the order that they stand."""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tenir.text.hearing.moments import Calendar, Day, Hour, Length


class Other(enum.Enum):
    """Words about time that are no date: soon, yesterday, every Monday."""

    VAGUE = enum.auto()
    PAST = enum.auto()
    HABIT = enum.auto()


VAGUE, PAST, HABIT = Other.VAGUE, Other.PAST, Other.HABIT

Meaning = Day | Hour | Length | Other


class Pattern:
    """One way to say when. `build` gets the match and the sentence before its numbers became figures."""

    __slots__ = ("build", "search")

    def __init__(self, expression: str, build: Callable[[re.Match[str], str], Meaning | None]) -> None:
        self.search = re.compile(expression.replace(" +", " {1,20}").replace(" *", " {0,20}"))
        self.build = build


@dataclass(frozen=True, slots=True)
class Piece:
    """What some words mean."""

    start: int
    end: int
    meaning: Meaning


def find(sentence: str, figures: str, patterns: Iterable[Pattern]) -> list[Piece]:
    """The pieces in order; where two lie over each other, the one that says more."""
    found: list[tuple[int, int, int, Piece]] = []
    for rank, pattern in enumerate(patterns):
        for match in pattern.search.finditer(figures):
            meaning = pattern.build(match, sentence)
            if meaning is not None:
                start, end = match.span()
                while end < len(figures) and figures[end] == " " != sentence[end]:
                    end += 1  # over what the word had and its figure has not
                found.append((start - end, start, rank, Piece(start, end, meaning)))
    kept: list[Piece] = []
    for _, _, _, piece in sorted(found, key=lambda one: one[:3]):
        if all(piece.end <= other.start or piece.start >= other.end for other in kept):
            kept.append(piece)
    return sorted(kept, key=lambda piece: piece.start)


def range_end(first: str, last: str | None) -> float:
    """The longer end of "3 to 5"; an article counts one."""
    value = float(first) if first.isdigit() else 1.0
    return max(value, float(last)) if last else value


def day_first(day: str, month: str, year: str | None) -> Calendar | None:
    """3/12 is the third of December in both languages of the desk."""
    if not (1 <= int(day) <= 31 and 1 <= int(month) <= 12):
        return None
    return Calendar(int(day), int(month), int(year) % 100 + 2000 if year else None)
