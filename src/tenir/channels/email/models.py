"""Tables of the e-mail channel: mailboxes, how far each folder is read, every mail as it came, who writes too fast."""

from typing import Any, ClassVar

from django.db import models

from tenir.cases.models import Case, Message
from tenir.people.models import Team


class Mailbox(models.Model):
    """An address of the desk: where its mail is read and through which server its letters leave.

    `incoming` and `outgoing` hold host, port, security, user and kind of sign-in; passwords and tokens are in
    `secrets`, encrypted with the desk's key (see `secrets.py`). `trouble` is what is wrong now, in a code that the
    screen explains; empty when all is well. `read_everything` asks, after a restore, to read again what is marked too.
    """

    name = models.CharField(max_length=80)
    address = models.CharField(max_length=254, unique=True)
    aliases: models.JSONField[list[str], list[str]] = models.JSONField(default=list, blank=True)
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="mailboxes")
    incoming: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict, blank=True)
    outgoing: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict, blank=True)
    secrets = models.TextField(blank=True)
    folders: models.JSONField[list[str], list[str]] = models.JSONField(default=list, blank=True)
    after_reading = models.CharField(max_length=120, blank=True)
    plus_addressing = models.BooleanField(default=False)
    trusted_authserv = models.CharField(max_length=254, blank=True)
    is_active = models.BooleanField(default=True)
    read_everything = models.BooleanField(default=False)
    trouble = models.CharField(max_length=40, blank=True)
    trouble_detail = models.TextField(blank=True)
    trouble_since = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.address


class FolderPosition(models.Model):
    """How far one folder of a mailbox is read: everything up to `last_uid`, while `uidvalidity` is what it was."""

    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="positions")
    folder = models.CharField(max_length=254)
    uidvalidity = models.BigIntegerField(default=0)
    last_uid = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["mailbox", "folder"], name="email_position_once")
        ]


class Mail(models.Model):
    """One mail as it came: its raw bytes under `sha256`, and what became of it.

    `fingerprint` is of what its author wrote, not of the way that it came: the same mail delivered twice is one row.
    A mail that opened no case (a machine's) keeps its reason and can be made a case by hand.
    """

    class Outcome(models.TextChoices):
        MESSAGE = "message"
        BOUNCE = "bounce"
        MACHINE = "machine"
        SLOWED = "slowed"

    fingerprint = models.CharField(max_length=64, unique=True)
    sha256 = models.CharField(max_length=64)
    mailbox = models.ForeignKey(Mailbox, null=True, on_delete=models.SET_NULL, related_name="mails")
    received_at = models.DateTimeField()
    sender = models.CharField(max_length=254, blank=True)
    subject = models.CharField(max_length=240, blank=True)
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    reason = models.CharField(max_length=240, blank=True)
    message = models.ForeignKey(Message, null=True, on_delete=models.SET_NULL, related_name="mails")

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["-received_at"], name="email_without_case", condition=~models.Q(outcome="message")),
            models.Index(fields=["sender", "received_at"], name="email_by_sender"),
        ]


class Letter(models.Model):
    """A letter that the desk writes by itself (an acknowledgement, a fresh link), so that its bounce can be placed."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="letters")
    kind = models.CharField(max_length=40)
    message_id = models.CharField(max_length=250, unique=True)
    to = models.CharField(max_length=254)
    sent_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)
    bounced_at = models.DateTimeField(null=True)


class Delivery(models.Model):
    """What a mail server finally said of one recipient of a reply: a retry leaves those out who are settled."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="deliveries")
    recipient = models.CharField(max_length=254)
    accepted = models.BooleanField()
    answer = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["message", "recipient"], name="email_delivery_once")
        ]
