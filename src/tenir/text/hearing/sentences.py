"""A text cut into its sentences, without what it quotes; a sentence cut into its words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tenir.text.hearing import french_verbs

LONGEST = 1200
"""A longer sentence is no sentence: it is cut, so that reading stays proportional to the text."""
_MASK = "\u00a4"

_QUOTES = re.compile(r"«[^«»]{0,600}»|“[^“”]{0,600}”|\"[^\"\n]{3,600}\"|(?<![^\s(:])'[^'\n]{3,400}'(?![^\W_])")
_QUOTED_LINE = re.compile(r"^[ \t]*[>|][^\n]*", re.MULTILINE)
#: The letter that is answered stands below such a line.
_HEADER = re.compile(
    r"^[ \t]*(?:-{2,} ?(?:original message|message d'origine|message original|forwarded message|message transfere)"
    r"|_{10,}|le [^\n]{5,120} a ecrit ?:|on [^\n]{5,120} wrote ?:|de ?: [^\n]{1,120}\n(?:envoye|date) ?:"
    r"|from ?: [^\n]{1,120}\n(?:sent|date) ?:)",
    re.MULTILINE,
)
_END = re.compile(
    r"(?:[.!?]{1,10}(?=[\s\"»”)]|$)|\n[ \t]*(?=\n)|\n(?=[ \t]*[-*•–][ \t])|;(?=\s)|\n(?=[^\n]{0,1}[^\na-z0-9]))"
)
_SHORT = re.compile(
    r"(?:\b(?:m|mm|mme|mlle|mr|mrs|ms|dr|st|ste|no|n°|tel|env|max|min|approx|etc|cf|ex|av|bd|art|p|a\.m|p\.m|"
    r"e\.g|i\.e|lun|mar|mer"
    r"|jeu|ven|sam|dim|janv|fevr|fev|avr|juil|sept|oct|nov|dec|jan|feb|apr|jun|jul|aug|sep|mon|tue|tues|wed|"
    r"thu|thur|thurs"
    r"|fri|sat|sun|ref|inc|ltd|vs|hrs)|\b[a-z])\.$"
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of the folded text: its words with every white space a plain one, and its place."""

    text: str
    start: int
    question: bool


@dataclass(frozen=True, slots=True)
class Token:
    """One word, elisions apart, or one mark; `when` is the number of the moment that it stands for."""

    text: str
    start: int
    end: int
    capital: bool = False
    when: int = -1


def without_quotes(folded: str) -> str:
    """The same text, as long, with what others said made unreadable."""
    if (header := _HEADER.search(folded)) is not None:
        folded = folded[: header.start()] + _hidden(folded[header.start() :])
    if ">" in folded or "|" in folded:
        folded = _QUOTED_LINE.sub(lambda m: _hidden(m[0]), folded)
    return _QUOTES.sub(lambda m: _hidden(m[0]), folded)


def _hidden(text: str) -> str:
    return re.sub(r"[^\n]", _MASK, text)


def sentences(folded: str) -> Iterator[Sentence]:
    """The sentences in order; an abbreviation's point and a wrapped line end none."""
    start = 0
    for match in _END.finditer(folded):
        if match[0] == "." and _SHORT.search(folded, max(start, match.end() - 8), match.end()):
            following = folded[match.end() : match.end() + 2].strip()
            if following and not following.startswith("\n"):
                continue
        yield from _one(folded, start, match.end())
        start = match.end()
    yield from _one(folded, start, len(folded))


def _one(folded: str, start: int, end: int) -> Iterator[Sentence]:
    while end - start > LONGEST:
        cut = folded.rfind(" ", start + 1, start + LONGEST)
        cut = cut if cut > start else start + LONGEST
        yield Sentence(re.sub(r"\s", " ", folded[start:cut]), start, False)
        start = cut
    text = re.sub(r"\s", " ", folded[start:end])
    if text.strip(" .!?;-" + _MASK):
        yield Sentence(text, start, "?" in text[-4:])


_WORDS = {
    "fr": re.compile(
        r"aujourd'hui|quelqu'un|rendez-vous|week-end|peut-etre|ci-jointe?s?|ci-dessous|ci-dessus|d'accord|vis-a-vis"
        r"|[^\W_]*[^\W\d_]'|[^\W\d_]+|\d+(?:[.,]\d+)*|[^\w\s]"
    ),
    "en": re.compile(r"n't\b|'[a-z]{1,2}\b|[^\W\d_]+?(?=n't\b)|[^\W\d_]+|\d+(?:[.,]\d+)*|[^\w\s]"),
}
_SAME: Mapping[str, Mapping[str, str]] = {
    "fr": {
        "vs": "vous",
        "ns": "nous",
        "rdv": "rendez-vous",
        "ds": "dans",
        "qqn": "quelqu'un",
        "pr": "pour",
        "c": "c'",
        "tt": "tout",
        "l'on": "on",
        "j": "j'",
        "svp": "merci",
        "stp": "merci",
    },
    "en": {
        "u": "you",
        "ur": "your",
        "pls": "please",
        "plz": "please",
        "im": "i'm",
        "'ll": "will",
        "'m": "am",
        "'re": "are",
        "ca": "can",
        "wo": "will",
        "sha": "shall",
        "n't": "not",
        "'ve": "have",
        "youll": "you will",
        "ull": "you will",
    },
}


_PRONOUNS = frozenset(
    ("it", "that", "he", "she", "there", "what", "who", "here", "everything", "this", "all", "when", "where")
)


def _accented(word: str) -> str:
    """« Fixé » is no « fixe »: a participle that its accent tells is written in its feminine, which is nothing else."""
    return word + "e" if any(form.tense == "pp" for form in french_verbs.forms().get(word + "e", ())) else word


def tokens(sentence: str, language: str, spans: list[tuple[int, int]], written: str | None = None) -> list[Token]:
    """The words of a folded sentence; each of the `spans` (of moments) is one of them, written "#".

    `written` is the sentence as it was typed, for its capitals; it must be as long.
    """
    same, number = _SAME[language], 0
    found: list[Token] = []
    for match in _WORDS[language].finditer(sentence):
        start, end = match.span()
        while number < len(spans) and spans[number][1] <= start:
            number += 1
        if number < len(spans) and spans[number][0] < end:
            if not found or found[-1].when != number:
                found.append(Token("#", *spans[number], when=number))
            continue
        capital = written is not None and written[start : start + 1].isupper()
        word = same.get(match[0], match[0])
        if written is not None and written[end - 1 : end] in "éÉ":
            word = _accented(word)
        if word == "'s" and found and found[-1].text in _PRONOUNS:
            word = "is"
        found.append(Token(word, start, end, capital))
    return found
