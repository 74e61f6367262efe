"""Names as people type them, made safe to show on one line."""

import unicodedata


def one_line(text: str, *, longest: int) -> str:
    """`text` on one line, without invisible or direction-changing characters, at most `longest` characters.

    A name that carries such characters could show a customer something else than what was typed.
    """
    joiners = "\u200c\u200d"  # they belong to spelling in Persian and Indic scripts
    seen = (c if c in joiners or unicodedata.category(c) not in ("Cc", "Cf", "Zl", "Zp") else " " for c in text)
    return " ".join("".join(seen).split())[:longest].strip()
