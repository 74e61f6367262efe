"""A full disk and a database that cannot be written: said in plain words, nothing half done, gone on by itself."""

import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from unittest import mock

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from tenir import clock
from tenir.cases import verbs as cases
from tenir.cases.errors import SomethingNew
from tenir.cases.models import Case, Message
from tenir.cases.tests import scenes
from tenir.channels.email.models import Mail, Mailbox
from tenir.channels.email.receive import Desk, receive
from tenir.channels.email.tests.test_receive import letter
from tenir.ledger.models import Event
from tenir.outbox.worker import work_once
from tenir.people.tests.scenes import amina, bruno
from tests.racing import at_once
from tests.servers.smtpd import smtpd

pytestmark = pytest.mark.django_db(transaction=True)


def client() -> Client:
    browser = Client(raise_request_exception=False)
    browser.force_login(amina())
    return browser


@contextmanager
def read_only() -> Iterator[None]:
    """No write reaches the database on this thread's connection, as when its file or server is read-only."""
    on, off = ("PRAGMA query_only = ON", "PRAGMA query_only = OFF")
    if connection.vendor == "postgresql":
        on = "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY"
        off = "SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE"
    with connection.cursor() as cursor:
        cursor.execute(on)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(off)


def test_a_read_only_database_is_said_with_503_and_nothing_is_half_done() -> None:
    case, browser = scenes.bin_without_lid(), client()
    before = Event.objects.count()
    with read_only():
        assert browser.get(f"/cases/{case}/").status_code in (200, 503)
        answer = browser.post(f"/cases/{case}/notes/", {"text": "À voir."})
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert "attend sa base de données" in answer.text
    assert "waits for its database" in answer.text
    assert (Event.objects.count(), Message.objects.filter(kind="note").count()) == (before, 0)
    assert browser.post(f"/cases/{case}/notes/", {"text": "À voir."}).status_code == 302
    assert Message.objects.filter(kind="note").count() == 1


def test_a_full_disk_is_said_with_507() -> None:
    if connection.vendor != "sqlite":  # there the disk is the server's, which says so in an OperationalError
        with connection.cursor() as cursor, pytest.raises(Exception, match="No space left"):
            cursor.execute("DO $$ BEGIN RAISE disk_full USING MESSAGE = 'No space left on device'; END $$")
        return
    case, browser = scenes.bin_without_lid(), client()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        cursor.execute(f"PRAGMA max_page_count = {cursor.fetchone()[0]}")
    long = {"text": "mot " * 20_000}
    answer = browser.post(f"/cases/{case}/notes/", long)
    assert (answer.status_code, "Un instant" in answer.text) == (507, True)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA max_page_count = 1073741823")
    assert browser.post(f"/cases/{case}/notes/", long).status_code == 302
    assert Message.objects.filter(kind="note").count() == 1


def test_a_mail_that_the_disk_does_not_take_stays_with_the_mail_server(desk_environ: dict[str, str]) -> None:
    """`tenir receive` under a limit on the size of files, which the kernel enforces as it does a full disk."""

    def pipe(limit: int | None) -> subprocess.CompletedProcess[bytes]:
        def limited() -> None:
            if limit:
                resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

        command = [sys.executable, "-m", "tenir", "receive"]
        return subprocess.run(
            command, input=letter("x" * 3_000_000), env=desk_environ, capture_output=True, preexec_fn=limited
        )

    subprocess.run([sys.executable, "-m", "tenir", "migrate"], env=desk_environ, check=True, capture_output=True)
    files = Path(desk_environ["TENIR_DATA_DIR"]) / "files"
    refused = pipe(2_000_000)
    assert (refused.returncode, b"Traceback" in refused.stderr) == (75, False), refused.stderr
    assert [path for path in files.rglob("*") if path.is_file()] == []
    taken, again = pipe(None), pipe(None)
    assert (taken.returncode, again.returncode) == (0, 0)
    assert taken.stdout == again.stdout
    assert len([path for path in files.rglob("*") if path.is_file()]) == 1


