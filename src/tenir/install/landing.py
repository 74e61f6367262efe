"""Where a restored desk is built so that it appears whole or not at all: the database, the files, the secret key.

On SQLite the database is made in a file beside and renamed into place; on PostgreSQL all of it is one transaction.
What an interrupted restore left beside is taken away by the next one.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import OperationalError, connection, connections, transaction

from tenir.install.backup import Refused
from tenir.install.tongue import say

#: A file that is thrown away when anything fails needs no journal and no waiting for the disk, until it is whole.
_DRAFT_PRAGMAS = (
    "PRAGMA journal_mode=MEMORY; PRAGMA synchronous=OFF; PRAGMA foreign_keys=OFF; "
    "PRAGMA cache_size=-131072; PRAGMA temp_store=MEMORY;"
)
_LOCK_WAIT = "10s"


@contextmanager
def desk_stopped() -> Iterator[None]:
    """Nobody starts the desk meanwhile. Raises `Refused` when it runs."""
    folder = Path(settings.DATA_DIR)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = os.open(folder / "serve.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _take(lock)
        yield
    finally:
        os.close(lock)


def _take(lock: int) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Refused(say("The desk runs: stop “tenir serve” first.",
                          "Le service tourne : arrêtez d'abord « tenir serve ».")) from None  # fmt: skip


# --- The database ------------------------------------------------------------------------------------------------


@contextmanager
def new_database() -> Iterator[None]:
    """Inside, the connection leads to an empty database; it takes the place of the desk's own at the end, if nothing
    was raised."""
    with _in_one_transaction() if connection.vendor == "postgresql" else _beside():
        yield


@contextmanager
def _in_one_transaction() -> Iterator[None]:
    from tenir.install.migrate import alone

    with alone(), transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{_LOCK_WAIT}'")
            # Otherwise a table that was just written could not be altered by the next migration.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            _drop_our_tables(cursor)
        yield


def _drop_our_tables(cursor: Any) -> None:
    """The tables of an empty desk; what other programs keep in the same database stays."""
    from django.apps import apps

    begin = tuple(f"{app.label}_" for app in apps.get_app_configs())
    known = {"django_migrations", "tenir_cache", *connection.introspection.django_table_names()}
    present = [table.name for table in connection.introspection.get_table_list(cursor)]
    ours = [name for name in present if name in known or name.startswith(begin)]
    if ours:
        names = ", ".join(map(connection.ops.quote_name, ours))
        try:
            cursor.execute(f"DROP TABLE {names} CASCADE")
        except OperationalError as error:
            raise Refused(_still_used()) from error


def _still_used() -> str:
    return say("Another process still uses the database: stop every “tenir” process first.",
               "Un autre processus utilise encore la base : arrêtez d'abord tous les processus « tenir ».")  # fmt: skip


@contextmanager
def _beside() -> Iterator[None]:
    """A new SQLite file beside the desk's, renamed over it when it is whole."""
    database = connections["default"].settings_dict
    target, options = Path(database["NAME"]), database["OPTIONS"]
    draft = target.with_name(f"{target.name}.restoring")
    _unlink(draft)
    connection.close()
    _let_go(target)
    database["NAME"] = str(draft)
    database["OPTIONS"] = options | {"init_command": _DRAFT_PRAGMAS}
    try:
        yield
        _check_keys()
        connection.close()
        _flush(draft)
        database["NAME"], database["OPTIONS"] = str(target), options
        _let_go(target)
        draft.replace(target)
        _flush(target.parent)
    finally:
        connection.close()
        database["NAME"], database["OPTIONS"] = str(target), options
        _unlink(draft)


def _check_keys() -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA foreign_key_check")
        if broken := cursor.fetchone():
            raise Refused(say(f"A row of {broken[0]} names a row of {broken[2]} that the backup does not hold.",
                              f"Une ligne de {broken[0]} nomme une ligne de {broken[2]} absente de la sauvegarde.")
                          )  # fmt: skip


def _let_go(target: Path) -> None:
    """Empties the old file's journal into it; SQLite refuses while any other process has the file open."""
    if not target.exists():
        return
    try:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout=2000")
            cursor.execute("PRAGMA journal_mode=DELETE")
    except OperationalError as error:
        raise Refused(_still_used()) from error
    finally:
        connection.close()


def _unlink(draft: Path) -> None:
    for ending in ("", "-journal", "-wal", "-shm"):
        Path(f"{draft}{ending}").unlink(missing_ok=True)


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


# --- Files and key -----------------------------------------------------------------------------------------------


class Files:
    """The kept files, gathered beside and moved into place; surplus ones harm nothing, as nobody knows their names."""

    def __init__(self) -> None:
        self._place = Path(settings.FILES_DIR)
        self._beside = self._place.with_name(f"{self._place.name}.restoring")

    def __enter__(self) -> "Files":
        shutil.rmtree(self._beside, ignore_errors=True)
        self._beside.mkdir(mode=0o700, parents=True)
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self._beside, ignore_errors=True)

    def put(self, sha256: str, content: Any) -> Path:
        """Writes one file beside, and returns where."""
        path = self._beside / sha256[:2] / sha256[2:]
        path.parent.mkdir(mode=0o700, exist_ok=True)
        with path.open("wb") as file:
            shutil.copyfileobj(content, file, 1 << 20)
        return path

    def move(self) -> None:
        """Moves all of them into place, durably."""
        os.sync()
        for folder in sorted(self._beside.iterdir()):
            there = self._place / folder.name
            there.mkdir(mode=0o700, parents=True, exist_ok=True)
            for file in sorted(folder.iterdir()):
                file.replace(there / file.name)
            _flush(there)
        if self._place.is_dir():
            _flush(self._place)


def refuse_other_key(key: str) -> None:
    """Raises `Refused` when the settings give another secret key than the backup's: its mailboxes could not open."""
    from tenir.install.settings import current

    given = current().secret_key
    if given and given != key:
        raise Refused(
            say("TENIR_SECRET_KEY is not the key of this backup, so that mailboxes and customers' links would not "
                "open. Take it out of the settings, or set the one in the member “secret_key” of the backup.",
                "TENIR_SECRET_KEY n'est pas la clé de cette sauvegarde : boîtes et liens des clients ne "
                "s'ouvriraient pas. Ôtez-la des réglages, ou mettez celle de la partie « secret_key » de la "
                "sauvegarde.")
        )  # fmt: skip


def put_key(key: str) -> None:
    """The backup's secret key takes the place of the new desk's own."""
    from tenir.install.settings import current

    path = current().secret_key_file
    draft = path.with_name(".secret_key.restoring")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(key)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    _flush(path.parent)
