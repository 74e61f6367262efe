"""The mailboxes that the worker listens to: one thread for each, begun again when its settings change."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection

from tenir import clock
from tenir.channels.email import verbs
from tenir.channels.email.accounts import reading
from tenir.channels.email.models import Mailbox
from tenir.channels.email.receive import Desk, receive
from tenir.channels.email.secrets import SecretsUnreadable
from tenir.channels.email.wires.imap import Backoff, Fetched, MailboxReader, Scope, listen
from tenir.channels.email.wires.trouble import MailError
from tenir.outbox.handlers import service

log = logging.getLogger("tenir.mailboxes")
LOOK_AGAIN = 3.0
"""Seconds between two looks at which mailboxes there are."""
STORE_AGAIN = 5.0
"""Seconds to wait when a mail could not be stored (the disk, the database): it stays in the mailbox meanwhile."""


@dataclass
class _Listener:
    """One mailbox being listened to; `settings` is what it was begun with."""

    settings: tuple[Any, ...]
    thread: threading.Thread
    stop: threading.Event = field(default_factory=threading.Event)


@service("mailboxes")
def listen_to_all(stop: threading.Event) -> None:
    """Listens to every active mailbox until asked to stop; takes up new ones and lets go of the others."""
    listeners: dict[int, _Listener] = {}
    try:
        while not stop.wait(0 if not listeners else LOOK_AGAIN):
            _follow(listeners)
            close_old_connections()
            if not listeners and stop.wait(LOOK_AGAIN):
                break
    finally:
        for listener in listeners.values():
            listener.stop.set()
        for listener in listeners.values():
            listener.thread.join(timeout=5)
        connection.close()


def _follow(listeners: dict[int, _Listener]) -> None:
    """Makes the threads those of the mailboxes as they are now."""
    wanted = {box.pk: box for box in Mailbox.objects.filter(is_active=True) if box.incoming.get("host")}
    for pk, listener in list(listeners.items()):
        if pk not in wanted or listener.settings != _settings(wanted[pk]) or not listener.thread.is_alive():
            listener.stop.set()
            del listeners[pk]
    for pk, box in wanted.items():
        if pk not in listeners:
            listeners[pk] = _begin(box)


def _settings(box: Mailbox) -> tuple[Any, ...]:
    oauth = box.incoming.get("sign_in") == "oauth"
    secret = "" if oauth else box.secrets  # tokens change by themselves
    return (box.incoming, box.folders, box.after_reading, box.trusted_authserv, box.team_id, secret)


def _begin(box: Mailbox) -> _Listener:
    listener = _Listener(_settings(box), threading.Thread(name=f"mailbox-{box.pk}", daemon=True))
    listener.thread = threading.Thread(
        target=_listen_to, args=(box, listener.stop), name=f"mailbox-{box.pk}", daemon=True
    )
    listener.thread.start()
    return listener


def _listen_to(box: Mailbox, stop: threading.Event) -> None:
    """One mailbox, until `stop`. Whatever goes wrong is said in its row or the log; nothing ends the others."""
    backoff = Backoff()
    while not stop.is_set():
        try:
            _read_on(box, stop, backoff)
        except (ValueError, SecretsUnreadable) as unusable:
            _try_to(verbs.note_trouble, box, trouble="settings", detail=repr(unusable), at=clock.now())
            stop.wait(STORE_AGAIN * 12)
        except Exception as failure:  # the database, the disk, or a fault of ours: the mail stays and comes again
            log.exception("a mail could not be stored; it stays in the mailbox", extra={"mailbox": box.address})
            connection.close()
            detail = f"{type(failure).__name__}: {failure}"
            _try_to(verbs.note_trouble, box, trouble=verbs.STORING, detail=detail, at=clock.now())
            stop.wait(STORE_AGAIN)
    connection.close()


def _read_on(box: Mailbox, stop: threading.Event, backoff: Backoff) -> None:
    reader = MailboxReader(reading(box), move_to=_move_to(box), largest=settings.MAX_MAIL_MB * 1024 * 1024)
    if box.read_everything:
        _read_everything(box, reader)
    listen(
        reader,
        positions=lambda: verbs.positions(box),
        store=lambda fetched: _store(box, fetched),
        passed=lambda fetched: verbs.note_position(box, folder=fetched.folder, position=fetched.position),
        on_trouble=lambda error, pause: _troubled(box, error),
        on_well=lambda: verbs.note_well(box, at=clock.now()),
        stop=stop,
        backoff=backoff,
    )


def _read_everything(box: Mailbox, reader: MailboxReader) -> None:
    """After a restore: what the desk stored and marked since the backup is now only in the mailbox. What it has
    already it knows by content."""
    try:
        for fetched in reader.new_mail({}, scope=Scope.EVERYTHING):
            _store(box, fetched)
    except MailError as error:
        _troubled(box, error)
        return
    verbs.note_read_everything(box)
    box.read_everything = False


def _store(box: Mailbox, fetched: Fetched) -> bool:
    """Stores a fetched mail; what this raises leaves it unmarked."""
    receive(fetched.raw, at=clock.now(), desk=Desk.at(box))
    return True


def _try_to(verb: Callable[..., object], *arguments: object, **named: object) -> None:
    """Writes a word about a mailbox, if the database lets it."""
    try:
        verb(*arguments, **named)
    except DatabaseError:
        log.exception("the database does not answer")
        connection.close()


def _move_to(box: Mailbox) -> str | None:
    return box.after_reading.removeprefix("move:") or None if box.after_reading.startswith("move:") else None


def _troubled(box: Mailbox, error: MailError) -> None:
    log.warning("mailbox trouble", extra={"mailbox": box.address, "trouble": str(error)})
    verbs.note_trouble(box, trouble=str(error.trouble), detail=error.said, at=clock.now())
