"""`tenir backup` writes the whole desk into one file while it runs; `tenir restore` puts it back into an empty one.

The rows are read in one snapshot of the database (a read transaction of SQLite, REPEATABLE READ of PostgreSQL), so
writers neither wait nor are seen half. Files are kept under the name of their content and never change: copying them
after the snapshot was taken copies at least those that it names.
"""

import argparse
import io
import json
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, cast

from tenir.install.archive import FORMAT, KEY, MANIFEST, Archive, Damaged, Writer
from tenir.install.sealing import NotOpened
from tenir.install.tongue import say

REFUSED = 1
CHUNK = 1 << 20
"""Bytes of rows gathered before they become a member of the archive."""
LAST_BACKUP = "last_backup.json"


class Refused(Exception):
    """It cannot be done; the sentence says why and what to do."""


# --- Writing ---------------------------------------------------------------------------------------------------


@dataclass
class Written:
    """What a backup holds, and which files it could not hold."""

    rows: int = 0
    files: int = 0
    size: int = 0
    lost: list[str] = field(default_factory=list)


def backup(target: BinaryIO, *, at: datetime, passphrase: bytes | None = None, quiet: bool = False) -> Written:
    """Writes the desk as it is now to `target`. Raises `OSError` when that cannot be written to."""
    from tenir.install import rows
    from tenir.install.snapshot import snapshot

    written = Written()
    with Writer(target, passphrase) as writer:
        with snapshot() as using:
            manifest = _manifest(using, at=at)
            writer.add(MANIFEST, json.dumps(manifest, indent=1, ensure_ascii=False).encode())
            total = sum(table["rows"] for table in manifest["tables"])
            with _bar(total, say("rows", "lignes"), quiet=quiet) as bar:
                for table in rows.tables(_apps()):
                    _write_rows(writer, table, using, written, bar)
        _write_files(writer, written, quiet=quiet)
        writer.add(KEY, _secret_key().encode())
        writer.finish()
    return written


def _manifest(using: str, *, at: datetime) -> dict[str, Any]:
    from django.db import connections

    from tenir import __version__
    from tenir.install import rows
    from tenir.install.snapshot import sequences
    from tenir.ledger.models import Event

    connection = connections[using]
    given_out = sequences(connection)
    newest = Event.objects.using(using).order_by("-xid").values_list("xid", flat=True).first()
    return {
        "format": FORMAT,
        "tenir": __version__,
        "made_at": at.isoformat(),
        "engine": connection.vendor,
        "migrations": _migrations(connection),
        "ledger_xid": newest or 0,
        "tables": [
            {
                "name": table.name,
                "columns": table.described(),
                "rows": table.rows(using).count(),
                "sequence": given_out.get(table.name, 0),
            }
            for table in rows.tables(_apps())
        ],
    }


def _migrations(connection: Any) -> list[list[str]]:
    """What was done to the tables so far; what a room that is gone did to its own is nobody's business any more."""
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(connection)
    return sorted([app, name] for app, name in loader.applied_migrations if (app, name) in loader.disk_migrations)


def _write_rows(writer: Writer, table: Any, using: str, written: Written, bar: Any) -> None:
    from tenir.install import rows

    lines: list[bytes] = []
    size = number = 0

    def put() -> None:
        nonlocal lines, size, number
        writer.add(f"rows/{table.name}/{number:06d}.jsonl", b"".join(lines), lines=len(lines))
        bar.update(len(lines))
        written.rows += len(lines)
        lines, size, number = [], 0, number + 1

    named = _columns_naming_files(table)
    for values in rows.read_rows(table, using):
        written.lost += [sha256 for sha256 in _files_of(values, named) if not _kept(sha256)]
        lines.append(rows.line(values).encode() + b"\n")
        size += len(lines[-1])
        if size >= CHUNK:
            put()
    if lines:
        put()


def _columns_naming_files(table: Any) -> list[tuple[int, str]]:
    """Which columns say the name of a kept file: they are called so everywhere (`sha256`, `raw_sha256`)."""
    return [
        (number, column.holds)
        for number, column in enumerate(table.columns)
        if column.name in ("sha256", "raw_sha256") or (column.name, column.holds) == ("attachments", "json")
    ]


def _files_of(values: list[Any], named: list[tuple[int, str]]) -> Iterator[str]:
    for number, holds in named:
        if holds == "json":
            yield from (file[3] for file in json.loads(values[number] or "[]"))
        elif values[number]:
            yield values[number]


def _kept(sha256: str) -> bool:
    from tenir.ledger import files

    try:
        return files.path_of(sha256).exists()
    except ValueError:
        return False


