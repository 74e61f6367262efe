"""Header fields: splitting them off, decoding words (RFC 2047), parameters (RFC 2045, 2231), identifiers, dates."""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import unquote_to_bytes

from tenir.channels.email.parse import charset
from tenir.channels.email.parse.values import Limits

_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:")
#: Names that prove that a block of lines is a header although something in it is broken.
_KNOWN = re.compile(
    rb"(?im)^(?:received|return-path|delivered-to|from|to|cc|subject|date|message-id|mime-version|content-[a-z-]+"
    rb"|reply-to|sender|in-reply-to|references|x-[a-z0-9-]+|dkim-signature|authentication-results|list-[a-z]+"
    rb"|auto-submitted|precedence|importance|thread-(?:topic|index)|user-agent|organi[sz]ation)[ \t]*:"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_IDENTIFIER = re.compile(r"<([^<>\s]{1,990})>")
_BARE_IDENTIFIER = re.compile(r"[^\s<>()\[\],;:\"]{1,400}@[^\s<>()\[\],;:\"]{1,400}")


@dataclass(slots=True)
class Headers:
    """The fields of one part, in order, undecoded."""

    fields: list[tuple[str, bytes]] = field(default_factory=list)
    _by_name: dict[str, list[bytes]] = field(default_factory=dict)
    cut: bool = False  # something was beyond a limit
    broken: bool = False  # a line that is neither a field nor its continuation
    no_end: bool = False  # the blank line before the body is missing

    def add(self, name: str, value: bytes) -> None:
        self.fields.append((name, value))
        self._by_name.setdefault(name, []).append(value)

    def __contains__(self, name: str) -> bool:
        return name in self._by_name

    def all(self, name: str) -> list[str]:
        """Every value of a field, unfolded, 8-bit bytes decoded, encoded words as they are."""
        return [raw_text(value) for value in self._by_name.get(name, ())]

    def first(self, name: str) -> str:
        """The first value, as `all` gives it, or ""."""
        values = self._by_name.get(name)
        return raw_text(values[0]) if values else ""

    def text(self, name: str) -> str:
        """The first value, decoded to what a person reads."""
        return decode_words(self.first(name))


def split_headers(data: bytes, limits: Limits) -> tuple[Headers, int]:
    """The header fields at the start of `data`, and where the body begins."""
    headers = Headers()
    end, body = _header_block(data)
    most = limits.header_length * 4
    if end > most:
        headers.cut, end = True, data.rfind(b"\n", 0, most) + 1 or most
    block = data[:end]
    if not block:
        return headers, body
    if not _FIELD.match(block) and not _KNOWN.search(block):
        return headers, 0
    early = _take_fields(headers, block, limits)
    if not any(_KNOWN.match(known.encode() + b":") for known, _ in headers.fields):
        return Headers(cut=headers.cut), 0
    return headers, body if early is None else early


def _take_fields(headers: Headers, block: bytes, limits: Limits) -> int | None:
    """Fill in the fields; where the body begins when that is within the block, the blank line being missing."""
    position, name, size = 0, "", 0
    value: list[bytes] = []
    last_known = -1
    for line in block.split(b"\n"):
        match = _FIELD.match(line)
        if match:
            if name:
                headers.add(name, b"\n".join(value))
            if len(headers.fields) >= limits.headers:
                headers.cut = True
                return None
            name, value, size = match[1].decode("ascii").lower(), [line[match.end() :]], len(line)
        elif size + len(line) > limits.header_length:
            headers.cut = True
        else:
            continues = line[:1] in (b" ", b"\t") or not line.strip()
            if not continues and last_known < 0:
                last_known = max((m.start() for m in _KNOWN.finditer(block)), default=0)
            if not continues and name and last_known < position:
                headers.add(name, b"\n".join(value))
                headers.no_end = True
                return position
            if continues or not (position == 0 and line.startswith((b"From ", b">From "))):
                headers.broken = headers.broken or not continues
                value.append(line if continues else b" " + line)
                size += len(line) + 2
        position += len(line) + 1
    if name:
        headers.add(name, b"\n".join(value))
    return None


def _header_block(data: bytes) -> tuple[int, int]:
    """Where the header ends, and where the body begins: at the first empty line."""
    if data.startswith(b"\n"):
        return 0, 1
    if data.startswith(b"\r\n"):
        return 0, 2
    lf = data.find(b"\n\n")
    crlf = data.find(b"\n\r\n", 0, lf if lf >= 0 else len(data))
    if crlf >= 0:
        return crlf + 1, crlf + 3
    return (lf + 1, lf + 2) if lf >= 0 else (len(data), len(data))


def raw_text(value: bytes) -> str:
    """Unfolded and decoded from 8-bit, but encoded words are left alone."""
    text = value.decode("ascii") if value.isascii() else charset.decode(value)[0]
    if "\n" in text or "\r" in text:
        text = _unfolded(text)
    return _CONTROL.sub("", text).strip() if not text.isprintable() else text.strip()


def _unfolded(text: str) -> str:
    lines = (line.strip(" \t") for line in text.replace("\r", "\n").split("\n"))
    return " ".join(line for line in lines if line)


def decode_words(text: str) -> str:
    """Replace RFC 2047 encoded words, also the damaged ones that really circulate.

    A character that was split between two words is put together again; blanks between two words go.
    """
    if "=?" not in text:
        return text
    out: list[str] = []
    position, pending, label = 0, bytearray(), ""
    while True:
        word = _encoded_word(text, position)
        if word is None:
            break
        start, end, name, content = word
        between = text[position:start]
        if between.strip() or (between and not pending) or name != label:
            if pending:
                out.append(charset.decode(bytes(pending), label)[0])
                pending.clear()
                between = between if between.strip() else ""
            out.append(between)
        pending += content
        label, position = name, end
    if pending:
        out.append(charset.decode(bytes(pending), label)[0])
    out.append(text[position:])
    decoded = "".join(out)
    if decoded.isprintable():
        return decoded
    return _CONTROL.sub("", _unfolded(decoded))


def _encoded_word(text: str, position: int) -> tuple[int, int, str, bytes] | None:
    """The next `=?charset?B|Q?content?=` from `position`: start, end, charset, bytes."""
    while True:
        start = text.find("=?", position)
        if start < 0:
            return None
        second = text.find("?", start + 2, start + 80)
        position = start + 2
        if second < 0 or text[second + 2 : second + 3] != "?":
            continue
        kind = text[second + 1].lower()
        end = text.find("?=", second + 3)
        if end < 0:
            return None  # no end for this word, hence for no later one
        if kind not in "bq":
            continue
        label = text[start + 2 : second].partition("*")[0]
        content = text[second + 3 : end]
        data = _q_bytes(content) if kind == "q" else loose_base64(content.encode("ascii", "ignore"))
        return start, end + 2, label, data


def _q_bytes(content: str) -> bytes:
    return binascii.a2b_qp(content.replace("_", " ").encode("utf-8", "replace").replace(b"\n", b""))


_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")


def loose_base64(data: bytes) -> bytes:
    """Base64 with junk between, padding missing or in the middle, decoded as far as it goes."""
    try:
        return binascii.a2b_base64(data, strict_mode=False)
    except binascii.Error:
        clean = _NOT_BASE64.sub(b"", data)
        if len(clean) % 4 == 1:
            clean = clean[:-1]
        return binascii.a2b_base64(clean + b"=" * (-len(clean) % 4))


def parameters(value: str) -> tuple[str, dict[str, str]]:
    """The value before the first ";", in lower case, and its parameters: continuations and charsets put together."""
    main, _, rest = value.partition(";")
    found: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[str, bool]]] = {}
    for name, text in _pairs(rest):
        base, star, number = name.partition("*")
        if not star:
            found.setdefault(name, decode_words(text))
            continue
        encoded = number == "" or number.endswith("*")
        digits = number.rstrip("*")
        index = int(digits) if digits.isdecimal() and len(digits) < 4 else 0
        pieces.setdefault(base, {})[index] = (text, encoded)
    for base, parts in pieces.items():
        found[base] = _joined(parts)  # the extended form wins over the plain one (RFC 6266 says so; mail does so)
    return main.strip().lower(), found


