"""The tables of promises: what is owed and what became of it, the calendars and policies, who stands in for whom."""

import datetime as dt

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("cases", "0001_cases_and_messages"),
        ("customers", "0001_customers_and_reaches"),
        ("people", "0001_people_and_teams"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Policy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("first_answer", "First Answer"),
                            ("next_answer", "Next Answer"),
                            ("keep_informed", "Keep Informed"),
                            ("end", "End"),
                        ],
                        max_length=15,
                    ),
                ),
                ("within", models.DurationField()),
                (
                    "channel",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("email", "Email"),
                            ("form", "Form"),
                            ("phone", "Phone"),
                            ("chat", "Chat"),
                            ("social", "Social"),
                            ("letter", "Letter"),
                        ],
                        max_length=8,
                    ),
                ),
                ("language", models.CharField(blank=True, max_length=3)),
                ("plan", models.CharField(blank=True, max_length=120)),
                ("is_shown", models.BooleanField(default=False)),
                ("made_at", models.DateTimeField()),
                ("retired_at", models.DateTimeField(null=True)),
                (
                    "category",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="cases.category"
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.team"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Promise",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("delivery", "Delivery"),
                            ("action", "Action"),
                            ("callback", "Callback"),
                            ("find_out", "Find Out"),
                            ("acknowledgement", "Acknowledgement"),
                            ("review", "Review"),
                            ("tell", "Tell"),
                            ("first_answer", "First Answer"),
                            ("next_answer", "Next Answer"),
                            ("keep_informed", "Keep Informed"),
                            ("end", "End"),
                        ],
                        default="action",
                        max_length=15,
                    ),
                ),
                ("what", models.TextField()),
                ("words", models.TextField(blank=True)),
                (
                    "way",
                    models.CharField(
                        blank=True,
                        choices=[("", "Any"), ("call", "Call"), ("letter", "Letter")],
                        default="",
                        max_length=6,
                    ),
                ),
                ("customer_does", models.TextField(blank=True)),
                ("deliverer", models.CharField(blank=True, max_length=160)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("delivered", "Delivered"),
                            ("kept", "Kept"),
                            ("partly_kept", "Partly Kept"),
                            ("unconfirmed", "Unconfirmed"),
                            ("broken", "Broken"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="open",
                        max_length=11,
                    ),
                ),
                ("revision", models.PositiveIntegerField(default=0)),
                ("due_at", models.DateTimeField()),
                ("first_due_at", models.DateTimeField()),
                (
                    "counted",
                    models.CharField(
                        choices=[
                            ("date", "Date"),
                            ("clock", "Clock"),
                            ("calendar", "Calendar"),
                            ("working_days", "Working Days"),
                        ],
                        default="date",
                        max_length=12,
                    ),
                ),
                ("amount", models.PositiveIntegerField(null=True)),
                ("counted_from", models.DateTimeField()),
                ("left", models.DurationField(null=True)),
                ("deadline_at", models.DateTimeField(null=True)),
                ("deadline_rule", models.CharField(blank=True, max_length=300)),
                ("made_at", models.DateTimeField()),
                ("delivered_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("early", models.BooleanField(null=True)),
                ("renegotiated", models.PositiveIntegerField(default=0)),
                ("next_alarm_at", models.DateTimeField(null=True)),
                ("next_alarm", models.CharField(blank=True, max_length=8)),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="promises",
                        to="cases.case",
                    ),
                ),
                (
                    "chain",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="chained",
                        to="promises.promise",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="promises",
                        to="customers.customer",
                    ),
                ),
                (
                    "delivering_team",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="people.team",
                    ),
                ),
                (
                    "depends_on",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="awaited_by",
                        to="promises.promise",
                    ),
                ),
                (
                    "deputy",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="deputises",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "follows",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="followed_by",
                        to="promises.promise",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "made_in",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="promises",
                        to="cases.message",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="promises",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "policy",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="promises",
                        to="promises.policy",
                    ),
                ),
                (
                    "told_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tells_of",
                        to="promises.promise",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Part",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.CharField(max_length=240)),
                ("delivered_at", models.DateTimeField(null=True)),
                ("is_missing", models.BooleanField(default=False)),
                (
                    "promise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="parts", to="promises.promise"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Change",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("delivered", "Delivered"),
                            ("kept", "Kept"),
                            ("partly_kept", "Partly Kept"),
                            ("not_yet", "Not Yet"),
                            ("renegotiated", "Renegotiated"),
                            ("broken", "Broken"),
                            ("withdrawn", "Withdrawn"),
                            ("unconfirmed", "Unconfirmed"),
                        ],
                        max_length=12,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("actor_kind", models.CharField(max_length=12)),
                ("actor_id", models.BigIntegerField(null=True)),
                ("because", models.TextField(blank=True)),
                ("due_before", models.DateTimeField(null=True)),
                ("due_after", models.DateTimeField(null=True)),
                (
                    "told",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("not_yet", "Not Yet"),
                            ("by_letter", "By Letter"),
                            ("by_call", "By Call"),
                            ("in_person", "In Person"),
                        ],
                        max_length=9,
                    ),
                ),
                (
                    "promise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="changes", to="promises.promise"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="WorkingCalendar",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80, unique=True)),
                ("definition", models.JSONField()),
                ("is_desks", models.BooleanField(default=False)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_desks", True)), fields=("is_desks",), name="promises_one_desk_calendar"
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="promise",
            name="calendar",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="promises.workingcalendar",
            ),
        ),
        migrations.AddField(
            model_name="policy",
            name="calendar",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="promises.workingcalendar"
            ),
        ),
        migrations.CreateModel(
            name="Absence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("begins_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="absences",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "deputy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("begins_at"))), name="promises_absence_lasts"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("deputy", models.F("agent")), _negated=True),
                        name="promises_another_deputises",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="promise",
            index=models.Index(
                condition=models.Q(("next_alarm_at__isnull", False)),
                fields=["next_alarm_at", "id"],
                name="promises_to_look_at",
            ),
        ),
        migrations.AddIndex(
            model_name="promise",
            index=models.Index(condition=models.Q(("state", "open")), fields=["due_at", "id"], name="promises_owed"),
        ),
        migrations.AddIndex(
            model_name="promise",
            index=models.Index(
                condition=models.Q(("state", "open")), fields=["owner", "due_at", "id"], name="promises_owed_by"
            ),
        ),
        migrations.AddIndex(
            model_name="promise",
            index=models.Index(
                condition=models.Q(("state", "open")), fields=["deputy", "due_at", "id"], name="promises_deputised"
            ),
        ),
        migrations.AddIndex(
            model_name="promise",
            index=models.Index(fields=["case", "id"], name="promises_of_case"),
        ),
        migrations.AddIndex(
            model_name="promise",
            index=models.Index(fields=["customer", "id"], name="promises_of_customer"),
        ),
        migrations.AddIndex(
            model_name="promise",
            index=models.Index(
                condition=models.Q(("depends_on__isnull", False)), fields=["depends_on"], name="promises_awaited"
            ),
        ),
        migrations.AddConstraint(
            model_name="promise",
            constraint=models.CheckConstraint(
                condition=models.Q(("what", ""), _negated=True), name="promises_says_what"
            ),
        ),
        migrations.AddConstraint(
            model_name="promise",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("owner__isnull", False), ("policy__isnull", False), ("kind", "tell"), _connector="OR"
                ),
                name="promises_answered_for",
            ),
        ),
        migrations.AddConstraint(
            model_name="promise",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("next_alarm", ""), ("next_alarm_at__isnull", True)),
                    models.Q(("next_alarm_at__isnull", False), models.Q(("next_alarm", ""), _negated=True)),
                    _connector="OR",
                ),
                name="promises_alarm_has_a_name",
            ),
        ),
        migrations.AddConstraint(
            model_name="promise",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "open"), ("policy__isnull", False)),
                fields=("case", "kind"),
                name="promises_one_standing",
            ),
        ),
        migrations.AddConstraint(
            model_name="promise",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "open"), ("kind", "tell")), fields=("case",), name="promises_one_tell"
            ),
        ),
        migrations.AddConstraint(
            model_name="policy",
            constraint=models.CheckConstraint(
                condition=models.Q(("within__gt", dt.timedelta(0))), name="promises_policy_takes_time"
            ),
        ),
    ]
