"""Putting a backup back: into tables of the age that it was made with, compared, then brought to this version.

The archive was examined from end to end before anything here runs. Every row is written and read again, every file's
checksum is taken from the disk, and only then does the new desk take its place (`tenir.install.landing`).
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from itertools import islice
from typing import Any, BinaryIO

from django.apps.registry import Apps
from django.core.management.color import no_style
from django.core.management.sql import emit_post_migrate_signal
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from tenir.install import landing, rows
from tenir.install.archive import FILES, FORMAT, ROWS, Archive, Contents, Damaged
from tenir.install.backup import Refused
from tenir.install.rows import Table
from tenir.install.tongue import say

AT_ONCE = 2000
Bar = Callable[..., AbstractContextManager[Any]]
#: A desk with a row in one of these is somebody's: a restore never touches it.
OF_SOMEBODY = ("people_agent", "customers_customer", "cases_case", "ledger_event", "email_mailbox", "email_mail")


def refuse_newer(contents: Contents) -> None:
    """Raises `Refused` when a later version of Tenir made the backup, `Damaged` when its description is not whole."""
    manifest = contents.manifest
    if not {"format", "tenir", "migrations", "tables", "ledger_xid"} <= manifest.keys():
        raise Damaged(say("This backup is damaged: its description lacks something.",
                          "Cette sauvegarde est abîmée : il manque quelque chose à sa description."))  # fmt: skip
    known = MigrationLoader(None).disk_migrations if manifest["format"] == FORMAT else {}
    if not all((app, name) in known for app, name in manifest["migrations"]):
        raise Refused(say(f"This backup was made by a newer Tenir ({manifest['tenir']}): install that one first.",
                          f"Cette sauvegarde vient d'un Tenir plus récent ({manifest['tenir']}) : "
                          "installez-le d'abord."))  # fmt: skip


def restore(archive: Archive, contents: Contents, *, bar: Bar) -> None:
    """Builds the desk of an examined backup and puts it in place of the empty one. Raises `Refused`, `Damaged`."""
    with landing.desk_stopped():
        _refuse_unless_empty()
        landing.refuse_other_key(contents.key)
        with landing.Files() as files, landing.new_database():
            _build(archive, contents, files, bar)
            files.move()
            landing.put_key(contents.key)
            # The database takes its place last: until then the desk is as empty as before.


def _refuse_unless_empty() -> None:
    tables = set(connection.introspection.table_names())
    for name in OF_SOMEBODY:
        with connection.cursor() as cursor:
            if name not in tables:
                continue
            cursor.execute(f"SELECT 1 FROM {name} LIMIT 1")  # noqa: S608 (names are ours)
            if cursor.fetchone():
                raise Refused(
                    say(f"This desk is not empty (there is something in {name}). Restore into a new one: name another "
                        "folder with TENIR_DATA_DIR, and on PostgreSQL an empty database with TENIR_DATABASE.",
                        f"Ce service n'est pas vide (il y a quelque chose dans {name}). Restaurez dans un nouveau : "
                        "nommez un autre dossier avec TENIR_DATA_DIR et, sur PostgreSQL, une base vide avec "
                        "TENIR_DATABASE.")
                )  # fmt: skip


def _build(archive: Archive, contents: Contents, files: landing.Files, bar: Bar) -> None:
    executor = MigrationExecutor(connection)
    made_with = _newest_of_each_room(executor, contents)
    executor.migrate(made_with)
    tables = _tables(executor.loader.project_state(made_with).apps, contents)
    _empty(tables)
    _load(archive, contents, tables, files, bar)
    _compare(archive, contents, tables, bar)
    _set_sequences(contents, tables)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    _bring_up_to_date()
    _read_mailboxes_again()
    _find_words_again(bar)


def _newest_of_each_room(executor: MigrationExecutor, contents: Contents) -> list[tuple[str, str]]:
    """The backup's migrations that none of its others follows in their room: the way there leads through the rest."""
    made_with = {(app, name) for app, name in contents.manifest["migrations"]}
    graph = executor.loader.graph
    followed = {parent.key for key in made_with for parent in graph.node_map[key].parents if parent.key[0] == key[0]}
    return sorted(made_with - followed)


def _tables(apps: Apps, contents: Contents) -> dict[str, Table]:
    """The backup's tables as the code of its age describes them; the two descriptions must agree."""
    found = {table.name: table for table in rows.tables(apps)}
    described = {table["name"]: table["columns"] for table in contents.manifest["tables"]}
    for name in found.keys() | described.keys():
        if name not in found or name not in described or sorted(found[name].described()) != sorted(described[name]):
            raise Refused(say(f"This version does not know the table {name} of the backup.",
                              f"Cette version ne connaît pas la table {name} de la sauvegarde."))  # fmt: skip
    return {name: _in_order(table, described[name]) for name, table in found.items()}


def _in_order(table: Table, described: list[list[str]]) -> Table:
    columns = {column.name: column for column in table.columns}
    return Table(table.model, table.name, tuple(columns[name] for name, _kind in described))