_PAIR = re.compile(r'\s*([^\s=;"]{1,80})\s*=\s*("(?:[^"\\]|\\.)*"?|[^;]*)')


def _pairs(rest: str) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    position = 0
    while position < len(rest) and len(pairs) < 200:
        match = _PAIR.match(rest, position)
        if match:
            text = match[2].strip()
            if text.startswith('"'):
                text = text[1:-1] if text.endswith('"') and len(text) > 1 else text[1:]
                # A Windows path is written with bare backslashes: only quotes are unescaped.
                text = text.replace('\\"', '"').replace("\\\\", "\\")
            pairs.append((match[1].lower(), text))
            position = match.end()
        following = rest.find(";", position)
        if following < 0:
            break
        position = following + 1
    return pairs


def _joined(parts: dict[int, tuple[str, bool]]) -> str:
    label, out = "", bytearray()
    for index in sorted(parts):
        text, encoded = parts[index]
        if encoded and index == 0 and text.count("'") >= 2:
            label, _, text = text.split("'", 2)
        out += unquote_to_bytes(text) if encoded else text.encode("utf-8", "replace")
    return charset.decode(bytes(out), label or "utf-8")[0]


def identifiers(value: str, most: int = 100) -> tuple[str, ...]:
    """Message identifiers with their brackets, in order, without repeats; the first and the latest when too many."""
    value = decode_words(value)
    found = [f"<{inner}>" for inner in _IDENTIFIER.findall(value)]
    if not found:
        found = [f"<{bare}>" for bare in _BARE_IDENTIFIER.findall(value[:4_000])]
    unique = list(dict.fromkeys(found))
    return tuple(unique if len(unique) <= most else [unique[0], *unique[-(most - 1) :]])


def date(value: str) -> datetime | None:
    """The Date field as an aware time; None when it is none. A date without zone is read as UTC."""
    try:
        parsed = parsedate_to_datetime(value[:200])
        if parsed.tzinfo is None:
            return parsed.replace(tzinfo=UTC)
        parsed.astimezone(UTC)  # a date at the edge of the calendar cannot be converted: refuse it here
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return parsed
