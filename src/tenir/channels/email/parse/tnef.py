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
_SIZED = frozenset((0xD, 0x1E, 0x1F, 0x102))  # their length is written before them
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
        _message(found, value, most)
    elif attribute in (_TITLE, _DATA, _ATTACHMENT_PROPERTIES):
        if not found.files:
            found.files.append(File())
        _file(found.files[-1], attribute, value, codepage)
    return codepage


def _message(found: Container, value: bytes, most: int) -> None:
    for tag, content in _properties(value):
        if tag == _BODY_TEXT and content:
            found.body = content.decode("utf-8", "replace")
        elif tag == _BODY_HTML:
            found.html = content
        elif tag == _BODY_RTF:
            found.rtf = decompress_rtf(content, most)


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
        if many or kind in _SIZED:
            if position + 4 > len(data):
                return
            count = struct.unpack_from("<I", data, position)[0]
            position += 4
        for index in range(min(count, 1_000)):
            content, position = _value(data, position, kind)
            if position < 0:
                return
            if index == 0:
                yield tag, _as_utf8(kind, content)


def _value(data: bytes, position: int, kind: int) -> tuple[bytes, int]:
    """One value and where the next begins; -1 when there is none."""
    if kind in _SIZES:
        return data[position : position + _SIZES[kind]], position + _SIZES[kind]
    if kind in _SIZED and position + 4 <= len(data):
        length = struct.unpack_from("<I", data, position)[0]
        return data[position + 4 : position + 4 + length], position + 4 + length + (-length % 4)
    return b"", -1


def _skip_name(data: bytes, position: int) -> int:
    if position + 24 > len(data):
        return len(data)
    if struct.unpack_from("<I", data, position + 16)[0] == 0:
        return position + 24
    length = struct.unpack_from("<I", data, position + 20)[0]
    return int(position + 24 + length + (-length % 4))


def _as_utf8(kind: int, content: bytes) -> bytes:
    if kind == 0x1F:
        return content.decode("utf-16-le", "replace").rstrip("\0").encode("utf-8", "replace")
    if kind == 0x1E:
        return charset.decode(content.rstrip(b"\0"))[0].encode("utf-8", "replace")
    return content


_PREBUFFER = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans Serif"
    rb"SymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
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
            token = data[position : position + (2 if control & (1 << bit) else 1)]
            position += len(token)
            if len(token) == 2:
                offset, length = (token[0] << 8 | token[1]) >> 4, (token[1] & 15) + 2
            elif token and not control & (1 << bit):
                window[write] = token[0]
                offset, length = write, 1
            else:
                return bytes(out[:limit])
            if offset == write and len(token) == 2:  # the mark of the end
                return bytes(out[:limit])
            for step in range(length):  # may overlap what it is writing
                byte = window[(offset + step) % 4096]
                window[(write + step) % 4096] = byte
                out.append(byte)
            write = (write + length) % 4096
    return bytes(out[:limit])


_RTF = re.compile(rb"\\([a-z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-z])|([{}])|[\r\n]+|([^\\{}\r\n]+)")
_UNSEEN = frozenset(
    b"fonttbl colortbl stylesheet info pict object header footer generator listtable listoverridetable themedata"
    b" datastore xmlnstbl rsidtbl mhtmltag htmltag".split()
)


class _RtfText:
    """The state of one pass over an RTF text."""

    def __init__(self) -> None:
        self.out: list[str] = []
        self.stack: list[bool] = []
        self.hidden = False
        self.skip = 0  # characters that stand in for the Unicode one before them

    def brace(self, brace: bytes) -> None:
        if brace == b"{":
            self.stack.append(self.hidden)
        elif self.stack:
            self.hidden = self.stack.pop()

    def word(self, word: bytes, number: bytes | None) -> None:
        if word in _UNSEEN:
            self.hidden = True
        elif self.hidden:
            return
        elif word == b"u" and number:
            self.out.append(chr(int(number) & 0xFFFF))
            self.skip = 1
        elif word in (b"par", b"line", b"row"):
            self.out.append("\n")
        elif word in (b"tab", b"cell"):
            self.out.append("\t")

    def symbol(self, symbol: bytes) -> None:
        if symbol == b"*":
            self.hidden = True
        elif symbol == b"~":
            self.text(" ")
        elif symbol in (b"\\", b"{", b"}"):
            self.text(symbol.decode())

    def text(self, text: str) -> None:
        if not self.hidden:
            self.out.append(text[self.skip :])
            self.skip = max(self.skip - len(text), 0)


def rtf_text(rtf: bytes) -> str:
    """The words of an RTF text, good enough to be read; formatting, pictures and embedded HTML tags go."""
    state = _RtfText()
    for match in _RTF.finditer(rtf):
        word, number, byte, symbol, brace, plain = match.groups()
        if brace:
            state.brace(brace)
        elif word:
            state.word(word, number)
        elif byte:
            state.text(charset.decode(bytes([int(byte, 16)]), "cp1252")[0])
        elif symbol:
            state.symbol(symbol)
        elif plain:
            state.text(charset.decode(plain, "cp1252")[0])
    joined = "".join(state.out).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return re.sub(r"\n{3,}", "\n\n", joined).strip()
