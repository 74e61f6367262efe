"""`tenir migrate`: the database brought to this version, and the static files gathered for serving."""

import argparse
import hashlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tenir.install.tongue import say

#: Any number will do, as long as it is the same in every process that migrates one PostgreSQL database.
ADVISORY_LOCK = 0x7E_17_17


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="tenir migrate",
        description=say(
            "Bring the database to this version. Safe to repeat.",
            "Amener la base de données à cette version. Peut être répété sans risque.",
        ),
    )
    parser.parse_args(arguments)
    from django.db import OperationalError

    try:
        done = migrate()
    except OperationalError as error:
        print(unreachable(error), file=sys.stderr)
        return 75
    print(say(f"The database is at this version ({done} steps done).",
              f"La base de données est à cette version ({done} étapes faites)."))  # fmt: skip
    return 0


def migrate() -> int:
    """Apply what is missing, one process at a time; the number of steps done. Static files are gathered too."""
    from django.core.management import call_command

    with alone():
        steps = pending()
        if steps:
            with _quickly_when_empty(), _without_permissions():
                call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
    gather_static()
    return steps


@contextmanager
def _quickly_when_empty() -> Iterator[None]:
    """A new SQLite file is written to disk once at the end, not after each of eighty steps: it holds nothing yet."""
    from django.db import connection

    if connection.vendor != "sqlite" or connection.introspection.table_names():
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous = OFF")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous = FULL")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@contextmanager
def _without_permissions() -> Iterator[None]:
    """Rights are Tenir's own (`people.rights`): Django's table of permissions stays empty."""
    from django.contrib.auth.management import create_permissions
    from django.db.models.signals import post_migrate

    uid = "django.contrib.auth.management.create_permissions"
    post_migrate.disconnect(dispatch_uid=uid)
    try:
        yield
    finally:
        post_migrate.connect(create_permissions, dispatch_uid=uid)


def pending() -> int:
    """How many steps the database is behind this version. Raises `OperationalError` when it does not answer."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def refuse_when_behind() -> int | None:
    """The exit code of a process that must not run on this database yet, after saying why; None when it may."""
    from django.db import OperationalError

    try:
        behind = pending()
    except OperationalError as error:
        print(unreachable(error), file=sys.stderr)
        return 75
    if behind:
        print(say("The database is not at this version: run “tenir migrate” first.",
                  "La base de données n'est pas à cette version : lancez d'abord « tenir migrate »."),
              file=sys.stderr)  # fmt: skip
        return 78
    return None


def unreachable(error: Exception) -> str:
    """What is said when the database does not answer."""
    reason = str(error).strip().splitlines()[0]
    return say(f"The database does not answer: {reason}", f"La base de données ne répond pas : {reason}")


@contextmanager
def alone() -> Iterator[None]:
    """Several machines may start at once on one PostgreSQL; SQLite serves one machine, whose `serve` has a lock."""
    from django.db import connection

    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(%s)", [ADVISORY_LOCK])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_unlock(%s)", [ADVISORY_LOCK])


def gather_static() -> None:
    """Collect static files under names that change with their content, only when one of them changed."""
    from django.conf import settings
    from django.core.management import call_command

    root = Path(settings.STATIC_ROOT)
    stamp = root / ".stamp"
    print_of_now = _static_fingerprint()
    if stamp.exists() and stamp.read_text() == print_of_now:
        return
    root.mkdir(parents=True, exist_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(print_of_now)


def _static_fingerprint() -> str:
    from django.contrib.staticfiles.finders import get_finders

    from tenir import __version__

    digest = hashlib.sha256(__version__.encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            found = Path(storage.path(name)).stat()
            digest.update(f"{name}:{found.st_size}:{found.st_mtime_ns};".encode())
    return digest.hexdigest()
