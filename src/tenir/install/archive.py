"""The file of a backup: a tar, compressed, sealed or not, whose last member proves all that stands before it.

Members, in this order: `manifest.json` (what the backup is, with its tables and columns), `rows/TABLE/NNNNNN.jsonl`
(one row a line), `files/SHA256` (raw mails and attachments), `secret_key`, and `end.json` with the checksum of each
member. Without `end.json` a backup was cut short. Any program that reads tar.gz can look into one that is not sealed.
"""

import gzip
import hashlib
import io
import json
import re
import tarfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

from tenir.install.sealing import MAGIC, NotOpened, Opener, Sealer, is_sealed
from tenir.install.tongue import say

FORMAT = 1
MANIFEST, KEY, END = "manifest.json", "secret_key", "end.json"
ROWS = re.compile(r"rows/([a-z0-9_]+)/\d{6}\.jsonl\Z")
FILES = re.compile(r"files/([0-9a-f]{64})\Z")
BLOCK = 1 << 20
#: Level 1 is three times as quick as the usual 6 and a tenth larger; most bytes are letters already packed.
COMPRESSION = 1


class Damaged(Exception):
    """The file is not a whole, genuine backup; the sentence says what was found."""


def _damaged(english: str, french: str) -> Damaged:
    return Damaged(
        say(f"This backup is damaged: {english}. Nothing was written. Take another one.",
            f"Cette sauvegarde est abîmée : {french}. Rien n'a été écrit. Prenez-en une autre.")
    )  # fmt: skip


@dataclass
class _Proof:
    """The checksums of the members, gathered while they are written or read."""

    members: int = 0
    rows: dict[str, int] = field(default_factory=dict)
    files: int = 0
    file_bytes: int = 0
    checksums: dict[str, str] = field(default_factory=dict)

    def enter(self, name: str, sha256: str, size: int, lines: int) -> None:
        self.members += 1
        if table := ROWS.match(name):
            self.rows[table[1]] = self.rows.get(table[1], 0) + lines
        if FILES.match(name):
            # Its name is its checksum already: a million of them need not be held in memory.
            self.files, self.file_bytes = self.files + 1, self.file_bytes + size
        else:
            self.checksums[name] = sha256

    def as_json(self) -> dict[str, Any]:
        return {
            "members": self.members,
            "rows": self.rows,
            "files": self.files,
            "file_bytes": self.file_bytes,
            "sha256": self.checksums,
        }