def _write_files(writer: Writer, written: Written, *, quiet: bool) -> None:
    with _bar(None, say("files", "fichiers"), quiet=quiet) as bar:
        for sha256, path in kept_files():
            try:
                whole = writer.add_file(sha256, path)
            except FileNotFoundError:
                continue  # erased since: the snapshot's own names were looked for already
            if whole:
                written.files += 1
            else:
                written.lost.append(sha256)
            bar.update(1)


def kept_files() -> Iterator[tuple[str, Path]]:
    """Every kept file: its name and where it lies, in order."""
    from django.conf import settings

    from tenir.install.archive import FILES

    root = Path(settings.FILES_DIR)
    folders = sorted(folder for folder in root.iterdir() if folder.is_dir()) if root.is_dir() else []
    for folder in folders:
        for name in sorted(file.name for file in folder.iterdir()):
            if FILES.match(f"files/{folder.name}{name}"):
                yield folder.name + name, folder / name


def _secret_key() -> str:
    from django.conf import settings

    return str(settings.SECRET_KEY)


def _apps() -> Any:
    from django.apps import apps

    return apps


@contextmanager
def _bar(total: int | None, what: str, *, quiet: bool) -> Iterator[Any]:
    from tqdm import tqdm

    # disable=None: a bar only where somebody looks at it, never in a log.
    with tqdm(total=total, desc=what, unit="", disable=True if quiet else None, file=sys.stderr) as bar:
        yield bar


# --- The commands ------------------------------------------------------------------------------------------------


def main(arguments: list[str]) -> int:
    """`tenir backup [FILE]`: 0 when it is whole, 1 when it could not be written or a file of the desk is lost."""
    parser = argparse.ArgumentParser(
        prog="tenir backup",
        description=say(
            "Write the whole desk into one file: database, mails, attachments, secret key. The desk may be running.",
            "Écrire tout le service dans un fichier : base de données, courriels, pièces jointes, clé secrète. "
            "Le service peut tourner.",
        ),
    )
    parser.add_argument(
        "file", nargs="?", metavar=say("FILE", "FICHIER"),
        help=say("where to write; “-” is the standard output; absent, “backups” in the data folder",
                 "où écrire ; « - » est la sortie standard ; absent, « backups » dans le dossier de données"),
    )  # fmt: skip
    _add_passphrase(parser)
    options = parser.parse_args(arguments)
    with _ended_by_signal():
        return _said(lambda: _backup(options.file, options.passphrase_file))


def _backup(name: str | None, passphrase_file: Path | None) -> int:
    from tenir import clock
    from tenir.install.migrate import refuse_when_behind

    if (refusal := refuse_when_behind()) is not None:
        return refusal
    at, passphrase = clock.now(), _passphrase(passphrase_file)
    if name == "-":
        written = backup(sys.stdout.buffer, at=at, passphrase=passphrase)
        sys.stdout.buffer.flush()
    else:
        written = _backup_to(_path(name, at=at, sealed=passphrase is not None), at=at, passphrase=passphrase)
    for sha256 in sorted(set(written.lost)):
        print(say(f"The file {sha256} is named in the database but is missing or damaged on the disk.",
                  f"Le fichier {sha256} est nommé dans la base mais manque ou est abîmé sur le disque."),
              file=sys.stderr)  # fmt: skip
    return 1 if written.lost else 0


def _backup_to(path: Path, *, at: datetime, passphrase: bytes | None) -> Written:
    beside = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            written = backup(file, at=at, passphrase=passphrase)
            file.flush()
            os.fsync(file.fileno())
            written.size = file.tell()
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    _remember(path, at=at, size=written.size)
    print(say(f"{path}: {written.rows} rows, {written.files} files, {written.size} bytes.",
              f"{path} : {written.rows} lignes, {written.files} fichiers, {written.size} octets."))  # fmt: skip
    return written


def _path(name: str | None, *, at: datetime, sealed: bool) -> Path:
    from django.conf import settings

    if name is not None:
        return Path(name).expanduser().absolute()
    ending = "tar.gz.sealed" if sealed else "tar.gz"
    return Path(settings.DATA_DIR) / "backups" / f"tenir-{at:%Y-%m-%d-%H%M%S}.{ending}"


def _remember(path: Path, *, at: datetime, size: int) -> None:
    """What `tenir doctor` reads to say how old the last backup is; a backup is good without it."""
    from django.conf import settings

    note = Path(settings.DATA_DIR) / LAST_BACKUP
    draft = note.with_suffix(".new")
    try:
        draft.write_text(json.dumps({"at": at.isoformat(), "path": str(path), "bytes": size}))
        draft.replace(note)
    except OSError:
        draft.unlink(missing_ok=True)


