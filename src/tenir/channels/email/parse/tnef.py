"""winmail.dat: the container of Outlook's rich text (MS-OXTNEF), and its compressed RTF (MS-OXRTFCP).

Written here because the one Python reader of TNEF has not moved for years and unpacks without a limit.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from tenir.channels.email.parse import charset

SIGNATURE = 0x223E9F78
_BODY, _MESSAGE_PROPERTIES, _MESSAGE_CLASS = 0x0002800C, 0x00069003, 0x00078008
_RENDERED, _TITLE, _DATA, _ATTACHMENT_PROPERTIES = 0x00069002, 0x00018010, 0x0006800F, 0x00069005
_CODEPAGE = 0x00069007
_BODY_TEXT, _BODY_RTF, _BODY_HTML = 0x1000, 0x1009, 0x1013
_LONG_NAME, _SHORT_NAME, _BYTES, _TYPE, _CONTENT_ID = 0x3707, 0x3704, 0x3701, 0x370E, 0x3712
_SIZES = {2: 4, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 0xA: 4, 0xB: 4, 0x14: 8, 0x40: 8, 0x48: 16}


@dataclass(slots=True)
class File:
    name: str = ""
    content: bytes = b""
    content_type: str = ""
    content_id: str | None = None


@dataclass(slots=True)
class Container:
    """What was in it; `damaged` when it ends before it should."""

    body: str = ""
    html: bytes = b""
    rtf: bytes = b""
    files: list[File] = field(default_factory=list)
    damaged: bool = False


def unpack(data: bytes, most: int, codepage: str = "cp1252") -> Container:
    """Read a TNEF container; at most `most` bytes of decompressed text. Raises nothing."""
    found = Container()
    if len(data) < 6 or struct.unpack_from("<I", data)[0] != SIGNATURE:
        found.damaged = True
        return found
    position = 6
    while position + 11 <= len(data) and len(found.files) <= 500:
        attribute, length = struct.unpack_from("<II", data, position + 1)
        start = position + 9
        end = start + length
        if data[position] not in (1, 2) or end + 2 > len(data):
            found.damaged = True
            end = min(end, len(data))
            if data[position] not in (1, 2):
                break
        codepage = _attribute(found, attribute, data[start:end], most, codepage)
        position = end + 2
    found.files = [file for file in found.files if file.content or file.name]
    return found


def _attribute(found: Container, attribute: int, value: bytes, most: int, codepage: str) -> str:
    if attribute == _CODEPAGE and len(value) >= 4:
        return f"cp{struct.unpack_from('<I', value)[0]}"
    if attribute == _RENDERED:
        found.files.append(File())
    elif attribute == _BODY:
        found.body = _text(value, codepage)
    elif attribute == _MESSAGE_PROPERTIES:
        for tag, content in _properties(value):
            if tag == _BODY_TEXT and content:
                found.body = content.decode("utf-8", "replace")
            elif tag == _BODY_HTML:
                found.html = content
            elif tag == _BODY_RTF:
                found.rtf = decompress_rtf(content, most)
    elif attribute in (_TITLE, _DATA, _ATTACHMENT_PROPERTIES):
        if not found.files:
            found.files.append(File())
        _file(found.files[-1], attribute, value, codepage)
    return codepage


def _file(file: File, attribute: int, value: bytes, codepage: str) -> None:
    if attribute == _TITLE:
        file.name = file.name or _text(value, codepage)
    elif attribute == _DATA:
        file.content = value
    else:
        for tag, content in _properties(value):
            if (tag == _LONG_NAME and content) or (tag == _SHORT_NAME and not file.name):
                file.name = content.decode("utf-8", "replace")
            elif tag == _BYTES and content and not file.content:
                file.content = content
            elif tag == _TYPE:
                file.content_type = content.decode("ascii", "ignore")
            elif tag == _CONTENT_ID:
                file.content_id = content.decode("ascii", "ignore") or None


def _text(value: bytes, codepage: str) -> str:
    return charset.decode(value.split(b"\0", 1)[0], codepage)[0]


def _properties(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The MAPI properties of a block, texts as UTF-8; stops where the block stops making sense."""
    if len(data) < 4:
        return
    position = 4
    for _ in range(min(struct.unpack_from("<I", data)[0], 2_000)):
        if position + 4 > len(data):
            return
        kind, tag = struct.unpack_from("<HH", data, position)
        position += 4
        if tag >= 0x8000:
            position = _skip_name(data, position)
        many, kind = kind & 0x1000, kind & 0x0FFF
        count = 1
        if many or kind in (0xD, 0x1E, 0x1F, 0x102):
            if position + 4 > len(data):
                return
            count = struct.unpack_from("<I", data, position)[0]
            position += 4
        for index in range(min(count, 1_000)):
            if kind in _SIZES:
                content, position = data[position : position + _SIZES[kind]], position + _SIZES[kind]
            elif kind in (0xD, 0x1E, 0x1F, 0x102) and position + 4 <= len(data):
                length = struct.unpack_from("<I", data, position)[0]
                content = data[position + 4 : position + 4 + length]
                position += 4 + length + (-length % 4)
            else:
                return
            if index == 0:
                yield tag, _as_utf8(kind, content)


