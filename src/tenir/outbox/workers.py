"""Which workers of this machine live, so that what a dead one held is taken up at once instead of after its lease.

Every worker holds a lock on a file of its own, which the kernel lets go of however the process ends. Only that is
believed: nothing is known here of the workers of other machines, and their leases simply run out. A worker that is
slow, stopped or cut off from the database still holds its lock, so nobody does its work a second time.
"""

import fcntl
import os
import secrets
from collections.abc import Callable
from pathlib import Path

from django.conf import settings

IN_MAKING = ".new-"


class Badge:
    """This process's name among the workers, held until `give_up` or until the process ends."""

    def __init__(self) -> None:
        self.name = secrets.token_hex(8)
        folder = _folder()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Locked before it has its name: whoever looks can never find it unlocked while its worker lives.
        beside = folder / (IN_MAKING + self.name)
        self._descriptor = os.open(beside, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)
        self._path = beside.rename(folder / self.name)

    def give_up(self) -> None:
        """Ends it, when the worker holds nothing any more."""
        self._path.unlink(missing_ok=True)
        os.close(self._descriptor)


def bury(give_back: Callable[[str], object]) -> int:
    """Calls `give_back` with the name of every worker that died, then forgets it; returns how many there were.

    When `give_back` raises, that worker is found again the next time.
    """
    dead = 0
    for path in _folder().glob("[!.]*"):
        try:
            descriptor = os.open(path, os.O_RDWR)
        except FileNotFoundError:  # another worker was faster
            continue
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            continue
        else:
            give_back(path.name)
            path.unlink(missing_ok=True)
            dead += 1
        finally:
            os.close(descriptor)
    return dead


def _folder() -> Path:
    return Path(settings.DATA_DIR) / "workers"
