"""The full-text index made again from the tables: after a restore, or when the way of indexing has changed."""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from tenir.cases import search
from tenir.cases.fulltext import CASES, CUSTOMERS, MESSAGES
from tenir.cases.models import Case, Message
from tenir.customers.models import Customer

AT_ONCE = 1000
Tell = Callable[[int], object]


def count() -> int:
    """How many documents `rebuild` will enter."""
    return Message.objects.count() + Case.objects.count() + Customer.objects.count()


def rebuild(tell: Tell = lambda _entered: None) -> None:
    """Empties the index and enters every message, case and customer again; `tell` hears how many more are in."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table in (MESSAGES, CASES, CUSTOMERS):
            cursor.execute(emptying(table))
    messages = Message.objects.select_related("participant").prefetch_related("attachments")
    _enter(messages, _index_message, tell)
    _enter(Case.objects.all(), search.index_case, tell)
    _enter(Customer.objects.prefetch_related("reaches", "subscriptions"), search.index_customer, tell)


def _index_message(message: Message) -> None:
    named = sorted(message.attachments.all(), key=lambda file: file.pk)
    search.index_message(message, names=[file.name for file in named])


def _enter(found: "QuerySet[Any]", index: Callable[[Any], None], tell: Tell) -> None:
    rows: Iterator[Any] = found.order_by("pk").iterator(chunk_size=AT_ONCE)
    while some := list(islice(rows, AT_ONCE)):
        with transaction.atomic():
            for row in some:
                index(row)
        tell(len(some))


def emptying(table: str) -> str:
    """The statement that takes everything out of one table of the index."""
    if connection.vendor == "postgresql":
        return f"TRUNCATE {table}"
    # Without a second copy of its words, FTS5 cannot tell what a row held: all of it goes at once.
    if table == MESSAGES:
        return f"INSERT INTO {table}({table}) VALUES ('delete-all')"  # noqa: S608 (a name of ours)
    return f"DELETE FROM {table}"  # noqa: S608 (a name of ours)
