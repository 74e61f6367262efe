"""The only writers of mailboxes and of how far they are read."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tenir.channels.email.events import MailboxChanged, MailboxTroubled
from tenir.channels.email.models import FolderPosition, Mailbox
from tenir.channels.email.secrets import SecretsUnreadable, seal, unseal
from tenir.channels.email.wires.imap import Position
from tenir.ledger.events import SYSTEM, Doer
from tenir.ledger.verbs import record, verb
from tenir.people.rights import require

SENDING = "sending "
"""How the code of a trouble begins that is not with reading."""
STORING = "storing"
"""The trouble of a mail that was read and could not be stored: it stays in the mailbox."""
FIELDS = (
    "name",
    "address",
    "aliases",
    "team",
    "incoming",
    "outgoing",
    "folders",
    "after_reading",
    "plus_addressing",
    "trusted_authserv",
    "is_active",
)


@verb
def save_mailbox(mailbox: Mailbox, *, secrets: Mapping[str, str], by: Doer, at: datetime, **fields: Any) -> Mailbox:
    """Writes a mailbox's settings, new or changed; of the secrets only those that were given are replaced.

    Raises `NotAllowed`, and `ValueError` for a field that does not exist.
    """
    require(by, "manage_mailboxes")
    if unknown := set(fields) - set(FIELDS):
        raise ValueError(", ".join(sorted(unknown)))
    for name, value in fields.items():
        setattr(mailbox, name, value)
    if mailbox.pk:  # tokens are renewed all the time: those of the row that was read may be spent by now
        kept = Mailbox.objects.select_for_update().values_list("secrets", flat=True)
        mailbox.secrets = kept.get(pk=mailbox.pk)
    mailbox.address = mailbox.address.strip().lower()
    mailbox.aliases = sorted({alias.strip().lower() for alias in mailbox.aliases} - {""})
    given = {name: secret for name, secret in secrets.items() if secret}
    if given:
        mailbox.secrets = seal(_readable(mailbox.secrets) | given)
    mailbox.trouble = mailbox.trouble_detail = ""
    mailbox.trouble_since = None
    mailbox.save()
    record(MailboxChanged(mailbox=mailbox.pk), by=by, at=at)
    return mailbox


def _readable(sealed: str) -> dict[str, str]:
    """The secrets that are kept; those of another key are lost, and new ones take their place."""
    try:
        return unseal(sealed)
    except SecretsUnreadable:
        return {}


@verb
def note_trouble(mailbox: Mailbox, *, trouble: str, detail: str, at: datetime) -> None:
    """Keeps what is wrong with a mailbox, for the administrator; the same trouble again is not news."""
    row = Mailbox.objects.select_for_update().get(pk=mailbox.pk)
    news = row.trouble != trouble
    Mailbox.objects.filter(pk=row.pk).update(
        trouble=trouble, trouble_detail=detail[:2000], trouble_since=at if news else row.trouble_since
    )
    if news:
        record(MailboxTroubled(mailbox=row.pk, trouble=trouble), by=SYSTEM, at=at)


@verb
def note_well(mailbox: Mailbox, *, at: datetime) -> None:
    """Keeps that a mailbox was read to its end; a trouble with reading is over, one with sending is not."""
    row = Mailbox.objects.select_for_update().get(pk=mailbox.pk)
    Mailbox.objects.filter(pk=row.pk).update(read_at=at)
    if row.trouble and not row.trouble.startswith(SENDING):
        _over(row, at=at)


@verb
def note_sent(mailbox: Mailbox, *, at: datetime) -> None:
    """Keeps that a letter left through a mailbox whose sending was troubled: it is no longer."""
    row = Mailbox.objects.select_for_update().get(pk=mailbox.pk)
    if row.trouble.startswith(SENDING):
        _over(row, at=at)


def _over(row: Mailbox, *, at: datetime) -> None:
    Mailbox.objects.filter(pk=row.pk).update(trouble="", trouble_detail="", trouble_since=None)
    record(MailboxTroubled(mailbox=row.pk, trouble=""), by=SYSTEM, at=at)


@verb
def note_position(mailbox: Mailbox, *, folder: str, position: Position) -> None:
    """Keeps how far a folder is read: after the commit of what was read, never before."""
    FolderPosition.objects.update_or_create(
        mailbox=mailbox,
        folder=folder,
        defaults={"uidvalidity": position.uidvalidity, "last_uid": position.last_uid},
    )


def positions(mailbox: Mailbox) -> dict[str, Position]:
    """How far each folder of a mailbox is read."""
    rows = FolderPosition.objects.filter(mailbox=mailbox)
    return {row.folder: Position(row.uidvalidity, row.last_uid) for row in rows}


@verb
def note_read_everything(mailbox: Mailbox) -> None:
    """Keeps that a mailbox was read again from its beginning, after a restore."""
    Mailbox.objects.filter(pk=mailbox.pk).update(read_everything=False)
