"""A desk is written into one file while it runs, and comes back from it row by row, on either database."""

import io
import itertools
import json
import os
import resource
import signal
import sqlite3
import subprocess
import sys
import tarfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, connections

from tenir.cases import search
from tenir.cases.models import Case, Message
from tenir.channels.email.models import Mailbox
from tenir.install import archive, backup, rows
from tenir.install.sealing import NotOpened
from tenir.install.tests import scenes_backup as scenes
from tenir.install.tests.scenes_backup import AT, all_rows, database_of, new_desk, tenir, without_transactions
from tenir.ledger import files
from tenir.ledger.models import Bookmark, Event
from tenir.ledger.readers import Position, after
from tenir.people.tests import scenes as people

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def desk(tmp_path: Path, settings: Any) -> None:
    """A busy desk, in the database of the tests, with its own folder of files."""
    settings.FILES_DIR = tmp_path / "source" / "files"
    settings.DATA_DIR = tmp_path / "source"
    scenes.busy_desk()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_desk(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, str]:
    """A desk that does not exist yet, on each database."""
    database = request.getfixturevalue("postgres") if request.param == "postgresql" else ""
    return new_desk(tmp_path / "restored", database)


def written(path: Path, passphrase: bytes | None = None) -> archive.Archive:
    with path.open("wb") as file:
        backup.backup(file, at=AT, passphrase=passphrase, quiet=True)
    return archive.Archive(path, passphrase)


def remade(path: Path, source: archive.Archive, change: Callable[[dict[str, Any]], None]) -> Path:
    """The same backup with another description of itself, whole and with right checksums."""
    with path.open("wb") as file, archive.Writer(file, None) as writer:
        for name, stream, _size in source.members():
            content = stream.read()
            if name == archive.MANIFEST:
                manifest = json.loads(content)
                change(manifest)
                content = json.dumps(manifest).encode()
            if found := archive.FILES.match(name):
                writer.add_file(found[1], files.path_of(found[1]))
            elif name != archive.END:
                writer.add(name, content, lines=content.count(b"\n") if archive.ROWS.match(name) else 0)
        writer.finish()
    return path


def members_of(source: archive.Archive) -> list[tuple[str, bytes]]:
    return [(name, stream.read()) for name, stream, _size in source.members()]


def as_backed_up(other: str) -> Any:
    """The rows of a restored desk, but for what a restore changes: mailboxes are read from their beginning, since what
    came in after the backup is nowhere else."""
    assert Mailbox.objects.using(other).filter(read_everything=True).update(read_everything=False) == 1
    return without_transactions(all_rows(other))


# --- The way there and back ----------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.usefixtures("desk")
def test_a_restored_desk_is_the_same_row_by_row_and_file_by_file(tmp_path: Path, empty_desk: dict[str, str]) -> None:
    path = tmp_path / "backup.tar.gz"
    written(path)
    before = all_rows("default")

    done = tenir(empty_desk, "restore", str(path))

    assert done.returncode == 0, done.stderr
    with database_of(empty_desk) as other:
        assert as_backed_up(other) == without_transactions(before)
        in_order = Event.objects.using(other).order_by("xid", "id").values_list("id", flat=True)
        assert list(in_order) == list(Event.objects.order_by("xid", "id").values_list("id", flat=True))
    folder = Path(empty_desk["TENIR_DATA_DIR"])
    for sha256, kept in backup.kept_files():
        assert (folder / "files" / sha256[:2] / sha256[2:]).read_bytes() == kept.read_bytes()
    assert (folder / "secret_key").read_text() == settings.SECRET_KEY
    assert (folder / "secret_key").stat().st_mode & 0o777 == 0o600
    assert not list(folder.glob("*restoring*"))
    # It is a desk at work again: its tables are at this version, and it can be backed up in its turn.
    again = tenir(empty_desk, "backup", str(tmp_path / "again.tar.gz"))
    assert again.returncode == 0, again.stderr
    assert (
        archive.Archive(tmp_path / "again.tar.gz").examine().proof["rows"]
        == archive.Archive(path).examine().proof["rows"]
    )


