"""What every test server needs: a free port, a wait until something is true, and an end with its parent."""

import os
import random
import shutil
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

#: Below the range from which Linux gives ports to outgoing connections, so that a stopped server finds its own
#: port free when it starts again.
_PORTS = range(20000, 32000)


class ServerMissing(RuntimeError):
    """A program that the server needs is not installed; the message says which package to install."""


def free_port() -> int:
    """A port of 127.0.0.1 on which nothing listens."""
    for _ in range(200):
        port = random.choice(_PORTS)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError("no free port on 127.0.0.1")


def listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_until(true: Callable[[], object], *, within: float = 20, what: str = "what was waited for") -> None:
    """Return when `true()` is; raise TimeoutError after `within` seconds. A bound against hanging, not a measure."""
    end = time.monotonic() + within
    while not true():
        if time.monotonic() > end:
            raise TimeoutError(f"{what} did not happen within {within} s")
        time.sleep(0.01)


def program(name: str, *, package: str) -> str:
    """The path of a program; Debian keeps servers in /usr/sbin, outside an ordinary user's PATH."""
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/bin:/sbin")
    if found is None:
        raise ServerMissing(f"{name} is not installed: apt-get install {package}")
    return found


def dies_with_us() -> list[str]:
    """The start of a command whose process is ended by the kernel when the program that started it dies."""
    return [program("setpriv", package="util-linux"), "--pdeathsig", "TERM"]


def stop(process: "subprocess.Popen[bytes]", *, patience: float = 5) -> None:
    """End a process that we started: asked first, killed after `patience` seconds."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            process.kill()
    process.wait()


def deliver(maildir: Path, raw: bytes, *, owner: tuple[int, int] | None = None) -> Path:
    """Put a mail into a Maildir as a delivery agent does: complete under tmp/, synced, then renamed into new/."""
    name = f"{time.time_ns()}.{os.getpid()}_{random.getrandbits(48):x}.loopback"
    for part in ("tmp", "new", "cur"):
        folder = maildir / part
        if not folder.is_dir():
            folder.mkdir(parents=True, mode=0o700, exist_ok=True)
            if owner:
                os.chown(maildir, *owner)
                os.chown(folder, *owner)
    written = maildir / "tmp" / name
    with written.open("xb") as file:
        file.write(raw)
        file.flush()
        os.fsync(file.fileno())
    if owner:
        os.chown(written, *owner)
    arrived = maildir / "new" / name
    written.rename(arrived)
    return arrived
