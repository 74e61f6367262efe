"""From the tree of parts to one body and the files: which alternative is shown, which part is a file.

A piece is one stretch of the body, in plain text, in HTML or in both; a mail may have several in a row.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import escape

from tenir.channels.email.parse import calendar, charset, files, markup, signed, tnef, transfer
from tenir.channels.email.parse.structure import Node, Tree
from tenir.channels.email.parse.values import Attachment, Event, Limits

_SIGNED = frozenset(
    (
        "application/pkcs7-signature",
        "application/x-pkcs7-signature",
        "application/pgp-signature",
        "application/pgp-encrypted",
    )
)
_MIME_SMIME = frozenset(("application/pkcs7-mime", "application/x-pkcs7-mime"))
_ENRICHED = frozenset(("text/enriched", "text/richtext"))
#: Parts for machines: what they say is in `bounce` and `machine`.
_FOR_MACHINES = frozenset(
    ("message/delivery-status", "message/disposition-notification", "text/rfc822-headers", "message/feedback-report",
     "message/global-delivery-status", "message/global-headers", "application/applefile")
)  # fmt: skip
_NOT_SHOWN = frozenset(("text/x-amp-html", "text/watch-html"))
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff\ufffe\uffff]")
_META = re.compile(rb"<meta[^>]{0,200}?charset\s{0,5}=\s{0,5}[\"']?([\w:.-]{1,40})", re.IGNORECASE)
_LOOKS_HTML = re.compile(r"\s{0,200}<(?:!doctype html|html|head|body)\b", re.IGNORECASE)


@dataclass(slots=True)
class Piece:
    """One stretch of the body; None where it does not exist in that form."""

    plain: str | None = None
    html: str | None = None


@dataclass(slots=True)
class File:
    """A file before its name and place are settled."""

    name: str
    kind: str
    content: bytes
    content_id: str | None
    disposition: str


@dataclass(slots=True)
class Contents:
    """Everything that the walk found."""

    pieces: list[Piece] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    status: str | None = None
    returned: bytes | None = None
    nested: list[bytes] = field(default_factory=list)


class Walk:
    """Goes through the tree once, within the limits."""

    def __init__(self, tree: Tree, limits: Limits, *, wrapped: bool = False) -> None:
        self.tree, self.limits, self.wrapped = tree, limits, wrapped
        self.found = Contents()
        self.size = 0  # of all decoded files

    def contents(self) -> Contents:
        self.found.pieces = self._pieces(self.tree.root)
        if not any(piece.plain or piece.html for piece in self.found.pieces):
            self._named_body()
        return self.found

    # -- multiparts ----------------------------------------------------------------------------------------------------

    def _pieces(self, node: Node) -> list[Piece]:
        if not node.children:
            return self._leaf(node)
        if node.kind == "multipart/alternative":
            return self._alternative(node)
        if node.kind == "multipart/encrypted":
            self.tree.trouble("encrypted", node.parameters.get("protocol", "multipart/encrypted"))
        pieces: list[Piece] = []
        for child in self._in_order(node):
            pieces += self._pieces(child)
        return pieces

    def _in_order(self, node: Node) -> list[Node]:
        start = node.parameters.get("start", "").strip("<> ") if node.kind == "multipart/related" else ""
        if not start:
            return node.children
        return sorted(node.children, key=lambda child: child.content_id != start)

    def _alternative(self, node: Node) -> list[Piece]:
        """One piece: the plain form that comes without HTML, and the last HTML form."""
        plain, html = "", ""
        for child in node.children:
            pieces = self._pieces(child)
            shown = [p.html for p in pieces if p.html]
            if shown:
                html = "<br>".join(p.html or _as_html(p.plain or "") for p in pieces)
            if not shown or all(p.plain for p in pieces):
                said = "\n".join(p.plain for p in pieces if p.plain)
                plain = plain or said
        return [Piece(plain or None, html or None)]

    # -- leaves --------------------------------------------------------------------------------------------------------

    def bytes_of(self, node: Node, most: int) -> bytes:
        """The decoded bytes of a part, at most `most`."""
        encoding = node.headers.first("content-transfer-encoding").partition(";")[0]
        span = self.tree.raw[node.start : min(node.end, node.start + most * 2 + 1_000)]
        data, trouble = transfer.decode(span, encoding)
        if trouble:
            self.tree.trouble(trouble, f"{node.kind} {encoding[:60]}")
        if len(data) > most:
            self.tree.trouble("part_too_large", f"{node.kind} {node.file_name[:80]} {len(data)}")
            data = data[:most]
        return data

    def text_of(self, node: Node, most: int) -> str:
        """The decoded characters of a text part."""
        data = self.bytes_of(node, most * 4)
        label = node.parameters.get("charset", "")
        if not label and node.kind == "text/html":
            meta = _META.search(data[:4_000])
            label = meta[1].decode("ascii", "ignore") if meta else ""
        text, trouble = charset.decode(data, label)
        if trouble:
            self.tree.trouble(trouble, label[:60])
        if len(text) > most:
            self.tree.trouble("body_too_large", f"{node.kind} {len(text)}")
            text = text[:most]
        return tidy(text)

    def _leaf(self, node: Node) -> list[Piece]:
        kind = node.kind
        if kind in _SIGNED and (kind != "application/pgp-encrypted" or node.disposition != "attachment"):
            return []
        if kind in _FOR_MACHINES:
            self._for_machines(node)
            return []
        if kind in _NOT_SHOWN:
            return []
        if kind == "text/calendar" or node.file_name.lower().endswith(".ics"):
            self._calendar(node)
            return []
        if self._is_body(node):
            return self._body(node)
        if kind in ("application/ms-tnef", "application/vnd.ms-tnef") or node.file_name.lower() == "winmail.dat":
            return self._tnef(node)
        if kind in _MIME_SMIME:
            return self._smime(node)
        self._file(node)
        return []

    @staticmethod
    def _is_body(node: Node) -> bool:
        if not (node.kind in ("text/plain", "text/html") or node.kind in _ENRICHED) or node.disposition == "attachment":
            return False
        return not node.file_name

    def _body(self, node: Node) -> list[Piece]:
        if node.kind == "text/html":
            return [Piece(html=self.text_of(node, self.limits.markup))]
        text = self.text_of(node, self.limits.text)
        if node.kind in _ENRICHED:
            return [Piece(plain=markup.strip_rich(text))]
        if _LOOKS_HTML.match(text[:400]):
            return [Piece(html=text)]
        if node.parameters.get("format", "").lower() == "flowed":
            text = unflow(text, node.parameters.get("delsp", "").lower() == "yes")
        if "\nbegin" in text or text.startswith("begin"):
            text, found = transfer.take_uuencoded(text)
            for name, content in found:
                self._add(File(name, "application/octet-stream", content, None, "attachment"))
        if "-----BEGIN PGP MESSAGE-----" in text:
            self.tree.trouble("encrypted", "PGP")
        return [Piece(plain=text)]

    def _named_body(self) -> None:
        """Some programs give their body a file name: without any other body, the first text file is the body."""
        for file in self.found.files:
            if file.kind in ("text/plain", "text/html") and file.disposition != "attachment":
                text = tidy(charset.decode(file.content)[0])[: self.limits.text]
                piece = Piece(html=text) if file.kind == "text/html" else Piece(plain=text)
                self.found.pieces.append(piece)
                self.found.files.remove(file)
                return

    def _for_machines(self, node: Node) -> None:
        if node.kind in ("message/delivery-status", "message/global-delivery-status") and self.found.status is None:
            self.found.status = self.text_of(node, 200_000)
        elif node.kind in ("text/rfc822-headers", "message/global-headers") and self.found.returned is None:
            self.found.returned = self.bytes_of(node, 400_000)

    def _calendar(self, node: Node) -> None:
        events = calendar.events(self.text_of(node, 400_000))
        known = set(self.found.events)
        self.found.events += [event for event in events if event not in known]
        if not any(file.kind == "text/calendar" for file in self.found.files):
            self._file(node, kind="text/calendar")

    def _smime(self, node: Node) -> list[Piece]:
        """Signed without being encrypted: the mail is inside. Encrypted: said so, and kept as a file."""
        data = self.bytes_of(node, self.limits.attachment)
        inside = None if self.wrapped else signed.content(data)
        if inside is None:
            self.tree.trouble("encrypted", "S/MIME")
            self._file(node)
            return []
        walk = Walk(Tree(inside, self.limits), self.limits, wrapped=True)
        walk.found, walk.size = self.found, self.size
        pieces = walk._pieces(walk.tree.root)
        self.size = walk.size
        for trouble in walk.tree.troubles.values():
            self.tree.trouble(trouble.code, trouble.detail)
        return pieces

    def _file(self, node: Node, kind: str = "") -> None:
        content = self.bytes_of(node, self.limits.attachment)
        name = node.file_name
        if node.kind in ("message/rfc822", "message/global", "message/news"):
            self.found.nested.append(content)
            if self.found.returned is None:
                self.found.returned = content
            name = name or _nested_name(content)
            if name and not name.lower().endswith(".eml"):
                name += ".eml"
        if content or name:
            self._add(File(name, kind or node.kind, content, node.content_id, node.disposition))

    def _add(self, file: File) -> None:
        if self.size + len(file.content) > self.limits.attachments:
            self.tree.trouble("attachments_too_large", file.name[:80])
            return
        self.size += len(file.content)
        self.found.files.append(file)

    def _tnef(self, node: Node) -> list[Piece]:
        data = self.bytes_of(node, self.limits.attachment)
        inside = tnef.unpack(data, self.limits.decompressed)
        if inside.damaged:
            self.tree.trouble("damaged_tnef", node.file_name[:80])
            self._add(File(node.file_name or "winmail.dat", node.kind, data, None, "attachment"))
        for file in inside.files:
            kind = file.content_type if "/" in file.content_type else "application/octet-stream"
            self._add(File(file.name, kind.lower()[:100], file.content, file.content_id, "attachment"))
        if inside.html:
            return [Piece(inside.body.strip() or None, tidy(charset.decode(inside.html)[0])[: self.limits.markup])]
        if inside.rtf:
            self._add(File("message.rtf", "application/rtf", inside.rtf, None, "attachment"))
        text = inside.body.strip() or (tnef.rtf_text(inside.rtf) if inside.rtf else "")
        # Most such mails carry the same words in a plain part: said once is enough.
        return [Piece(plain=tidy(text)[: self.limits.text])] if text and not self._said_elsewhere(node) else []

    def _said_elsewhere(self, node: Node) -> bool:
        """Is there another body that is not empty?"""
        stack = list(self.tree.root.children)
        while stack:
            part = stack.pop()
            stack += part.children
            text = part is not node and part.kind in ("text/plain", "text/html") and self._is_body(part)
            if text and self.tree.raw[part.start : part.end].strip():
                return True
        return False


def _nested_name(content: bytes) -> str:
    from tenir.channels.email.parse.headers import split_headers

    headers, _ = split_headers(content[:100_000], Limits())
    return headers.text("subject")[:120]


def _as_html(plain: str) -> str:
    return "<div>" + escape(plain).replace("\n", "<br>") + "</div>"


def joined(pieces: list[Piece]) -> tuple[str | None, str | None]:
    """All of the body in plain text (None when some piece has none) and in HTML (None when no piece has it)."""
    said = [piece for piece in pieces if piece.plain or piece.html]
    plain = None
    if all(piece.plain and piece.plain.strip() for piece in said):
        plain = "\n\n".join(piece.plain or "" for piece in said) if len(said) != 1 else said[0].plain
    html = None
    if any(piece.html for piece in said):
        html = "<br>".join(piece.html or _as_html(piece.plain or "") for piece in said)
    return plain, html


def attachments(found: list[File], cids: set[str]) -> tuple[Attachment, ...]:
    """The files with safe names; inline when the HTML shows them, or when they are images meant to be in the text."""
    out = []
    for number, file in enumerate(found, 1):
        shown = file.content_id in cids or (file.disposition == "inline" and file.kind.startswith("image/"))
        out.append(
            Attachment(
                name=files.name_for(file.name, file.kind, number),
                content_type=file.kind,
                size=len(file.content),
                content=file.content,
                content_id=file.content_id,
                inline=bool(shown),
            )
        )
    return tuple(out)


def tidy(text: str) -> str:
    """One kind of line end, no control characters."""
    if "\r" in text:
        text = text.replace("\r\r\n", "\n").replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROL.sub("", text)


def unflow(text: str, delete_space: bool) -> str:
    """format=flowed (RFC 3676): lines that end in a blank go on in the next one of the same depth."""
    out: list[str] = []
    parts: list[str] = []
    open_depth = -1
    for line in text.split("\n"):
        bare = line.lstrip(">")
        depth = len(line) - len(bare)
        bare = bare.removeprefix(" ")
        flows = bare.endswith(" ") and bare != "-- "
        if parts and (depth != open_depth or bare == "-- "):
            out.append("".join(parts))
            parts = []
        if not parts:
            parts = [">" * depth + " " if depth else ""]
            open_depth = depth
        parts.append(bare[:-1] if flows and delete_space else bare)
        if not flows:
            out.append("".join(parts))
            parts = []
    if parts:
        out.append("".join(parts))
    return "\n".join(out)
