"""The database as it is at one moment, on a connection of its own that writes nothing and holds up no writer."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import load_backend

ALIAS = "snapshot"


@contextmanager
def snapshot() -> Iterator[str]:
    """The alias of a connection on which everything is read as it is now, whatever is written meanwhile."""
    settings = _reading(connections["default"].settings_dict)
    # This thread's own, and not entered among the desk's databases: nobody else ever sees it.
    connections[ALIAS] = load_backend(settings["ENGINE"]).DatabaseWrapper(settings, ALIAS)
    try:
        with transaction.atomic(using=ALIAS), connections[ALIAS].cursor() as cursor:
            if connections[ALIAS].vendor == "postgresql":
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            # Both databases take their snapshot at the first thing read, not when the transaction begins.
            cursor.execute("SELECT count(*) FROM django_migrations")
            yield ALIAS
    finally:
        connections[ALIAS].close()
        del connections[ALIAS]


def _reading(default: dict[str, Any]) -> dict[str, Any]:
    options = {name: value for name, value in default["OPTIONS"].items() if name != "pool"}
    if default["ENGINE"].endswith("sqlite3"):
        # IMMEDIATE, the desk's own mode, would take the one write lock and stop the desk until the end.
        options |= {"transaction_mode": "DEFERRED", "init_command": "PRAGMA query_only=ON; PRAGMA mmap_size=268435456;"}
    return default | {"OPTIONS": options, "CONN_MAX_AGE": None}


def sequences(connection: BaseDatabaseWrapper) -> dict[str, int]:
    """The last number that each table gave to a row, also to rows that are gone: none may be given again."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, seq FROM sqlite_sequence")
            return dict(cursor.fetchall())
        cursor.execute(
            """SELECT owner.relname, coalesce(given.last_value, 0) FROM pg_sequences AS given
               JOIN pg_class AS made ON made.relname = given.sequencename
                AND made.relnamespace = to_regnamespace(quote_ident(given.schemaname))
               JOIN pg_depend AS tie ON tie.objid = made.oid AND tie.deptype IN ('a', 'i')
               JOIN pg_class AS owner ON owner.oid = tie.refobjid
               WHERE given.schemaname = current_schema()"""
        )
        return dict(cursor.fetchall())
