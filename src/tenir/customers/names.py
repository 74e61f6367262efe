"""Names of people as keys: what makes two ways of writing one name the same."""

import re

from tenir.text.folding import fold

_TITLES = frozenset({"m", "mr", "mrs", "ms", "mme", "mlle", "monsieur", "madame", "mademoiselle", "dr"})
_WORD = re.compile(r"\w+")


def name_key(name: str) -> str:
    """A key under which "M.

    Émile DURAND", "Durand, Emile" and "emile durand" are the same; empty for no name.
    """
    words = sorted(word for word in _WORD.findall(fold(name)) if word not in _TITLES)
    return " ".join(words)[:160]


def postal_code(address: str) -> str:
    """The postal code in a written address (five digits, or the British and Canadian forms).

    Empty without one.
    """
    found = re.search(r"(?<!\d)\d{5}(?!\d)|\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b|\b[A-Z]\d[A-Z] ?\d[A-Z]\d\b", address)
    return found[0].replace(" ", "") if found else ""
