"""The hub of one process: one look at the database for all clients, and everything that it finds told to each.

The looking is done by one thread with one connection. On SQLite a look is one `PRAGMA data_version` (some
microseconds) until somebody has committed; on PostgreSQL it is the indexed query of the ledger itself.
"""

import asyncio
import contextlib
import logging
import random
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import Error as DatabaseFailure
from django.db import connection

from tenir.ledger import readers
from tenir.ledger.readers import Position
from tenir.live import door, rules, wire
from tenir.live.client import Client
from tenir.live.door import Guest
from tenir.live.wire import News

log = logging.getLogger("tenir.live")
T = TypeVar("T")

PACE = 0.025
"""Seconds between two looks."""
HEARTBEAT = 15.0
RECHECK = 20.0
"""Seconds between two looks at the sessions: one that was revoked is cut within about that."""
BATCH = 500
CATCH_UP = 4
"""Batches told one by one to somebody who was away; beyond that their screen takes everything afresh."""
AWAY_RETRY = 5000


class _Thread:
    """One thread with its own database connection, mended after a failure."""

    def __init__(self, name: str) -> None:
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)

    async def do(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._pool, _mending, work)

    def close(self) -> None:
        self._pool.submit(_close)
        self._pool.shutdown(wait=True)


def _close() -> None:
    connection.close()  # looked up in the thread that runs this: each has its own


def _mending(work: Callable[[], T]) -> T:
    try:
        return work()
    except DatabaseFailure:
        connection.close()
        raise


