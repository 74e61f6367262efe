"""The ground of every test: a desk of its own, on SQLite or PostgreSQL, with no way out of this machine.

`TENIR_TEST_DATABASE=postgresql` runs the same tests on a throw-away PostgreSQL started here; with `--database-only`,
just those that touch a database.
"""

import contextlib
import os
import shutil
import socket
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from tests import postgres_cluster

# The same examples on every run of a test: whoever changes one thing is not stopped by another that chance found.
# `HYPOTHESIS_PROFILE=search` looks for new ones.
hypothesis.settings.register_profile("steady", derandomize=True)
hypothesis.settings.register_profile("search", derandomize=False)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))

ON_POSTGRESQL = os.environ.get("TENIR_TEST_DATABASE", "sqlite") == "postgresql"
#: Set by the process that was started by hand; the parallel workers inherit them.
SHARED_HOME = "TENIR_TEST_HOME"
SHARED_POSTGRESQL = "TENIR_TEST_POSTGRESQL"
#: A test that asks for one of these touches the database.
DATABASE_FIXTURES = {"db", "transactional_db", "live_server", "postgres", "desk_environ", "django_db_reset_sequences"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database-only", action="store_true", help="only the tests that touch a database")


def pytest_configure(config: pytest.Config) -> None:
    if SHARED_HOME not in os.environ:
        _open_shared_home(config)
    _own_environment()
    _set_up_django()


def _open_shared_home(config: pytest.Config) -> None:
    from tenir.install.words import compile_all

    compile_all()
    held = contextlib.ExitStack()
    config.add_cleanup(held.close)
    home = tempfile.mkdtemp(prefix="tenir-test-")
    held.callback(shutil.rmtree, home, ignore_errors=True)
    Path(home, "tenir.toml").touch()
    os.environ[SHARED_HOME] = home
    held.callback(os.environ.pop, SHARED_HOME)
    if ON_POSTGRESQL:
        os.environ[SHARED_POSTGRESQL] = held.enter_context(postgres_cluster.cluster())
        held.callback(os.environ.pop, SHARED_POSTGRESQL)


def _own_environment() -> None:
    """No setting of the person's own desk may reach a test, nor a test their data."""
    for name in [n for n in os.environ if n.startswith("TENIR_") and not n.startswith("TENIR_TEST_")]:
        del os.environ[name]
    home = Path(os.environ[SHARED_HOME])
    os.environ["TENIR_CONFIG"] = str(home / "tenir.toml")
    os.environ["TENIR_DATA_DIR"] = str(home / os.environ.get("PYTEST_XDIST_WORKER", "main"))
    os.environ["DJANGO_SETTINGS_MODULE"] = "tenir.install.django_settings"
    if ON_POSTGRESQL:
        os.environ["TENIR_DATABASE"] = os.environ[SHARED_POSTGRESQL]


def _set_up_django() -> None:
    import django
    from django.conf import settings

    # Pages are rendered without collecting static files first; a real `tenir serve` in a test does collect them.
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.WHITENOISE_USE_FINDERS = True
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    django.setup()
    # A parallel worker that inherited it would read its settings before it has an environment of its own.
    del os.environ["DJANGO_SETTINGS_MODULE"]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--database-only"):
        return
    kept = [item for item in items if _touches_database(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
    items[:] = kept


def _touches_database(item: pytest.Item) -> bool:
    fixtures: list[str] = getattr(item, "fixturenames", [])
    return item.get_closest_marker("django_db") is not None or not DATABASE_FIXTURES.isdisjoint(fixtures)


def _empty_past_the_guards() -> None:
    """After a test with real commits the tables are emptied, which the ledger's guards refuse on SQLite.

    They step aside within that one transaction. (On PostgreSQL TRUNCATE passes by them.)
    """
    from django.db import connection
    from django.db.backends.sqlite3.operations import DatabaseOperations

    flush = DatabaseOperations.sql_flush

    def past_the_guards(self: DatabaseOperations, style: Any, tables: Any, **options: Any) -> list[str]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            guards = cursor.fetchall()
        dropped = [f"DROP TRIGGER {name}" for name, _statement in guards]
        return [*dropped, *flush(self, style, tables, **options), *(statement for _name, statement in guards)]

    DatabaseOperations.sql_flush = past_the_guards  # type: ignore[assignment, method-assign]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """SQLite in a file, as in a real desk (several threads may write), without waiting for the disk."""
    from django.db import connections

    database = connections["default"].settings_dict
    if database["ENGINE"].endswith("sqlite3"):
        _empty_past_the_guards()
        database["TEST"]["NAME"] = str(Path(os.environ["TENIR_DATA_DIR"]) / "test.sqlite3")
        options = database["OPTIONS"]
        options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a database on a PostgreSQL server of this run."""
    if shared := os.environ.get(SHARED_POSTGRESQL):
        yield shared
        return
    with postgres_cluster.cluster() as address:
        yield address


@pytest.fixture
def postgres(postgres_server: str) -> str:
    """The address of an empty PostgreSQL database of this test's own, whatever the database of the run."""
    return postgres_cluster.new_database(postgres_server, f"own_{uuid.uuid4().hex}")


@pytest.fixture
def free_port() -> int:
    """A port of loopback that nobody listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def desk_environ(tmp_path: Path, free_port: int) -> dict[str, str]:
    """The environment of a real desk for `tenir` started as a process: an own folder, port and empty database.

    The database is of the run's own kind, so such a test covers SQLite and PostgreSQL too.
    """
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("TENIR_D", "TENIR_P", "LC_"))}
    environ |= {
        "LANG": "C.UTF-8",
        "PYTHONWARNINGS": "error",
        "TENIR_CONFIG": os.environ["TENIR_CONFIG"],
        "TENIR_DATA_DIR": str(tmp_path / "desk"),
        "TENIR_PORT": str(free_port),
    }
    if shared := os.environ.get(SHARED_POSTGRESQL):
        environ["TENIR_DATABASE"] = postgres_cluster.new_database(shared, f"desk_{uuid.uuid4().hex}")
    return environ
