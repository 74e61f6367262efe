"""One maildir for each address that the demonstration's letters go to, written so that a power cut loses none."""

import mailbox
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote, unquote

from django.conf import settings

from tenir.channels.email import parse
from tenir.channels.email.parse import ParsedMail

FOLDER = "customers-mail"
SENT = "sent"
LONGEST = 200
"""A longer address has no mailbox: its name would not be the name of a file."""


def root() -> Path:
    """Where the mailboxes are."""
    return Path(settings.DATA_DIR) / FOLDER


@dataclass(frozen=True)
class Letter:
    """A letter in a mailbox, read; `own` when the mailbox's owner wrote it."""

    key: str
    own: bool
    unread: bool
    mail: ParsedMail

    @property
    def at(self) -> datetime:
        return self.mail.sent_at or datetime.fromtimestamp(0, UTC)


class Postbox:
    """The mailbox of one address. Raises `ValueError` for what cannot have one."""

    def __init__(self, address: str) -> None:
        self.address = address.strip().lower()
        if "@" not in self.address.strip("@") or len(quote(self.address, safe="@")) > LONGEST:
            raise ValueError(address)
        self._folder = root() / quote(self.address, safe="@")

    def deliver(self, raw: bytes) -> None:
        """Puts a letter into the mailbox; it is on the disk when this returns."""
        root().mkdir(mode=0o700, parents=True, exist_ok=True)
        self._write(mailbox.Maildir(self._folder), mailbox.MaildirMessage(raw))

    def deliver_read(self, raw: bytes) -> None:
        """Puts a letter there that its owner has read already."""
        root().mkdir(mode=0o700, parents=True, exist_ok=True)
        self._write(mailbox.Maildir(self._folder), _seen(mailbox.MaildirMessage(raw)))

    def keep_sent(self, raw: bytes) -> None:
        """Keeps what the owner of the mailbox sent."""
        root().mkdir(mode=0o700, parents=True, exist_ok=True)
        self._write(mailbox.Maildir(self._folder).add_folder(SENT), mailbox.MaildirMessage(raw))

    def _write(self, box: mailbox.Maildir, letter: mailbox.MaildirMessage) -> None:
        box.add(letter)  # flushed to the disk by the library; its name in the folder is flushed here
        for path in (*self._folder.rglob("new"), *self._folder.rglob("cur"), root()):
            descriptor = os.open(path, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)

    def letters(self) -> list[Letter]:
        """All letters, newest first."""
        if not self._folder.is_dir():
            return []
        came = mailbox.Maildir(self._folder)
        found = [self._read(came, key, own=False) for key in came.keys()]  # noqa: SIM118 (a Maildir, not a dict)
        if SENT in came.list_folders():
            sent = came.get_folder(SENT)
            found += [self._read(sent, key, own=True) for key in sent.keys()]  # noqa: SIM118
        return sorted(found, key=lambda letter: letter.at, reverse=True)

    def letter(self, key: str) -> Letter | None:
        """One letter, now read; None when it is not there."""
        found = next((letter for letter in self.letters() if letter.key == key), None)
        if found is not None and found.unread:
            box = mailbox.Maildir(self._folder)
            box[found.key] = _seen(box.get_message(found.key))
        return found

    def _read(self, box: mailbox.Maildir, key: str, *, own: bool) -> Letter:
        unread = not own and "S" not in box.get_message(key).get_flags()
        return Letter(key, own, unread, parse.read(box.get_bytes(key)))

    def unread(self) -> int:
        """How many letters nobody has opened."""
        folder = self._folder / "new"
        return sum(1 for _file in folder.iterdir()) if folder.is_dir() else 0


def _seen(letter: mailbox.MaildirMessage) -> mailbox.MaildirMessage:
    letter.set_subdir("cur")
    letter.add_flag("S")
    return letter


def addresses() -> Iterator[str]:
    """Every address to which a letter came."""
    if root().is_dir():
        yield from sorted(unquote(folder.name) for folder in root().iterdir() if "@" in folder.name)
