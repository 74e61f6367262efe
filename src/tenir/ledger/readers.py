# ruff: noqa: S608  (what is put into the SQL is our own condition)
"""Readers of the ledger: each sees every event once, in the ledger's order, and survives a crash anywhere.

On PostgreSQL ids are handed out before transactions commit, so "everything after id n" would skip what commits late.
The ledger's order is therefore (transaction, id), and a reader stops before the oldest transaction that still runs
(`_OLDEST_RUNNING`): whatever commits later has a larger transaction number than all that was read. The price: one
transaction that writes for a minute makes readers wait for a minute.
On SQLite there is one writer at a time: ids are in commit order, and `xid` is 0.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import connection, transaction

from tenir.ledger.models import Bookmark, Event


@dataclass(frozen=True, order=True)
class Position:
    """A place in the ledger; written `xid-id` where it leaves the house (`Last-Event-ID`)."""

    xid: int = 0
    event_id: int = 0

    def __str__(self) -> str:
        return f"{self.xid}-{self.event_id}"

    @classmethod
    def parse(cls, text: str) -> "Position | None":
        """The position written by `str`, or None when the text is anything else."""
        xid, _, event_id = text.partition("-")
        if not (xid.isascii() and xid.isdecimal() and event_id.isascii() and event_id.isdecimal()) or len(text) > 39:
            return None
        place = cls(int(xid), int(event_id))
        return place if max(place.xid, place.event_id) < 2**63 else None


# The number of the oldest transaction of this database that still runs, else of the next one to begin. What runs in
# other databases of the same server writes nothing here: another application's long night keeps no news from anybody.
# (The snapshot is taken first. A transaction that it names is left out only when its own session, at this moment, says
# that it belongs to another database; one that has just ended, or that no session has, still counts.)
_OLDEST_RUNNING = """(
    SELECT coalesce(min(running::text::bigint), pg_snapshot_xmax(pg_current_snapshot())::text::bigint)
    FROM pg_snapshot_xip(pg_current_snapshot()) AS running
    WHERE running::xid NOT IN (
        SELECT backend_xid FROM pg_stat_activity JOIN pg_database ON pg_database.oid = datid
        WHERE backend_xid IS NOT NULL AND pg_database.datname <> current_database()))"""
_HORIZON = {"postgresql": f"xid < {_OLDEST_RUNNING} + ledger_shift()"}


def _committed() -> str:
    """The condition, in SQL, that no event still being written can come before this one."""
    return _HORIZON.get(connection.vendor, "1 = 1")


def after(position: Position, *, limit: int = 500) -> list[Event]:
    """The next events after `position`, in order, none of which can be overtaken by one still being written."""
    sql = f"""SELECT * FROM ledger_event
              WHERE (xid, id) > (%s, %s) AND {_committed()}
              ORDER BY xid, id LIMIT %s"""
    return list(Event.objects.raw(sql, [position.xid, position.event_id, limit]))


def position_of(event: Event) -> Position:
    """Where `event` stands in the ledger."""
    return Position(event.xid, event.id)


def end() -> Position:
    """The place after the last event that readers may see now."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT xid, id FROM ledger_event WHERE {_committed()} ORDER BY xid DESC, id DESC LIMIT 1")
        row = cursor.fetchone()
    return Position(*row) if row else Position()


def read_on(reader: str, handle: Callable[[Sequence[Event]], None], *, limit: int = 200) -> int:
    """Hands the next events to `handle` and moves the reader's bookmark, in one transaction; returns how many.

    The bookmark's row is locked, so two processes of the same reader take turns. What `handle` writes to the
    database is committed with the bookmark; what it does elsewhere must be idempotent. When `handle` raises, nothing
    has happened and the same events come again.
    """
    if not after(_bookmark(reader), limit=1):  # nothing new: no lock is taken, and nobody is kept from writing
        return 0
    return _read_on(reader, handle, limit=limit)


def _bookmark(reader: str) -> Position:
    mark = Bookmark.objects.filter(reader=reader).first()
    return Position(mark.xid, mark.event_id) if mark else Position()


@transaction.atomic(durable=True)
def _read_on(reader: str, handle: Callable[[Sequence[Event]], None], *, limit: int) -> int:
    Bookmark.objects.get_or_create(reader=reader)
    mark = Bookmark.objects.select_for_update().get(reader=reader)
    events = after(Position(mark.xid, mark.event_id), limit=limit)
    if events:
        handle(events)
        mark.xid, mark.event_id = events[-1].xid, events[-1].id
        mark.save(force_update=True)
    return len(events)


def go_on_after_restore() -> int:
    """Makes new events come after all that are there; returns by how much the numbers had to be shifted.

    A PostgreSQL into which a backup was restored counts its transactions from the beginning again: new events would
    stand before the old ones, where no reader looks any more. Called after every migration and restore, while nobody
    writes; safe to repeat. On SQLite nothing is to be done.
    """
    if connection.vendor != "postgresql":
        return 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            """SELECT coalesce(max(xid), 0) - pg_current_xact_id()::text::bigint, ledger_shift() FROM ledger_event"""
        )
        needed, shift = cursor.fetchone()
        if needed < shift:
            return 0
        wanted = int(needed) + 1
        body = f"SELECT {wanted}::bigint"
        cursor.execute(f"CREATE OR REPLACE FUNCTION ledger_shift() RETURNS bigint LANGUAGE sql STABLE AS '{body}'")
        return wanted - int(shift)
