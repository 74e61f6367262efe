"""The full-text index on each database: FTS5 virtual tables on SQLite, `tsvector` columns with GIN on PostgreSQL.

Tables are made by the migration `full_text`. Rows are named by the id of what they describe, which grows with time:
"newest first" is the order of ids, and costs nothing.
"""

from dataclasses import dataclass
from typing import Protocol

from django.db import connection

MESSAGES = "cases_message_words"
CASES = "cases_case_words"
CUSTOMERS = "cases_customer_words"


@dataclass(frozen=True)
class Document:
    """Folded words and stems, each separated by spaces."""

    words: str
    stems: str


@dataclass(frozen=True)
class Term:
    """A word (one of `words`), a phrase (several), or the beginning of a word (`prefix`); `stem` finds its family."""

    words: tuple[str, ...]
    stem: str | None
    prefix: bool


class Index(Protocol):
    def add(self, table: str, row: int, document: Document) -> None:
        """Enters a row that was not there."""

    def remove(self, table: str, row: int, document: Document) -> None:
        """Removes a row; `document` is what it was entered with."""

    def replace(self, table: str, row: int, document: Document) -> None:
        """Enters a row, in the place of what it was (not for `MESSAGES`, which never change)."""

    def newest(self, table: str, terms: list[Term], *, limit: int) -> list[int]:
        """The newest rows that match all the terms."""

    def best(self, table: str, terms: list[Term], *, candidates: int, limit: int) -> list[tuple[int, float]]:
        """The best of the newest `candidates` matches, with their relevance (larger is better)."""


class _Sqlite:
    """Messages are indexed without a second copy of their words (`content=''`), so a removal has to repeat them."""

    def add(self, table: str, row: int, document: Document) -> None:
        sql = f"INSERT INTO {table}(rowid, words, stems) VALUES (%s, %s, %s)"
        _run(sql, [row, document.words, document.stems])

    def remove(self, table: str, row: int, document: Document) -> None:
        if table == MESSAGES:
            sql = f"INSERT INTO {table}({table}, rowid, words, stems) VALUES ('delete', %s, %s, %s)"
            _run(sql, [row, document.words, document.stems])
        else:
            _run(f"DELETE FROM {table} WHERE rowid = %s", [row])

    def replace(self, table: str, row: int, document: Document) -> None:
        _run(f"DELETE FROM {table} WHERE rowid = %s", [row])
        self.add(table, row, document)

    def newest(self, table: str, terms: list[Term], *, limit: int) -> list[int]:
        sql = f"SELECT rowid FROM {table} WHERE {table} MATCH %s ORDER BY rowid DESC LIMIT %s"
        return [row[0] for row in _rows(sql, [self._query(terms), limit])]

    def best(self, table: str, terms: list[Term], *, candidates: int, limit: int) -> list[tuple[int, float]]:
        newest = self.newest(table, terms, limit=candidates)
        if not newest:
            return []
        sql = f"""SELECT rowid, -bm25({table}, 2.0, 1.0) AS score FROM {table}
                  WHERE {table} MATCH %s AND rowid >= %s ORDER BY score DESC LIMIT %s"""
        return _aged(_rows(sql, [self._query(terms), newest[-1], limit]), newest)

    def _query(self, terms: list[Term]) -> str:
        return " AND ".join(self._term(term) for term in terms)

    def _term(self, term: Term) -> str:
        phrase = '"' + " ".join(term.words) + '"' + (" *" if term.prefix else "")
        return f'({{words}} : {phrase} OR {{stems}} : "{term.stem}")' if term.stem else f"({{words}} : {phrase})"


class _Postgresql:
    def add(self, table: str, row: int, document: Document) -> None:
        sql = f"""INSERT INTO {table}(id, words) VALUES
                  (%s, setweight(to_tsvector('simple', %s), 'A') || setweight(to_tsvector('simple', %s), 'B'))"""
        _run(sql, [row, document.words, document.stems])

    def remove(self, table: str, row: int, document: Document) -> None:
        _run(f"DELETE FROM {table} WHERE id = %s", [row])

    def replace(self, table: str, row: int, document: Document) -> None:
        self.remove(table, row, document)
        self.add(table, row, document)

    def newest(self, table: str, terms: list[Term], *, limit: int) -> list[int]:
        sql = f"SELECT id FROM {table} WHERE words @@ %s::tsquery ORDER BY id DESC LIMIT %s"
        return [row[0] for row in _rows(sql, [self._query(terms), limit])]

    def best(self, table: str, terms: list[Term], *, candidates: int, limit: int) -> list[tuple[int, float]]:
        query = self._query(terms)
        sql = f"""SELECT id, ts_rank('{{0, 0, 0.5, 1.0}}', words, %s::tsquery) AS score FROM (
                    SELECT id, words FROM {table} WHERE words @@ %s::tsquery ORDER BY id DESC LIMIT %s
                  ) AS newest ORDER BY score DESC LIMIT %s"""
        rows = _rows(sql, [query, query, candidates, limit])
        return _aged([(row, score * 10) for row, score in rows], sorted((row for row, _ in rows), reverse=True))

    def _query(self, terms: list[Term]) -> str:
        return " & ".join(self._term(term) for term in terms)

    def _term(self, term: Term) -> str:
        phrase = " <-> ".join(f"'{word}':{'*' if term.prefix else ''}A" for word in term.words)
        return f"(({phrase}) | '{term.stem}':B)" if term.stem else f"({phrase})"


def _aged(rows: list[tuple[int, float]], newest: list[int]) -> list[tuple[int, float]]:
    """Relevance with a little more weight for what is newer: the newest candidate counts up to half as much again."""
    place = {row: number for number, row in enumerate(newest)}
    count = max(1, len(newest))
    aged = [(row, max(score, 0.01) * (1.5 - 0.5 * place.get(row, count) / count)) for row, score in rows]
    return sorted(aged, key=lambda pair: pair[1], reverse=True)


def index() -> Index:
    """The index of the database in use."""
    return _Postgresql() if connection.vendor == "postgresql" else _Sqlite()


def _run(sql: str, values: list[object]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def _rows(sql: str, values: list[object]) -> list[tuple[int, float]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
