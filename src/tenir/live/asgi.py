"""The route `/live`, plain ASGI: `GET /live` with the session's cookie answers with a stream of events.

`Last-Event-ID` (which browsers send by themselves) or `?after=<position>` (which a page knows when it is made) says
where to begin; without either, now.
"""

import asyncio
import contextlib
import resource
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs

from django.db import Error as DatabaseFailure

from tenir.ledger.readers import Position
from tenir.live import wire
from tenir.live.client import Client
from tenir.live.door import session_key_in
from tenir.live.hub import AWAY_RETRY, Hub, first_retry

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

MOST_CLIENTS = 5000
FULL_RETRY = 30_000
STREAM = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]


class Live:
    """The ASGI application; its hub lives as long as the server's event loop."""

    def __init__(self) -> None:
        self.hub: Hub | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, send)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        _allow_many_connections()
        self.hub = Hub()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.hub.close()
        await send({"type": "lifespan.shutdown.complete"})

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] != "/live":
            await _refuse(send, 404)
        elif scope["method"] != "GET":
            await _refuse(send, 405)
        elif (key := session_key_in(_header(scope, b"cookie"))) is None:
            await _refuse(send, 401)
        elif self.hub is None or len(self.hub) >= MOST_CLIENTS:
            await _only_retry(send, FULL_RETRY)
        else:
            await self._welcome(self.hub, key, scope, receive, send)

    async def _welcome(self, hub: Hub, key: str, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            guest = await hub.guest_of(key)
        except DatabaseFailure:
            # Anything but 200 would tell the browser never to come back.
            await _only_retry(send, AWAY_RETRY)
            return
        if guest is None:
            await _refuse(send, 401)
            return
        client = Client(send, guest, listening=_this_task())
        await send({"type": "http.response.start", "status": 200, "headers": STREAM})
        try:
            await client.say(wire.retry(first_retry()))
            await hub.join(client, _since(scope))
            await _until_gone(receive)
        except DatabaseFailure:
            with contextlib.suppress(TimeoutError):
                await client.say(wire.retry(AWAY_RETRY))
        except (TimeoutError, OSError):
            return
        except asyncio.CancelledError:
            if not client.cut_off:
                raise
            _this_task().uncancel()
            await _abort(scope)
            return
        finally:
            hub.leave(client)
        await send({"type": "http.response.body", "body": b""})


def _this_task() -> "asyncio.Task[Any]":
    task = asyncio.current_task()
    if task is None:
        raise RuntimeError("not in a task")
    return task


async def _abort(scope: Scope) -> None:
    """Drops the connection at once where the server lets us, so that nothing waits for a client that does not read."""
    drop = scope.get("extensions", {}).get("tenir.abort")
    if drop is not None:
        drop()
        await asyncio.sleep(0)  # lets the server notice before we return


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _since(scope: Scope) -> Position | None:
    asked = _header(scope, b"last-event-id") or parse_qs(scope["query_string"].decode("latin-1")).get("after", [""])[0]
    return Position.parse(asked)


def _header(scope: Scope, name: bytes) -> str:
    found: bytes = next((value for key, value in scope["headers"] if key == name), b"")
    return found.decode("latin-1")


async def _refuse(send: Send, status: int) -> None:
    headers = [(b"content-length", b"0"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


async def _only_retry(send: Send, milliseconds: int) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": STREAM})
    await send({"type": "http.response.body", "body": wire.retry(milliseconds)})


def _allow_many_connections() -> None:
    """Every listener holds a file descriptor, and Debian's soft limit is 1024."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 65_536), hard))


app = Live()
