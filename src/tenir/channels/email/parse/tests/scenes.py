"""Mails built for the tests: everybody in them is invented, every domain is reserved for examples."""

from __future__ import annotations

import base64
import quopri
from dataclasses import dataclass, field

from tenir.channels.email.parse import Limits, ParsedMail, read

DESK = "contact@bacs.example"
EMILE = "Émile Roux <emile.roux@poste.example>"


def mail(
    body: str = "",
    *,
    subject: str = "Mon bac vert",
    sender: str = "emile.roux@poste.example",
    to: str = DESK,
    html: str | None = None,
    charset: str = "utf-8",
    encoding: str = "8bit",
    fields: str = "",
) -> bytes:
    """A whole mail. `fields` are further header lines; with `html` and a body, both as alternatives."""
    head = f"From: {sender}\r\nTo: {to}\r\nSubject: {subject}\r\nMessage-ID: <m1@poste.example>\r\n"
    head += "Date: Tue, 5 Mar 2024 10:20:00 +0100\r\nMIME-Version: 1.0\r\n"
    head += "".join(line.strip() + "\r\n" for line in fields.strip().splitlines() if line.strip())
    if html is not None and body:
        parts = [part(body, "text/plain", charset, encoding), part(html, "text/html", charset, encoding)]
        return head.encode() + several("alternative", *parts)
    if html is not None:
        return head.encode() + part(html, "text/html", charset, encoding)
    return head.encode() + part(body, "text/plain", charset, encoding)


def part(body: str | bytes, kind: str, charset: str = "utf-8", encoding: str = "8bit", fields: str = "") -> bytes:
    """One MIME part with its header."""
    data = body if isinstance(body, bytes) else body.replace("\r\n", "\n").replace("\n", "\r\n").encode(charset)
    if encoding == "base64":
        data = base64.encodebytes(data)
    elif encoding == "quoted-printable":
        data = quopri.encodestring(data.replace(b"\r\n", b"\n")).replace(b"\n", b"\r\n")
    label = f"; charset={charset}" if kind.startswith("text/") and "charset" not in kind else ""
    head = f"Content-Type: {kind}{label}\r\nContent-Transfer-Encoding: {encoding}\r\n"
    head += "".join(line.strip() + "\r\n" for line in fields.strip().splitlines() if line.strip())
    return head.encode() + b"\r\n" + data


_BOUNDARY = iter(range(10_000_000))


def several(kind: str, *parts: bytes, parameters: str = "") -> bytes:
    """A multipart of `kind` with its own header line."""
    boundary = f"=_part_{next(_BOUNDARY)}"
    head = f'Content-Type: multipart/{kind}; boundary="{boundary}"{parameters}\r\n\r\n'.encode()
    line = b"\r\n--" + boundary.encode()
    return head + b"".join(line + b"\r\n" + one for one in parts) + line + b"--\r\n"


def head(subject: str = "Mon bac vert", sender: str = "emile.roux@poste.example", fields: str = "") -> bytes:
    """The header of a mail without its content type, to be put before `part` or `several`."""
    lines = [f"From: {sender}", f"To: {DESK}", f"Subject: {subject}", "MIME-Version: 1.0", *fields.strip().splitlines()]
    return "".join(line.strip() + "\r\n" for line in lines if line.strip()).encode()


@dataclass(frozen=True)
class Expected:
    """One mail and what must be read in it; what is not said is not asked."""

    name: str
    raw: bytes
    new: str | None = None  # exactly, blanks at the ends aside
    has: tuple[str, ...] = ()  # in the new text, in this order
    lacks: tuple[str, ...] = ()  # nowhere in the new text
    history: tuple[str, ...] = ()
    signature: tuple[str, ...] = ()
    disclaimer: tuple[str, ...] = ()
    forwarded: tuple[str, ...] = ()
    language: str | None = ""
    only: tuple[str, ...] | None = None  # exactly these kinds of folds
    seen: dict[str, object] = field(default_factory=dict)

    def check(self) -> None:
        found = read(self.raw)
        self._new_text(found)
        for kind in ("history", "signature", "disclaimer", "forwarded"):
            folded = "\n".join(fold.text for fold in found.folded if fold.kind == kind)
            for words in getattr(self, kind):
                assert words in folded, f"{words!r} is not folded as {kind}: {found.folded}\nnew: {found.new_text!r}"
        if self.only is not None:
            assert {fold.kind for fold in found.folded} == set(self.only), found.folded
        if self.language != "":
            assert found.language == self.language
        nothing_is_lost(found)
        assert not [t for t in found.troubles if t.code == "reader_failed"], found.troubles

    def _new_text(self, found: ParsedMail) -> None:
        if self.new is not None:
            assert found.new_text == self.new.strip(), f"{found.new_text!r}; folded: {found.folded}"
        position = 0
        for words in self.has:
            position = found.new_text.find(words, position)
            assert position >= 0, f"{words!r} is not (in order) in {found.new_text!r}; folded: {found.folded}"
        for words in self.lacks:
            assert words not in found.new_text, f"{words!r} is in {found.new_text!r}"


def word_counts(text: str) -> dict[str, int]:
    counts: dict[str, int] = {}
    for word in text.replace(">", " ").split():
        counts[word] = counts.get(word, 0) + 1
    return counts


def nothing_is_lost(found: ParsedMail) -> None:
    """New text and folds hold every word of the text, as often."""
    kept = word_counts("\n".join([found.new_text, *(fold.text for fold in found.folded)]))
    for word, times in word_counts(found.text).items():
        assert kept.get(word, 0) >= times, f"{word!r} is {times} times in the text, {kept.get(word, 0)} times kept"


TIGHT = Limits(bytes=300_000, parts=50, depth=8, text=20_000, markup=40_000, attachment=50_000, attachments=100_000)
