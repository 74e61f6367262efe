"""One browser that listens: a bounded queue, and a task only while there is something to send."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from tenir.ledger.readers import Position
from tenir.live.door import Guest

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

#: Bytes that wait for one client; with this much unread it is cut, and resumes from the ledger when it comes back.
MOST_WAITING = 64 * 1024
#: A client that takes nothing for so long, while something waits for it, is cut.
SLOW_SECONDS = 20.0


class Client:
    """Idle clients cost one suspended coroutine: no task, no timer of their own."""

    __slots__ = ("_listening", "_send", "_sender", "_size", "_waiting", "cut_off", "guest", "position", "told_at")

    def __init__(self, send: Send, guest: Guest, *, listening: "asyncio.Task[Any]") -> None:
        self.guest = guest
        self.position = Position()
        self.told_at = 0.0
        self._size = 0
        self.cut_off = False
        self._send = send
        self._listening = listening
        self._waiting: deque[bytes] = deque()
        self._sender: asyncio.Task[None] | None = None

    def tell(self, chunk: bytes, *, at: float) -> None:
        """Queues `chunk`; never waits. `at` is the loop's time. A client that is too slow is cut."""
        if self.cut_off:
            return
        if self._size > MOST_WAITING:
            # What came before has not been taken; how much comes at once is no fault of the client.
            self.cut()
            return
        self._waiting.append(chunk)
        self._size += len(chunk)
        self.told_at = at
        if self._sender is None:
            self._sender = asyncio.create_task(self._drain())

    async def say(self, chunk: bytes) -> None:
        """Sends at once, waiting for the client. Raises `TimeoutError` when it takes nothing."""
        async with asyncio.timeout(SLOW_SECONDS):
            await self._send({"type": "http.response.body", "body": chunk, "more_body": True})

    async def _drain(self) -> None:
        try:
            while self._waiting:
                body = b"".join(self._waiting)
                self._waiting.clear()
                self._size = 0
                await self.say(body)
        except (TimeoutError, OSError):
            self.cut()
        finally:
            self._sender = None

    def cut(self) -> None:
        """Ends the connection from our side; what was not sent is in the ledger."""
        if not self.cut_off:
            self.cut_off = True
            self._listening.cancel()

    def leave(self) -> None:
        """The connection is over."""
        self.cut_off = True
        self._waiting.clear()
        if self._sender is not None:
            self._sender.cancel()