@pytest.mark.slow
@pytest.mark.usefixtures("desk")
def test_what_is_written_after_a_restore_gets_new_numbers_and_is_found(
    tmp_path: Path, empty_desk: dict[str, str]
) -> None:
    gone = scenes.letter(99).case_id  # its number was given out and must not come again
    Message.objects.filter(case_id=gone).delete()
    written(tmp_path / "b")
    newest = Message.objects.order_by("-pk").values_list("pk", flat=True)[0]
    assert tenir(empty_desk, "restore", str(tmp_path / "b")).returncode == 0
    mail = b"From: nora@exemple.test\nSubject: Zibeline\nMessage-ID: <z@exemple.test>\n\nUne zibeline."
    taken = subprocess.run([sys.executable, "-m", "tenir", "receive"], env=empty_desk, input=mail, capture_output=True)
    assert taken.returncode == 0, taken.stderr
    with database_of(empty_desk) as other:
        message = Message.objects.using(other).get(subject="Zibeline")
        assert message.pk == newest + 2
        event = Event.objects.using(other).order_by("xid", "id").last()
        assert event is not None
        assert event.id == Event.objects.using(other).order_by("id").last().id  # type: ignore[union-attr]
        with connections[other].cursor() as cursor:
            assert _found(cursor, connections[other].vendor, "poubelle") == Case.objects.exclude(pk=gone).count()
            assert _found(cursor, connections[other].vendor, "zibeline") == 1


def _found(cursor: Any, vendor: str, word: str) -> int:
    matches = "words @@ %s::tsquery" if vendor == "postgresql" else "cases_message_words MATCH %s"
    cursor.execute(f"SELECT count(*) FROM cases_message_words WHERE {matches}", [word])
    return int(cursor.fetchone()[0])


