"""A file sealed with a passphrase: read by nobody without it, and any change, cut or exchange of parts is found.

scrypt (RFC 7914) makes a key of the passphrase; AES-256-GCM seals 64 KiB at a time. The nonce of a part is the file's
own random prefix, the part's number and whether it is the last: parts cannot be exchanged, repeated or left out, and
a file that ends early ends with a part that does not say that it is the last (the STREAM construction of Hoang,
Reyhanitabar, Rogaway and Vizár, 2015).
"""

import io
import os
import struct
from typing import Any, BinaryIO, cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from tenir.install.tongue import say

MAGIC = b"TENIR-SEALED-1\n"
PART = 64 * 1024
TAG = 16
#: 128 MiB and about half a second for each guess of a passphrase (OWASP's advice for scrypt: N = 2^17, r = 8, p = 1).
COST = 17
_HEADER = struct.Struct(f"{len(MAGIC)}sB16s7s")


class NotOpened(Exception):
    """The passphrase is another, or the file is not what was written."""

    def __init__(self, *, first: bool) -> None:
        self.first = first
        super().__init__(
            say("The passphrase is not the one that this backup was sealed with, or its beginning is damaged.",
                "La phrase secrète n'est pas celle de cette sauvegarde, ou son début est abîmé.")
            if first
            else say("The sealed backup is damaged or cut short.", "La sauvegarde scellée est abîmée ou incomplète.")
        )  # fmt: skip


def _cipher(passphrase: bytes, salt: bytes, cost: int) -> AESGCM:
    return AESGCM(Scrypt(salt=salt, length=32, n=2**cost, r=8, p=1).derive(passphrase))


def _nonce(prefix: bytes, number: int, *, last: bool) -> bytes:
    return prefix + struct.pack(">I?", number, last)


class Sealer(io.RawIOBase):
    """Writes sealed parts to `file`; what was written is whole only after `finish`."""

    def __init__(self, file: BinaryIO, passphrase: bytes) -> None:
        super().__init__()
        self._file = file
        salt, self._prefix = os.urandom(16), os.urandom(7)
        self._header = _HEADER.pack(MAGIC, COST, salt, self._prefix)
        self._cipher = _cipher(passphrase, salt, COST)
        self._pending = bytearray()
        self._number = 0
        file.write(self._header)

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._pending += data
        # One whole part always stays behind: whether it is the last is known only when nothing follows.
        while len(self._pending) > PART:
            self._seal(bytes(self._pending[:PART]), last=False)
            del self._pending[:PART]
        return len(data)

    def finish(self) -> None:
        """Seals what is left, as the last part."""
        self._seal(bytes(self._pending), last=True)
        self._pending.clear()

    def _seal(self, part: bytes, *, last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._prefix, self._number, last=last), part, self._header))
        self._number += 1


class Opener(io.RawIOBase):
    """Reads what a `Sealer` wrote. Raises `NotOpened` at the first part that is not genuine."""

    def __init__(self, file: BinaryIO, passphrase: bytes) -> None:
        super().__init__()
        self._file = file
        self._header = file.read(_HEADER.size)
        if len(self._header) < _HEADER.size:
            raise NotOpened(first=True)
        _magic, cost, salt, self._prefix = cast("tuple[bytes, int, bytes, bytes]", _HEADER.unpack(self._header))
        if not 10 <= cost <= 20:
            raise NotOpened(first=True)
        self._cipher = _cipher(passphrase, salt, cost)
        self._next = file.read(PART + TAG)
        self._number = 0
        self._open = b""
        self._at = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if self._at == len(self._open) and not self._more():
            return 0
        taken = self._open[self._at : self._at + len(buffer)]
        buffer[: len(taken)] = taken
        self._at += len(taken)
        return len(taken)

    def _more(self) -> bool:
        while self._next or self._number == 0:
            sealed, self._next = self._next, self._file.read(PART + TAG)
            nonce = _nonce(self._prefix, self._number, last=not self._next)
            try:
                self._open = self._cipher.decrypt(nonce, sealed, self._header)
            except InvalidTag:
                raise NotOpened(first=self._number == 0) from None
            self._at, self._number = 0, self._number + 1
            if self._open:
                return True
        return False


def is_sealed(beginning: bytes) -> bool:
    """Whether a file that begins so was sealed."""
    return beginning.startswith(MAGIC)
