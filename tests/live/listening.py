"""A browser that listens to `/live`, and the server that it listens to."""

import contextlib
import json
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Self

import uvicorn
from django.conf import settings
from django.test import Client

from tenir.live.asgi import Live
from tenir.people.models import Agent


@dataclass(frozen=True)
class Received:
    """One dispatched event, as `EventSource` would hand it over."""

    id: str
    name: str
    data: dict[str, Any]


@dataclass
class Listener:
    """A raw connection to `/live`; reads only when asked to."""

    address: tuple[str, int]
    cookie: str
    last_event_id: str = ""
    query: str = ""
    receive_buffer: int = 0
    status: int = 0
    retry: int = 0
    ended: bool = False
    reset: bool = False
    comments: int = 0
    _buffer: bytes = b""
    _socket: socket.socket = field(default_factory=socket.socket)

    def __post_init__(self) -> None:
        self._socket.close()
        self._socket = socket.socket()
        if self.receive_buffer:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self.receive_buffer)
        self._socket.settimeout(20)
        self._socket.connect(self.address)
        resume = f"Last-Event-ID: {self.last_event_id}\r\n" if self.last_event_id else ""
        asked = f"GET /live{self.query} HTTP/1.1\r\nHost: localhost\r\nCookie: {self.cookie}\r\n{resume}\r\n"
        self._socket.sendall(asked.encode())

    def __enter__(self) -> Self:
        self.head()
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def head(self) -> int:
        """Reads the answer's head and, of a stream, up to its first place; returns the status."""
        if self.status:
            return self.status
        while b"\r\n\r\n" not in self._buffer:
            self._more()
        head, _, self._buffer = self._buffer.partition(b"\r\n\r\n")
        self.status = int(head.split()[1])
        if b"chunked" in head.lower():
            self._chunks = self._buffer
            self._buffer = b""
            self._dechunk()
        return self.status

    _chunks: bytes = b""

    def begun(self) -> Self:
        """Waits until the server has given this client its place in the ledger."""
        self.head()
        self.take(until=lambda: bool(self.last_event_id) or self.ended)
        return self

    def take(self, *, until: Any = None, count: int = 0, seconds: float = 10) -> list[Received]:
        """The next events: `count` of them, or those that come until a condition holds."""
        found: list[Received] = []
        deadline = time.monotonic() + seconds
        while True:
            found += self._parse()
            if (count and len(found) >= count) or (until and until()) or self.ended:
                return found
            left = deadline - time.monotonic()
            if left <= 0:
                return found
            self._socket.settimeout(left)
            with contextlib.suppress(TimeoutError):
                self._more()
                self._dechunk()

    @property
    def connection(self) -> socket.socket:
        """The raw connection, to wait on."""
        return self._socket

    def arrived(self) -> list[Received]:
        """What one reading of a ready connection brings."""
        self._more()
        self._dechunk()
        return self._parse()

    def _more(self) -> None:
        try:
            data = self._socket.recv(65536)
        except ConnectionResetError:
            self.ended = self.reset = True
            return
        if not data:
            self.ended = True
        if self.status:
            self._chunks += data
        else:
            self._buffer += data
            if self.ended:
                self._buffer += b"\r\n\r\n"

    def _dechunk(self) -> None:
        while b"\r\n" in self._chunks:
            size_text, _, rest = self._chunks.partition(b"\r\n")
            size = int(size_text, 16)
            if len(rest) < size + 2:
                return
            self._buffer += rest[:size]
            self._chunks = rest[size + 2 :]
            if size == 0:
                self.ended = True

    def _parse(self) -> list[Received]:
        found = []
        while b"\n\n" in self._buffer:
            block, _, self._buffer = self._buffer.partition(b"\n\n")
            fields: dict[str, str] = {}
            for line in block.decode().split("\n"):
                name, _, value = line.partition(":")
                fields[name] = value.removeprefix(" ")
            self.last_event_id = fields.get("id", self.last_event_id)
            self.retry = int(fields.get("retry", self.retry))
            if "data" in fields:
                found.append(Received(self.last_event_id, fields["event"], json.loads(fields["data"])))
            else:
                self.comments += 1
        return found


def status(address: tuple[str, int], cookie: str, *, query: str = "") -> int:
    """What the route answers to this cookie."""
    with Listener(address, cookie, query=query) as browser:
        return browser.status


@contextlib.contextmanager
def serving() -> Iterator[tuple[str, int]]:
    """A uvicorn of this process that serves `/live` on a port of loopback."""
    config = uvicorn.Config(
        Live(),
        host="127.0.0.1",
        port=0,
        lifespan="on",
        log_config=None,
        ws="none",
        http="h11",
        loop="asyncio",
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        while not server.started and thread.is_alive():
            time.sleep(0.01)
        yield listener.getsockname()
    finally:
        server.should_exit = True
        thread.join(20)
        listener.close()
        assert not thread.is_alive(), "the server did not stop"


def cookie_of(agent: Agent) -> str:
    """The cookie of a session in which this agent has just signed in."""
    browser = Client()
    browser.force_login(agent, backend="tenir.web.signin.keeping.ByPassword")
    name = settings.SESSION_COOKIE_NAME
    return f"{name}={browser.cookies[name].value}"
