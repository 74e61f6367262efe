"""S/MIME mails that are signed but not encrypted carry the mail within the signature (RFC 5652, SignedData).

Only what is needed to find the signed bytes is read of the DER; no signature is checked here, and none is claimed.
"""

from __future__ import annotations

_DATA = bytes.fromhex("06092a864886f70d010701")  # the content type "data", before the signed bytes
_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
_MOST_CHUNKS = 100_000


def content(der: bytes) -> bytes | None:
    """The signed bytes, or None when these are not there (encrypted, detached, damaged)."""
    if _SIGNED_DATA not in der[:40]:
        return None
    start = der.find(_DATA)
    if start < 0:
        return None
    position = start + len(_DATA)
    tag, length, position = _header(der, position)
    if tag != 0xA0:
        return None
    tag, length, position = _header(der, position)
    if tag == 0x04:
        return der[position : position + length] if length >= 0 else None
    return _chunks(der, position) if tag == 0x24 else None


def _header(der: bytes, position: int) -> tuple[int, int, int]:
    """Tag, length (-1 when it is not said) and where the value begins; tag -1 at the end."""
    if position + 2 > len(der):
        return -1, 0, len(der)
    tag, length = der[position], der[position + 1]
    position += 2
    if length == 0x80:
        return tag, -1, position
    if length > 0x80:
        count = length & 0x7F
        if count > 4:
            return -1, 0, len(der)
        length = int.from_bytes(der[position : position + count], "big")
        position += count
    return tag, length, position


def _chunks(der: bytes, position: int) -> bytes | None:
    out: list[bytes] = []
    for _ in range(_MOST_CHUNKS):
        tag, length, start = _header(der, position)
        if tag != 0x04 or length < 0:
            break
        out.append(der[start : start + length])
        position = start + length
    return b"".join(out) or None
