"""Attachments of forms that were not sent yet, because something in them was to be corrected.

They wait in a folder of their own under their SHA-256, for a day; only a signed slip, which the page carries, leads to
one. They become the desk's files when the form is sent.
"""

import hashlib
import os
import re
import tempfile
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core import signing

SALT = "tenir.form.file"
KEPT_FOR = timedelta(days=1)
_TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]{1,100}\Z")
MOST_BYTES = 2 * 1024**3
"""Of all forms together: nobody can fill the disk with what they never send."""


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """One file of a form: just sent with it (`fresh` holds its bytes), or waiting since an earlier sending."""

    name: str
    content_type: str
    size: int
    sha256: str
    fresh: bytes | None = field(default=None, repr=False, compare=False)

    def slip(self) -> str:
        """What the page carries instead of the file; nobody can make one up."""
        held = [self.name, self.content_type, self.size, self.sha256]
        return signing.dumps(held, salt=SALT, compress=True)

    def content(self) -> bytes:
        """The bytes. Raises `FileNotFoundError` when the day is over."""
        return (_folder() / self.sha256).read_bytes() if self.fresh is None else self.fresh


class NoRoom(Exception):
    """Too much waits already."""


def just_sent(name: str, content_type: str, content: bytes) -> Waiting:
    """A file as it came with a form."""
    plain = content_type if _TYPE.match(content_type) else "application/octet-stream"
    sha256 = hashlib.sha256(content).hexdigest()
    return Waiting(name=name[:255], content_type=plain, size=len(content), sha256=sha256, fresh=content)


def put(file: Waiting) -> None:
    """Lets a file wait until its form is sent again. Raises `NoRoom`, or `OSError` when the disk refuses."""
    if file.fresh is None:
        return
    folder = _folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if _held(folder) + file.size > MOST_BYTES:
        raise NoRoom
    handle, beside = tempfile.mkstemp(dir=folder, prefix=".part-")
    with os.fdopen(handle, "wb") as written:
        written.write(file.fresh)
    Path(beside).replace(folder / file.sha256)


def read(slip: str) -> Waiting | None:
    """The file of a slip; None when the slip is not ours, too old, or the file is gone."""
    try:
        name, content_type, size, sha256 = signing.loads(slip, salt=SALT, max_age=KEPT_FOR)
    except signing.BadSignature:
        return None
    found = Waiting(name=name, content_type=content_type, size=size, sha256=sha256)
    return found if (_folder() / found.sha256).is_file() else None


def sweep(*, at: datetime) -> int:
    """Deletes what has waited for more than a day; how many files."""
    gone = 0
    for file in _folder().glob("*"):
        if file.stat().st_mtime < (at - KEPT_FOR).timestamp():
            file.unlink(missing_ok=True)
            gone += 1
    return gone


def _folder() -> Path:
    return Path(settings.DATA_DIR) / "form"


def _held(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.iterdir() if file.is_file())
