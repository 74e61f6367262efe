"""The ground of every test: a desk of its own, on SQLite or PostgreSQL, with no way out of this machine.

`TENIR_TEST_DATABASE=postgresql` runs the same tests on a throw-away PostgreSQL started here.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgres_cluster import Cluster

ON_POSTGRESQL = os.environ.get("TENIR_TEST_DATABASE", "sqlite") == "postgresql"
#: Set by the process that started pytest; the parallel workers inherit it.
SHARED_HOME = "TENIR_TEST_HOME"


def _own_environment() -> None:
    """No setting of the person's own desk may reach a test, nor a test their data."""
    for name in [n for n in os.environ if n.startswith("TENIR_") and not n.startswith("TENIR_TEST_")]:
        del os.environ[name]
    home = os.environ[SHARED_HOME]
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    os.environ["TENIR_CONFIG"] = str(Path(home) / "tenir.toml")
    os.environ["TENIR_DATA_DIR"] = str(Path(home) / worker)
    os.environ["DJANGO_SETTINGS_MODULE"] = "tenir.install.django_settings"
    if ON_POSTGRESQL:
        os.environ["TENIR_DATABASE"] = os.environ["TENIR_TEST_POSTGRESQL"]


def pytest_configure(config: pytest.Config) -> None:
    if SHARED_HOME not in os.environ:
        home = tempfile.mkdtemp(prefix="tenir-test-")
        Path(home, "tenir.toml").touch()
        os.environ[SHARED_HOME] = home
        config.add_cleanup(lambda: shutil.rmtree(home, ignore_errors=True))
        config.add_cleanup(lambda: os.environ.pop(SHARED_HOME, None))
        if ON_POSTGRESQL:
            cluster = Cluster.start(Path(home) / "postgresql")
            config.add_cleanup(cluster.stop)
            os.environ["TENIR_TEST_POSTGRESQL"] = cluster.url("tenir")
    _own_environment()
    _set_up_django()


def _set_up_django() -> None:
    import django
    from django.conf import settings

    # Pages are rendered without collecting static files first; a real `tenir serve` in a test does collect them.
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.WHITENOISE_USE_FINDERS = True
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    django.setup()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL database of this test worker's own, whatever the run's own database."""
    home = Path(tempfile.mkdtemp(prefix="tenir-postgres-"))
    cluster = Cluster.start(home / "postgresql")
    try:
        yield cluster.url("tenir")
    finally:
        cluster.stop()
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """SQLite in a file, as in a real desk (several threads may write), without waiting for the disk."""
    from django.db import connections

    database = connections["default"].settings_dict
    if database["ENGINE"].endswith("sqlite3"):
        folder = Path(os.environ["TENIR_DATA_DIR"])
        folder.mkdir(parents=True, exist_ok=True)
        database["TEST"]["NAME"] = str(folder / "test.sqlite3")
        options = database["OPTIONS"]
        options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")


@pytest.fixture(scope="session")
def django_db_use_migrations() -> bool:
    """While a room is young and has tables but no migration yet, all tables are made from the models."""
    from django.apps import apps

    rooms = [Path(app.path) for app in apps.get_app_configs() if app.name.startswith("tenir.") and app.models]
    return all(any(room.glob("migrations/0*.py")) for room in rooms)
