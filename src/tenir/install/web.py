"""`tenir web`: the process that serves pages, one port, one uvicorn."""

import argparse
import asyncio
import gc
import os
import socket
import sys
from typing import TYPE_CHECKING, Any

from tenir.install import lifeline
from tenir.install.cli import EXIT_CONFIGURATION, EXIT_LATER, make_ready
from tenir.install.listening import Taken, listen
from tenir.install.settings import Settings, current
from tenir.install.tongue import say

if TYPE_CHECKING:
    from tenir.install.asgi import Gate

#: What a page already begun may still take when the process is asked to stop.
GRACE_SECONDS = 8


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="tenir web",
        description=say(
            "Start only the process that serves pages.", "Démarrer seulement le processus qui sert les pages."
        ),
    )
    lifeline.add_option(parser)
    parser.add_argument("--listen", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--ready", type=int, help=argparse.SUPPRESS)
    parser.add_argument(
        "--migrate",
        action="store_true",
        help=say("first bring the database to this version", "amener d'abord la base à cette version"),
    )
    options = parser.parse_args(arguments)
    lifeline.hold(options.lifeline)
    gc.disable()  # until all is loaded: see `leave_in_peace`
    settings = current()
    try:
        listener = listen(settings) if options.listen is None else socket.socket(fileno=options.listen)
    except Taken as taken:
        print(taken, file=sys.stderr)
        return EXIT_CONFIGURATION
    if (refusal := make_ready("web")) is not None:
        print(refusal, file=sys.stderr)
        return EXIT_CONFIGURATION
    return _database(migrate=options.migrate) or _serve(settings, listener, options.ready)


def _database(*, migrate: bool) -> int:
    from django.db import OperationalError, connection

    from tenir.install import migrate as migration

    if not migrate:
        return migration.refuse_when_behind() or 0
    try:
        migration.migrate()
    except OperationalError as error:
        print(migration.unreachable(error), file=sys.stderr)
        return EXIT_LATER
    finally:
        connection.close()
    return 0


def leave_in_peace() -> None:
    """What is loaded at the start stays for ever: the garbage collector need not look through it in the midst of
    somebody's page."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)
    gc.enable()


def _serve(settings: Settings, listener: socket.socket, ready: int | None) -> int:
    import uvicorn
    from uvicorn.protocols.http.h11_impl import H11Protocol

    from tenir.install.asgi import build

    gate = build(settings)
    leave_in_peace()
    trusted = [str(network) for network in settings.trusted_proxies]

    class Protocol(H11Protocol):
        """uvicorn's, which by itself would wait for ever for headers that do not come."""

        _deadline: asyncio.TimerHandle | None = None

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            self.app = _abortable(self.app, transport)
            self._expect_headers()

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            if self.cycle is None or self.cycle.response_complete:
                self._expect_headers()
            else:
                self._forget()
                # For `/live`: a way to drop a reader that does not read, without waiting for it.
                scope: Any = self.scope
                scope.setdefault("extensions", {})["tenir.abort"] = self.transport.abort

        def connection_lost(self, exc: Exception | None) -> None:
            self._forget()
            super().connection_lost(exc)

        def _expect_headers(self) -> None:
            if self._deadline is None:
                self._deadline = self.loop.call_later(settings.slow_body_seconds, self.transport.abort)

        def _forget(self) -> None:
            if self._deadline is not None:
                self._deadline.cancel()
                self._deadline = None

    config = uvicorn.Config(
        _behind_proxies(gate, trusted),
        http=Protocol,
        loop="asyncio",
        ws="none",
        lifespan="on" if gate.live else "off",
        access_log=False,
        log_config=None,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    server = _server(config, gate, ready)
    server.run(sockets=[listener])
    return 0 if server.started else EXIT_LATER


def _abortable(app: Any, transport: asyncio.Transport) -> Any:
    """Lets `/live` drop a client that does not read: an ordinary end would wait for it to take what was sent."""

    async def reached(scope: Any, receive: Any, send: Any) -> None:
        scope.setdefault("extensions", {})["tenir.abort"] = transport.abort
        await app(scope, receive, send)

    return reached


def _behind_proxies(gate: "Gate", trusted: list[str]) -> Any:
    from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

    return ProxyHeadersMiddleware(gate, trusted_hosts=trusted) if trusted else gate  # type: ignore[arg-type]


def _server(config: Any, gate: "Gate", ready: int | None) -> Any:
    import uvicorn

    class Server(uvicorn.Server):
        """Says when it is ready, and ends the live streams first when it stops."""

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if ready is not None and self.started:
                os.write(ready, b"1")
                os.close(ready)

        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            gate.end_streams()
            await super().shutdown(sockets)

    return Server(config)
