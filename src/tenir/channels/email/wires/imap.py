"""Reading mailboxes: every mail once the desk asks for it, marked only when the desk says that it is stored.

    with MailboxReader(account) as reader:
        for mail in reader.new_mail(positions):
            …store it, commit…
            reader.mark(mail.folder, mail.uid, uidvalidity=mail.uidvalidity)
        reader.wait(600)

`listen` is that loop for ever, with its errors. Reading changes nothing in the mailbox (BODY.PEEK).
"""

import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from tenir.channels.email.wires.accounts import OAuth, Password, Security
from tenir.channels.email.wires.imap_line import STORED, Account, Line, Opened, open_line
from tenir.channels.email.wires.trouble import MailError, Trouble

__all__ = [
    "STORED",
    "Account",
    "Backoff",
    "CheckResult",
    "Fetched",
    "FolderCheck",
    "MailboxReader",
    "Marked",
    "OAuth",
    "Password",
    "Position",
    "Scope",
    "Security",
    "check",
    "listen",
]

#: RFC 2177: an IDLE must be renewed before 29 minutes; home routers forget a silent connection much sooner.
RENEW_IDLE = 9 * 60.0
#: How often the folders that IDLE does not watch are asked, and the first one where there is no IDLE.
ASK_EVERY = 60.0
#: Mails are fetched in pieces of this many bytes, so that a slow line is heard from within the timeout.
PIECE = 512 * 1024
#: The widest range of UIDs asked for at once: its answer must fit on one line of a million bytes.
_WINDOW = 80_000
_LAST_UID = 2**32 - 1


@dataclass(frozen=True)
class Position:
    """How far a folder has been read: all UIDs up to `last_uid`, as long as its UIDVALIDITY is this one."""

    uidvalidity: int
    last_uid: int


class Scope(StrEnum):
    """Which mails beyond the position are wanted.

    EVERYTHING is for a desk restored from a backup: mails that it stored and marked since then are not in it any
    more, only in the mailbox. What it has already it knows by content.
    """

    UNMARKED = "unmarked"
    EVERYTHING = "everything"


@dataclass(frozen=True)
class Fetched:
    """One mail as the server has it.

    `complete` is False when it is larger than the reader's limit (then `raw` is its beginning) or when the server
    cannot give it (then `said` is why, and `raw` its header or nothing). `size` is what the server announces.
    """

    folder: str
    uidvalidity: int
    uid: int
    raw: bytes = field(repr=False)
    flags: tuple[str, ...]
    internal_date: datetime | None
    size: int
    complete: bool = True
    said: str = ""

    @property
    def position(self) -> Position:
        return Position(self.uidvalidity, self.uid)


class Marked(StrEnum):
    """What `mark` could do: the keyword and \\Seen, \\Seen alone, a move, nothing (read-only), or it is gone."""

    KEYWORD = "keyword"
    SEEN = "seen"
    MOVED = "moved"
    NOT_PERMITTED = "not-permitted"
    GONE = "gone"


