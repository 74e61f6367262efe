"""A piece of a text around what was searched, with the places to highlight."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from tenir.text.words import Word, stem, words

_LONGEST = 200_000


@dataclass(frozen=True, slots=True)
class Excerpt:
    """`text` with "…" where it was cut, and the (start, end) of each found word in it."""

    text: str
    marks: tuple[tuple[int, int], ...]


def excerpt(text: str, terms: Collection[str], width: int = 160, *, language: str | None = None) -> Excerpt:
    """About `width` characters of `text` where the most different `terms` stand together.

    A term is found whatever its case and accents, as the beginning of a word, or by its stem in `language`.
    """
    text = text[:_LONGEST]
    tokens = words(text)
    wanted = {w.folded for term in terms for w in words(term) if w.folded}
    roots = {stem(w.text, language) for term in terms for w in words(term)} if language else set()
    hits = [(i, key) for i, token in enumerate(tokens) if (key := _found(token, wanted, roots, language))]
    start = _best_start(tokens, hits, width)
    start, end = _whole_words(text, start, width)
    before, after = "…" if start else "", "…" if end < len(text) else ""
    body = "".join(" " if c.isspace() else c for c in text[start:end])
    lead = len(before)
    marks = tuple(
        (tokens[i].start - start + lead, tokens[i].end - start + lead)
        for i, _ in hits
        if tokens[i].start >= start and tokens[i].end <= end
    )
    return Excerpt(f"{before}{body}{after}", marks)


def _found(token: Word, wanted: set[str], roots: set[str], language: str | None) -> str:
    for term in wanted:
        if token.folded.startswith(term):
            return term
    if language and roots:
        root = stem(token.text, language)
        return root if root in roots else ""
    return ""


def _best_start(tokens: list[Word], hits: list[tuple[int, str]], width: int) -> int:
    """Where a window of `width` holds the most different terms; a little before its first."""
    best, best_count, left = 0, 0, 0
    counts: dict[str, int] = {}
    for right, (i, key) in enumerate(hits):
        counts[key] = counts.get(key, 0) + 1
        while tokens[i].end - tokens[hits[left][0]].start > width:
            leaving = hits[left][1]
            counts[leaving] -= 1
            if not counts[leaving]:
                del counts[leaving]
            left += 1
            if left > right:
                break
        if len(counts) > best_count:
            best_count, best = len(counts), tokens[hits[left][0]].start
    return max(0, best - width // 4) if best_count else 0


def _whole_words(text: str, start: int, width: int) -> tuple[int, int]:
    if start + width >= len(text):
        start = max(0, len(text) - width)
    end = min(len(text), start + width)
    if start:
        space = text.find(" ", start, min(end, start + 30))
        start = space + 1 if space >= 0 else start
    if end < len(text):
        space = text.rfind(" ", max(start, end - 30), end)
        end = space if space > start else end
    return start, end
