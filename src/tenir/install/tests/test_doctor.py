"""The doctor finds what is wrong, says what to do, and nothing that breaks hides the rest."""

import json
import os
import socket
import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import translation

from tenir import clock
from tenir.channels.email.models import Mailbox
from tenir.channels.email.secrets import seal
from tenir.install import checks, doctor, jobs, machine
from tenir.install import settings as desk
from tenir.install.checks import Check, State
from tenir.install.tests.scenes_backup import new_desk, tenir
from tenir.ledger.events import SYSTEM
from tenir.ledger.models import Event
from tenir.outbox import verbs as outbox
from tenir.outbox.models import Task
from tests.servers.smtpd import Mode, smtpd

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.DATA_DIR = tmp_path
    tmp_path.chmod(0o700)
    return tmp_path


@pytest.fixture
def listener() -> Iterator[int]:
    """A port on which something listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def found(name: str, **options: Any) -> list[Check]:
    with translation.override("en"):
        return [check for check in checks.checks(**options) if check.name == name]


def one(name: str) -> Check:
    [check] = found(name)
    return check


def with_settings(monkeypatch: pytest.MonkeyPatch, **environ: str) -> None:
    """The desk's settings as if the environment had said so."""
    here = {name: os.environ[name] for name in ("TENIR_CONFIG", "TENIR_DATA_DIR")}
    loaded = desk.load(here | environ)
    monkeypatch.setattr(desk, "current", lambda: loaded.settings)


def test_a_good_folder_is_fine_and_an_open_one_is_said(folder: Path) -> None:
    assert [check.state for check in found("folder")] == [State.OK]
    folder.chmod(0o755)
    assert "chmod 700" in found("folder")[-1].advice


def test_a_folder_that_is_gone_is_a_problem(folder: Path, settings: Any) -> None:
    settings.DATA_DIR = folder / "gone"
    check = one("folder")
    assert check.state is State.PROBLEM
    assert str(folder / "gone") in check.found


def test_little_space_is_said_before_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "LITTLE_SPACE", 2**60)
    assert one("folder").state is State.WARNING
    monkeypatch.setattr(checks, "HARDLY_ANY_SPACE", 2**60)
    assert one("folder").state is State.PROBLEM


def test_a_secret_that_others_can_read_is_a_problem(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_settings(monkeypatch, TENIR_DATA_DIR=str(folder))
    assert one("secret").state is State.PROBLEM
    (folder / "secret_key").write_text("k")
    (folder / "secret_key").chmod(0o644)
    assert "chmod 600" in one("secret").advice
    (folder / "secret_key").chmod(0o600)
    assert one("secret").state is State.OK
    with_settings(monkeypatch, TENIR_SECRET_KEY="k" * 40)
    assert one("secret").state is State.OK


def test_the_database_is_sound_and_at_this_version() -> None:
    assert {check.state for check in found("database", thorough=True)} == {State.OK}


def test_a_database_that_is_behind_is_a_problem() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT applied FROM django_migrations WHERE app = 'outbox' ORDER BY id")
        (applied,) = cursor.fetchone()
        cursor.execute("UPDATE django_migrations SET app = 'elsewhere' WHERE app = 'outbox'")
    try:
        assert applied
        check = found("database")[0]
        assert check.state is State.PROBLEM
        assert "tenir migrate" in check.advice
    finally:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE django_migrations SET app = 'outbox' WHERE app = 'elsewhere'")


@pytest.mark.slow
def test_a_damaged_file_is_found_and_a_broken_check_hides_nothing(tmp_path: Path) -> None:
    environ = new_desk(tmp_path / "d")
    assert tenir(environ, "migrate").returncode == 0
    file = Path(environ["TENIR_DATA_DIR"], "tenir.sqlite3")
    with sqlite3.connect(file) as database:
        pages = database.execute("SELECT rootpage FROM sqlite_master WHERE tbl_name = 'outbox_task'").fetchall()
        size = database.execute("PRAGMA page_size").fetchone()[0]
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    with file.open("r+b") as raw:
        for (page,) in pages:
            raw.seek((page - 1) * size)
            raw.write(b"\xff" * size)
    done = tenir(environ, "doctor", "--json")
    assert done.returncode == 2
    told = json.loads(done.stdout)
    broken = {check["name"] for check in told if check["state"] == "problem"}
    assert {"database", "outbox"} <= broken
    assert any("damaged" in check["found"] for check in told if check["name"] == "database")
    assert any(check["name"] == "folder" and check["state"] == "ok" for check in told)


def test_a_clock_behind_the_ledger_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "clock_is_set_by_network", lambda: True)
    assert one("clock").state is State.OK
    Event.objects.create(at=clock.now() + timedelta(hours=1), name="x", actor_kind=SYSTEM.actor_kind)
    check = one("clock")
    assert check.state is State.PROBLEM
    assert "behind" in check.found
    monkeypatch.setattr(machine, "clock_is_set_by_network", lambda: False)
    assert "NTP" in found("clock")[-1].found


def test_the_kernel_is_asked_about_its_clock() -> None:
    assert machine.clock_is_set_by_network() in (True, False, None)