def test_the_answer_to_a_letter_outlives_a_database_that_cannot_be_written(tmp_path: Path) -> None:
    """The server took the letter just when the disk was full: the answer is kept trying, the letter goes once."""
    with smtpd(tmp_path) as server:
        outgoing = {"host": "127.0.0.1", "port": server.port, "security": "plain", "timeout": 5}
        box = Mailbox.objects.create(name="Desk", address="bonjour@desk.example", outgoing=outgoing)
        opened = receive(letter(), at=clock.now(), desk=Desk.at(box)).message
        assert opened is not None
        to = {"to": ["emile@client.example"]}
        at = clock.now() - timedelta(minutes=1)
        reply = cases.reply(opened.case, by=amina(), at=at, text="Il arrive.", recipients=to, seen_id=opened.pk)
        waits = []

        def disk_is_emptied(_seconds: float) -> None:
            waits.append(len(server.received()))
            with connection.cursor() as cursor:
                cursor.execute("DROP TABLE blocker")

        with broken_deliveries(), mock.patch("tenir.channels.email.send.time.sleep", disk_is_emptied):
            while work_once(at=clock.now()):
                pass
        reply.refresh_from_db()
        assert (reply.delivery, len(server.received()), waits) == ("sent", 1, [1])


@contextmanager
def broken_deliveries() -> Iterator[None]:
    """Writing the answers fails with an OperationalError, until the table `blocker` is gone."""
    from django.db import OperationalError

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE blocker (id integer)")

    def refuse(execute: object, sql: str, params: object, many: bool, context: object) -> object:
        blocked = "blocker" in connection.introspection.table_names() if "email_delivery" in sql.lower() else False
        if blocked and sql.startswith("INSERT"):
            raise OperationalError("database or disk is full")
        return execute(sql, params, many, context)  # type: ignore[operator]

    with connection.execute_wrapper(refuse), mock.patch.object(connection, "close"):
        yield


def test_two_people_and_a_customer_on_one_case_at_the_same_instant() -> None:
    case = scenes.bin_without_lid()
    seen, two = case.last_inbound_id, [amina(), bruno()]
    to = {"to": [scenes.address_of(case.customer)]}

    def act(number: int) -> object:
        if number == 0:
            return scenes.writes_again(case, "Encore ceci.", at=scenes.minutes(5))
        if number in (1, 2):
            by = two[number - 1]
            return cases.reply(case, by=by, at=scenes.minutes(5), text=f"De {by}.", recipients=to, seen_id=seen)
        return cases.take(case, by=two[number - 3], at=scenes.minutes(5))

    done = at_once(5, act)
    replies = [one for one in done[1:3] if isinstance(one, Message)]
    refused = [one for one in done[1:3] if not isinstance(one, Message)]
    assert isinstance(done[0], Message)
    assert all(isinstance(one, SomethingNew) for one in refused), done
    assert Message.objects.filter(kind="reply").count() == len(replies)
    fresh = Case.objects.get(pk=case.pk)
    assert fresh.owner in two
    assert fresh.last_inbound_id == done[0].pk
    assert fresh.unanswered_since is not None or len(replies) > 0
    assert scenes.told(case).count("reply_written") == len(replies)
    assert scenes.told(case).count("message_received") == 2


def test_files_that_cannot_be_written_leave_no_mail_behind(tmp_path: Path) -> None:
    closed = tmp_path / "a-file"
    closed.touch()
    with mock.patch.object(settings, "FILES_DIR", str(closed)), pytest.raises(NotADirectoryError):
        receive(letter(), at=clock.now(), desk=Desk.at(None))
    assert Mail.objects.count() == 0
    assert receive(letter(), at=clock.now(), desk=Desk.at(None)).message is not None
