"""What can be wrong with a desk, looked at one by one: each check says what it found and what to do next.

Every check is a function that yields its findings. One that fails is a finding of its own, so that a broken database
does not hide a full disk.
"""

import json
import os
import shutil
import socket
import stat
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tenir import clock
from tenir.install import jobs, machine
from tenir.install import settings as desk
from tenir.install.backup import LAST_BACKUP

GIB = 2**30
LITTLE_SPACE, HARDLY_ANY_SPACE = 2 * GIB, GIB // 5
QUICK = 2 * GIB
"""A database up to this size is read through by every check; a larger one only when asked."""
OVERDUE = timedelta(minutes=10)
SILENT = 4 * jobs.BEAT
OLD_BACKUP, VERY_OLD_BACKUP = timedelta(days=2), timedelta(days=14)
CLOCK_APART = timedelta(seconds=5)
POSTGRESQL_FROM = 14


class State(StrEnum):
    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True)
class Check:
    """One finding: about what, how bad, in words, and what to do (empty when there is nothing to do)."""

    name: str
    title: str
    state: State
    found: str
    advice: str = ""

    def as_dict(self) -> dict[str, str]:
        return asdict(self)


Findings = Iterator[Check]


def checks(*, thorough: bool = False) -> list[Check]:
    """Every finding about this desk, in the language that is active. `thorough` reads even a large database through."""
    found: list[Check] = []
    for name, title, look in _all(thorough=thorough):
        try:
            found += look(name, title)
        except Exception as failure:  # noqa: BLE001 (a check that breaks must not hide the others)
            said = f"{type(failure).__name__}: {str(failure).strip().splitlines()[0] if str(failure).strip() else ''}"
            found.append(Check(name, title, State.PROBLEM, _("This could not be checked: %(why)s") % {"why": said}))
    return found


def worst(found: list[Check]) -> State:
    """The worst state among these."""
    order = list(State)
    return max((check.state for check in found), key=order.index, default=State.OK)


def _all(*, thorough: bool) -> list[tuple[str, str, Callable[[str, str], Findings]]]:
    return [
        ("settings", _("Settings"), _settings),
        ("folder", _("Data folder"), _folder),
        ("secret", _("Secret key"), _secret),
        ("database", _("Database"), lambda name, title: _database(name, title, thorough=thorough)),
        ("clock", _("Clock"), _clock),
        ("address", _("Address"), _address),
        ("web", _("Pages"), _web),
        ("work", _("Worker"), _work),
        ("outbox", _("Work to do"), _outbox),
        ("mailboxes", _("Mailboxes"), _mailboxes),
        ("backup", _("Backup"), _backup),
    ]


# --- The machine ---------------------------------------------------------------------------------------------------


def _settings(name: str, title: str) -> Findings:
    loaded = desk.load()
    count = sum(1 for setting, meaning in desk.meanings().items() if loaded.typed[setting] != meaning.default)
    said = ngettext("%(count)s setting is given, and accepted.", "%(count)s settings are given, and accepted.", count)
    yield Check(name, title, State.OK, said % {"count": count})


def _folder(name: str, title: str) -> Findings:
    folder = Path(settings.DATA_DIR)
    try:
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".doctor-") as file:
            file.write(b"\0" * 4096)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        said = _("%(folder)s cannot be written to: %(why)s.") % {"folder": folder, "why": error.strerror}
        yield Check(name, title, State.PROBLEM, said, _("Free some space, or let this user write there."))
        return
    yield _space(name, title, folder)
    if folder.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        said = _("Other users of this machine can enter %(folder)s.") % {"folder": folder}
        advice = _("Close it with: chmod 700 %(folder)s") % {"folder": folder}
        yield Check(name, title, State.WARNING, said, advice)


def _space(name: str, title: str, folder: Path) -> Check:
    free = shutil.disk_usage(folder).free
    said = _("%(folder)s can be written to; %(free)s GiB are free.") % {
        "folder": folder,
        "free": formats.number_format(free / GIB, 1),
    }
    if free < LITTLE_SPACE:
        state = State.PROBLEM if free < HARDLY_ANY_SPACE else State.WARNING
        return Check(name, title, state, said, _("Free some space: without any, no mail can be taken in."))
    return Check(name, title, State.OK, said)


