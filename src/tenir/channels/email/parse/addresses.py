"""Address fields as they really come: groups, comments, quotes, commas in names, missing "@", encoded everything.

One pass over the characters; nothing is thrown away that could name a person. Addresses stay as written, except that
the domain is put in lower case and a trailing dot or a "mailto:" goes. An internationalised domain stays in the form
that was sent: what is shown must be what was written, and punycode cannot pretend to be another alphabet.
"""

from __future__ import annotations

import re

from tenir.channels.email.parse.headers import decode_words
from tenir.channels.email.parse.values import Address

_SIMPLE = re.compile(r'(?:"([^"\\]*)"\s*|([^"<>(),;:@\\]*))<\s*([^<>\s"(),;:@\\]+@[^<>\s"(),;:@\\]+)\s*>')
_BARE = re.compile(r'[^<>\s"(),;:@\\]+@[^<>\s"(),;:@\\]+')
_LOOSE = re.compile(r"[^\s<>\"'(),;:\[\]]{1,128}@[^\s<>\"'(),;:\[\]]{1,255}")
_BLANKS = re.compile(r"\s+")


def parse(value: str, most: int = 2_000) -> tuple[Address, ...]:
    """Every mailbox of an address field, in order; at most `most`."""
    value = value.strip()
    if not value:
        return ()
    simple = _SIMPLE.fullmatch(value)
    if simple:
        return (_address(simple[1] or simple[2] or "", simple[3]),)
    if _BARE.fullmatch(value):
        return (_address("", value),)
    found = _Scanner(value, most).addresses()
    if "=?" in value and not any(a.address for a in found):
        decoded = decode_words(value)
        if decoded != value:
            found = _Scanner(decoded, most).addresses()
    return tuple(found)


def _address(name: str, address: str) -> Address:
    if "=?" in address:
        address = decode_words(address)
    address = address.strip()
    if '"@' not in address:  # a quoted local part keeps its quotes
        address = address.strip("'\"").strip()
    if address[:7].lower() == "mailto:":
        address = address[7:]
    local, at, domain = address.rpartition("@")
    if at:
        address = f"{local}@{domain.lower().rstrip('.')}"
    name = _BLANKS.sub(" ", decode_words(name)).strip()
    if len(name) > 1 and name[0] == name[-1] and name[0] in "'\"":
        name = name[1:-1].strip()
    return Address("" if name.lower() == address.lower() else name, address)


class _Scanner:
    """The state of one pass: words seen since the last separator, and the angle address if there was one."""

    def __init__(self, value: str, most: int) -> None:
        self.value, self.most = value, most
        self.found: list[Address] = []
        self.words: list[str] = []
        self.comments: list[str] = []
        self.angle: str | None = None
        self.has_at = False  # among the words
        self.no_closing = False  # no ">" is left: do not look for it again at each "<"

    def addresses(self) -> list[Address]:
        value, end, position = self.value, len(self.value), 0
        while position < end and len(self.found) < self.most:
            char = value[position]
            if char == '"':
                position = self._quoted(position + 1)
            elif char == "(":
                position = self._comment(position + 1)
            elif char == "<":
                position = self._angle(position + 1)
            elif char in ",;":
                self._finish()
                position += 1
            elif char == ":" and self._is_group(position):
                self.words, position = [], position + 1
            else:
                following = _SPECIAL.search(value, position + 1)
                stop = following.start() if following else end
                self.words.append(value[position:stop])
                self.has_at = self.has_at or "@" in self.words[-1]
                position = stop
        if len(self.found) < self.most:
            self._finish()
        return self.found

    def _quoted(self, position: int) -> int:
        out: list[str] = []
        value, end = self.value, len(self.value)
        closing = value.find('"', position)
        if closing < 0:  # never closed: the quote means nothing
            return position
        while position < end and value[position] != '"':
            if value[position] == "\\" and position + 1 < end:
                position += 1
            out.append(value[position])
            position += 1
        text = "".join(out)
        glued = position + 1 < end and value[position + 1] == "@"
        self.words.append(f'"{text}"' if glued else f"{text} ")
        self.has_at = self.has_at or "@" in text
        return position + 1

    def _comment(self, position: int) -> int:
        depth, start, value, end = 1, position, self.value, len(self.value)
        while position < end:
            char = value[position]
            if char == "\\":
                position += 1
            elif char == "(":
                depth += 1
            elif char == ")":
                depth -= 1
                if depth == 0:
                    break
            position += 1
        self.comments.append(value[start:position])
        return position + 1

    def _angle(self, position: int) -> int:
        closing = -1 if self.no_closing else self.value.find(">", position)
        self.no_closing = closing < 0
        if closing < 0:
            closing = len(self.value)
        opening = self.value.find("<", position, closing)
        if 0 <= opening < closing:  # "<<a@b>>" or "Name <x <a@b>": the inner one is the address
            self.words.append(self.value[position:opening])
            return opening
        text = self.value[position:closing]
        if "@" not in text and any(c in text for c in ",;") and closing == len(self.value):
            self.words.append(text)
        else:
            self.angle = text.rpartition(":")[2] if text.startswith("@") else text
        return closing + 1

    def _is_group(self, position: int) -> bool:
        if self.has_at or self.angle is not None:
            return False
        return "".join(self.words).strip().lower() != "mailto"

    def _finish(self) -> None:
        words = "".join(self.words).strip().strip("<>")
        if words[:7].lower() == "mailto:":
            words = words[7:]
        if self.angle is not None:
            name = words or " ".join(self.comments)
            if name or self.angle.strip():
                self.found.append(_address(name, self.angle))
        elif words:
            self._without_angle(words)
        self.words, self.comments, self.angle, self.has_at = [], [], None, False

    def _without_angle(self, words: str) -> None:
        if _BARE.fullmatch(words):
            self.found.append(_address(" ".join(self.comments), words))
            return
        loose = _LOOSE.search(words) if "@" in words else None
        if words.startswith('"') and '"@' in words:
            self.found.append(_address(" ".join(self.comments), words))
        elif loose:
            name = (words[: loose.start()] + " " + words[loose.end() :]).strip(" []")
            self.found.append(_address(name or " ".join(self.comments), loose[0]))
        elif words.count("@") == 1 and " " not in words:
            self.found.append(_address(" ".join(self.comments), words))
        else:
            self.found.append(_address(words, ""))


_SPECIAL = re.compile(r'[",;:<(]')
