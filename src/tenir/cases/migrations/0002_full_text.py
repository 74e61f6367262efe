"""The full-text index: FTS5 tables on SQLite, tsvector tables with GIN on PostgreSQL.

The words that are entered are folded and cut already, so SQLite needs no more than its `ascii` tokenizer. PostgreSQL
gathers new rows in a list before it sorts them into the index; every search reads that list, so it is kept short.
"""

from typing import Any

from django.db import migrations

SQLITE = [
    "CREATE VIRTUAL TABLE cases_message_words USING fts5(words, stems, content='', tokenize='ascii', prefix='3')",
    "CREATE VIRTUAL TABLE cases_case_words USING fts5(words, stems, tokenize='ascii', prefix='3')",
    "CREATE VIRTUAL TABLE cases_customer_words USING fts5(words, stems, tokenize='ascii', prefix='3')",
]
NAMES = ("cases_message_words", "cases_case_words", "cases_customer_words")
POSTGRESQL = [
    statement
    for name in NAMES
    for statement in (
        f"CREATE TABLE {name} (id bigint PRIMARY KEY, words tsvector NOT NULL)",
        f"CREATE INDEX {name}_found ON {name} USING gin (words) WITH (gin_pending_list_limit = 1024)",
    )
]


def make(apps: Any, schema_editor: Any) -> None:
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def drop(apps: Any, schema_editor: Any) -> None:
    for name in NAMES:
        schema_editor.execute(f"DROP TABLE {name}")


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_cases_and_messages")]
    operations = [migrations.RunPython(make, drop)]
