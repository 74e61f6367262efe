"""Raw mails and attachments, kept as received under the name of their SHA-256.

A file is durable before its name is known to anybody: written beside, flushed to the disk, then renamed.
The same bytes are kept once. Names come from the content alone, so nothing that a stranger sends chooses a path.
"""

import hashlib
import os
import re
import tempfile
from pathlib import Path

from django.conf import settings

BESIDE = ".part-"
_SHA = re.compile(r"[0-9a-f]{64}\Z")


def path_of(sha256: str) -> Path:
    """Where the bytes with this SHA-256 are, or would be. Raises `ValueError` on anything but 64 hex digits."""
    if not _SHA.match(sha256):
        raise ValueError("not a SHA-256")
    return Path(settings.FILES_DIR) / sha256[:2] / sha256[2:]


def keep(content: bytes) -> str:
    """Stores `content` durably and returns its SHA-256 as 64 hex digits. Raises `OSError` when the disk refuses."""
    sha256 = hashlib.sha256(content).hexdigest()
    path = path_of(sha256)
    if not path.exists():
        _make_folder(path.parent)
        _write(path, content)
    _flush_folder(path.parent)  # also when it was there: whoever wrote it may not have come so far yet
    return sha256


def _write(path: Path, content: bytes) -> None:
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=BESIDE)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(beside).rename(path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise


def _make_folder(folder: Path) -> None:
    if not folder.is_dir():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _flush_folder(folder.parent)


def _flush_folder(folder: Path) -> None:
    """Makes the new name survive a power cut too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def content_of(sha256: str) -> bytes:
    """The bytes kept under this SHA-256. Raises `FileNotFoundError` when they are not there."""
    return path_of(sha256).read_bytes()


def sweep(*, older_than: float) -> int:
    """Removes what writers that were killed left half written, last touched before `older_than` (seconds since 1970);
    returns how many. Kept files are never touched."""
    gone = 0
    for left in Path(settings.FILES_DIR).glob(f"??/{BESIDE}*"):
        try:
            if left.stat().st_mtime < older_than:
                left.unlink()
                gone += 1
        except FileNotFoundError:  # its writer has just finished
            continue
    return gone
