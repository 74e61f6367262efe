"""What makes a form look like a robot's. Pure: figures and words in, reasons out.

No single sign that an honest person could give is enough: somebody pastes a prepared text within a second, writes in
another alphabet, has three links to show, or shares an office network with a hundred others.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

HELD_FROM = 3
"""The weight from which a person looks first."""
QUICK = timedelta(seconds=3)

_LINK = re.compile(r"https?://|\bwww\.", re.IGNORECASE)
_MARKUP = re.compile(r"\[url[=\]]|<a\s+href|\[link[=\]]", re.IGNORECASE)
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]")
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, kw_only=True)
class Signs:
    """What is known of one form that came.

    `opened_at` is when its page was made (None when that could not be read); the counts are of the last hour.
    """

    text: str
    trap: str
    opened_at: datetime | None
    from_network: int = 0
    from_sender: int = 0
    same_words: int = 0


def reasons(signs: Signs, *, at: datetime) -> list[str]:
    """The names of what is odd, none for most forms."""
    found = {
        "trap": bool(signs.trap.strip()),
        "no_page": signs.opened_at is None,
        "quick": signs.opened_at is not None and at - signs.opened_at < QUICK,
        "markup": bool(_MARKUP.search(signs.text)),
        "links": len(_LINK.findall(signs.text)) >= 3,
        "other_alphabet": _other_alphabet(signs.text),
        "same_words": signs.same_words >= 2,
        "many_from_sender": signs.from_sender >= 5,
        "many_from_network": signs.from_network >= 30,
    }
    return [name for name, is_so in found.items() if is_so]


WEIGHTS = {
    "trap": 3,
    "no_page": 3,
    "markup": 2,
    "same_words": 2,
    "links": 2,
    "many_from_sender": 2,
    "many_from_network": 1,
    "quick": 1,
    "other_alphabet": 1,
}


def is_doubtful(found: list[str]) -> bool:
    """Whether these reasons together are enough for a person to look before anything is sent by itself."""
    return sum(WEIGHTS[name] for name in found) >= HELD_FROM


def _other_alphabet(text: str) -> bool:
    letters = len(_LETTER.findall(text))
    return letters >= 20 and len(_LATIN.findall(text)) < letters / 2
