"""Makes winmail.dat containers as Outlook does, for the tests."""

from __future__ import annotations

import struct


def container(*, files: list[tuple[str, bytes]] | None = None, body: str = "", rtf: bytes = b"") -> bytes:
    out = struct.pack("<IH", 0x223E9F78, 1)
    if body:
        out += _attribute(1, 0x0002800C, body.encode("cp1252") + b"\0")
    if rtf:
        packed = compress(rtf)
        out += _attribute(1, 0x00069003, struct.pack("<I", 1) + _property(0x0102, 0x1009, packed))
    for name, content in files or ():
        out += _attribute(2, 0x00069002, b"\0" * 14)
        out += _attribute(2, 0x00018010, b"SHORT~1.PDF\0")
        out += _attribute(2, 0x0006800F, content)
        out += _attribute(
            2, 0x00069005, struct.pack("<I", 1) + _property(0x001F, 0x3707, (name + "\0").encode("utf-16-le"))
        )
    return out


def compress(rtf: bytes) -> bytes:
    """LZFu with literals only, which every reader must take."""
    body = b"".join(b"\0" + rtf[i : i + 8] for i in range(0, len(rtf), 8))
    return struct.pack("<II4sI", len(body) + 12, len(rtf), b"LZFu", 0) + body


def bomb(size: int) -> bytes:
    """LZFu that claims and makes as much as it can: every token copies seventeen bytes of itself."""
    token = struct.pack(">H", (100 << 4) | 15)
    body = (b"\xff" + token * 8) * (size // 8)
    return struct.pack("<II4sI", len(body) + 12, 0xFFFFFFF0, b"LZFu", 0) + body


def _property(kind: int, tag: int, content: bytes) -> bytes:
    return struct.pack("<HHII", kind, tag, 1, len(content)) + content + b"\0" * (-len(content) % 4)


def _attribute(level: int, attribute: int, value: bytes) -> bytes:
    return struct.pack("<BII", level, attribute, len(value)) + value + struct.pack("<H", sum(value) & 0xFFFF)
