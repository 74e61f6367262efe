"""The ground of the tests themselves: a database of one's own, and no way out of this machine."""

import os
import socket
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from pytest_socket import SocketConnectBlockedError


@pytest.mark.django_db
def test_the_database_is_the_one_asked_for() -> None:
    asked = os.environ.get("TENIR_TEST_DATABASE", "sqlite")
    assert connection.vendor == asked
    with connection.cursor() as cursor:
        cursor.execute("select 1")
        assert cursor.fetchone() == (1,)


def test_each_worker_has_a_folder_of_its_own() -> None:
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    assert Path(settings.DATA_DIR).name == Path(settings.FILES_DIR).parent.name == worker


def test_no_test_leaves_this_machine() -> None:
    with pytest.raises(SocketConnectBlockedError):
        socket.create_connection(("192.0.2.1", 80), timeout=1)


def test_a_postgresql_is_there_whatever_the_database_of_the_run(postgres: str) -> None:
    with psycopg.connect(postgres) as other:
        row = other.execute("select current_user").fetchone()
    assert row == ("tenir",)
