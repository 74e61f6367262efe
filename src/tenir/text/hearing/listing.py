"""Lists of words, written as one reads them."""

from __future__ import annotations


def listed(text: str) -> frozenset[str]:
    """The words of a text, each once."""
    return frozenset(text.split())
