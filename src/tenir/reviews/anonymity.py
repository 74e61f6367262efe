"""Whether words that are to be published could lead to somebody: pure, and it says which words (B26)."""

import re
from collections.abc import Iterable

from tenir.text.folding import fold
from tenir.text.words import words

_ADDRESS = re.compile(r"[^\s<>(),;]+@[^\s<>(),;]*\w")
_NUMBER = re.compile(r"\d(?:[\s.,/-]?\d){5,}")
"""Six figures and more: a telephone, an account, a reference."""
_SHORTEST = 3


def telling(text: str, *, names: Iterable[str]) -> list[str]:
    """The words of `text` that name one of these people, or look like an address or a number of theirs, in order.

    A name counts by each of its parts of three letters and more; only where it is written with a capital, since many
    a name is also an ordinary word ("Rose", "Petit").
    """
    parts = {fold(word.text) for name in names for word in words(name) if len(word.text) >= _SHORTEST}
    found = [(match.start(), match[0]) for shape in (_ADDRESS, _NUMBER) for match in shape.finditer(text)]
    found += [(word.start, word.text) for word in words(text) if word.text[:1].isupper() and word.folded in parts]
    return list(dict.fromkeys(each for _, each in sorted(found)))
