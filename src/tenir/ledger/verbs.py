"""The one writer of the ledger, and the decorator that makes a function a verb."""

from collections.abc import Callable
from datetime import datetime
from typing import ParamSpec, TypeVar

from django.db import connection, transaction

from tenir.ledger.events import Doer, Fact
from tenir.ledger.models import Event

P = ParamSpec("P")
R = TypeVar("R")


def verb(change: Callable[P, R]) -> Callable[P, R]:
    """Makes `change` one durable transaction: it checks, writes and records, or nothing happened.

    Verbs do not call verbs (Django refuses a durable block inside another); composed ones share private steps.
    """
    return transaction.atomic(durable=True)(change)


def record(fact: Fact, *, by: Doer, at: datetime) -> Event:
    """Appends `fact` to the ledger, inside the caller's transaction.

    Raises `TransactionManagementError` outside of one: an event without its change would be a lie.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("record() outside of a transaction")
    return Event.objects.create(
        at=at,
        name=fact.name,
        actor_kind=by.actor_kind,
        actor_id=by.pk,
        case_id=fact.case,
        customer_id=fact.customer,
        data=fact.data(),
    )
