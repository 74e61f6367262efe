"""Rows of any table as lines of JSON that say the same on every database, and back.

A line is a list of values in the order of the table's columns. Numbers, words and truth are themselves; a moment is
ISO 8601 in UTC, a date and a time of day too; a decimal number and an identifier (UUID) are words; bytes are base64; a
duration is microseconds; what a column holds as JSON is the text of that JSON, so that "null" and nothing differ.
"""

import base64
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.apps.registry import Apps
from django.db import models
from django.db.models.functions import Cast

#: Rows of these are not carried over: everybody signs in again, as they should after a restore.
LEFT_OUT = ("django_session", "usersessions_usersession")

Change = Callable[[Any], Any]
_MICROSECOND = timedelta(microseconds=1)
#: The escape of NUL in JSON, not a backslash followed by "u0000".
_JSON_NUL = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")

#: Django's kinds of field by what they hold, as a manifest names it.
HOLDS = {
    **dict.fromkeys(("AutoField", "BigAutoField", "SmallAutoField", "IntegerField", "BigIntegerField"), "integer"),
    **dict.fromkeys(("SmallIntegerField", "PositiveIntegerField", "PositiveBigIntegerField"), "integer"),
    **dict.fromkeys(("PositiveSmallIntegerField",), "integer"),
    **dict.fromkeys(("CharField", "TextField", "EmailField", "URLField", "SlugField"), "words"),
    "GenericIPAddressField": "address",
    "BooleanField": "truth",
    "FloatField": "number",
    "JSONField": "json",
    "DateTimeField": "moment",
    "DateField": "day",
    "TimeField": "hour",
    "DecimalField": "decimal",
    "UUIDField": "identifier",
    "BinaryField": "bytes",
    "DurationField": "length",
}
WRITTEN: dict[str, Change | None] = dict.fromkeys(HOLDS.values()) | {
    "moment": lambda moment: moment.astimezone(UTC).isoformat(),
    "day": lambda day: day.isoformat(),
    "hour": lambda hour: hour.isoformat(),
    "decimal": str,
    "identifier": str,
    "bytes": lambda content: base64.b64encode(bytes(content)).decode("ascii"),
    "length": lambda length: length // _MICROSECOND,
}
READ: dict[str, Change | None] = dict.fromkeys(HOLDS.values()) | {
    "address": str,
    "moment": datetime.fromisoformat,
    "day": date.fromisoformat,
    "hour": time.fromisoformat,
    "decimal": Decimal,
    "identifier": UUID,
    "bytes": lambda content: base64.b64decode(content, validate=True),
    "length": lambda length: length * _MICROSECOND,
}


@dataclass(frozen=True)
class Column:
    """One column: its name in the table and what it holds (see `HOLDS`)."""

    name: str
    holds: str
    field: "models.Field[Any, Any]"


@dataclass(frozen=True)
class Table:
    """One table as a model describes it."""

    model: type[models.Model]
    name: str
    columns: tuple[Column, ...]

    @property
    def key(self) -> int:
        """Which of its columns names a row."""
        return next(n for n, column in enumerate(self.columns) if column.field.primary_key)

    def rows(self, using: str) -> "models.QuerySet[Any]":
        """All its rows, whatever a manager of the model would hide."""
        return self.model._base_manager.using(using)  # noqa: SLF001 (Django's name for exactly this)

    def described(self) -> list[list[str]]:
        """Its columns as a backup's manifest names them."""
        return [[column.name, column.holds] for column in self.columns]


def tables(apps: Apps) -> list[Table]:
    """Every table that a backup carries, by name."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        described = model._meta  # noqa: SLF001 (Django's public name for it)
        if described.managed and not described.proxy and described.db_table not in LEFT_OUT:
            columns = tuple(_column(field) for field in described.local_concrete_fields)
            found.append(Table(model, described.db_table, columns))
    return sorted(found, key=lambda table: table.name)


def _column(field: "models.Field[Any, Any]") -> Column:
    pointed = field
    while pointed.remote_field is not None:
        pointed = pointed.target_field  # type: ignore[attr-defined]
    kind = pointed.get_internal_type()
    if kind not in HOLDS:
        raise TypeError(f"no backup knows how to carry {field}, a {kind}: teach tenir.install.rows")
    return Column(field.column or field.attname, HOLDS[kind], field)


def read_rows(table: Table, using: str, *, at_once: int = 2000) -> Iterator[list[Any]]:
    """The rows of a table in the order of their key, each as the values of a line."""
    shown = [Cast(c.field.attname, models.TextField()) if c.holds == "json" else c.field.attname for c in table.columns]
    changes = [(n, change) for n, c in enumerate(table.columns) if (change := WRITTEN[c.holds])]
    found = table.rows(using).order_by("pk").values_list(*shown)
    for row in _in_order(table, found.iterator(chunk_size=at_once)):
        values = list(row)
        for number, change in changes:
            if values[number] is not None:
                values[number] = change(values[number])
        yield values


def _in_order(table: Table, found: Iterator[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    """Databases order numbers alike and words not: a table named by words (they are small) is put in order here."""
    if table.columns[table.key].holds != "words":
        return found
    return iter(sorted(found, key=lambda row: row[table.key]))


def line(values: Sequence[Any]) -> str:
    """The values of a row as one line, without its end."""
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def stored(table: Table, connection: Any) -> Callable[[list[Any]], list[Any]]:
    """A function from the values of a line to those that the database's own driver takes."""
    changes = [(n, change) for n, c in enumerate(table.columns) if (change := _stored(c, connection))]

    def convert(values: list[Any]) -> list[Any]:
        made = list(values)
        for number, change in changes:
            if made[number] is not None:
                made[number] = change(made[number])
        return made

    return convert


def _stored(column: Column, connection: Any) -> Change | None:
    read = READ[column.holds]
    if read is None:
        return None
    field = column.field
    while field.remote_field is not None:
        field = field.target_field  # type: ignore[attr-defined]
    return lambda value: field.get_db_prep_save(read(value), connection)


def fitting(table: Table, vendor: str) -> list[tuple[int, Change]]:
    """What has to change in a line so that this database takes it, by the number of the column.

    PostgreSQL has no character NUL; the sign for "unreadable" stands in its place.
    """
    if vendor != "postgresql":
        return []
    words = [n for n, c in enumerate(table.columns) if c.holds == "words"]
    json_texts = [n for n, c in enumerate(table.columns) if c.holds == "json"]
    return [(n, lambda text: text.replace("\0", "\ufffd")) for n in words] + [
        (n, lambda text: _JSON_NUL.sub(r"\1\\ufffd", text)) for n in json_texts
    ]


def same(one: Sequence[Any], other: Sequence[Any], table: Table) -> bool:
    """Whether two rows say the same: two databases write one JSON value with other spaces and order."""
    for a, b, column in zip(one, other, table.columns, strict=True):
        if a != b and not (column.holds in ("json", "decimal") and _equal(column.holds, a, b)):
            return False
    return True


def _equal(holds: str, one: Any, other: Any) -> bool:
    if one is None or other is None:
        return False
    if holds == "decimal":
        return Decimal(one) == Decimal(other)
    return bool(json.loads(one) == json.loads(other))