def _skip_name(data: bytes, position: int) -> int:
    if position + 24 > len(data):
        return len(data)
    if struct.unpack_from("<I", data, position + 16)[0] == 0:
        return position + 24
    length = struct.unpack_from("<I", data, position + 20)[0]
    return position + 24 + length + (-length % 4)


def _as_utf8(kind: int, content: bytes) -> bytes:
    if kind == 0x1F:
        return content.decode("utf-16-le", "replace").rstrip("\0").encode("utf-8", "replace")
    if kind == 0x1E:
        return charset.decode(content.rstrip(b"\0"))[0].encode("utf-8", "replace")
    return content


_PREBUFFER = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans SerifSymbol"
    rb"ArialTimes New RomanCourier{\colortbl\red0\green0\blue0" + b"\r\n" + rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)


def decompress_rtf(data: bytes, most: int) -> bytes:
    """LZFu or stored RTF; b"" when it is neither. Stops at `most` bytes or at the size that the header tells."""
    if len(data) < 16:
        return b""
    raw_size, kind = struct.unpack_from("<I4s", data, 4)
    if kind == b"MELA":
        return data[16 : 16 + min(raw_size, most)]
    if kind != b"LZFu":
        return b""
    window = bytearray(_PREBUFFER.ljust(4096, b"\0"))
    write, position, limit = len(_PREBUFFER), 16, min(raw_size, most)
    out = bytearray()
    while position < len(data) and len(out) < limit:
        control = data[position]
        position += 1
        for bit in range(8):
            if position >= len(data) or len(out) >= limit:
                break
            if not control & (1 << bit):
                piece = data[position : position + 1]
                position += 1
            else:
                if position + 2 > len(data):
                    return bytes(out)
                reference = data[position] << 8 | data[position + 1]
                position += 2
                offset, length = reference >> 4, (reference & 15) + 2
                if offset == write:
                    return bytes(out)
                copied = bytearray()
                for step in range(length):  # may overlap what it is writing
                    byte = window[(offset + step) % 4096]
                    window[(write + step) % 4096] = byte
                    copied.append(byte)
                write = (write + length) % 4096
                out += copied
                continue
            window[write] = piece[0]
            write = (write + 1) % 4096
            out += piece
    return bytes(out[:limit])


_RTF = re.compile(rb"\\([a-z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-z])|([{}])|[\r\n]+|([^\\{}\r\n]+)")
_UNSEEN = frozenset(
    b"fonttbl colortbl stylesheet info pict object header footer generator listtable listoverridetable themedata"
    b" datastore xmlnstbl rsidtbl mhtmltag htmltag".split()
)


def rtf_text(rtf: bytes) -> str:
    """The words of an RTF text, good enough to be read; formatting, pictures and embedded HTML tags go."""
    out: list[str] = []
    stack: list[bool] = []
    hidden, skip = False, 0
    for match in _RTF.finditer(rtf):
        word, number, byte, symbol, brace, plain = match.groups()
        if brace:
            if brace == b"{":
                stack.append(hidden)
            elif stack:
                hidden = stack.pop()
        elif word:
            if word in _UNSEEN:
                hidden = True
            elif word == b"u" and number and not hidden:
                out.append(chr(int(number) & 0xFFFF))
                skip = 1
            elif word in (b"par", b"line", b"row") and not hidden:
                out.append("\n")
            elif word in (b"tab", b"cell") and not hidden:
                out.append("\t")
        elif byte:
            if skip:
                skip -= 1
            elif not hidden:
                out.append(charset.decode(bytes([int(byte, 16)]), "cp1252")[0])
        elif symbol:
            if symbol == b"*":
                hidden = True
            elif not hidden:
                out.append(" " if symbol == b"~" else symbol.decode("latin-1") if symbol in b"\\{}" else "")
        elif plain and not hidden:
            text = charset.decode(plain, "cp1252")[0]
            out.append(text[skip:])
            skip = 0
    joined = "".join(out).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return re.sub(r"\n{3,}", "\n\n", joined).strip()