class MailboxReader:
    """A mailbox that reconnects when it has to. Not for several threads at once."""

    def __init__(self, account: Account, *, move_to: str | None = None, largest: int = 50 * 1024 * 1024) -> None:
        """`move_to`: a folder where stored mails go, instead of staying marked. `largest`: bytes kept of one mail."""
        self.account = account
        self._move_to = move_to
        self._largest = largest
        self._line: Line | None = None
        self._covered: dict[str, Opened] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def connect(self) -> Line:
        """The connection, made anew when there is none or it broke. Raises MailError."""
        if self._line is None or self._line.broken:
            if self._line is not None:
                self._line.cut()
                self._line = None
            self._line = open_line(self.account)
        return self._line

    def close(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None

    def new_mail(self, positions: Mapping[str, Position], *, scope: Scope = Scope.UNMARKED) -> Iterator[Fetched]:
        """Every mail beyond its folder's position, by folder and UID; all of a folder without a position.

        When the UIDVALIDITY is not the position's, the whole folder comes again. A folder that cannot be opened does
        not keep the others from being read: its error is raised after them. Raises MailError.
        """
        missing: MailError | None = None
        for folder in self.account.folders:
            try:
                opened = self.connect().open(folder)
            except MailError as error:
                if error.trouble is not Trouble.FOLDER_MISSING:
                    raise
                missing = missing or error
                continue
            self._covered[folder] = opened
            position = positions.get(folder)
            known = position is not None and position.uidvalidity == opened.uidvalidity
            yield from self._beyond(opened, position.last_uid if known and position else 0, scope)
        if missing is not None:
            raise missing

    def _beyond(self, opened: Opened, last_uid: int, scope: Scope) -> Iterator[Fetched]:
        only = "UNDELETED" + (f" UNKEYWORD {STORED}" if scope is Scope.UNMARKED and opened.keywords else "")
        for first, last in _windows(last_uid + 1, opened):
            line = self._same(opened)
            with line.step(folder=opened.folder):
                found = line.client.search(f"UID {first}:{last} {only}")
                # "7:*" also names the last mail when its UID is below 7.
                uids = sorted({int(uid) for uid in found if first <= int(uid) <= _LAST_UID})
            for at in range(0, len(uids), 100):
                yield from self._fetch(opened, uids[at : at + 100])

    def _fetch(self, opened: Opened, uids: list[int]) -> Iterator[Fetched]:
        line = self._same(opened)
        with line.step(folder=opened.folder):
            told = line.client.fetch(uids, ["FLAGS", "INTERNALDATE", "RFC822.SIZE"])
        for uid in uids:
            if uid in told:  # else somebody removed it since the search
                yield from self._fetch_one(opened, uid, told[uid])

    def _fetch_one(self, opened: Opened, uid: int, told: Mapping[bytes, Any]) -> Iterator[Fetched]:
        size = _number(told.get(b"RFC822.SIZE"))
        date = told.get(b"INTERNALDATE")
        raw, complete, said = self._body_or_why(opened, uid, size)
        if raw is None and self._exists(opened, uid):
            # Exchange refuses a mail that it cannot convert. It must not hold up those behind it.
            raw = self._header(opened, uid)
        if raw is not None:
            yield Fetched(
                opened.folder,
                opened.uidvalidity,
                uid,
                raw,
                _flags(told.get(b"FLAGS")),
                date if isinstance(date, datetime) else None,
                size,
                complete,
                said,
            )

    def _body_or_why(self, opened: Opened, uid: int, size: int) -> tuple[bytes | None, bool, str]:
        try:
            return *self._body(opened, uid, size), ""
        except MailError as error:
            if error.trouble is not Trouble.REFUSED:
                raise
            return None, False, error.said or str(error)

    def _body(self, opened: Opened, uid: int, size: int) -> tuple[bytes | None, bool]:
        """The mail in pieces, and whether that is all; None when the server gives nothing."""
        if size < min(PIECE, self._largest):
            whole = self._piece(opened, uid, "BODY.PEEK[]", b"BODY[]")
            return (None, False) if whole is None else (whole[: self._largest], len(whole) <= self._largest)
        raw = bytearray()
        while len(raw) < self._largest:
            wanted = min(PIECE, self._largest - len(raw))
            asked, key = f"BODY.PEEK[]<{len(raw)}.{wanted}>", b"BODY[]<%d>" % len(raw)
            piece = self._piece(opened, uid, asked, key)
            if piece is None:
                return (bytes(raw), False) if raw else (None, False)
            raw += piece[:wanted]
            if len(piece) < wanted:
                return bytes(raw), True
        return bytes(raw), size <= len(raw)

    def _piece(self, opened: Opened, uid: int, asked: str, key: bytes) -> bytes | None:
        line = self._same(opened)
        with line.step(folder=opened.folder):
            told = line.client.fetch([uid], [asked]).get(uid)
            value = None if told is None else told.get(key)
            # Dovecot says NIL of a mail that was removed meanwhile; imapclient reads a mail of digits as a number.
            return value if value is None or isinstance(value, bytes) else str(value).encode()

    def _exists(self, opened: Opened, uid: int) -> bool:
        """Whether a mail that the server does not give is still there (RFC 5530: EXPUNGEISSUED)."""
        line = self._same(opened)
        line.ask()  # only now may the server tell what was removed
        with line.step(folder=opened.folder):
            return uid in line.client.search(f"UID {uid}")

    def _header(self, opened: Opened, uid: int) -> bytes:
        try:
            return self._piece(opened, uid, "BODY.PEEK[HEADER]", b"BODY[HEADER]") or b""
        except MailError as error:
            if error.trouble is not Trouble.REFUSED:
                raise
            return b""

    def _same(self, opened: Opened) -> Line:
        """The connection with this folder open, provided that its UIDs still mean the same mails."""
        line = self.connect()
        if line.opened(opened.folder).uidvalidity != opened.uidvalidity:
            raise MailError(
                Trouble.CONNECTION_LOST, host=self.account.host, folder=opened.folder, said="UIDVALIDITY changed"
            )
        return line

    def mark(self, folder: str, uid: int, *, uidvalidity: int) -> Marked:
        """Mark a mail that is stored (after the commit), or move it. Safe to repeat. Raises MailError.

        Needs the UIDVALIDITY under which the UID was seen: under another one it would be another mail.
        """
        line = self.connect()
        opened = line.opened(folder)
        if opened.uidvalidity != uidvalidity:
            return Marked.GONE
        if not opened.writable:
            return Marked.NOT_PERMITTED
        if self._move_to is not None:
            return self._move(line, uid, self._move_to)
        if opened.keywords:
            try:
                with line.step(folder=folder):
                    line.client.add_flags([uid], [b"\\Seen", STORED.encode()], silent=True)
            except MailError as error:
                if error.trouble is not Trouble.REFUSED:
                    raise
            else:
                return Marked.KEYWORD
        with line.step(folder=folder):
            line.client.add_flags([uid], [b"\\Seen"], silent=True)
        return Marked.SEEN

    def _move(self, line: Line, uid: int, target: str) -> Marked:
        try:
            self._move_once(line, uid, target)
        except MailError as error:
            if error.trouble is not Trouble.FOLDER_MISSING:
                raise
            with line.step(folder=target):
                line.client.create_folder(target)
            self._move_once(line, uid, target)
        return Marked.MOVED

    def _move_once(self, line: Line, uid: int, target: str) -> None:
        if line.can("MOVE"):
            with line.step(folder=target):
                line.client.move([uid], target)
            return
        with line.step(folder=target):
            if not line.client.fetch([uid], ["FLAGS"]):
                return
            line.client.copy([uid], target)
            line.client.add_flags([uid], [b"\\Deleted"], silent=True)
        if line.can("UIDPLUS"):
            with line.step(folder=target):
                line.client.uid_expunge([uid])
        # Without UIDPLUS an EXPUNGE would also remove what people deleted; the copy marked \Deleted is not read again.

    def wait(self, seconds: float, *, stop: threading.Event | None = None) -> bool:
        """Wait until mail may have come (True), `seconds` are over or `stop` is set (False). Raises MailError.

        IDLE on the first folder, renewed in time; NOOP where there is none; the other folders are asked each minute.
        """
        ends = time.monotonic() + seconds
        while not (stop is not None and stop.is_set()):
            line = self.connect()
            if self._arrived(line):
                return True
            left = ends - time.monotonic()
            if left <= 0:
                return False
            if self._listen(line, left, stop):
                return True
        return False

    def _arrived(self, line: Line) -> bool:
        """Whether a folder has mail that the last reading did not cover; ends with the first folder open."""
        for folder in reversed(self.account.folders):
            try:
                now = line.open(folder)
            except MailError as error:
                # Said by the reading; here only the first folder matters, without which nothing can be heard.
                if error.trouble is not Trouble.FOLDER_MISSING or folder == self.account.folders[0]:
                    raise
                continue
            before = self._covered.get(folder)
            if before is None:
                continue
            grown = now.messages > before.messages if now.uid_next is None else now.uid_next != before.uid_next
            if grown or now.uidvalidity != before.uidvalidity:
                return True
        return False

    def _listen(self, line: Line, left: float, stop: threading.Event | None) -> bool:
        longest = RENEW_IDLE if len(self.account.folders) == 1 else ASK_EVERY
        if line.can("IDLE"):
            return line.idle(min(left, longest), stop=stop)
        pause = min(left, ASK_EVERY)
        if stop is not None:
            stop.wait(pause)
        else:
            time.sleep(pause)
        return line.ask()


def _windows(first: int, opened: Opened) -> Iterator[tuple[int, str]]:
    """Ranges of UIDs from `first` on; the last one is open."""
    if first > _LAST_UID or (opened.messages == 0 and opened.uid_next is not None):
        return
    while opened.uid_next is not None and opened.uid_next - first > _WINDOW:
        yield first, str(first + _WINDOW - 1)
        first += _WINDOW
    yield first, "*"


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def _flags(value: object) -> tuple[str, ...]:
    return tuple(bytes(flag).decode("ascii", "replace") for flag in value) if isinstance(value, tuple) else ()


class Backoff:
    """How long to wait after each failure in a row: doubling, with chance in it so that many desks do not come at
    once, and longer after a wrong password, because services lock those who insist."""

    def __init__(self, *, first: float = 2.0, most: float = 300.0, chance: Callable[[], float] = random.random) -> None:
        self._first, self._most, self._chance = first, most, chance
        self._failures = 0

    def after(self, trouble: Trouble) -> float:
        """Seconds to wait now: between a half and the whole of the doubled time."""
        start = 60.0 if trouble in (Trouble.WRONG_PASSWORD, Trouble.THROTTLED) else self._first
        whole = min(start * 2.0 ** min(self._failures, 20), max(self._most, start))
        self._failures += 1
        return whole * (0.5 + self._chance() / 2)

    def reset(self) -> None:
        self._failures = 0


def listen(
    reader: MailboxReader,
    *,
    positions: Callable[[], Mapping[str, Position]],
    store: Callable[[Fetched], bool],
    on_trouble: Callable[[MailError, float], None],
    on_well: Callable[[], None],
    stop: threading.Event,
    passed: Callable[[Fetched], None] = lambda _: None,
    backoff: Backoff | None = None,
    at_least_every: float = 600.0,
) -> None:
    """Read a mailbox until `stop` is set.

    `store` returns once the mail is committed (True: it is then marked) or could not be taken (False: it stays as it
    is and comes again, as long as no position beyond it is kept). `passed` is called after the mark: the place to
    keep the position, since a crash before it then brings the mail again to be marked, and a crash after it nothing.
    `on_trouble` hears each failure and the seconds until the next try, `on_well` each reading without any. What
    `store` and `passed` raise leaves this function.
    """
    backoff = backoff or Backoff()
    try:
        while not stop.is_set():
            try:
                well = True
                for mail in reader.new_mail(positions()):
                    if store(mail):
                        well = _marked(reader, mail, on_trouble) and well
                        passed(mail)
                    if stop.is_set():
                        return
                backoff.reset()
                if well:
                    on_well()
                reader.wait(at_least_every, stop=stop)
            except MailError as error:
                pause = backoff.after(error.trouble)
                on_trouble(error, pause)
                stop.wait(pause)
    finally:
        reader.close()


def _marked(reader: MailboxReader, mail: Fetched, on_trouble: Callable[[MailError, float], None]) -> bool:
    """Mark a stored mail. A server that refuses (a full archive folder) must not keep the next mails from coming."""
    try:
        reader.mark(mail.folder, mail.uid, uidvalidity=mail.uidvalidity)
    except MailError as error:
        if error.trouble not in (Trouble.REFUSED, Trouble.FOLDER_MISSING):
            raise
        on_trouble(error, 0.0)
        return False
    return True


@dataclass(frozen=True)
class FolderCheck:
    """One folder as tried. `keywords`: stored mails can be marked as such; otherwise the desk relies on UIDs.

    `end` is the position after all that is there now: a desk that begins with it reads only what comes from now on.
    """

    name: str
    error: MailError | None = None
    messages: int = 0
    keywords: bool = False
    writable: bool = False
    end: Position | None = None


@dataclass(frozen=True)
class CheckResult:
    """What a first connection found. `available`: the folders to choose from."""

    error: MailError | None = None
    folders: tuple[FolderCheck, ...] = ()
    available: tuple[str, ...] = ()
    idle: bool = False

    @property
    def good(self) -> bool:
        return self.error is None and all(folder.error is None for folder in self.folders)


def check(account: Account) -> CheckResult:
    """Try everything that reading needs, changing no mail. Never raises MailError: it is in the result."""
    try:
        line = open_line(account)
    except MailError as error:
        return CheckResult(error)
    try:
        folders = tuple(_check_folder(line, folder) for folder in account.folders)
        available = tuple(line.folders())
        idle = line.can("IDLE")
        if idle and all(folder.error is None for folder in folders):
            line.open(account.folders[0])
            line.idle(0)
        return CheckResult(None, folders, available, idle)
    except MailError as error:
        return CheckResult(error)
    finally:
        line.close()


def _check_folder(line: Line, folder: str) -> FolderCheck:
    try:
        opened = line.open(folder)
    except MailError as error:
        if line.broken:
            raise
        return FolderCheck(folder, error)
    end = Position(opened.uidvalidity, opened.uid_next - 1) if opened.uid_next else None
    return FolderCheck(folder, None, opened.messages, opened.keywords, opened.writable, end)
