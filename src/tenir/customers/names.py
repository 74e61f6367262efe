"""Names of people as keys: what makes two ways of writing one name the same."""

import re
import unicodedata

_TITLES = frozenset({"m", "mr", "mrs", "ms", "mme", "mlle", "monsieur", "madame", "mademoiselle", "dr"})
_WORD = re.compile(r"\w+")


def folded(text: str) -> str:
    """`text` without accents or case: "Émile" and "EMILE" fold to "emile"."""
    apart = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "OE"))
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).casefold()


def name_key(name: str) -> str:
    """A key under which "M.

    Émile DURAND", "Durand, Emile" and "emile durand" are the same; empty for no name.
    """
    words = sorted(word for word in _WORD.findall(folded(name)) if word not in _TITLES)
    return " ".join(words)[:160]


def postal_code(address: str) -> str:
    """The postal code in a written address (five digits, or the British and Canadian forms).

    Empty without one.
    """
    found = re.search(r"(?<!\d)\d{5}(?!\d)|\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b|\b[A-Z]\d[A-Z] ?\d[A-Z]\d\b", address)
    return found[0].replace(" ", "") if found else ""
