"""Which rows belong to a customer, so that a merge can move them and an undo can move exactly these back.

A room above registers its own foreign keys when the application starts:

```python
merging.moves("cases_case", "customer_id")
merging.moves("cases_participant", "customer_id", once_per=["case_id"])
```
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

BATCH = 500
"""Ids named in one statement: SQLite takes at most 999 parameters in its oldest builds."""


@dataclass(frozen=True)
class Move:
    """One column that names a customer. With `once_per`, a row stays where it is when the kept customer already has
    one with the same values there (the database would refuse a second)."""

    table: str
    column: str
    once_per: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """ "table.column", as `Merge.moved` keeps it."""
        return f"{self.table}.{self.column}"


registry: dict[str, Move] = {}


def moves(table: str, column: str, *, once_per: Sequence[str] = ()) -> None:
    """Registers a column that names a customer. Raises `ValueError` when it is registered twice."""
    move = Move(table, column, tuple(once_per))
    if move.name in registry:
        raise ValueError(f"{move.name} is registered twice")
    registry[move.name] = move


def rows_to_move(move: Move, *, gone: int, kept: int) -> list[int]:
    """The ids of the rows of `gone` that can go to `kept`."""
    quote = connection.ops.quote_name
    column, table = quote(move.column), quote(move.table)
    sql = f"SELECT r.id FROM {table} r WHERE r.{column} = %s"  # noqa: S608 (names come from our own registry)
    values = [gone]
    if move.once_per:
        same = " AND ".join(f"k.{quote(c)} = r.{quote(c)}" for c in move.once_per)
        sql += f" AND NOT EXISTS (SELECT 1 FROM {table} k WHERE k.{column} = %s AND {same})"  # noqa: S608
        values.append(kept)
    with connection.cursor() as cursor:
        cursor.execute(sql + " ORDER BY r.id", values)
        return [row[0] for row in cursor.fetchall()]


def point(move: Move, ids: Sequence[int], *, now_at: int, to: int) -> int:
    """Makes these rows name `to`, where they still name `now_at`; returns how many did."""
    quote = connection.ops.quote_name
    column, changed = quote(move.column), 0
    with connection.cursor() as cursor:
        for start in range(0, len(ids), BATCH):
            batch = list(ids[start : start + BATCH])
            marks = ", ".join(["%s"] * len(batch))
            cursor.execute(
                f"UPDATE {quote(move.table)} SET {column} = %s WHERE {column} = %s AND id IN ({marks})",  # noqa: S608
                [to, now_at, *batch],
            )
            changed += cursor.rowcount
    return changed


moves("customers_reach", "customer_id", once_per=["kind", "value", "extension"])
moves("customers_subscription", "customer_id")
moves("customers_consent", "customer_id")
moves("customers_note", "customer_id")
