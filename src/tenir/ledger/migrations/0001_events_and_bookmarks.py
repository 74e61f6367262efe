"""The ledger's tables, the transaction number on PostgreSQL, and the refusal of any change to an event."""

from typing import Any

from django.db import migrations, models
from django.db.models import Value

SQLITE = [
    """CREATE TRIGGER ledger_event_no_update BEFORE UPDATE ON ledger_event
       BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END""",
    """CREATE TRIGGER ledger_event_no_delete BEFORE DELETE ON ledger_event
       BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END""",
]
# Transaction numbers begin again in a new PostgreSQL (a restored backup): `ledger_shift` is what is added to them so
# that the ledger's order goes on. See `tenir.ledger.readers.go_on_after_restore`.
POSTGRESQL = [
    "CREATE OR REPLACE FUNCTION ledger_shift() RETURNS bigint LANGUAGE sql STABLE AS 'SELECT 0::bigint'",
    "ALTER TABLE ledger_event ALTER COLUMN xid SET DEFAULT pg_current_xact_id()::text::bigint + ledger_shift()",
    """CREATE OR REPLACE FUNCTION ledger_append_only() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'the ledger is append-only'; END $$""",
    """CREATE TRIGGER ledger_event_append_only BEFORE UPDATE OR DELETE ON ledger_event
       FOR EACH ROW EXECUTE FUNCTION ledger_append_only()""",
]


def guard(apps: Any, schema_editor: Any) -> None:
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Event",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("xid", models.BigIntegerField(db_default=Value(0), editable=False)),
                ("at", models.DateTimeField()),
                ("name", models.CharField(max_length=60)),
                ("actor_kind", models.CharField(max_length=12)),
                ("actor_id", models.BigIntegerField(null=True)),
                ("case_id", models.BigIntegerField(null=True)),
                ("customer_id", models.BigIntegerField(null=True)),
                ("data", models.JSONField(default=dict)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["xid", "id"], name="ledger_in_order"),
                    models.Index(
                        fields=["case_id", "id"],
                        name="ledger_of_case",
                        condition=models.Q(("case_id__isnull", False)),
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="Bookmark",
            fields=[
                ("reader", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("xid", models.BigIntegerField(default=0)),
                ("event_id", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.RunPython(guard, migrations.RunPython.noop),
    ]
