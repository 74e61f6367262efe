"""What a rule of the gentle check is, and how rules are written: lists of words, said of a person."""

import re
from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    HEALTH = "health"
    OPINION = "opinion"
    OFFENCE = "offence"
    JUDGEMENT = "judgement"


class Hint(Enum):
    """Which other wording is proposed."""

    SLOW_OR_WRITING = "slow_or_writing"
    LARGE_OR_CALL = "large_or_call"
    ACCESS = "access"
    UNAVAILABLE = "unavailable"
    WITHOUT_REASON = "without_reason"
    LEAVE_OUT = "leave_out"
    FACT_SEEN = "fact_seen"
    WHAT_WAS_SAID = "what_was_said"
    DIFFERING = "differing"
    WHAT_IS_ASKED = "what_is_asked"
    EXPLAIN_AGAIN = "explain_again"


@dataclass(frozen=True)
class Rule:
    """A pattern over text without accents or case; its group `w` is the words to point at."""

    kind: Kind
    hint: Hint
    pattern: re.Pattern[str]


@dataclass(frozen=True)
class Tongue:
    """The rules of one language; `harmless` turns of phrase silence every rule, `reported` ones those on insults."""

    rules: list[Rule]
    harmless: re.Pattern[str]
    reported: re.Pattern[str]


def either(words: str) -> str:
    """A pattern for any of the words, separated by commas, the longest first; a blank matches any blanks."""
    listed = sorted({" ".join(word.split()) for word in words.split(",")} - {""}, key=lambda word: (-len(word), word))
    return "(?:" + "|".join(word.replace(" ", r"\s+") for word in listed) + ")"


def whole(pattern: str) -> re.Pattern[str]:
    """`pattern` as whole words: "mean-tested" is not "mean"."""
    return re.compile(rf"(?<!\w){pattern}(?!\w|-\w)")


def pointing(kind: Kind, hint: Hint, before: str, words: str, after: str = "") -> Rule:
    """A rule on any of `words` when `before` precedes and `after` (a look-ahead) allows it."""
    return Rule(kind, hint, whole(rf"{before}(?P<w>{either(words)}){after}"))