def test_passwords_do_not_travel_in_the_open(monkeypatch: pytest.MonkeyPatch) -> None:
    with_settings(monkeypatch, TENIR_BASE_URL="http://desk.example")
    assert one("address").state is State.PROBLEM
    with_settings(monkeypatch, TENIR_BASE_URL="http://localhost:8000")
    assert one("address").state is State.OK


def test_behind_a_proxy_it_has_to_be_named(monkeypatch: pytest.MonkeyPatch, listener: int) -> None:
    with_settings(monkeypatch, TENIR_BASE_URL=f"https://localhost:{listener + 1 if listener < 65535 else 1}")
    said = found("address")
    assert "TENIR_TRUSTED_PROXIES" in said[0].advice
    assert said[-1].state is State.WARNING  # nobody answers there


def test_a_certificate_that_browsers_refuse_is_a_problem(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import ssl
    import threading

    import trustme

    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    trustme.CA().issue_cert("elsewhere.example").configure_cert(context)
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            line, _address = server.accept()
            with line:
                try:
                    context.wrap_socket(line, server_side=True).close()
                except OSError:
                    return  # the doctor left, as it should

        thread = threading.Thread(target=answer)
        thread.start()
        with_settings(
            monkeypatch,
            TENIR_BASE_URL=f"https://localhost:{server.getsockname()[1]}",
            TENIR_TRUSTED_PROXIES="127.0.0.1",
        )
        check = one("address")
        thread.join()
    assert check.state is State.PROBLEM
    assert "Renew or correct" in check.advice


def test_a_web_process_is_looked_for(monkeypatch: pytest.MonkeyPatch, listener: int) -> None:
    with_settings(monkeypatch, TENIR_PORT=str(listener))
    assert one("web").state is State.OK


def test_a_worker_shows_that_it_lives(folder: Path) -> None:
    assert one("work").state is State.PROBLEM
    jobs.beat(clock.now())
    assert one("work").state is State.OK
    long_ago = (clock.now() - timedelta(hours=1)).timestamp()
    os.utime(folder / "work.alive", (long_ago, long_ago))
    assert one("work").state is State.PROBLEM


def test_late_and_given_up_work_is_told() -> None:
    assert one("outbox").state is State.OK
    now = clock.now()
    outbox.plan("email.send", key="late", due_at=now - timedelta(hours=2), at=now - timedelta(hours=2))
    task = outbox.plan("email.send", key="dead", due_at=now, at=now)
    Task.objects.filter(pk=task.pk).update(state=Task.State.DEAD, ended_at=now)
    dead, late = found("outbox")
    assert (dead.state, late.state) == (State.WARNING, State.PROBLEM)
    assert "email.send" in late.found


def test_backups_are_counted_in_days(folder: Path) -> None:
    assert one("backup").state is State.WARNING

    def made(ago: timedelta, path: Path) -> Check:
        note = {"at": (clock.now() - ago).isoformat(), "path": str(path), "bytes": 1}
        (folder / "last_backup.json").write_text(json.dumps(note))
        return one("backup")

    assert made(timedelta(hours=3), Path("/elsewhere/b")).state is State.OK
    assert made(timedelta(days=3), Path("/elsewhere/b")).state is State.WARNING
    assert made(timedelta(days=30), Path("/elsewhere/b")).state is State.PROBLEM
    (folder / "b").touch()
    assert "another machine" in made(timedelta(hours=3), folder / "b").advice
    (folder / "last_backup.json").write_text("{")
    assert one("backup").state is State.WARNING


def test_a_desk_without_a_mailbox_is_told() -> None:
    assert one("mailboxes").state is State.WARNING


@pytest.mark.slow
def test_a_mailbox_is_tried_in_both_directions(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    way = {"host": "127.0.0.1", "port": port, "security": "plain", "user": "desk", "timeout": 5}
    mailbox = Mailbox.objects.create(
        name="Desk", address="desk@example.test", incoming=way, outgoing=way, secrets=seal({"imap_password": "x"})
    )
    reading, sending = found("mailboxes")
    assert (reading.state, sending.state) == (State.PROBLEM, State.PROBLEM)
    assert "does not accept connections" in reading.found
    with smtpd(tmp_path) as server:
        mailbox.outgoing = way | {"port": server.port}
        mailbox.save()
        assert found("mailboxes")[1].state is State.OK
        server.behave(Mode.REFUSE_MAIL)
        assert "desk@example.test" in found("mailboxes")[1].found
        assert server.received() == []
    Mailbox.objects.update(secrets="sealed with another key")
    reading, _sending = found("mailboxes")
    assert "again" in reading.advice


def test_it_speaks_french_and_its_exit_status_is_the_worst(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    assert doctor.main([]) == 2
    said = capsys.readouterr().out
    assert "Processus de travail\u00a0: Aucun processus" in said
    assert "tenir serve" in said
    assert doctor.main(["--json"]) == 2
    told = json.loads(capsys.readouterr().out)
    assert {"name", "title", "state", "found", "advice"} == set(told[0])


def test_the_exit_status_follows_the_worst() -> None:
    good, warned = (Check("a", "A", state, "") for state in (State.OK, State.WARNING))
    assert doctor.EXIT[checks.worst([])] == 0
    assert doctor.EXIT[checks.worst([good, warned, good])] == 1