def _empty(tables: dict[str, Table]) -> None:
    """Rows that migrations put there themselves are in the backup too. What points where is checked at the end."""
    connection.disable_constraint_checking()  # SQLite's, which the migrations turned on again
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("TRUNCATE " + ", ".join(tables) + " CASCADE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        else:
            for name in tables:
                cursor.execute(f"DELETE FROM {name}")  # noqa: S608 (names are ours)


# --- Rows ----------------------------------------------------------------------------------------------------------


def _load(archive: Archive, contents: Contents, tables: dict[str, Table], files: landing.Files, bar: Bar) -> None:
    total = sum(contents.proof["rows"].values()) + contents.proof["files"]
    with bar(total, say("restoring", "restauration"), quiet=False) as told:
        for name, stream, _size in archive.members():
            if found := ROWS.match(name):
                told.update(_insert(tables[found[1]], _lines(stream, tables[found[1]], contents)))
            elif found := FILES.match(name):
                _put_file(files, found[1], stream)
                told.update(1)


def _put_file(files: landing.Files, sha256: str, stream: BinaryIO) -> None:
    path = files.put(sha256, stream)
    with path.open("rb") as written:
        if hashlib.file_digest(written, "sha256").hexdigest() != sha256:
            raise Refused(say(f"The disk does not give back the file {sha256} as it was written.",
                              f"Le disque ne rend pas le fichier {sha256} tel qu'il a été écrit."))  # fmt: skip


def _lines(stream: BinaryIO, table: Table, contents: Contents) -> Iterator[list[Any]]:
    """The rows of one member, changed in what this database or the new ledger asks for."""
    changes = rows.fitting(table, connection.vendor) + _of_ledger(table, contents.manifest["ledger_xid"])
    for line in stream.read().splitlines():
        values = json.loads(line)
        for number, change in changes:
            if values[number] is not None:
                values[number] = change(values[number])
        yield values


def _of_ledger(table: Table, newest: int) -> list[tuple[int, rows.Change]]:
    """Transaction numbers belong to the database that gave them. They are counted back from the newest, which becomes
    0: events keep their order and bookmarks their place in it, and whatever is written next comes after."""
    if table.name not in ("ledger_event", "ledger_bookmark"):
        return []
    return [(n, lambda xid: xid - newest) for n, column in enumerate(table.columns) if column.name == "xid"]


def _insert(table: Table, lines: Iterator[list[Any]]) -> int:
    convert = rows.stored(table, connection)
    written = 0
    names = ", ".join(connection.ops.quote_name(column.name) for column in table.columns)
    while some := [convert(values) for values in islice(lines, AT_ONCE)]:
        with transaction.atomic(), connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                with cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
                    for values in some:
                        copy.write_row(values)
            else:
                marks = ", ".join(["%s"] * len(table.columns))
                cursor.executemany(f"INSERT INTO {table.name} ({names}) VALUES ({marks})", some)  # noqa: S608
        written += len(some)
    return written


def _compare(archive: Archive, contents: Contents, tables: dict[str, Table], bar: Bar) -> None:
    """Every row as it is now in the database beside every row of the archive."""
    total = sum(contents.proof["rows"].values())
    with bar(total, say("comparing", "comparaison"), quiet=False) as told:
        current, there = "", iter(())  # type: Any, Any
        for name, stream, _size in archive.members():
            found = ROWS.match(name)
            if not found:
                continue
            if found[1] != current:
                _nothing_left(current, there)
                current, there = found[1], rows.read_rows(tables[found[1]], "default")
            told.update(_same(tables[current], _lines(stream, tables[current], contents), there))
        _nothing_left(current, there)
    for name, table in tables.items():
        if name not in contents.proof["rows"] and table.rows("default").exists():
            raise _other_row(name)


def _same(table: Table, archived: Iterator[list[Any]], there: Iterator[list[Any]]) -> int:
    number = 0
    for number, values in enumerate(archived, start=1):  # noqa: B007 (the count is wanted)
        row = next(there, None)
        if row is None or not rows.same(values, row, table):
            raise _other_row(table.name)
    return number


def _nothing_left(name: str, there: Iterator[list[Any]]) -> None:
    if next(there, None) is not None:
        raise _other_row(name)


def _other_row(name: str) -> Refused:
    return Refused(say(f"A row of {name} did not come back as it was written: nothing was changed.",
                       f"Une ligne de {name} n'est pas revenue telle qu'écrite : rien n'a été changé."))  # fmt: skip


# --- Afterwards ------------------------------------------------------------------------------------------------------


def _set_sequences(contents: Contents, tables: dict[str, Table]) -> None:
    """No number is given twice, not even that of a row which was gone when the backup was made."""
    models = [table.model for table in tables.values()]
    given = {table["name"]: table["sequence"] for table in contents.manifest["tables"] if table["sequence"]}
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)
        for name, number in given.items():
            if connection.vendor == "postgresql":
                key = tables[name].columns[tables[name].key].name
                cursor.execute("SELECT setval(pg_get_serial_sequence(%s, %s), %s)", [name, key, number])
            else:
                cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [name])
                cursor.execute("INSERT INTO sqlite_sequence(name, seq) VALUES (%s, %s)", [name, number])


def _bring_up_to_date() -> None:
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())
    emit_post_migrate_signal(verbosity=0, interactive=False, db=connection.alias)


def _read_mailboxes_again() -> None:
    """What came in after the backup was marked as read in its mailbox, and is now nowhere else."""
    from tenir.channels.email.models import Mailbox

    Mailbox.objects.update(read_everything=True)


def _find_words_again(bar: Bar) -> None:
    from tenir.cases import reindex

    with bar(reindex.count(), say("search index", "index de recherche"), quiet=False) as told:
        reindex.rebuild(told.update)
