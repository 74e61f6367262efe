"""The table of tasks."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Task",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=60)),
                ("key", models.CharField(max_length=120)),
                ("data", models.JSONField(default=dict)),
                ("case_id", models.BigIntegerField(null=True)),
                ("due_at", models.DateTimeField()),
                ("set_at", models.DateTimeField()),
                ("appointed", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("done", "Done"),
                            ("dead", "Dead"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("failures", models.PositiveIntegerField(default=0)),
                ("reason", models.TextField(blank=True)),
                ("created_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("state", "waiting")), fields=["due_at"], name="outbox_due"),
                    models.Index(condition=models.Q(("state", "dead")), fields=["-ended_at"], name="outbox_dead"),
                ],
                "constraints": [models.UniqueConstraint(fields=("key",), name="outbox_once")],
            },
        ),
    ]
