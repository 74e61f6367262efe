# ruff: noqa: S608  (the names of the tables are our own; what people type is always a parameter)
"""The full-text index on each database: FTS5 virtual tables on SQLite, `tsvector` columns with GIN on PostgreSQL.

Tables are made by the migration `full_text`. Rows are named by the id of what they describe, which grows with time:
"newest first" is the order of ids, and costs nothing on SQLite.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.db import connection

MESSAGES = "cases_message_words"
CASES = "cases_case_words"
CUSTOMERS = "cases_customer_words"

SCANNED = 60_000
"""Rows that bm25 may count to weigh a word: above, a word is so common that its weight says nothing."""


@dataclass(frozen=True)
class Document:
    """The folded words of a text in their order, and its stems, each once."""

    words: Sequence[str]
    stems: Sequence[str]


@dataclass(frozen=True)
class Term:
    """A word (one of `words`), a phrase (several), or the beginning of a word (`prefix`); any of `stems` finds its
    family. All are folded, and none is empty."""

    words: tuple[str, ...]
    stems: tuple[str, ...] = ()
    prefix: bool = False

    def exact(self) -> "Term":
        """The same words without their family."""
        return Term(self.words, (), self.prefix)


class Index(Protocol):
    def add(self, table: str, row: int, document: Document) -> None:
        """Enters a row that was not there."""

    def remove(self, table: str, row: int, document: Document) -> None:
        """Removes a row; `document` is what it was entered with."""

    def replace(self, table: str, row: int, document: Document) -> None:
        """Enters a row, in the place of what it was (not for `MESSAGES`, whose words never change)."""

    def newest(self, table: str, terms: Sequence[Term], *, limit: int) -> list[int]:
        """The newest rows that match all the terms."""

    def best(self, table: str, terms: Sequence[Term], *, candidates: int, limit: int) -> list[tuple[int, float]]:
        """The best of the newest `candidates` matches, with their relevance (larger is better)."""


class _Sqlite:
    """Messages are indexed without a second copy of their words (`content=''`), so a removal has to repeat them."""

    def add(self, table: str, row: int, document: Document) -> None:
        sql = f"INSERT INTO {table}(rowid, words, stems) VALUES (%s, %s, %s)"
        _run(sql, [row, " ".join(document.words), " ".join(document.stems)])

    def remove(self, table: str, row: int, document: Document) -> None:
        if table == MESSAGES:
            sql = f"INSERT INTO {table}({table}, rowid, words, stems) VALUES ('delete', %s, %s, %s)"
            _run(sql, [row, " ".join(document.words), " ".join(document.stems)])
        else:
            _run(f"DELETE FROM {table} WHERE rowid = %s", [row])

    def replace(self, table: str, row: int, document: Document) -> None:
        _run(f"DELETE FROM {table} WHERE rowid = %s", [row])
        self.add(table, row, document)

    def newest(self, table: str, terms: Sequence[Term], *, limit: int) -> list[int]:
        sql = f"SELECT rowid FROM {table} WHERE {table} MATCH %s ORDER BY rowid DESC LIMIT %s"
        return [row[0] for row in _rows(sql, [self._query(terms), limit])]

    def best(self, table: str, terms: Sequence[Term], *, candidates: int, limit: int) -> list[tuple[int, float]]:
        newest = self.newest(table, terms, limit=candidates)
        if not newest:
            return []
        if any(self._is_common(table, term, candidates) for term in terms):
            scored = self._by_exactness(table, terms, newest)
        else:
            sql = f"""SELECT rowid, -bm25({table}, 4.0, 1.0) FROM {table} WHERE {table} MATCH %s AND rowid >= %s"""
            scored = _rows(sql, [self._query(terms), newest[-1]])
        return _aged(scored, newest)[:limit]

    def _is_common(self, table: str, term: Term, candidates: int) -> bool:
        """Whether so many rows have this term that counting them all would take long: judged by how densely it
        stands among the newest rows."""
        found = self.newest(table, [term], limit=candidates)
        density = len(found) / (found[0] - found[-1] + 1) if len(found) == candidates else 0.0
        return density * (found[0] if found else 0) > SCANNED

    def _by_exactness(self, table: str, terms: Sequence[Term], newest: Sequence[int]) -> list[tuple[int, float]]:
        sql = f"SELECT rowid FROM {table} WHERE {table} MATCH %s AND rowid >= %s"
        exact = {row[0] for row in _rows(sql, [self._query([term.exact() for term in terms]), newest[-1]])}
        return [(row, 2.0 if row in exact else 1.0) for row in newest]

    def _query(self, terms: Sequence[Term]) -> str:
        return " AND ".join(self._term(term) for term in terms)

    def _term(self, term: Term) -> str:
        phrase = _quoted(" ".join(term.words)) + (" *" if term.prefix else "")
        families = "".join(f" OR {{stems}} : {_quoted(stem)}" for stem in term.stems)
        return f"({{words}} : {phrase}{families})"


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


class _Postgresql:
    """Words keep their positions, for phrases; stems stand beside them under a mark of their own and need none.

    Lexemes are not weighted: GIN does not know of weights, so a weighted query would have to read every row again.
    """

    def add(self, table: str, row: int, document: Document) -> None:
        _run(f"INSERT INTO {table}(id, words) VALUES (%s, %s::tsvector)", [row, _vector(document)])

    def remove(self, table: str, row: int, document: Document) -> None:
        _run(f"DELETE FROM {table} WHERE id = %s", [row])

    def replace(self, table: str, row: int, document: Document) -> None:
        sql = f"""INSERT INTO {table}(id, words) VALUES (%s, %s::tsvector)
                  ON CONFLICT (id) DO UPDATE SET words = excluded.words"""
        _run(sql, [row, _vector(document)])

    def newest(self, table: str, terms: Sequence[Term], *, limit: int) -> list[int]:
        since = self._since(table, terms, limit=limit)
        sql = f"{self._found(table, terms, since)} SELECT id FROM found ORDER BY id DESC LIMIT %s"
        return [row[0] for row in _rows(sql, [self._query(terms), limit])]

    def best(self, table: str, terms: Sequence[Term], *, candidates: int, limit: int) -> list[tuple[int, float]]:
        since = self._since(table, terms, limit=candidates)
        sql = f"""{self._found(table, terms, since)}, newest AS (SELECT id FROM found ORDER BY id DESC LIMIT %s)
                  SELECT t.id, ts_rank(t.words, %s::tsquery, 1) * 10 + ts_rank(t.words, %s::tsquery, 1) * 40
                  FROM newest JOIN {table} t ON t.id = newest.id"""
        exact = self._query([term.exact() for term in terms])
        scored = _rows(sql, [self._query(terms), candidates, self._query(terms), exact])
        return _aged(scored, sorted((row for row, _ in scored), reverse=True))[:limit]

    def _found(self, table: str, terms: Sequence[Term], since: int | None) -> str:
        """How the matches are looked up. For a single term the planner knows how common it is. For several it takes
        them for independent, thinks too many rows would match, and would read the table backwards for minutes: they
        are looked up in the index before anything else, unless so many match that the newest rows have enough."""
        if since is not None:
            return f"WITH found AS (SELECT id FROM {table} WHERE words @@ %s::tsquery AND id >= {since})"
        how = "MATERIALIZED" if len(terms) > 1 else "NOT MATERIALIZED"
        return f"WITH found AS {how} (SELECT id FROM {table} WHERE words @@ %s::tsquery)"

    def _since(self, table: str, terms: Sequence[Term], *, limit: int) -> int | None:
        """The id from which on several common words together have surely `limit` matches; None when they are rare."""
        if len(terms) == 1:
            return None
        sql = f"""SELECT (SELECT max(id) FROM {table}), (SELECT count(*) FROM {table} WHERE words @@ %s::tsquery
                    AND id > (SELECT max(id) FROM {table}) - %s)"""
        ((newest, count),) = _rows(sql, [self._query(terms), SAMPLE])
        if not count:
            return None
        needed = int(SAMPLE * limit / count * 1.5)
        return int(newest) - needed if needed <= SAMPLE * 10 else None

    def _query(self, terms: Sequence[Term]) -> str:
        return " & ".join(self._term(term) for term in terms)

    def _term(self, term: Term) -> str:
        prefix = ":*" if term.prefix else ""
        phrase = " <-> ".join(f"{_lexeme(word)}{prefix}" for word in term.words)
        families = "".join(f" | {_lexeme(STEM + stem)}" for stem in term.stems)
        return f"(({phrase}){families})"


SAMPLE = 2_000
"""The newest rows in which PostgreSQL counts how common several words together are."""
STEM = "~"
LAST_POSITION = 16_383
"""PostgreSQL counts positions in a text no further."""


def _lexeme(word: str) -> str:
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"


def _vector(document: Document) -> str:
    places: dict[str, list[str]] = {}
    for place, word in enumerate(document.words, start=1):
        places.setdefault(word, []).append(str(min(place, LAST_POSITION)))
    lexemes = [f"{_lexeme(word)}:{','.join(where[:200])}" for word, where in places.items()]
    return " ".join(lexemes + [_lexeme(STEM + stem) for stem in document.stems])


def _aged(rows: list[tuple[int, float]], newest: Sequence[int]) -> list[tuple[int, float]]:
    """Relevance with a little more weight for what is newer: the newest candidate counts up to half as much again.
    Best first."""
    place = {row: number for number, row in enumerate(newest)}
    count = max(1, len(newest))
    aged = [(row, max(score, 0.01) * (1.5 - 0.5 * place.get(row, count) / count)) for row, score in rows]
    return sorted(aged, key=lambda pair: (pair[1], pair[0]), reverse=True)


def index() -> Index:
    """The index of the database in use."""
    return _Postgresql() if connection.vendor == "postgresql" else _Sqlite()


def _run(sql: str, values: Sequence[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def _rows(sql: str, values: Sequence[Any]) -> list[tuple[int, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
