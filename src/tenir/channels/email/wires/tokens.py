"""Marks that lead back to a case and that nobody can make up: in a Message-ID, in a reply address.

A mark is `random.case.signature`: ten random characters, the case's word (letters, digits, hyphens; case does not
count, since mail programs change it), and 65 bits of HMAC-SHA256 over both. To guess one for a given case takes 2^64
letters on average.
"""

import base64
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass

from tenir.channels.email.wires.addresses import on_the_wire

_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
_CASE = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,22}[a-z0-9])?")
_MARK = re.compile(rf"(?:^|[<+\s])([a-z2-7]{{10}})\.({_CASE.pattern})\.([a-z2-7]{{13}})@", re.IGNORECASE)


@dataclass(frozen=True)
class Token:
    """A genuine mark: the case's word in lower case, and what makes this letter's mark its own."""

    case: str
    random: str


def new_message_id(case: str, *, key: bytes, domain: str) -> str:
    """A Message-ID that leads back to `case`. Raises ValueError when case or domain do not fit."""
    on_the_wire(f"x@{domain}")
    return f"<{_mark(case, key)}@{domain}>"


def reply_address(desk: str, case: str, *, key: bytes) -> str:
    """The desk's address with a mark in it: `desk+mark@example.org`. Raises ValueError when it gets too long."""
    local, _, domain = desk.rpartition("@")
    return on_the_wire(f"{local}+{_mark(case, key)}@{domain}")


def read_token(text: str, *, key: bytes) -> Token | None:
    """The genuine mark in a Message-ID, a References header or an address, None when there is none."""
    for random, case, signature in _MARK.findall(text[:20_000]):
        word, chance = case.lower(), random.lower()
        if hmac.compare_digest(signature.lower(), _signature(chance, word, key)):
            return Token(word, chance)
    return None


def _mark(case: str, key: bytes) -> str:
    word = case.lower()
    if not _CASE.fullmatch(word):
        raise ValueError(f"not a case's word: {case!r}")
    random = "".join(secrets.choice(_ALPHABET) for _ in range(10))
    return f"{random}.{word}.{_signature(random, word, key)}"


def _signature(random: str, case: str, key: bytes) -> str:
    if len(key) < 16:
        raise ValueError("the key must have 16 bytes at least")
    digest = hmac.digest(key, f"tenir mail {random}.{case}".encode(), hashlib.sha256)
    return base64.b32encode(digest[:10]).decode().lower()[:13]
