"""From the commit of an event to its arrival in so many browsers, beside the bare limit.

The bare limit is the smallest server that writes the same bytes to the same number of sockets as soon as it is told,
without a database, rights or HTTP. `python -m bench.live [--clients 300] [--events 200]`.
"""

import argparse
import asyncio
import os
import selectors
import socket
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PAUSE = 0.05


@dataclass(frozen=True)
class Latencies:
    """Seconds from the commit to each arrival."""

    seconds: list[float]

    def at(self, percent: float) -> float:
        """A percentile, in milliseconds."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))] * 1000

    def row(self, name: str) -> str:
        middle = statistics.median(self.seconds) * 1000
        return f"{name:<24} p50 {middle:7.1f} ms   p99 {self.at(99):7.1f} ms   worst {self.at(100):7.1f} ms"


def measure(environ: dict[str, str], *, clients: int = 300, events: int = 200) -> Latencies:
    """A real desk (`environ` as for `tenir serve`), `clients` browsers and `events` commits beside it."""
    from tests.live.crowd import arrivals, crowd, writer
    from tests.running_desk import running

    found: list[float] = []
    with running(environ) as desk, writer(environ) as beside:
        address = ("127.0.0.1", int(desk.environ["TENIR_PORT"]))
        with crowd(address, beside.sign_in(20), clients) as browsers:
            for _ in range(events):
                committed = beside.happens()
                found += [arrived - committed for arrived in arrivals(browsers, name="customer_changed")]
                time.sleep(PAUSE)
    if len(found) != clients * events:
        raise SystemExit(f"{clients * events - len(found)} events never arrived")
    return Latencies(found)


def bare(*, clients: int = 300, events: int = 200) -> Latencies:
    """The same bytes to the same number of sockets, from a bare asyncio server."""
    chunk = b"x" * 120
    found: list[float] = []
    with _broadcaster(chunk) as (address, tell):
        sockets = [socket.create_connection(address) for _ in range(clients)]
        time.sleep(0.5)
        for _ in range(events):
            began = time.monotonic()
            tell()
            found += [arrived - began for arrived in _arrivals(sockets)]
            time.sleep(PAUSE)
        for one in sockets:
            one.close()
    return Latencies(found)


def _arrivals(sockets: list[socket.socket]) -> list[float]:
    with selectors.DefaultSelector() as waiting:
        for one in sockets:
            waiting.register(one, selectors.EVENT_READ)
        found: list[float] = []
        while len(found) < len(sockets):
            for key, _ in waiting.select(5):
                key.fileobj.recv(65536)  # type: ignore[union-attr]
                waiting.unregister(key.fileobj)
                found.append(time.monotonic())
    return found


@contextmanager
def _broadcaster(chunk: bytes) -> Iterator[tuple[tuple[str, int], Callable[[], object]]]:
    writers: list[asyncio.StreamWriter] = []
    loop = asyncio.new_event_loop()

    async def joined(_reader: asyncio.StreamReader, joining: asyncio.StreamWriter) -> None:
        writers.append(joining)

    def broadcast() -> None:
        for one in writers:
            one.write(chunk)

    server = loop.run_until_complete(asyncio.start_server(joined, "127.0.0.1", 0, backlog=1024))
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield server.sockets[0].getsockname(), lambda: loop.call_soon_threadsafe(broadcast)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def _environ(folder: Path) -> dict[str, str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    (folder / "tenir.toml").touch()
    own = {
        name: value for name, value in os.environ.items() if not name.startswith("TENIR_") or name == "TENIR_DATABASE"
    }
    return own | {
        "TENIR_CONFIG": str(folder / "tenir.toml"),
        "TENIR_DATA_DIR": str(folder / "desk"),
        "TENIR_PORT": port,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=300)
    parser.add_argument("--events", type=int, default=200)
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tenir.install.django_settings")
    import django

    django.setup()
    limit = bare(clients=asked.clients, events=asked.events)
    with tempfile.TemporaryDirectory(prefix="tenir-bench-") as folder:
        ours = measure(_environ(Path(folder)), clients=asked.clients, events=asked.events)
    sys.stdout.write(f"{asked.clients} clients, {asked.events} events\n")
    sys.stdout.write(limit.row("bare broadcast") + "\n" + ours.row("commit to browser") + "\n")
    sys.stdout.write(f"p99 is {ours.at(99) / limit.at(99):.1f} times the bare limit\n")


if __name__ == "__main__":
    main()
