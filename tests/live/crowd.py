"""Many browsers at once, and the writer beside the desk: what the process tests and the benchmark share."""

import contextlib
import os
import resource
import selectors
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.live.listening import Listener

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Writer:
    """See `tests.live.writer`."""

    process: subprocess.Popen[str]

    def ask(self, line: str) -> str:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()

    def sign_in(self, count: int) -> list[str]:
        """The cookies of so many agents who have just signed in."""
        return self.ask(f"sign-in {count}").split(" ")

    def happens(self) -> float:
        """Commits an event for everybody; the monotonic instant just after the commit."""
        return float(self.ask("event"))


@contextlib.contextmanager
def writer(environ: dict[str, str]) -> Iterator[Writer]:
    """The writer of the desk with this environment."""
    path = os.pathsep.join(filter(None, [str(ROOT / "src"), str(ROOT), environ.get("PYTHONPATH")]))
    own = environ | {"DJANGO_SETTINGS_MODULE": "tenir.install.django_settings", "PYTHONPATH": path}
    command = [sys.executable, "-m", "tests.live.writer"]
    process = subprocess.Popen(command, env=own, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    try:
        yield Writer(process)
    finally:
        with process:
            assert process.stdin is not None
            process.stdin.close()
            process.wait(20)


@contextlib.contextmanager
def crowd(address: tuple[str, int], cookies: list[str], count: int) -> Iterator[list[Listener]]:
    """So many browsers that listen, each with one of the cookies in turn."""
    browsers: list[Listener] = []
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 65_536), hard))
    try:
        browsers += (Listener(address, cookies[number % len(cookies)]) for number in range(count))
        for browser in browsers:
            assert browser.begun().status == 200
        yield browsers
    finally:
        for browser in browsers:
            browser.__exit__()


def arrivals(browsers: list[Listener], *, name: str, seconds: float = 20) -> list[float]:
    """The monotonic instants at which each browser got its next event of this name."""
    with selectors.DefaultSelector() as waiting:
        for browser in browsers:
            waiting.register(browser.connection, selectors.EVENT_READ, browser)
        found: list[float] = []
        deadline = time.monotonic() + seconds
        while len(found) < len(browsers) and time.monotonic() < deadline:
            for key, _ in waiting.select(0.5):
                if any(one.name == name for one in key.data.arrived()):
                    found.append(time.monotonic())
                    waiting.unregister(key.fileobj)
    return found


def resident(pid: int) -> int:
    """The memory of a process that is its own, in bytes (what is shared with others is left out)."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return sum(int(line.split()[1]) * 1024 for line in rollup.splitlines() if line.startswith("Private_"))