class _Target(io.RawIOBase):
    """The file below. Once it is given up, what the layers above still write to end themselves goes nowhere."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__()
        self._file = file
        self.given_up = False

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        return len(data) if self.given_up else self._file.write(data)


class Writer:
    """Writes a backup to `file`, one member after the other; it is whole only after `finish`. Use it as a context."""

    def __init__(self, file: BinaryIO, passphrase: bytes | None) -> None:
        self._target = _Target(file)
        target = cast("BinaryIO", self._target)
        self._sealer = Sealer(target, passphrase) if passphrase is not None else None
        below = cast("BinaryIO", self._sealer) if self._sealer else target
        self._gzip = gzip.GzipFile(filename="", mode="wb", fileobj=below, compresslevel=COMPRESSION)
        self._tar = tarfile.open(fileobj=self._gzip, mode="w|", format=tarfile.PAX_FORMAT)  # noqa: SIM115
        self._proof = _Proof()

    def __enter__(self) -> "Writer":
        return self

    def __exit__(self, failed: type[BaseException] | None, *_: object) -> None:
        if failed:
            self._target.given_up = True
            with suppress(Exception):
                self._tar.close()
                self._gzip.close()

    def add(self, name: str, content: bytes, *, lines: int = 0) -> None:
        """One member from memory; `lines` is how many rows it holds."""
        self._member(name, len(content), io.BytesIO(content))
        self._proof.enter(name, hashlib.sha256(content).hexdigest(), len(content), lines)

    def add_file(self, sha256: str, path: Path) -> bool:
        """One kept file; False, and no member, when its bytes are no longer those of its name."""
        size = path.stat().st_size
        with path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
                return False
            file.seek(0)
            self._member(f"files/{sha256}", size, file)
        self._proof.enter(f"files/{sha256}", sha256, size, 0)
        return True

    def _member(self, name: str, size: int, content: BinaryIO) -> None:
        info = tarfile.TarInfo(name)
        info.size, info.mode = size, 0o600
        self._tar.addfile(info, content)
        _forget(self._tar)

    def finish(self) -> dict[str, Any]:
        """Writes the proof and closes every layer; what the proof says."""
        proof = self._proof.as_json()
        content = json.dumps(proof, indent=1).encode()
        self._member(END, len(content), io.BytesIO(content))
        self._tar.close()
        self._gzip.close()
        if self._sealer:
            self._sealer.finish()
        return proof


@dataclass(frozen=True)
class Contents:
    """What a backup that was examined holds."""

    manifest: dict[str, Any]
    proof: dict[str, Any]
    key: str


def _forget(tar: tarfile.TarFile) -> None:
    """A tar remembers its members: a million files would be a gigabyte."""
    tar.members.clear()  # type: ignore[attr-defined]


_FAULTS = (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile)


def _unreadable(fault: Exception) -> Damaged:
    return _damaged(f"it cannot be read on ({fault})", f"la lecture s'arrête ({fault})")


class _Member:
    """The bytes of one member; a fault in the file below is told as damage to the backup."""

    def __init__(self, content: IO[bytes]) -> None:
        self._content = content

    def read(self, size: int = -1) -> bytes:
        try:
            return self._content.read(size)
        except _FAULTS as fault:
            raise _unreadable(fault) from fault


class _Watched(io.RawIOBase):
    """The file as it lies on the disk, telling how much of it has been read."""

    def __init__(self, file: BinaryIO, tell: Callable[[int], object]) -> None:
        super().__init__()
        self._file, self._tell = file, tell

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._file.read(len(buffer))
        buffer[: len(data)] = data
        self._tell(len(data))
        return len(data)


@dataclass(frozen=True)
class Archive:
    """A backup on the disk. It is read from beginning to end each time; nothing is unpacked beside it."""

    path: Path
    passphrase: bytes | None = None

    def sealed(self) -> bool:
        with self.path.open("rb") as file:
            return is_sealed(file.read(len(MAGIC)))

    def examine(self, tell: Callable[[int], object] = lambda _size: None) -> Contents:
        """Reads all of it and compares every checksum. Raises `Damaged`, or `NotOpened` for another passphrase."""
        seen, manifest, proof, key = _Proof(), None, None, b""
        for name, stream, size in self.members(tell):
            if proof is not None:
                raise _damaged("something stands behind its end", "quelque chose suit sa fin")
            if name == END:
                proof = _json(stream.read())
                continue
            digest, lines, kept = _digest(stream, keep=name in (MANIFEST, KEY))
            file = FILES.match(name)
            if file and file[1] != digest:
                raise _damaged(f"the file {name} is not what it was", f"le fichier {name} n'est plus ce qu'il était")
            if not (file or ROWS.match(name) or name in (MANIFEST, KEY)):
                raise _damaged(f"it holds an unknown part, {name}", f"elle contient une partie inconnue, {name}")
            seen.enter(name, digest, size, lines if ROWS.match(name) else 0)
            manifest = _json(kept) if name == MANIFEST else manifest
            key = kept if name == KEY else key
        if proof is None or manifest is None or not key:
            raise _damaged("it is cut short", "elle est incomplète")
        _compare(seen.as_json(), proof)
        return Contents(manifest, proof, key.decode())

    def members(self, tell: Callable[[int], object] = lambda _size: None) -> Iterator[tuple[str, BinaryIO, int]]:
        """Every member: name, stream of its bytes, size. Raises `Damaged` where the file cannot be read on."""
        with self._opened(tell) as stream:
            try:
                with tarfile.open(fileobj=stream, mode="r|") as tar:
                    while (info := tar.next()) is not None:
                        content = tar.extractfile(info) if info.isreg() else None
                        if content is None:
                            raise _damaged(f"{info.name} is no file", f"{info.name} n'est pas un fichier")
                        yield info.name, cast("BinaryIO", _Member(content)), info.size
                        _forget(tar)
                # The padding behind the tar, and with it the checksum that the compression wrote last.
                while block := stream.read(BLOCK):
                    if block.strip(b"\0"):
                        raise _damaged("something stands behind its end", "quelque chose suit sa fin")
            except _FAULTS as fault:
                raise _unreadable(fault) from fault

    @contextmanager
    def _opened(self, tell: Callable[[int], object]) -> Iterator[BinaryIO]:
        with self.path.open("rb") as file:
            sealed = is_sealed(file.read(len(MAGIC)))
            file.seek(0)
            watched = cast("BinaryIO", io.BufferedReader(_Watched(file, tell), BLOCK))
            if sealed and self.passphrase is None:
                raise NotOpened(first=True)
            below = io.BufferedReader(Opener(watched, self.passphrase or b""), BLOCK) if sealed else watched
            with gzip.GzipFile(fileobj=below, mode="rb") as stream:
                yield cast("BinaryIO", stream)


def _digest(stream: BinaryIO, *, keep: bool) -> tuple[str, int, bytes]:
    digest, lines, kept = hashlib.sha256(), 0, bytearray()
    while block := stream.read(BLOCK):
        digest.update(block)
        lines += block.count(b"\n")
        if keep:
            kept += block
    return digest.hexdigest(), lines, bytes(kept)


def _json(content: bytes) -> dict[str, Any]:
    try:
        read = json.loads(content)
    except ValueError:
        read = None
    if not isinstance(read, dict):
        raise _damaged("its description cannot be read", "sa description est illisible")
    return read


def _compare(seen: dict[str, Any], proof: dict[str, Any]) -> None:
    for name, sha256 in seen["sha256"].items():
        if proof.get("sha256", {}).get(name) != sha256:
            raise _damaged(f"{name} is not what was written", f"{name} n'est pas ce qui a été écrit")
    if seen != proof:
        raise _damaged("parts of it are missing", "il en manque des parties")
