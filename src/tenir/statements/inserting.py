"""One row written by a statement that is composed once for its table."""

from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import AutoField, Model

M = TypeVar("M", bound=Model)


def insert(row: M) -> M:
    """Writes a new object as its table's next row and gives it its key, as `save(force_insert=True)` does.

    For tables of the plain kind: an automatic key, no parent table, no value that the database fills in (TypeError
    otherwise). What the model's own `save` does besides is not done. Raises what the database raises.
    """
    model = type(row)
    sql, fields = _composed.get((connection.vendor, model)) or _compose(model)
    values = [field.get_db_prep_save(field.pre_save(row, True), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        row.pk = cursor.fetchone()[0]
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS  # noqa: SLF001 (as Django's own save does)
    return row


_composed: dict[tuple[str, type[Model]], tuple[str, list[Any]]] = {}


def _compose(model: type[Model]) -> tuple[str, list[Any]]:
    options: Any = model._meta  # noqa: SLF001 (Django documents it)
    fields = [field for field in options.concrete_fields if not field.primary_key]
    if not isinstance(options.pk, AutoField) or options.parents or any(field.has_db_default() for field in fields):
        raise TypeError(f"{model.__name__} is not a table of the plain kind")
    quote: Any = connection.ops.quote_name
    names = ", ".join(quote(field.column) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    table, key = quote(options.db_table), quote(options.pk.column)
    sql = f"INSERT INTO {table} ({names}) VALUES ({marks}) RETURNING {key}"  # noqa: S608 (names of our own tables)
    _composed[connection.vendor, model] = sql, fields
    return sql, fields
