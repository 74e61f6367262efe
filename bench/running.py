"""The whole desk as people run it, `tenir serve`: first page after start, idle memory, pages over a connection."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.browser import Browser
from bench.desk import ROOT
from bench.measure import Measure, pss_mib, spent
from bench.reading import some_cases

PATIENCE = 120.0
SETTLE = 8.0
"""Seconds after the first page in which a desk comes to rest, before its memory is read."""


def run() -> list[Measure]:
    """The measures of a desk that runs on what this process is set on."""
    starts = [_start() for _ in range(3)]
    measures = [Measure("first page after tenir serve", value=sorted(starts)[1], unit="s", target="2 s")]
    with serving() as (process, port):
        time.sleep(SETTLE)
        idle = pss_mib(process.pid)
        measures.append(Measure("idle memory of everything (PSS)", value=idle, unit="MiB", target="250 MiB"))
        measures += _pages(port)
        after = pss_mib(process.pid)
        measures.append(Measure("memory after these pages (PSS)", value=after, unit="MiB"))
    return measures


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@contextmanager
def serving() -> Iterator[tuple["subprocess.Popen[bytes]", int]]:
    """`tenir serve` on the desk of this process, until the end of the block; its process and its port."""
    port = free_port()
    environ = os.environ | {"TENIR_PORT": str(port), "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}
    process = subprocess.Popen(
        [sys.executable, "-m", "tenir", "serve"],
        env=environ,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
        cwd="/",
    )
    try:
        _until(lambda: _status(port) == 200, process)
        yield process, port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def _start() -> float:
    """Seconds from the command to the first whole page."""
    began = time.monotonic()
    with serving():
        return time.monotonic() - began


def _until(reached: Callable[[], bool], process: "subprocess.Popen[bytes]") -> None:
    began = time.monotonic()
    while not reached():
        if process.poll() is not None or time.monotonic() - began > PATIENCE:
            raise SystemExit("tenir serve did not come up")
        time.sleep(0.02)


def _status(port: int) -> int:
    """The status of the page that somebody who is not signed in sees first (redirects followed)."""
    path = "/"
    try:
        for _ in range(4):
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            line.request("GET", path, headers={"Host": f"localhost:{port}"})
            answer = line.getresponse()
            answer.read()
            line.close()
            if answer.status not in (301, 302, 303):
                return answer.status
            path = answer.getheader("location") or "/"
    except OSError:
        return 0
    return 0


def _pages(port: int) -> Iterator[Measure]:
    """The same pages as in process, over one kept connection: what a person waits for, without the network."""
    cookie, cases = Browser("agent2@bench.example").cookie, some_cases(40)
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def get(address: str) -> int:
        line.request("GET", address, headers={"Host": f"localhost:{port}", "Cookie": cookie, "Accept-Language": "fr"})
        answer = line.getresponse()
        answer.read()
        return answer.status

    roads: dict[str, Callable[[int], str]] = {
        "inbox page": lambda _turn: "/cases/?list=all",
        "case page": lambda turn: f"/cases/{cases[turn % len(cases)]}/",
        "search page, 1 %": lambda _turn: "/search/?q=parapluie",
        "search page, ten cases": lambda _turn: "/search/?q=zibeline",
    }
    for name, address in roads.items():
        wall = []
        for turn in range(-5, 60):
            began = time.perf_counter()
            if get(address(turn)) != 200:
                raise SystemExit(f"{name}: {address(turn)} does not answer 200")
            if turn >= 0:
                wall.append(time.perf_counter() - began)
        target = "50 ms" if name in ("inbox page", "case page") else ""
        yield Measure(f"{name}, over HTTP", spent(wall, [0.0]), target=target)


def resting(path: Path) -> int:
    """Bytes of a desk's database on the disk."""
    return sum(file.stat().st_size for file in path.glob("tenir.sqlite3*"))


def live() -> list[Measure]:
    """Three hundred browsers that listen: how soon an event reaches them, beside a bare broadcast; what each weighs."""
    from bench.live import bare, measure
    from tests.live.crowd import crowd, resident, writer
    from tests.running_desk import running

    environ = os.environ | {"TENIR_PORT": str(free_port()), "LC_ALL": "C.UTF-8"}
    limit, ours = bare(), measure(environ)
    arrivals = Measure(
        "live event to 300 browsers, p99", value=ours.at(99), unit="ms", target="100 ms",
        note={"p50_ms": ours.at(50), "bare_p99_ms": limit.at(99), "times_bare": ours.at(99) / limit.at(99)},
    )  # fmt: skip
    count = 1000
    with (
        tempfile.TemporaryDirectory(prefix="tenir-bench-") as folder,
        running(_another(environ, folder)) as desk,
        writer(desk.environ) as beside,
    ):
        address, cookies = ("127.0.0.1", int(environ["TENIR_PORT"])), beside.sign_in(20)
        web = desk.pid("web")
        assert web is not None
        with crowd(address, cookies, 50):
            time.sleep(2)
        before = resident(web)
        with crowd(address, cookies, count):
            time.sleep(2)
            each = (resident(web) - before) / count / 1024
    return [arrivals, Measure("memory of a listening browser", value=each, unit="KiB", target="50 KiB")]


def _another(environ: dict[str, str], folder: str) -> dict[str, str]:
    """The same on a desk of its own."""
    return environ | {"TENIR_DATA_DIR": f"{folder}/desk", "TENIR_DATABASE": "sqlite"}
