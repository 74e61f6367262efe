"""Bytes to characters when the label is missing, unknown or lies.

Rules, in order:
1. bytes that are valid UTF-8 with at least one accent are UTF-8, whatever the label (a Latin text that happens to be
   valid UTF-8 practically does not occur), unless the label is a multi-byte or shifted encoding that also accepts them;
2. the label's own encoding, Latin-1 being read as Windows-1252 as every browser does;
3. broken UTF-8 keeps its good sequences, and each stray byte is read as Windows-1252;
4. text that was encoded twice ("Ã©") is decoded once more when the whole of it proves it.
"""

from __future__ import annotations

import codecs
import re
from functools import lru_cache

#: Only encodings of text that are linear in time: Python also knows codecs that are neither.
_SAFE = re.compile(
    r"utf[-_]?(7|8|16|32)([-_]?[lb]e)?|(us[-_])?ascii|latin[-_]?\d+|iso[-_]?8859[-_]?\d{1,2}|iso[-_]ir[-_]\d+"
    r"|(cp|ibm|windows[-_]?)\d{3,5}|\d{3,4}|koi8[-_][rut]|mac[-_]?(roman|cyrillic|greek|latin2|turkish|iceland)"
    r"|macintosh|gb2312|gbk|gb18030|big5([-_]?hkscs)?|euc[-_](jp|kr|jis[-_]2004)|(shift[-_]?|s)jis|johab|hz"
    r"|iso[-_]?2022[-_](jp|kr)([-_]\w{1,4})?|tis[-_]620"
)
_ALIASES = {
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "us-ascii": "ascii",
    "iso-8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "x-sjis": "cp932",
    "x-mac-roman": "mac_roman",
    "macintosh": "mac_roman",
    "windows-31j": "cp932",
    "x-gbk": "gb18030",
    "utf8mb4": "utf-8",
    "x-euc-jp": "euc_jp",
    "iso-8859-8-i": "iso8859-8",
    "unicode-1-1-utf-7": "utf-7",
    "unicode-1-1-utf-8": "utf-8",
    "x-unicode-2-0-utf-7": "utf-7",
    "ansi_x3.4-1968": "ascii",
}
#: Their bytes may be valid UTF-8 by accident, or are plain ASCII: believe the label first.
_BELIEVED = {
    "utf-7", "iso2022_jp", "iso2022_kr", "hz", "gb18030", "big5", "big5hkscs", "cp932", "cp949", "euc_jp", "utf-16",
    "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "johab", "shift_jis", "iso2022_jp_1",
    "iso2022_jp_2", "iso2022_jp_3", "iso2022_jp_ext", "euc_jis_2004",
}  # fmt: skip
_CP1252 = "".join(bytes([b]).decode("latin-1" if b in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else "cp1252") for b in range(256))
_STRAY = re.compile(r"[\udc80-\udcff]+")
#: What UTF-8 read as Windows-1252 looks like: a lead byte, then continuation bytes.
_TWICE = re.compile(r"[ÂÃâÅ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{1,2}")
_UNKNOWN_LABELS = {"", "unknown-8bit", "x-unknown", "unknown", "8bit", "default", "none", "x-user-defined", "binary"}


@lru_cache(maxsize=256)
def encoding_for(label: str) -> str | None:
    """The Python codec that a charset label stands for; None when there is none to be trusted."""
    name = label.strip().strip("\"'").lower()[:40]
    name = _ALIASES.get(name.replace("_", "-") if "8859" in name else name, name)
    if name in _UNKNOWN_LABELS or not (_SAFE.fullmatch(name) or name in _ALIASES.values()):
        return None
    try:
        found = codecs.lookup(name).name
    except LookupError:
        return None
    return "cp1252" if found == "iso8859-1" else found


def decode(data: bytes, label: str = "") -> tuple[str, str | None]:
    """The text, and the code of a trouble when the label was unknown or lied (None otherwise)."""
    encoding = encoding_for(label)
    wanted = label.strip().strip("\"'").lower()
    trouble = "unknown_charset" if encoding is None and wanted not in _UNKNOWN_LABELS else None
    if data.startswith(b"\xef\xbb\xbf"):
        data, encoding = data[3:], "utf-8"
    elif data.startswith((b"\xff\xfe", b"\xfe\xff")) and encoding not in ("cp1252", "utf-8", "ascii"):
        encoding = "utf-16"
    if encoding in _BELIEVED:
        return _believed(data, encoding)
    if data.isascii():
        return data.decode("ascii"), trouble
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        lied = encoding not in ("utf-8", "ascii", None)
        return undo_double(text), "lying_charset" if lied else trouble
    if encoding is None or encoding in ("ascii", "utf-8"):
        return _nearly_utf8(data), trouble or ("lying_charset" if encoding else None)
    if encoding == "cp1252":
        return _cp1252(data), trouble
    return data.decode(encoding, "replace"), trouble


def _believed(data: bytes, encoding: str) -> tuple[str, str | None]:
    try:
        text = data.decode(encoding)
    except (UnicodeDecodeError, ValueError):
        pass
    else:
        if encoding == "utf-7":  # the only one that lets half a character through
            text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return text, None
    try:
        return data.decode("utf-8"), "lying_charset"
    except UnicodeDecodeError:
        if encoding.startswith(("utf-7", "utf-16", "utf-32")) and b"\x00" not in data[:200]:
            return _nearly_utf8(data), "lying_charset"
        return data.decode(encoding, "replace"), "damaged_charset"


def _cp1252(data: bytes) -> str:
    return codecs.charmap_decode(data, "replace", _CP1252)[0]


def _nearly_utf8(data: bytes) -> str:
    """UTF-8 where it is, Windows-1252 where it is not: one half of a mail is often pasted by another program."""
    text = data.decode("utf-8", "surrogateescape")
    return _STRAY.sub(lambda m: _cp1252(m[0].encode("utf-8", "surrogateescape")), text)


def undo_double(text: str) -> str:
    """Text encoded to UTF-8 twice, once undone; unchanged unless all of it proves that it was."""
    if text.isascii() or len(_TWICE.findall(text[:20_000])) < 2:
        return text
    try:
        once = text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return text
    return once
