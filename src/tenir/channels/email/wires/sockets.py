"""Sockets that give up: no server, however odd, holds a connection for ever or fills the memory.

A timeout on a socket bounds one silence only: a server that sends a byte every second is never silent. `Patience`
bounds a whole command, in seconds and in bytes.
"""

import socket
import ssl
import time
from dataclasses import dataclass, field
from typing import Any

from tenir.channels.email.wires.accounts import Server

#: The most bytes that one answer may have, beyond which the other end is not a mail server.
ALLOWANCE = 48 * 1024 * 1024


class TooMuch(Exception):
    """The server sent more than any answer has."""


@dataclass
class Patience:
    """How much longer and how many more bytes the present command may take."""

    silence: float
    _ends: float = field(default=0.0)
    _left: int = field(default=0)

    def __post_init__(self) -> None:
        self.renew()

    def renew(self) -> None:
        """A new command begins."""
        self._ends = time.monotonic() + 4 * self.silence
        self._left = ALLOWANCE

    def wait_at_most(self) -> float:
        """Seconds for the next read. Raises TimeoutError when the command has none left."""
        left = self._ends - time.monotonic()
        if left <= 0:
            raise TimeoutError("the answer takes too long as a whole")
        return min(self.silence, left)

    def count(self, received: int) -> None:
        self._left -= received
        if self._left < 0:
            raise TooMuch(f"an answer of more than {ALLOWANCE} bytes")


class _Watched(socket.socket):
    patience: Patience

    def recv(self, *arguments: Any) -> bytes:
        _arm(self, self.patience)
        data = super().recv(*arguments)
        self.patience.count(len(data))
        return data

    def recv_into(self, *arguments: Any, **named: Any) -> int:
        _arm(self, self.patience)
        received = super().recv_into(*arguments, **named)
        self.patience.count(received)
        return received


class _WatchedTls(ssl.SSLSocket):
    patience: Patience

    def recv(self, *arguments: Any) -> bytes:
        _arm(self, self.patience)
        data = super().recv(*arguments)
        self.patience.count(len(data))
        return data

    def recv_into(self, *arguments: Any, **named: Any) -> int:
        _arm(self, self.patience)
        received = super().recv_into(*arguments, **named)
        self.patience.count(received or 0)
        return received


def _arm(sock: socket.socket, patience: Patience) -> None:
    if sock.gettimeout() != 0:
        sock.settimeout(patience.wait_at_most())


def connect(server: Server, patience: Patience) -> socket.socket:
    """A plain connection. Raises OSError."""
    plain = socket.create_connection((server.host, server.port), timeout=server.timeout)
    watched = _Watched(plain.family, plain.type, plain.proto, fileno=plain.detach())
    watched.patience = patience
    watched.settimeout(server.timeout)
    return watched


def tls_context(server: Server, patience: Patience) -> ssl.SSLContext:
    """What wraps a connection to this server: its certificate and name are checked. Raises OSError (the CA file)."""
    context = ssl.create_default_context(cafile=server.ca_file)
    context.sslsocket_class = type("_WatchedTlsHere", (_WatchedTls,), {"patience": patience})
    return context
