"""A query of the ORM whose values change and whose shape does not."""

import copy
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model, QuerySet
from django.db.models.sql import Query
from django.db.models.sql.compiler import SQLCompiler

R = TypeVar("R")


class Prepared(Generic[R]):
    """`Prepared(lambda case: Message.objects.filter(case=case).order_by("pk"), case=int)`, called with `case=7`.

    `compose` builds the query from its values. Each is declared by its type, one of int, str and datetime, and stands
    where a value of its column stands (an int for a foreign key); never in a list, a slice or a computed expression,
    and never None, for which SQL has another shape. The answer is a list of what the query's rows are: objects with
    what `select_related` brings, or the tuples of `values_list`; nothing is prefetched. Any thread may call it.

    Raises TypeError for values other than those declared, ValueError when the query does not hold one of them.
    """

    def __init__(self, compose: "Callable[..., QuerySet[Any, R]]", **values: type) -> None:
        self._compose = compose
        self._holes = {name: _hole(kind, number) for number, (name, kind) in enumerate(values.items())}
        self._composed: dict[str, _Composed] = {}

    def __call__(self, **values: Any) -> list[R]:
        if values.keys() != self._holes.keys():
            raise TypeError(f"wanted {sorted(self._holes)}, got {sorted(values)}")
        for name, hole in self._holes.items():
            if not isinstance(values[name], type(hole)):
                raise TypeError(f"{name}: wanted {type(hole).__name__}, got {values[name]!r}")
        composed = self._composed.get(connection.vendor)
        if composed is None:
            composed = self._composed[connection.vendor] = _compose(self._compose(**self._holes), self._holes)
        return composed.rows(values)


def _hole(kind: type, number: int) -> int | str | datetime:
    """A value that no row has, to be found again in the parameters of the composed statement."""
    if kind is int:
        return -7_000_000 - number
    if kind is str:
        return f"\ufdd0{number}"
    if kind is datetime:
        return datetime(1, 1, 2, tzinfo=UTC) + timedelta(microseconds=number + 1)
    raise TypeError(f"no value of a prepared query can be a {kind.__name__}")


@dataclass(frozen=True)
class _Source:
    """What Django's readers of rows look at in a queryset."""

    db: str
    query: Query
    model: type[Model]
    _fields: Any
    _known_related_objects: dict[Any, Any]


@dataclass(frozen=True)
class _Composed:
    """A composed statement: `places` tells which of its parameters is which value."""

    queryset: "QuerySet[Any, Any]"
    compiler: SQLCompiler
    sql: str
    parameters: tuple[Any, ...]
    places: dict[int, str]

    def rows(self, values: dict[str, Any]) -> list[Any]:
        given = {name: _adapted(value) for name, value in values.items()}
        parameters = list(self.parameters)
        for number, name in self.places.items():
            parameters[number] = given[name]
        compiler: Any = copy.copy(self.compiler)
        compiler.connection = connection
        compiler.as_sql = lambda *_args, **_options: (self.sql, parameters)
        query: Any = copy.copy(self.queryset.query)
        query.get_compiler = lambda *_args, **_options: compiler
        original: Any = self.queryset
        source: Any = _Source(DEFAULT_DB_ALIAS, query, original.model, original._fields, {})
        return list(original._iterable_class(source))  # noqa: SLF001 (its reader of rows)


def _compose(queryset: "QuerySet[Any, Any]", holes: dict[str, Any]) -> _Composed:
    compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
    sql, parameters = compiler.as_sql()
    marks = {_adapted(hole): name for name, hole in holes.items()}
    places = {n: marks[p] for n, p in enumerate(parameters) if isinstance(p, int | str | datetime) and p in marks}
    if missing := holes.keys() - set(places.values()):
        raise ValueError(f"the query does not hold {sorted(missing)}")
    return _Composed(queryset, compiler, sql, tuple(parameters), places)


def _adapted(value: Any) -> Any:
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value
