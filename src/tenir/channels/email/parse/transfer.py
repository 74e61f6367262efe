"""Content-Transfer-Encoding undone, damaged or not."""

from __future__ import annotations

import binascii
import re

from tenir.channels.email.parse.headers import loose_base64

_BASE64_LINE = re.compile(rb"[A-Za-z0-9+/=\s]*")
_UU_BEGIN = re.compile(r"^begin(?:-base64)? [0-7]{3,4} (.{1,255})$", re.MULTILINE)


def decode(data: bytes, encoding: str) -> tuple[bytes, str | None]:
    """The bytes behind a transfer encoding, and the code of a trouble when they were damaged."""
    encoding = encoding.strip().lower()
    if encoding == "base64":
        damaged = _BASE64_LINE.fullmatch(data) is None
        return loose_base64(data), "damaged_base64" if damaged else None
    if encoding == "quoted-printable":
        # Python drops nothing that it does not understand: "=ZZ" stays as it is, as readers expect.
        return binascii.a2b_qp(data), None
    if encoding in ("x-uuencode", "uuencode", "uue", "x-uue"):
        start = data.find(b"\n")
        return (_uu_lines(data[start + 1 :].splitlines()), None) if start >= 0 else (data, "damaged_uuencode")
    known = encoding in ("", "7bit", "8bit", "binary", "7-bit", "8-bit", "none", "7bits", "8bits")
    return data, None if known else "unknown_transfer_encoding"


def _uu_lines(lines: list[bytes]) -> bytes:
    out: list[bytes] = []
    for line in lines:
        if line.strip() in (b"end", b"`"):
            break
        try:
            out.append(binascii.a2b_uu(line))
        except binascii.Error:
            if line:  # some encoders leave blanks at the end of a line: the first byte tells the length
                length = (((line[0] - 32) & 63) * 4 + 5) // 3
                try:
                    out.append(binascii.a2b_uu(line[:length]))
                except binascii.Error:
                    break
    return b"".join(out)


def take_uuencoded(text: str, most: int = 50) -> tuple[str, list[tuple[str, bytes]]]:
    """Files uuencoded within a text body: the text without them, and their names and bytes."""
    files: list[tuple[str, bytes]] = []
    kept: list[str] = []
    position = 0
    for attempt, begin in enumerate(_UU_BEGIN.finditer(text)):
        if begin.start() < position:
            continue
        if attempt >= most:
            break
        finish = text.find("\nend", begin.end())
        if finish < 0:
            break
        block = text[begin.end() + 1 : finish].encode("ascii", "replace").splitlines()
        if not block or not all(0 < len(line) <= 64 for line in block):
            continue  # somebody who writes the word "begin"
        kept.append(text[position : begin.start()])
        files.append((begin[1].strip(), _uu_lines(block)))
        position = finish + 4
    kept.append(text[position:])
    return "".join(kept), files
