"""Tables of the ledger: the events, and how far each reader has read."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q, Value


class Event(models.Model):
    """One fact: what happened, when, by whom, about which case or customer.

    `data` holds ids and small values, never a person's words: the ledger outlives an erasure.
    `xid` is the writing transaction on PostgreSQL (0 on SQLite, where one writer at a time makes ids follow commits).
    The ledger's order is `(xid, id)`.
    """

    id = models.BigAutoField(primary_key=True)
    xid = models.BigIntegerField(db_default=Value(0), editable=False)
    at = models.DateTimeField()
    name = models.CharField(max_length=60)
    actor_kind = models.CharField(max_length=12)
    actor_id = models.BigIntegerField(null=True)
    case_id = models.BigIntegerField(null=True)
    customer_id = models.BigIntegerField(null=True)
    data: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["xid", "id"], name="ledger_in_order"),
            models.Index(fields=["case_id", "id"], name="ledger_of_case", condition=Q(case_id__isnull=False)),
        ]


class Bookmark(models.Model):
    """How far one reader has read: it has handled everything up to `(xid, event_id)`."""

    reader = models.CharField(max_length=60, primary_key=True)
    xid = models.BigIntegerField(default=0)
    event_id = models.BigIntegerField(default=0)