class Hub:
    """Listening clients, and the tasks that tell them; it looks only while somebody listens."""

    def __init__(self) -> None:
        self.position = Position()
        self._clients: set[Client] = set()
        self._arriving: set[Client] = set()
        self._looking = _Thread("live-look")
        self._door = _Thread("live-door")
        self._tasks: list[asyncio.Task[None]] = []
        self._opening = asyncio.Lock()
        self._seen_version: int | None = None
        self._away = False

    def __len__(self) -> int:
        return len(self._clients)

    async def guest_of(self, session_key: str) -> Guest | None:
        """Whoever is at the door. Raises `DatabaseFailure`."""
        return await self._door.do(lambda: door.guest_of(session_key))

    async def join(self, client: Client, since: Position | None) -> None:
        """Tells `client` what it missed since a position, then makes it a listener. Raises `DatabaseFailure`."""
        self._arriving.add(client)
        await self._begin()
        if since is not None and since > self.position and since > await self._door.do(readers.end):
            # From elsewhere, or from before a backup was put back.
            client.position = self.position
            await client.say(wire.behind(client.position))
        else:
            client.position = self.position if since is None else since
            await client.say(wire.here(client.position))
            await self._catch_up(client)
        client.told_at = _now() - random.random() * HEARTBEAT  # noqa: S311 (spreads the heartbeats)
        self._arriving.discard(client)
        self._clients.add(client)

    def leave(self, client: Client) -> None:
        """The client is gone; with the last one the looking ends."""
        self._clients.discard(client)
        self._arriving.discard(client)
        client.leave()
        if not self._clients and not self._arriving:
            self._stop_looking()

    async def close(self) -> None:
        """Ends everything; the clients come back to the next process."""
        self._stop_looking()
        for client in list(self._clients):
            client.cut()
        await asyncio.to_thread(self._looking.close)
        await asyncio.to_thread(self._door.close)

    # --- looking ---------------------------------------------------------------------------------------------

    async def _begin(self) -> None:
        async with self._opening:
            if not self._tasks:
                self.position = await self._looking.do(readers.end)
                self._seen_version = None
                self._tasks = [asyncio.create_task(self._look()), asyncio.create_task(self._care())]

    def _stop_looking(self) -> None:
        for task in self._tasks:
            task.cancel()
        self._tasks = []

    async def _look(self) -> None:
        while True:
            try:
                found = await self._looking.do(self._read)
                await self._tell_all(found)
                self._answers()
            except DatabaseFailure:
                await self._database_away()
            except Exception:
                log.exception("events that cannot be told; the screens take everything afresh")
                await self._skip()
            else:
                if len(found) < BATCH:
                    await asyncio.sleep(PACE)

    def _read(self) -> list[News]:
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA data_version")
                version = cursor.fetchone()[0]
            if version == self._seen_version:
                return []
            found = _news_after(self.position)
            # A full batch may not be all: the next look has to read on although nobody commits.
            self._seen_version = version if len(found) < BATCH else None
            return found
        return _news_after(self.position)

    async def _tell_all(self, found: list[News]) -> None:
        if not found:
            return
        if any(one.changes_rights for one in found):
            await self._recheck()
        at = _now()
        self.position = found[-1].position
        heard: dict[Hashable, list[News]] = {}
        for client in list(self._clients):
            viewer = client.guest.viewer
            if viewer not in heard:
                heard[viewer] = [one for one in found if one.told.visible_to(viewer)]
            chunk = b"".join(one.chunk for one in heard[viewer] if one.position > client.position)
            client.position = max(client.position, self.position)
            if chunk:
                client.tell(chunk, at=at)

    async def _database_away(self) -> None:
        if not self._away:
            self._away = True
            log.warning("the database does not answer; clients stay and are told when it is back")
            self._say(wire.retry(AWAY_RETRY))
        self._seen_version = None
        await asyncio.sleep(1)

    def _answers(self) -> None:
        if self._away:
            self._away = False
            self._say(wire.retry(first_retry()))

    async def _skip(self) -> None:
        with contextlib.suppress(DatabaseFailure):
            self.position = await self._looking.do(readers.end)
        for client in self._clients:
            client.position = self.position
        self._say(wire.behind(self.position))
        await asyncio.sleep(1)

    def _say(self, chunk: bytes) -> None:
        at = _now()
        for client in list(self._clients):
            client.tell(chunk, at=at)

    # --- catching up and keeping -----------------------------------------------------------------------------

    async def _catch_up(self, client: Client) -> None:
        """Until the client stands where the hub stands; nothing is awaited between that and becoming a listener."""
        for _ in range(CATCH_UP):
            if client.position >= self.position:
                return
            await self._tell_missed(client)
        if client.position < self.position:
            client.position = self.position
            client.tell(wire.behind(client.position), at=_now())

    async def _tell_missed(self, client: Client) -> None:
        since, reached = client.position, self.position
        found = await self._door.do(lambda: _news_after(since))
        chunk = b"".join(one.chunk for one in found if one.told.visible_to(client.guest.viewer))
        if chunk:
            await client.say(chunk)
        client.position = found[-1].position if found else reached

    async def _care(self) -> None:
        """Each second: heartbeats for those whose turn it is; now and then, the sessions."""
        checked = _now()
        while True:
            await asyncio.sleep(1)
            at = _now()
            for client in list(self._clients):
                if at - client.told_at >= HEARTBEAT:
                    client.tell(wire.here(client.position), at=at)
            if at - checked >= RECHECK:
                checked = at
                await self._recheck()

    async def _recheck(self) -> None:
        """Cuts those whose session is over and refreshes what the others may know; without a database, later."""
        asked = {client.guest for client in self._clients}
        try:
            there = await self._door.do(lambda: door.still_there(asked))
        except DatabaseFailure:
            return
        for client in list(self._clients):
            if client.guest in asked:
                guest = there.get(client.guest.session_key)
                if guest is None:
                    client.cut()
                else:
                    client.guest = guest


def _news_after(position: Position) -> list[News]:
    events = readers.after(position, limit=BATCH)
    law = rules.in_force()
    told = law.told(events)
    return [
        wire.news(event, one, changes_rights=law.changes_rights(event)) for event, one in zip(events, told, strict=True)
    ]


def _now() -> float:
    return asyncio.get_running_loop().time()


def first_retry() -> int:
    """Milliseconds before a client comes back, different for each: a restart is not met by all of them at once."""
    return random.randint(1000, 4000)  # noqa: S311 (no secret)
