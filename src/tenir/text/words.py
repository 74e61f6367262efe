"""Words and their stems, as the search keeps them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import Stemmer

from tenir.text.folding import fold

#: A letter may carry its accent as a character of its own, as Apple writes.
_WORD = re.compile(r"(?:[^\W_][\u0300-\u036f]*)+(?:[’'ʼ](?:[^\W_][\u0300-\u036f]*)+)*")
#: What French puts before an apostrophe: "l'œuf" is the word "œuf", but "aujourd'hui" is one word.
_ELIDED = re.compile(r"^(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu)[’'ʼ](?=\w)", re.IGNORECASE)
_POSSESSIVE = re.compile(r"[’'ʼ]s$", re.IGNORECASE)
_LANGUAGES: dict[str, Literal["french", "english"]] = {"fr": "french", "en": "english"}


@dataclass(frozen=True, slots=True)
class Word:
    """One word: as written, folded, and where it is in the text."""

    text: str
    folded: str
    start: int
    end: int


def words(text: str) -> list[Word]:
    """The words in order. French elisions ("l'", "qu'") and the English "'s" are not part of them."""
    found: list[Word] = []
    for match in _WORD.finditer(text):
        word, start = match[0], match.start()
        if not word.isalnum():
            elided = _ELIDED.match(word)
            if elided:
                word, start = word[elided.end() :], start + elided.end()
            possessive = _POSSESSIVE.search(word)
            if possessive:
                word = word[: possessive.start()]
        found.append(Word(word, fold(word), start, start + len(word)))
    return found


@lru_cache(maxsize=4)
def _stemmer(language: str) -> Stemmer.Stemmer:
    # Its own cache is not safe between threads; ours, below, is.
    return Stemmer.Stemmer(_LANGUAGES.get(language, "french"), 0)


@lru_cache(maxsize=50_000)
def stem(word: str, language: str) -> str:
    """The folded stem of one word in "fr" or "en"; in another language, the folded word itself.

    The accents go after stemming, because the French rules need them ("commandé", "commande").
    """
    if language not in _LANGUAGES or len(word) > 60:
        return fold(word)
    return fold(_stemmer(language).stemWord(word.lower()))


def stems(text: str, language: str | None) -> list[tuple[str, int, int]]:
    """Each word's stem with its start and end in the text. Without a language, folded words."""
    return [(stem(word.text, language or ""), word.start, word.end) for word in words(text)]
