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

_PLAIN = {
    *("AutoField", "BigAutoField", "SmallAutoField", "IntegerField", "BigIntegerField", "SmallIntegerField"),
    *("PositiveIntegerField", "PositiveBigIntegerField", "PositiveSmallIntegerField", "BooleanField", "FloatField"),
    *("CharField", "TextField", "EmailField", "URLField", "SlugField", "GenericIPAddressField"),
}

Change = Callable[[Any], Any]
_MICROSECOND = timedelta(microseconds=1)
#: The escape of NUL in JSON, not a backslash followed by "u0000".
_JSON_NUL = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")

WRITTEN: dict[str, Change | None] = dict.fromkeys(_PLAIN) | {
    "JSONField": None,
    "DateTimeField": lambda moment: moment.astimezone(UTC).isoformat(),
    "DateField": lambda day: day.isoformat(),
    "TimeField": lambda hour: hour.isoformat(),
    "DecimalField": str,
    "UUIDField": str,
    "BinaryField": lambda content: base64.b64encode(bytes(content)).decode("ascii"),
    "DurationField": lambda length: length // _MICROSECOND,
}
READ: dict[str, Change | None] = dict.fromkeys(_PLAIN) | {
    "JSONField": None,
    "DateTimeField": datetime.fromisoformat,
    "DateField": date.fromisoformat,
    "TimeField": time.fromisoformat,
    "DecimalField": Decimal,
    "UUIDField": UUID,
    "BinaryField": lambda content: base64.b64decode(content, validate=True),
    "DurationField": lambda length: length * _MICROSECOND,
}


@dataclass(frozen=True)
class Column:
    """One column: its name in the table and the kind of its values (Django's name for it)."""

    name: str
    kind: str
    field: "models.Field[Any, Any]"


@dataclass(frozen=True)
class Table:
    """One table as a model describes it."""

    model: type[models.Model]
    name: str
    columns: tuple[Column, ...]

    def described(self) -> list[list[str]]:
        """Its columns as a backup's manifest names them."""
        return [[column.name, column.kind] for column in self.columns]


def tables(apps: Apps) -> list[Table]:
    """Every table that a backup carries, by name."""
    found = [
        Table(model, model._meta.db_table, tuple(_column(field) for field in model._meta.local_concrete_fields))
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model._meta.db_table not in LEFT_OUT
    ]
    return sorted(found, key=lambda table: table.name)


def _column(field: "models.Field[Any, Any]") -> Column:
    pointed = field
    while pointed.remote_field is not None:
        pointed = pointed.target_field  # type: ignore[attr-defined]
    kind = pointed.get_internal_type()
    if kind not in WRITTEN:
        raise TypeError(f"no backup knows how to carry {field}, a {kind}: teach tenir.install.rows")
    return Column(field.column or field.attname, kind, field)


def read_rows(table: Table, using: str, *, at_once: int = 2000) -> Iterator[list[Any]]:
    """The rows of a table in the order of their key, each as the values of a line."""
    shown = [
        Cast(c.field.attname, models.TextField()) if c.kind == "JSONField" else c.field.attname
        for c in table.columns
    ]
    changes = [(n, change) for n, c in enumerate(table.columns) if (change := WRITTEN[c.kind])]
    rows = table.model._base_manager.using(using).order_by("pk").values_list(*shown)
    for row in rows.iterator(chunk_size=at_once):
        values = list(row)
        for number, change in changes:
            if values[number] is not None:
                values[number] = change(values[number])
        yield values


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
    read = READ[column.kind]
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
    words = [n for n, c in enumerate(table.columns) if c.kind in ("CharField", "TextField")]
    json_texts = [n for n, c in enumerate(table.columns) if c.kind == "JSONField"]
    return [(n, lambda text: text.replace("\0", "\ufffd")) for n in words] + [
        (n, lambda text: _JSON_NUL.sub(r"\1\\ufffd", text)) for n in json_texts
    ]


def same(one: Sequence[Any], other: Sequence[Any], table: Table) -> bool:
    """Whether two rows say the same: two databases write one JSON value with other spaces and order."""
    for a, b, column in zip(one, other, table.columns, strict=True):
        if a != b and not (column.kind in ("JSONField", "DecimalField") and _equal(column.kind, a, b)):
            return False
    return True


def _equal(kind: str, one: Any, other: Any) -> bool:
    if one is None or other is None:
        return False
    if kind == "DecimalField":
        return Decimal(one) == Decimal(other)
    return bool(json.loads(one) == json.loads(other))
