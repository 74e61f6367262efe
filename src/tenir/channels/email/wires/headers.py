"""Header lines of a mail, folded and encoded.

Written here because Python's own folding, when a name is long, encodes the comma after it as well and so loses the
next recipient, and encodes long references so that nobody can follow them (seen with Python 3.11).
"""

import base64
import re
from collections.abc import Iterable, Sequence

from tenir.channels.email.wires.addresses import Address, on_the_wire, plain_line

_WIDTH = 78
#: One word of a line may be longer than `_WIDTH`, never so long that the line passes 998 (RFC 5322 2.1.1).
_LONGEST_WORD = 900
_ATOM = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+")
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{3,500}>")
_Q_PLAIN = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!*+-/")


class HeaderRefused(ValueError):
    """A value with a line break or a control character, which could add a header."""


def checked(name: str, value: str) -> str:
    """The value again. Raises HeaderRefused."""
    if not plain_line(value):
        raise HeaderRefused(f"{name}: {value[:80]!r}")
    return value


def text_header(name: str, text: str) -> bytes:
    """An unstructured header such as Subject, exactly as given (RFC 2047 when ASCII words would not bring it back)."""
    checked(name, text)
    words = text.split(" ")
    simple = text.isascii() and "" not in words and "=?" not in text and len(max(words, key=len)) < _LONGEST_WORD
    return _folded(name, words if simple or not text else _encoded(text))


def address_header(name: str, people: Sequence[Address]) -> bytes:
    """A list of mailboxes. An address with UTF-8 before the @ is written as such (RFC 6532)."""
    words: list[str] = []
    for number, person in enumerate(people, 1):
        checked(name, person.name)
        words += _phrase(person.name.strip())
        words.append(f"<{on_the_wire(person.email)}>" + ("," if number < len(people) else ""))
    return _folded(name, words)


def id_header(name: str, ids: Iterable[str]) -> bytes:
    """Message-IDs, folded between them and never encoded."""
    return _folded(name, list(ids))


def plain_header(name: str, value: str) -> bytes:
    """A short ASCII value of our own making. Raises HeaderRefused when it is not."""
    if not checked(name, value).isascii() or len(value) > _LONGEST_WORD:
        raise HeaderRefused(f"{name}: {value[:80]!r}")
    return f"{name}: {value}\r\n".encode("ascii")


def message_id(value: str) -> str:
    """The identifier again when it is one that a header may carry, else "" (those that come in are often not)."""
    value = value.strip()
    return value if _MESSAGE_ID.fullmatch(value) else ""


def _folded(name: str, words: Sequence[str]) -> bytes:
    lines, line = [], f"{name}:"
    for word in words:
        if len(line) + 1 + len(word) > _WIDTH and line != f"{name}:":
            lines.append(line)
            line = ""
        line += f" {word}"
    return "\r\n".join([*lines, line, ""]).encode()


def _phrase(name: str) -> list[str]:
    """A display name as words of a header: atoms, a quoted string, or encoded words."""
    if not name:
        return []
    if not name.isascii() or "=?" in name or len(name) > 200:
        return _encoded(name)
    words = name.split(" ")
    if all(_ATOM.fullmatch(word) for word in words):
        return words
    return ['"' + re.sub(r'(["\\])', r"\\\1", name) + '"']


def _encoded(text: str) -> list[str]:
    """Encoded words (RFC 2047) of at most 75 characters, whole characters in each; as the shorter of Q and B."""
    raw = text.encode("utf-8", "replace")
    as_q = sum(1 if byte in _Q_PLAIN or byte == 32 else 3 for byte in raw) <= len(raw) * 4 / 3
    words, chunk = [], ""
    for character in text:
        if len(_word(chunk + character, as_q=as_q)) > 75:
            words.append(_word(chunk, as_q=as_q))
            chunk = ""
        chunk += character
    return [*words, _word(chunk, as_q=as_q)]


def _word(text: str, *, as_q: bool) -> str:
    raw = text.encode("utf-8", "replace")
    if as_q:
        told = "".join(chr(b) if b in _Q_PLAIN else "_" if b == 32 else f"={b:02X}" for b in raw)
        return f"=?utf-8?q?{told}?="
    return f"=?utf-8?b?{base64.b64encode(raw).decode()}?="
