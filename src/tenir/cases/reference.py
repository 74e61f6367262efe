"""The case reference: short, speakable, checked.

Six characters of an alphabet of 23 without look-alikes (no 0/O, 1/I, 5/S, 8/B, U/V, N/M, Q, Z), then one check
character: the sum of value x weight modulo 23. Since 23 is prime and the weights differ, any one wrong character and
any two exchanged ones are found. 148 million references; shown in groups: `T-7K4H-W2R`.
"""

import re
import secrets

ALPHABET = "234679ACDEFGHJKLMPRTWXY"
BASE = len(ALPHABET)
LENGTH = 6
_SHAPE = re.compile(rf"[{ALPHABET}]{{{LENGTH + 1}}}\Z")
IN_TEXT = re.compile(rf"\bT-?([{ALPHABET}]{{4}})-?([{ALPHABET}]{{3}})\b", re.IGNORECASE)


def check_character(body: str) -> str:
    """The check character of six characters of the alphabet."""
    return ALPHABET[sum(ALPHABET.index(c) * weight for weight, c in enumerate(body, start=2)) % BASE]


def draw() -> str:
    """A new random reference, seven characters, without its shape: `7K4HW2R`."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return body + check_character(body)


def spoken(reference: str) -> str:
    """The reference as people see it: `T-7K4H-W2R`."""
    return f"T-{reference[:4]}-{reference[4:]}"


def read(typed: str) -> str | None:
    """The reference in what somebody typed or dictated, or None when it is not one (a wrong character is found)."""
    bare = re.sub(r"[\s\-–—.]", "", typed).upper()
    if len(bare) == LENGTH + 2 and bare[0] == "T":
        bare = bare[1:]
    if not _SHAPE.match(bare) or check_character(bare[:LENGTH]) != bare[LENGTH]:
        return None
    return bare


def find(text: str) -> list[str]:
    """Every valid reference in a text, in order: a subject line, a phrase."""
    found = (read(a + b) for a, b in IN_TEXT.findall(text))
    return [reference for reference in found if reference]
