"""A real desk for tests: `tenir serve` as a process of its own, with its log in a file."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

START_SECONDS = 60
T = TypeVar("T")


@dataclass(frozen=True)
class Desk:
    """A desk that runs; `environ` is what any other `tenir` command needs to speak about the same desk."""

    environ: dict[str, str]
    process: subprocess.Popen[bytes]
    log_file: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.environ['TENIR_PORT']}"

    @property
    def log(self) -> str:
        """Everything that all its processes have said so far."""
        return self.log_file.read_text("utf-8", "replace")

    def pid(self, name: str) -> int | None:
        """The process id of `web` or `work`, None while there is none."""
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit() and name in _command(folder) and _parent(folder) == self.process.pid:
                return int(folder.name)
        return None

    def kill(self, name: str) -> int:
        """SIGKILL to `web` or `work`; the process id that died."""
        pid = wait_for(lambda: self.pid(name))
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        return pid

    def status(self, path: str) -> int:
        """The status of a page, fetched as an anonymous visitor."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=30) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code


@contextmanager
def running(environ: dict[str, str]) -> Iterator[Desk]:
    """Start a desk, wait until it is ready, stop it at the end (it must then end cleanly by itself)."""
    log_file = Path(environ["TENIR_DATA_DIR"] + ".log")
    with log_file.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "tenir", "serve"], env=environ, stdout=log, stderr=log, start_new_session=True
        )
    desk = Desk(environ, process, log_file)
    try:
        wait_for(lambda: "Tenir is ready" in desk.log or process.poll() is not None)
        assert process.poll() is None, desk.log
        yield desk
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_for(found: Callable[[], T], seconds: float = START_SECONDS) -> T:
    """What `found()` gives, as soon as it is true; fails after so many seconds."""
    deadline = time.monotonic() + seconds
    while not (value := found()):
        assert time.monotonic() < deadline, "it did not come in time"
        time.sleep(0.02)
    return value


def _command(folder: Path) -> list[str]:
    try:
        return (folder / "cmdline").read_bytes().decode("utf-8", "replace").split("\0")
    except OSError:
        return []


def _parent(folder: Path) -> int:
    try:
        return int((folder / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0