@pytest.mark.slow
@pytest.mark.usefixtures("desk")
def test_readers_of_the_ledger_go_on_where_they_were(tmp_path: Path, empty_desk: dict[str, str]) -> None:
    every = after(Position())
    place = every[len(every) // 2]
    Bookmark.objects.create(reader="webhooks", xid=place.xid, event_id=place.id)
    Bookmark.objects.create(reader="Élan", xid=every[-1].xid, event_id=every[-1].id)
    written(tmp_path / "b")
    assert tenir(empty_desk, "restore", str(tmp_path / "b")).returncode == 0
    with database_of(empty_desk) as other:
        for reader, unread in (("webhooks", every[len(every) // 2 + 1 :]), ("Élan", [])):
            mark = Bookmark.objects.using(other).get(reader=reader)
            found = Event.objects.using(other).raw(
                "SELECT * FROM ledger_event WHERE (xid, id) > (%s, %s) ORDER BY xid, id", [mark.xid, mark.event_id]
            )
            assert [event.id for event in found] == [event.id for event in unread]
        assert Event.objects.using(other).order_by("-xid").first().xid == 0  # type: ignore[union-attr]


class _Gate(io.BytesIO):
    """A file that lets the backup go on, at its first bytes, only when the writers wrote again."""

    def __init__(self, wait: Callable[[], None]) -> None:
        super().__init__()
        self._wait: Callable[[], None] | None = wait

    def write(self, data: Any) -> int:
        wait, self._wait = self._wait, None
        if wait:
            wait()
        return super().write(data)


@contextmanager
def three_writers() -> Iterator[Callable[[int], None]]:
    """Three threads that take in letters all the time; the function yielded waits for so many more of them."""
    stop, wrote, numbers = threading.Event(), threading.Semaphore(0), itertools.count(1000)
    failures: list[BaseException] = []

    def write() -> None:
        try:
            while not stop.is_set():
                number = next(numbers)
                case = scenes.letter(number, raw=os.urandom(3000)).case
                scenes.letter(number + 1_000_000, case=case)
                wrote.release()
        except BaseException as failure:
            failures.append(failure)
            raise
        finally:
            wrote.release(1000)
            connection.close()

    def wait_for(letters: int) -> None:
        for _ in range(letters):
            wrote.acquire()

    writers = [threading.Thread(target=write) for _ in range(3)]
    for writer in writers:
        writer.start()
    try:
        yield wait_for
    finally:
        stop.set()
        for writer in writers:
            writer.join()
    assert not failures


@pytest.mark.slow
@pytest.mark.usefixtures("desk")
def test_writers_neither_wait_for_a_backup_nor_are_seen_half(tmp_path: Path, empty_desk: dict[str, str]) -> None:
    with three_writers() as wait_for:
        wait_for(6)
        # The snapshot is taken by then, and thirty more letters come in before the first row is read.
        file = _Gate(lambda: wait_for(30))
        backup.backup(file, at=AT, quiet=True)
    (tmp_path / "b").write_bytes(file.getvalue())
    done = tenir(empty_desk, "restore", str(tmp_path / "b"))
    assert done.returncode == 0, done.stderr
    now = without_transactions(all_rows("default"))
    with database_of(empty_desk) as other:
        then = without_transactions(all_rows(other))
    for table in ("ledger_event", "cases_message", "cases_attachment"):
        newer = {row["id"]: row for row in now[table]}
        assert 0 < len(then[table]) < len(newer), f"{table}: nothing was written meanwhile"
        assert all(newer[row["id"]] == row for row in then[table])
    received = {row["data"]["message"] for row in then["ledger_event"] if row["name"] == "message_received"}
    assert received == {row["id"] for row in then["cases_message"] if row["kind"] == "inbound"}
    opened = {row["case_id"] for row in then["ledger_event"] if row["name"] == "case_opened"}
    assert opened == {row["id"] for row in then["cases_case"]}
    folder = Path(empty_desk["TENIR_DATA_DIR"]) / "files"
    for row in then["cases_attachment"]:
        assert (folder / row["sha256"][:2] / row["sha256"][2:]).exists()


@pytest.mark.slow
@pytest.mark.usefixtures("desk")
def test_an_older_backup_is_brought_to_this_version(tmp_path: Path, empty_desk: dict[str, str]) -> None:
    def grow_old(manifest: dict[str, Any]) -> None:
        manifest["migrations"].remove(["cases", "0002_full_text"])

    older = remade(tmp_path / "older", written(tmp_path / "b"), grow_old)
    done = tenir(empty_desk, "restore", str(older))
    assert done.returncode == 0, done.stderr
    with database_of(empty_desk) as other, connections[other].cursor() as cursor:
        assert _found(cursor, connections[other].vendor, "poubelle") == Case.objects.count()
        cursor.execute("SELECT count(*) FROM django_migrations WHERE name = '0002_full_text'")
        assert cursor.fetchone()[0] == 1


@pytest.mark.usefixtures("desk")
def test_every_column_of_every_table_can_be_carried() -> None:
    from django.apps import apps

    names = {table.name for table in rows.tables(apps)}
    assert {"people_agent", "cases_case_tags", "ledger_event", "mfa_authenticator", "django_content_type"} <= names
    assert names.isdisjoint(scenes.SIGNED_IN)


def test_postgresql_gets_a_sign_where_sqlite_kept_a_nul() -> None:
    from django.apps import apps

    table = next(t for t in rows.tables(apps) if t.name == "cases_message")
    values: list[Any] = [None] * len(table.columns)
    names = [column.name for column in table.columns]
    values[names.index("text")] = "a\0b"
    values[names.index("facts")] = json.dumps({"nul": "\0", "written out": "\\u0000", "both": "\\\0"})
    for number, change in rows.fitting(table, "postgresql"):
        values[number] = change(values[number]) if values[number] is not None else None
    assert values[names.index("text")] == "a\ufffdb"
    told = {"nul": "\ufffd", "written out": "\\u0000", "both": "\\\ufffd"}
    assert json.loads(values[names.index("facts")]) == told
    assert rows.fitting(table, "sqlite") == []


# --- What is refused, and leaves everything as it was ----------------------------------------------------------------


def untouched(environ: dict[str, str]) -> bool:
    """Whether a desk is as empty as before."""
    folder = Path(environ["TENIR_DATA_DIR"])
    nothing_beside = not list(folder.glob("*restoring*")) and not (folder / "files").exists()
    with database_of(environ) as other:
        names = set(connections[other].introspection.table_names())
    return nothing_beside and "cases_case" not in names


@pytest.mark.slow
@pytest.mark.usefixtures("desk")
def test_a_damaged_backup_is_refused_before_anything_is_written(tmp_path: Path, empty_desk: dict[str, str]) -> None:
    whole = written(tmp_path / "b").path.read_bytes()
    damaged = tmp_path / "damaged"
    for content in (whole[: len(whole) // 2], whole[:-9], b"", whole[:3000] + b"\0" + whole[3001:]):
        damaged.write_bytes(content)
        refused = tenir(empty_desk, "restore", str(damaged))
        assert refused.returncode == 1
        assert "Take another one" in refused.stderr
        assert "Traceback" not in refused.stderr
        assert untouched(empty_desk)


@pytest.mark.parametrize("passphrase", [None, b"un secret"])
@pytest.mark.usefixtures("desk")
def test_wherever_it_is_cut_or_changed_it_is_found_out(
    tmp_path: Path, passphrase: bytes | None, monkeypatch: Any
) -> None:
    monkeypatch.setattr("tenir.install.sealing.COST", 10)
    source = written(tmp_path / "b", passphrase)
    whole, members = source.path.read_bytes(), members_of(source)
    # The first bytes of a gzip say only when and where it was made.
    for place in range(10, len(whole), max(1, len(whole) // 60)):
        source.path.write_bytes(whole[:place])
        with pytest.raises((archive.Damaged, NotOpened)):
            source.examine()
        source.path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        try:
            source.examine()
        except (archive.Damaged, NotOpened):
            continue
        # A few bits of a gzip mean nothing (they fill a byte up): then nothing has changed.
        assert members_of(source) == members
    source.path.write_bytes(whole + whole)
    with pytest.raises((archive.Damaged, NotOpened)):
        source.examine()


@pytest.mark.usefixtures("desk")
def test_a_backup_that_lacks_a_part_is_found_out(tmp_path: Path) -> None:
    source = written(tmp_path / "b")
    with tarfile.open(source.path) as whole:
        names = [m.name for m in whole.getmembers()]
        for left_out in (names[1], next(n for n in names if n.startswith("files/")), archive.KEY, archive.MANIFEST):
            with tarfile.open(tmp_path / "less", "w:gz") as less:
                for member in whole.getmembers():
                    if member.name != left_out:
                        less.addfile(member, whole.extractfile(member))
            with pytest.raises(archive.Damaged):
                archive.Archive(tmp_path / "less").examine()


@pytest.mark.usefixtures("desk")
def test_a_newer_backup_is_refused(tmp_path: Path) -> None:
    def come_from_tomorrow(manifest: dict[str, Any]) -> None:
        manifest["migrations"].append(["cases", "0999_tomorrow"])
        manifest["tenir"] = "99.0"

    newer = remade(tmp_path / "newer", written(tmp_path / "b"), come_from_tomorrow)
    refused = tenir(new_desk(tmp_path / "r"), "restore", str(newer))
    assert refused.returncode == 1
    assert "newer Tenir (99.0)" in refused.stderr


@pytest.mark.slow
@pytest.mark.usefixtures("desk")
def test_a_desk_that_is_somebodys_is_never_touched(tmp_path: Path, empty_desk: dict[str, str]) -> None:
    written(tmp_path / "b")
    assert tenir(empty_desk, "migrate").returncode == 0
    assert tenir(empty_desk, "invite", "a@exemple.test", "--name", "Alix", "--role", "administrator").returncode == 0
    with database_of(empty_desk) as other:
        before = all_rows(other)
    refused = tenir(empty_desk, "restore", str(tmp_path / "b"))
    assert refused.returncode == 1
    assert "not empty" in refused.stderr
    assert "TENIR_DATA_DIR" in refused.stderr
    with database_of(empty_desk) as other:
        assert all_rows(other) == before


@pytest.mark.slow
@pytest.mark.usefixtures("desk")
def test_a_desk_that_was_only_prepared_is_empty(tmp_path: Path, empty_desk: dict[str, str]) -> None:
    written(tmp_path / "b")
    assert tenir(empty_desk, "migrate").returncode == 0
    assert tenir(empty_desk, "restore", str(tmp_path / "b")).returncode == 0
    with database_of(empty_desk) as other:
        assert Case.objects.using(other).count() == Case.objects.count()


@pytest.mark.usefixtures("desk")
def test_a_running_desk_is_not_restored_into(tmp_path: Path) -> None:
    import fcntl

    written(tmp_path / "b")
    environ = new_desk(tmp_path / "r")
    Path(environ["TENIR_DATA_DIR"]).mkdir()
    with Path(environ["TENIR_DATA_DIR"], "serve.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        refused = tenir(environ, "restore", str(tmp_path / "b"))
    assert refused.returncode == 1
    assert "stop “tenir serve” first" in refused.stderr


@pytest.mark.slow
@pytest.mark.usefixtures("desk")
def test_another_process_at_the_database_stops_the_restore(tmp_path: Path) -> None:
    written(tmp_path / "b")
    environ = new_desk(tmp_path / "r")
    assert tenir(environ, "migrate").returncode == 0
    other = sqlite3.connect(Path(environ["TENIR_DATA_DIR"], "tenir.sqlite3"))
    other.execute("SELECT count(*) FROM cases_case").fetchone()
    refused = tenir(environ, "restore", str(tmp_path / "b"))
    other.close()
    assert refused.returncode == 1
    assert "stop every “tenir” process first" in refused.stderr
    assert tenir(environ, "restore", str(tmp_path / "b")).returncode == 0


@pytest.mark.usefixtures("desk")
def test_another_secret_key_in_the_settings_is_refused(tmp_path: Path) -> None:
    written(tmp_path / "b")
    environ = new_desk(tmp_path / "r") | {"TENIR_SECRET_KEY": "k" * 40}
    refused = tenir(environ, "restore", str(tmp_path / "b"))
    assert refused.returncode == 1
    assert "TENIR_SECRET_KEY" in refused.stderr
    assert untouched(environ)


# --- Sealed ----------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.usefixtures("desk")
def test_a_sealed_backup_opens_with_its_passphrase_only(tmp_path: Path) -> None:
    right, wrong, empty = tmp_path / "right", tmp_path / "wrong", tmp_path / "empty"
    right.write_text("une phrase secrète\nrien d'autre\n")
    wrong.write_text("une autre\n")
    empty.write_text("\n")
    path = tmp_path / "sealed"
    assert backup.main([str(path), "--passphrase-file", str(right)]) == 0
    assert "Émile".encode() not in path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600
    environ = new_desk(tmp_path / "r")
    for options, said in (
        ([], "--passphrase-file"),
        (["--passphrase-file", str(wrong)], "not the one"),
        (["--passphrase-file", str(empty)], "no passphrase"),
    ):
        refused = tenir(environ, "restore", str(path), *options)
        assert refused.returncode == 1
        assert said in refused.stderr
    done = tenir(environ, "restore", str(path), "--passphrase-file", str(right))
    assert done.returncode == 0, done.stderr
    with database_of(environ) as other:
        assert as_backed_up(other) == without_transactions(all_rows("default"))


# --- Disks and kills -------------------------------------------------------------------------------------------------


@contextmanager
def small_disk(folder: Path, size: int) -> Iterator[Callable[[], None] | None]:
    """A disk of so many bytes at `folder`: a real one when we may mount, else a limit on the size of a file, which the
    caller's child process sets."""
    folder.mkdir(exist_ok=True)
    mounted = (
        os.geteuid() == 0
        and not subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], stderr=subprocess.DEVNULL
        ).returncode
    )
    if not mounted:
        yield lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
        return
    try:
        yield None
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@pytest.fixture
def standing_desk(tmp_path: Path, desk: None) -> dict[str, str]:
    """A desk that other processes can reach, restored from the one of the tests."""
    for number in range(50, 60):
        scenes.letter(number, raw=os.urandom(60_000))
    written(tmp_path / "base")
    environ = new_desk(tmp_path / "standing")
    assert tenir(environ, "restore", str(tmp_path / "base")).returncode == 0
    return environ


@pytest.mark.slow
def test_a_full_disk_leaves_the_last_backup_and_says_so(tmp_path: Path, standing_desk: dict[str, str]) -> None:
    with small_disk(tmp_path / "disk", 256 * 1024) as limit:
        path = tmp_path / "disk" / "daily.tar.gz"
        path.write_bytes(b"yesterday's")
        failed = tenir(standing_desk, "backup", str(path), before=limit)
        assert failed.returncode == 1
        assert "Nothing was changed" in failed.stderr
        assert "Traceback" not in failed.stderr
        assert path.read_bytes() == b"yesterday's"
        assert list(path.parent.iterdir()) == [path]
    assert tenir(standing_desk, "backup", str(tmp_path / "elsewhere")).returncode == 0


@pytest.mark.slow
@pytest.mark.parametrize("size", [400 * 1024, 1700 * 1024])
def test_a_restore_onto_a_full_disk_leaves_nothing(tmp_path: Path, standing_desk: dict[str, str], size: int) -> None:
    assert tenir(standing_desk, "backup", str(tmp_path / "b")).returncode == 0
    with small_disk(tmp_path / "small", size) as limit:
        environ = new_desk(tmp_path / "small")
        failed = tenir(environ, "restore", str(tmp_path / "b"), before=limit)
        if failed.returncode == 0 and limit is not None:
            pytest.fail("the limit was larger than every file of the desk")
        assert failed.returncode == 1
        assert "Nothing was changed" in failed.stderr
        assert "Traceback" not in failed.stderr
        assert untouched(environ)


@pytest.mark.slow
@pytest.mark.crash
@pytest.mark.usefixtures("desk")
def test_a_restore_killed_anywhere_leaves_the_desk_empty_or_whole(tmp_path: Path, empty_desk: dict[str, str]) -> None:
    written(tmp_path / "b")
    folder = Path(empty_desk["TENIR_DATA_DIR"])
    for wait in (0.0, 0.3, 0.8, 1.5):
        process = subprocess.Popen(
            [sys.executable, "-m", "tenir", "restore", str(tmp_path / "b")], env=empty_desk, stderr=subprocess.DEVNULL
        )
        while process.poll() is None and not (folder / "files.restoring").exists():
            time.sleep(0.01)
        time.sleep(wait)
        process.send_signal(signal.SIGKILL)
        if process.wait() == 0:
            break
        with database_of(empty_desk) as other:
            names = set(connections[other].introspection.table_names())
            assert "cases_case" not in names
    else:
        assert tenir(empty_desk, "restore", str(tmp_path / "b")).returncode == 0
    with database_of(empty_desk) as other:
        assert as_backed_up(other) == without_transactions(all_rows("default"))
    assert not list(folder.glob("*restoring*"))


@pytest.mark.slow
@pytest.mark.usefixtures("desk")
def test_a_lost_file_is_named_and_the_rest_is_saved(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept = [sha256 for sha256, _path in backup.kept_files()]
    files.path_of(kept[0]).unlink()
    files.path_of(kept[1]).write_bytes(b"not what it was")
    assert backup.main([str(tmp_path / "b")]) == 1
    said = capsys.readouterr().err
    assert kept[0] in said
    assert kept[1] in said
    assert archive.Archive(tmp_path / "b").examine().proof["files"] == len(kept) - 2
    environ = new_desk(tmp_path / "r")
    assert tenir(environ, "restore", str(tmp_path / "b")).returncode == 0


@pytest.mark.usefixtures("desk")
def test_the_last_backup_is_remembered_and_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert backup.main([str(tmp_path / "b")]) == 0
    assert json.loads((Path(settings.DATA_DIR) / "last_backup.json").read_text())["path"] == str(tmp_path / "b")
    assert backup.restore_main([str(tmp_path / "b"), "--check"]) == 0
    assert "is whole" in capsys.readouterr().out


@pytest.mark.usefixtures("desk")
def test_a_backup_can_go_down_a_pipe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Out:
        buffer = io.BytesIO()

    monkeypatch.setattr(sys, "stdout", Out)
    assert backup.main(["-"]) == 0
    (tmp_path / "b").write_bytes(Out.buffer.getvalue())
    assert archive.Archive(tmp_path / "b").examine().proof["files"] == sum(1 for _ in backup.kept_files())


@pytest.mark.usefixtures("desk")
def test_search_finds_the_same_after_the_index_is_made_again() -> None:
    from tenir.cases import reindex

    amina = people.amina()
    before = {word: {hit.case.pk for hit in search.find(word, agent=amina).hits} for word in ("poubelle", "couvercle")}
    assert all(before.values())
    with connection.cursor() as cursor:
        cursor.execute(reindex.emptying("cases_message_words"))
    assert before != {word: {hit.case.pk for hit in search.find(word, agent=amina).hits} for word in before}
    reindex.rebuild()
    assert before == {word: {hit.case.pk for hit in search.find(word, agent=amina).hits} for word in before}
