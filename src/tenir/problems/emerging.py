"""Causes that seem to emerge: words that recur unusually across the recent cases. Only proposed, with the figures.

For each telling word (its stem, each language on its own) the share of the recent cases that have it is compared with
its usual share. It is proposed when at least four cases have it, at least three times its usual share, and chance
alone would do so less than once in ten thousand words (the upper tail of the binomial distribution). Pure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import comb

FEWEST = 4
TIMES = 3.0
CHANCE = 1e-4
TOGETHER = 0.6
"""Words of nearly the same cases (this share of all of theirs) are one proposal."""


@dataclass(frozen=True)
class Said:
    """What one case is about: its telling stems with the words as written (`text.matter`)."""

    case: int
    words: Mapping[str, str]


@dataclass(frozen=True)
class Emerging:
    """Words that recur, the recent cases that have the first of them, and its figures, recent and usual."""

    words: list[str]
    cases: list[int]
    recent: int
    usual: int
    usual_of: int


def emerging(recent: Sequence[Said], usual: Sequence[Said], *, most: int = 5) -> list[Emerging]:
    """The proposals, the least likely to be chance first."""
    now, before = _by_stem(recent), _by_stem(usual)
    found = []
    for root, cases in now.items():
        count, used = len(cases), len(before.get(root, ()))
        share = (used + 1) / (len(usual) + 2)  # a word never met before is not infinitely unusual
        if count < FEWEST or count / len(recent) < TIMES * share:
            continue
        if (chance := tail(count, len(recent), share)) <= CHANCE:
            found.append((chance, root))
    return _grouped(sorted(found), recent, now, before, len(usual))[:most]


def tail(count: int, of: int, share: float) -> float:
    """How likely at least `count` of `of` are when each has this share."""
    return max(0.0, 1.0 - sum(comb(of, k) * share**k * (1 - share) ** (of - k) for k in range(count)))


def _by_stem(said: Sequence[Said]) -> dict[str, set[int]]:
    where: dict[str, set[int]] = {}
    for each in said:
        for root in each.words:
            where.setdefault(root, set()).add(each.case)
    return where


def _grouped(
    found: Sequence[tuple[float, str]],
    recent: Sequence[Said],
    now: Mapping[str, set[int]],
    before: Mapping[str, set[int]],
    usual_of: int,
) -> list[Emerging]:
    """Words of nearly the same cases together, under the most unusual of them."""
    written = {root: word for each in reversed(recent) for root, word in each.words.items()}
    groups: list[list[str]] = []
    for _chance, root in found:
        group = next((g for g in groups if _overlap(now[g[0]], now[root]) >= TOGETHER), None)
        if group is None:
            groups.append([root])
        else:
            group.append(root)
    return [
        Emerging(
            words=[written[root] for root in group],
            cases=sorted(now[group[0]], reverse=True),
            recent=len(now[group[0]]),
            usual=len(before.get(group[0], ())),
            usual_of=usual_of,
        )
        for group in groups
    ]


def _overlap(one: set[int], other: set[int]) -> float:
    return len(one & other) / len(one | other)