def restore_main(arguments: list[str]) -> int:
    """`tenir restore FILE`: 0 when the desk is as it was, 1 when it was refused and nothing changed."""
    parser = argparse.ArgumentParser(
        prog="tenir restore",
        description=say(
            "Put a backup back into an empty desk, and compare every row and file with it before saying that it is "
            "done. Stop the desk first.",
            "Remettre une sauvegarde dans un service vide, et comparer chaque ligne et chaque fichier avant de dire "
            "que c'est fait. Arrêtez d'abord le service.",
        ),
    )
    parser.add_argument("file", type=Path, metavar=say("FILE", "FICHIER"))
    parser.add_argument(
        "--check", action="store_true",
        help=say("only read the file and say whether it is whole", "lire seulement le fichier et dire s'il est entier"),
    )  # fmt: skip
    _add_passphrase(parser)
    options = parser.parse_args(arguments)
    with _ended_by_signal():
        return _said(lambda: _restore(options.file, options.passphrase_file, only_check=options.check))


def _restore(path: Path, passphrase_file: Path | None, *, only_check: bool) -> int:
    from tenir.install import restore

    archive = Archive(path, _passphrase(passphrase_file))
    if archive.sealed() and passphrase_file is None:
        raise Refused(say("This backup is sealed: give its passphrase with --passphrase-file.",
                          "Cette sauvegarde est scellée : donnez sa phrase secrète avec --passphrase-file.")
                      )  # fmt: skip
    with _bar(path.stat().st_size, say("reading", "lecture"), quiet=False) as bar:
        contents = archive.examine(bar.update)
    restore.refuse_newer(contents)
    made = contents.manifest.get("made_at")
    if only_check:
        print(say(f"{path} is whole: a backup of {made}.", f"{path} est entière : une sauvegarde du {made}."))
        return 0
    restore.restore(archive, contents, bar=_bar)
    print(say(f"Restored and compared: {sum(contents.proof['rows'].values())} rows, {contents.proof['files']} files, "
              f"as they were on {made}. Start the desk with “tenir serve”.",
              f"Restauré et comparé : {sum(contents.proof['rows'].values())} lignes, {contents.proof['files']} "
              f"fichiers, tels qu'au {made}. Démarrez le service avec « tenir serve »."))  # fmt: skip
    return 0


def _add_passphrase(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--passphrase-file", type=Path, metavar=say("FILE", "FICHIER"),
        help=say("a file whose first line is the passphrase that seals the backup",
                 "un fichier dont la première ligne est la phrase secrète qui scelle la sauvegarde"),
    )  # fmt: skip


def _passphrase(path: Path | None) -> bytes | None:
    if path is None:
        return None
    typed = path.expanduser().read_bytes().split(b"\n", 1)[0].strip()
    if not typed:
        raise Refused(say(f"{path} holds no passphrase on its first line.",
                          f"{path} ne contient pas de phrase secrète à sa première ligne."))  # fmt: skip
    return typed


@contextmanager
def _ended_by_signal() -> Iterator[None]:
    """SIGTERM ends like Ctrl-C: what was begun is taken away first."""

    def end(number: int, _frame: object) -> None:
        raise SystemExit(128 + number)

    try:
        before = signal.signal(signal.SIGTERM, end)
    except ValueError:  # not the main thread: whoever called decides about signals
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _said(action: Any) -> int:
    """Runs a command; what went wrong becomes one sentence and an exit code."""
    from django.db import DatabaseError, OperationalError

    try:
        return cast("int", action())
    except (Refused, Damaged, NotOpened) as refusal:
        print(refusal, file=sys.stderr)
    except KeyboardInterrupt:
        print(say("Stopped; nothing was changed.", "Arrêté ; rien n'a été changé."), file=sys.stderr)
    except (io.UnsupportedOperation, BrokenPipeError):
        raise
    except OSError as error:
        print(_disk(error), file=sys.stderr)
    except OperationalError as error:
        print(_database(error), file=sys.stderr)
    except DatabaseError as error:
        print(_database(error), file=sys.stderr)
    return REFUSED


def _disk(error: OSError) -> str:
    where = f" ({error.filename})" if error.filename else ""
    return say(f"Nothing was changed: {error.strerror or error}{where}. Free some space or choose another place.",
               f"Rien n'a été changé : {error.strerror or error}{where}. Libérez de la place ou choisissez un autre "
               "endroit.")  # fmt: skip


def _database(error: Exception) -> str:
    reason = str(error).strip().splitlines()[0]
    return say(f"Nothing was changed: the database says “{reason}”. If its disk is full, free some space.",
               f"Rien n'a été changé : la base répond « {reason} ». Si son disque est plein, libérez de la place."
               )  # fmt: skip
