"""The tree of MIME parts, found in the raw bytes without copying them.

Everything is an offset into the one `raw`; each level is searched once with a plain `find`, so that the cost is at
most the depth limit times the size, and a part costs the same whether it is whole or broken.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tenir.channels.email.parse.headers import Headers, parameters, split_headers
from tenir.channels.email.parse.values import Limits, Trouble

_GUESS = re.compile(rb"(?m)^--([^\s-][^\r\n]{0,199}?)[ \t]*\r?\n(?=content-|mime-|\r?\n)", re.IGNORECASE)
_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,100}/[a-z0-9!#$&^_.+*-]{1,100}")
#: Lines that begin like a boundary and are none: beyond this many, the part is taken as it is.
_MISSES = 20_000


@dataclass(slots=True)
class Node:
    """One part: its fields, its type, and where its body lies in the raw bytes."""

    headers: Headers
    kind: str  # "text/plain"
    parameters: dict[str, str]
    disposition: str
    disposition_parameters: dict[str, str]
    start: int
    end: int
    depth: int
    children: list[Node] = field(default_factory=list)

    @property
    def multipart(self) -> bool:
        return bool(self.children)

    @property
    def file_name(self) -> str:
        return self.disposition_parameters.get("filename") or self.parameters.get("name") or ""

    @property
    def content_id(self) -> str | None:
        return self.headers.first("content-id").strip("<> ")[:400] or None


class Tree:
    """Reads one mail's structure; `troubles` tells what was not as it should."""

    def __init__(self, raw: bytes, limits: Limits) -> None:
        self.raw, self.limits = raw, limits
        self.parts = 0
        self.troubles: dict[str, Trouble] = {}
        self.root = self._node(0, len(raw), 0, "text/plain")

    def trouble(self, code: str, detail: str = "") -> None:
        self.troubles.setdefault(code, Trouble(code, detail[:300]))

    def _node(self, start: int, end: int, depth: int, default: str) -> Node:
        self.parts += 1
        limits = self.limits
        # Only as much as a header may be is looked at, so that a large part is not copied for its header.
        window = self.raw[start : min(end, start + limits.header_length * 4 + 4)]
        headers, body = split_headers(window, limits)
        if headers.cut:
            self.trouble("header_too_large")
        if headers.broken:
            self.trouble("broken_header")
        if headers.no_end:
            self.trouble("header_without_end")
        value = headers.first("content-type")
        kind, found = parameters(value) if value else (default, {})
        if not _TYPE.fullmatch(kind):
            kind = _repaired_type(kind, default)
        value = headers.first("content-disposition")
        disposition, about = parameters(value) if value else ("", {})
        node = Node(headers, kind, found, disposition, about, start + body, end, depth)
        if kind.startswith("multipart/"):
            self._split(node)
        return node

    def _split(self, node: Node) -> None:
        if node.depth >= self.limits.depth:
            self.trouble("nested_too_deep", str(node.depth))
            return
        boundary = node.parameters.get("boundary", "").rstrip().encode("latin-1", "replace")
        default = "message/rfc822" if node.kind == "multipart/digest" else "text/plain"
        spans = self._spans(node, boundary) if boundary else []
        if not spans:
            guess = _GUESS.search(self.raw, max(node.start - 1, 0), min(node.end, node.start + 65_536))
            spans = self._spans(node, guess[1]) if guess else []
            self.trouble("broken_boundary", node.kind)
        for start, end in spans:
            if self.parts >= self.limits.parts:
                self.trouble("too_many_parts", str(self.limits.parts))
                break
            node.children.append(self._node(start, end, node.depth + 1, default))
        if not node.children:
            node.kind = "text/plain"

    def _spans(self, node: Node, boundary: bytes) -> list[tuple[int, int]]:
        """Where the parts begin and end. A part after the closing boundary is a part all the same."""
        raw, needle = self.raw, b"\n--" + boundary
        spans: list[tuple[int, int]] = []
        position = max(node.start - 1, 0)
        if node.start == 0 and raw.startswith(b"--" + boundary):
            position = -1
        opened, misses = -1, 0
        while misses < _MISSES and len(spans) <= self.limits.parts:
            found = raw.find(needle, position, node.end) if position >= 0 else -1
            if position < 0:
                position = 0
            elif found < 0:
                break
            line_end = raw.find(b"\n", found + len(needle), node.end)
            line_end = node.end if line_end < 0 else line_end
            rest = raw[found + len(needle) : min(line_end, found + len(needle) + 200)].strip()
            if rest not in (b"", b"--"):
                misses, position = misses + 1, found + len(needle)
                continue
            if opened >= 0:
                stop = found - 1 if found > opened and raw[found - 1 : found] == b"\r" else found
                spans.append((opened, max(stop, opened)))
            opened = -1 if rest == b"--" else min(line_end + 1, node.end)
            position = line_end
        if opened >= 0:
            spans.append((opened, node.end))
            self.trouble("boundary_not_closed", node.kind)
        return spans


def _repaired_type(kind: str, default: str) -> str:
    kind = re.sub(r"\s", "", kind[:200])
    if _TYPE.fullmatch(kind):
        return kind
    if kind in ("html", "text/htm"):
        return "text/html"
    if kind.startswith("text"):
        return "text/plain"
    return "application/octet-stream" if "/" in kind else default