def _secret(name: str, title: str) -> Findings:
    current = desk.current()
    if current.secret_key:
        yield Check(name, title, State.OK, _("It is given by the settings."))
        return
    path = current.secret_key_file
    if not path.exists():
        said = _("%(path)s is missing.") % {"path": path}
        advice = _("Put it back from a backup: without it no mailbox opens and no customer's link works.")
        yield Check(name, title, State.PROBLEM, said, advice)
    elif path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        said = _("Other users of this machine can read %(path)s.") % {"path": path}
        advice = _("Close it with: chmod 600 %(path)s") % {"path": path}
        yield Check(name, title, State.PROBLEM, said, advice)
    else:
        yield Check(name, title, State.OK, _("Only this user can read it."))


# --- The database --------------------------------------------------------------------------------------------------


def _database(name: str, title: str, *, thorough: bool) -> Findings:
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        said = _("The database does not answer: %(why)s") % {"why": str(error).strip().splitlines()[0]}
        yield Check(name, title, State.PROBLEM, said, _("Start it, and look at TENIR_DATABASE."))
        return
    yield _version(name, title)
    yield from _sqlite(name, title, thorough=thorough) if connection.vendor == "sqlite" else _postgresql(name, title)


def _version(name: str, title: str) -> Check:
    from tenir.install.migrate import pending

    steps = pending()
    if steps:
        said = ngettext(
            "The database is %(steps)s step behind this version.",
            "The database is %(steps)s steps behind this version.",
            steps,
        )
        advice = _("Run “tenir migrate”, or restart “tenir serve”.")
        return Check(name, title, State.PROBLEM, said % {"steps": steps}, advice)
    return Check(name, title, State.OK, _("The database answers and is at this version."))


def _sqlite(name: str, title: str, *, thorough: bool) -> Findings:
    if _one("PRAGMA journal_mode") != "wal":
        said = _("SQLite does not keep its journal in WAL mode: readers and the writer wait for one another.")
        advice = _("Move the data folder to a local disk: network file systems do not carry WAL.")
        yield Check(name, title, State.WARNING, said, advice)
    size = Path(connection.settings_dict["NAME"]).stat().st_size
    if size > QUICK and not thorough:
        said = _("The database is large (%(size)s GiB) and was not read through.")
        shown = formats.number_format(size / GIB, 1)
        yield Check(name, title, State.OK, said % {"size": shown}, _("“tenir doctor --thorough” does it."))
        return
    if (verdict := _one("PRAGMA quick_check(1)")) != "ok":
        said = _("SQLite finds the file damaged: %(why)s") % {"why": verdict}
        advice = _("Stop the desk, keep a copy of the file, and restore the last backup into a new folder.")
        yield Check(name, title, State.PROBLEM, said, advice)
    else:
        yield Check(name, title, State.OK, _("The file is sound."))


