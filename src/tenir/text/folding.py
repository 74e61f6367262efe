"""Text as it is compared: without case, accents, ligatures and typographic apostrophes."""

from __future__ import annotations

import unicodedata

_LIGATURES = {
    "œ": "oe", "æ": "ae", "ß": "ss", "ﬁ": "fi", "ﬂ": "fl", "ﬀ": "ff", "ﬃ": "ffi", "ﬄ": "ffl", "ø": "o", "đ": "d",
    "ł": "l", "ı": "i", "’": "'", "‘": "'", "ʼ": "'", "ʹ": "'", "`": "'", "´": "'", "′": "'",
}  # fmt: skip


def fold(text: str) -> str:
    """Lower case, accents off, œ as oe, æ as ae, every apostrophe straight: "L’Œuvre" gives "l'oeuvre"."""
    if text.isascii():
        return text.casefold().replace("`", "'")
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(_LIGATURES.get(c, c) for c in decomposed if not unicodedata.combining(c))


def fold_with_offsets(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its characters its position in `text`, with one more for the end."""
    out: list[str] = []
    offsets: list[int] = []
    for position, char in enumerate(text):
        folded = fold(char)
        out.append(folded)
        offsets.extend([position] * len(folded))
    offsets.append(len(text))
    return "".join(out), offsets
