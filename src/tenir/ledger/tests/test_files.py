"""Files as they came: kept once, durable before anybody knows of them, named by nobody from outside."""

import hashlib
import os
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenir.ledger import files


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.FILES_DIR = tmp_path / "files"
    return tmp_path / "files"


def everything(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_bytes_are_kept_under_their_sha256_and_come_back(folder: Path) -> None:
    content = b"From: emile\r\n\r\nBonjour \x00\xff"
    sha256 = files.keep(content)
    assert sha256 == hashlib.sha256(content).hexdigest()
    assert files.content_of(sha256) == content
    assert everything(folder) == [f"{sha256[:2]}/{sha256[2:]}"]


def test_the_same_bytes_are_kept_once_and_not_written_again(folder: Path) -> None:
    sha256 = files.keep(b"one")
    before = files.path_of(sha256).stat()
    assert files.keep(b"one") == sha256
    after = files.path_of(sha256).stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert len(everything(folder)) == 1


def test_eight_writers_of_the_same_bytes_leave_one_whole_file(folder: Path) -> None:
    content = os.urandom(500_000)
    names: list[str] = []
    threads = [threading.Thread(target=lambda: names.append(files.keep(content))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert names == [hashlib.sha256(content).hexdigest()] * 8
    assert len(everything(folder)) == 1
    assert files.content_of(names[0]) == content


@pytest.mark.parametrize(
    "name", ["", "../../etc/passwd", "a" * 63, "a" * 65, "A" * 64, "g" * 64, "a" * 64 + "\n", "..", "/" * 64, "é" * 64]
)
def test_nothing_but_a_sha256_is_a_name(name: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        files.path_of(name)


@given(st.text(max_size=80))
def test_no_name_leads_outside(name: str) -> None:
    try:
        path = files.path_of(name)
    except ValueError:
        return
    assert path.parent.parent.name == "files"


def test_what_is_not_there_says_so() -> None:
    with pytest.raises(FileNotFoundError):
        files.content_of("0" * 64)


def test_a_full_disk_leaves_nothing_half_written(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        files.keep(b"too much")
    assert everything(folder) == []
    monkeypatch.undo()
    assert files.content_of(files.keep(b"too much")) == b"too much"


def test_a_file_is_flushed_before_its_name_and_its_folder_after(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    flush, rename = os.fsync, Path.rename

    def noting_flush(handle: int) -> None:
        name = Path(f"/proc/self/fd/{handle}").readlink().name
        told.append("file" if name.startswith(files.BESIDE) else f"folder {len(name)}")
        flush(handle)

    def noting_rename(self: Path, target: Path) -> Path:
        told.append("name")
        return rename(self, target)

    monkeypatch.setattr(os, "fsync", noting_flush)
    monkeypatch.setattr(Path, "rename", noting_rename)
    files.keep(b"in this order")
    assert told == ["folder 5", "file", "name", "folder 2"]
    told.clear()
    files.keep(b"in this order")
    assert told == ["folder 2"], "whoever wrote it first may not have flushed its name yet"


def test_what_a_killed_writer_left_is_swept_and_nothing_else(folder: Path) -> None:
    sha256 = files.keep(b"kept")
    old, new = (files.path_of(sha256).parent / f"{files.BESIDE}{name}" for name in ("old", "new"))
    for left in (old, new):
        left.write_bytes(b"half")
    day_ago = time.time() - 90_000
    os.utime(old, (day_ago, day_ago))
    os.utime(files.path_of(sha256), (day_ago, day_ago))
    assert files.sweep(older_than=time.time() - 80_000) == 1
    assert not old.exists()
    assert new.exists()
    assert files.content_of(sha256) == b"kept"