def _postgresql(name: str, title: str) -> Findings:
    version, encoding = int(_one("SHOW server_version_num")), _one("SHOW server_encoding")
    if version // 10_000 < POSTGRESQL_FROM:
        said = _("PostgreSQL %(version)s is too old.") % {"version": version // 10_000}
        advice = _("Tenir needs PostgreSQL %(version)s or later.") % {"version": POSTGRESQL_FROM}
        yield Check(name, title, State.PROBLEM, said, advice)
    if encoding != "UTF8":
        said = _("The database keeps text as %(encoding)s, which cannot hold every letter.") % {"encoding": encoding}
        advice = _("Back up, make a database with the encoding UTF8, and restore into it.")
        yield Check(name, title, State.PROBLEM, said, advice)


def _one(sql: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


# --- The clock -----------------------------------------------------------------------------------------------------


def _clock(name: str, title: str) -> Findings:
    ahead = _ahead_of_us()
    if ahead > CLOCK_APART:
        said = _("This clock is %(seconds)s seconds behind what is already written in the ledger.")
        advice = _("Set the clock right: what is due would be late, and links would expire late.")
        yield Check(name, title, State.PROBLEM, said % {"seconds": round(ahead.total_seconds())}, advice)
    apart = _apart_from_database()
    if abs(apart) > CLOCK_APART:
        said = _("This clock and the database's are %(seconds)s seconds apart.")
        advice = _("Let both machines set their clocks by the network (NTP).")
        found = said % {"seconds": round(abs(apart).total_seconds())}
        yield Check(name, title, State.WARNING, found, advice)
    if machine.clock_is_set_by_network() is False:
        said = _("The system says that its clock is not set by the network (NTP).")
        yield Check(name, title, State.WARNING, said, _("Start systemd-timesyncd or chrony."))
    elif ahead <= CLOCK_APART and abs(apart) <= CLOCK_APART:
        yield Check(name, title, State.OK, _("It agrees with the ledger and with the database."))


def _ahead_of_us() -> timedelta:
    """How far the newest event of the ledger is in our future."""
    from tenir.ledger.models import Event

    newest = Event.objects.order_by("-id").values_list("at", flat=True).first()
    return newest - clock.now() if newest else timedelta(0)


def _apart_from_database() -> timedelta:
    if connection.vendor != "postgresql":
        return timedelta(0)
    theirs: datetime = _one("SELECT clock_timestamp()")
    return theirs - clock.now()


# --- Web and worker --------------------------------------------------------------------------------------------------


def _address(name: str, title: str) -> Findings:
    current = desk.current()
    host, port, secure = machine.parts(current.base_url)
    local = host in ("localhost", "127.0.0.1", "::1")
    if not secure and not local:
        said = _("%(url)s is not protected by TLS: passwords and letters can be read on the way.")
        advice = _("Put a TLS proxy in front (docs/operation.md) and set TENIR_BASE_URL to its https:// address.")
        yield Check(name, title, State.PROBLEM, said % {"url": current.base_url}, advice)
        return
    if secure and not current.trusted_proxies:
        said = _("No proxy is trusted, so everybody seems to come from the proxy's own address.")
        yield Check(name, title, State.WARNING, said, _("Name the proxy's address in TENIR_TRUSTED_PROXIES."))
    if secure and not machine.is_loopback(current.bind) and not current.trusted_proxies:
        said = _("Pages are also served without TLS on %(bind)s.") % {"bind": current.bind}
        yield Check(
            name, title, State.WARNING, said, _("Let TENIR_BIND be 127.0.0.1 when the proxy is on this machine.")
        )
    yield from (
        _certificate(name, title, host, port)
        if secure
        else [Check(name, title, State.OK, _("%(url)s, for this machine only.") % {"url": current.base_url})]
    )


def _certificate(name: str, title: str, host: str, port: int) -> Findings:
    try:
        until = machine.certificate_until(host, port)
    except machine.CertificateRefused as refused:
        said = _("Browsers will refuse %(host)s: %(why)s.") % {"host": host, "why": refused}
        yield Check(name, title, State.PROBLEM, said, _("Renew or correct the certificate of the proxy."))
        return
    except OSError as error:
        said = _("%(host)s could not be reached from here: %(why)s.") % {"host": host, "why": error}
        yield Check(name, title, State.WARNING, said, _("Check the proxy and the name, unless this is intended."))
        return
    shown = formats.date_format(timezone.localtime(until), "DATE_FORMAT")
    soon = until - clock.now() < timedelta(days=14)
    said = _("The certificate of %(host)s is good until %(until)s.") % {"host": host, "until": shown}
    advice = _("Renew it now.") if soon else ""
    yield Check(name, title, State.WARNING if soon else State.OK, said, advice)


def _web(name: str, title: str) -> Findings:
    current = desk.current()
    place = "127.0.0.1" if current.bind in ("0.0.0.0", "::") else current.bind  # noqa: S104 (compared, not bound)
    try:
        socket.create_connection((place, current.port), timeout=5).close()
    except OSError:
        said = _("Nothing listens on %(place)s port %(port)s.") % {"place": place, "port": current.port}
        yield Check(name, title, State.PROBLEM, said, _("Start the desk with “tenir serve”."))
        return
    said = _("The desk listens on %(place)s port %(port)s.") % {"place": place, "port": current.port}
    yield Check(name, title, State.OK, said)


def _work(name: str, title: str) -> Findings:
    file = jobs.beat_file()
    age = timedelta(seconds=max(0.0, time.time() - file.stat().st_mtime)) if file.exists() else None
    if age is None or age > SILENT:
        said = _("No worker has shown itself on this machine lately: no mail comes in or leaves.")
        advice = _("Start “tenir serve” (or “tenir work”). If it works on another machine, ask its doctor.")
        yield Check(name, title, State.PROBLEM, said, advice)
        return
    yield Check(
        name, title, State.OK, _("It worked %(seconds)s seconds ago.") % {"seconds": round(age.total_seconds())}
    )


def _outbox(name: str, title: str) -> Findings:
    from tenir.outbox.models import Task

    dead = Task.objects.filter(state=Task.State.DEAD).count()
    if dead:
        said = ngettext("%(count)s piece of work was given up.", "%(count)s pieces of work were given up.", dead)
        advice = _("Look at its reason on the administration page, then try it again or let it go.")
        yield Check(name, title, State.WARNING, said % {"count": dead}, advice)
    late = Task.objects.filter(state=Task.State.WAITING, due_at__lt=clock.now() - OVERDUE).order_by("due_at").first()
    if late is not None:
        said = _("Work has been due since %(since)s (%(kind)s: %(reason)s).") % {
            "since": formats.date_format(timezone.localtime(late.due_at), "DATETIME_FORMAT"),
            "kind": late.kind,
            "reason": late.reason[:200] or _("no reason known"),
        }
        yield Check(name, title, State.PROBLEM, said, _("See that the worker runs, and read its log."))
    elif not dead:
        yield Check(name, title, State.OK, _("Nothing is late."))


# --- Mail and backups ----------------------------------------------------------------------------------------------


def _mailboxes(name: str, title: str) -> Findings:
    from tenir.channels.email.models import Mailbox

    mailboxes = list(Mailbox.objects.filter(is_active=True).order_by("address"))
    if not mailboxes:
        said = _("No mailbox is set up: letters neither come in nor leave.")
        yield Check(name, title, State.WARNING, said, _("Add one on the administration page."))
    for mailbox in mailboxes:
        for way in (_reading, _sending):
            yield way(name, f"{title} {mailbox.address}", mailbox)


def _reading(name: str, title: str, mailbox: Any) -> Check:
    from tenir.channels.email import accounts
    from tenir.channels.email.wires import imap

    account = _account(accounts.reading, mailbox)
    if account is None:
        return Check(name, title, State.PROBLEM, _("What is needed to read it is not complete."), _how_to_enter())
    result = imap.check(account)
    error = result.error or next((folder.error for folder in result.folders if folder.error), None)
    if error is not None:
        return Check(name, title, State.PROBLEM, error.sentence())
    if not result.idle:
        return Check(name, title, State.OK, _("It can be read; new mail is asked for every minute (no IDLE)."))
    return Check(name, title, State.OK, _("It can be read, and tells of new mail at once."))


def _sending(name: str, title: str, mailbox: Any) -> Check:
    from tenir.channels.email import accounts
    from tenir.channels.email.wires import smtp

    account = _account(accounts.sending, mailbox)
    if account is None:
        return Check(name, title, State.PROBLEM, _("What is needed to send from it is not complete."), _how_to_enter())
    result = smtp.check(account, envelope_from=mailbox.address)
    if result.error is not None:
        return Check(name, title, State.PROBLEM, result.error.sentence())
    if result.refusal is not None:
        said = _("The server lets nobody write from %(address)s: %(answer)s")
        found = said % {"address": mailbox.address, "answer": result.refusal}
        return Check(name, title, State.PROBLEM, found, _("Ask whoever runs it to allow this sender."))
    return Check(name, title, State.OK, _("Letters can leave from it."))


def _account(make: Callable[[Any], Any], mailbox: Any) -> Any:
    """The account, or None when a part of it is missing or sealed with another key."""
    from tenir.channels.email.secrets import SecretsUnreadable

    try:
        return make(mailbox)
    except (ValueError, SecretsUnreadable):
        return None


def _how_to_enter() -> str:
    return _("Enter its server, user and password again on the administration page.")


def _backup(name: str, title: str) -> Findings:
    try:
        last = json.loads((Path(settings.DATA_DIR) / LAST_BACKUP).read_text())
        at, path = datetime.fromisoformat(last["at"]), Path(last["path"])
    except (OSError, ValueError, KeyError):
        said = _("No backup was ever made of this desk.")
        yield Check(name, title, State.WARNING, said, _("Run “tenir backup” every day, and keep copies elsewhere."))
        return
    age = clock.now() - at
    said = _("The last one is of %(at)s: %(path)s") % {
        "at": formats.date_format(timezone.localtime(at), "DATETIME_FORMAT"),
        "path": path,
    }
    if age > OLD_BACKUP:
        state = State.PROBLEM if age > VERY_OLD_BACKUP else State.WARNING
        yield Check(name, title, state, said, _("Run “tenir backup” every day, and keep copies elsewhere."))
    elif path.is_relative_to(settings.DATA_DIR) and path.exists():
        advice = _("Copy it to another machine: a broken disk would take both.")
        yield Check(name, title, State.OK, said, advice)
    else:
        yield Check(name, title, State.OK, said)
