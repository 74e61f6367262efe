"""The tables of the cases: what was said in them, who has a part in them, how they end and how they are rearranged."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("customers", "0001_customers_and_reaches"),
        ("people", "0001_people_and_teams"),
        ("people", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Category",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80, unique=True)),
            ],
        ),
        migrations.CreateModel(
            name="Tag",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40, unique=True)),
            ],
        ),
        migrations.CreateModel(
            name="BulkAction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("what", models.CharField(max_length=20)),
                ("before", models.JSONField(default=list)),
                ("after", models.JSONField(default=list)),
                ("at", models.DateTimeField()),
                ("undone_at", models.DateTimeField(null=True)),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Case",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reference", models.CharField(max_length=12)),
                ("subject", models.CharField(max_length=240)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("open", "Open"),
                            ("waiting_for_customer", "Waiting For Customer"),
                            ("ended", "Ended"),
                        ],
                        default="waiting",
                        max_length=20,
                    ),
                ),
                (
                    "channel",
                    models.CharField(
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
                ("desk_address", models.CharField(blank=True, max_length=254)),
                ("first_request_at", models.DateTimeField()),
                ("opened_at", models.DateTimeField()),
                ("moved_at", models.DateTimeField()),
                ("unanswered_since", models.DateTimeField(null=True)),
                ("snoozed_until", models.DateTimeField(null=True)),
                ("remedy_sought", models.TextField(blank=True)),
                ("remedy_given", models.TextField(blank=True)),
                ("last_words", models.CharField(blank=True, max_length=160)),
                ("last_inbound_id", models.BigIntegerField(null=True)),
                ("contacts", models.PositiveIntegerField(default=0)),
                ("cut_lines", models.PositiveIntegerField(default=0)),
                ("handovers", models.PositiveIntegerField(default=0)),
                ("reopenings", models.PositiveIntegerField(default=0)),
                (
                    "customer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="customers.customer",
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged",
                        to="cases.case",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="people.team",
                    ),
                ),
                (
                    "category",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="cases",
                        to="cases.category",
                    ),
                ),
                ("tags", models.ManyToManyField(related_name="cases", to="cases.tag")),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("owner"),
                        models.OrderBy(models.F("moved_at"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        condition=models.Q(
                            models.Q(("state", "ended"), _negated=True), ("snoozed_until__isnull", True)
                        ),
                        name="cases_list_mine",
                    ),
                    models.Index(
                        models.F("team"),
                        models.OrderBy(models.F("moved_at"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        condition=models.Q(
                            models.Q(("state", "ended"), _negated=True), ("snoozed_until__isnull", True)
                        ),
                        name="cases_list_team",
                    ),
                    models.Index(
                        models.F("owner"),
                        models.OrderBy(models.F("moved_at"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        condition=models.Q(("state", "ended"), ("merged_into__isnull", True)),
                        name="cases_list_ended",
                    ),
                    models.Index(
                        models.F("state"),
                        models.OrderBy(models.F("moved_at"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        condition=models.Q(("merged_into__isnull", True)),
                        name="cases_list_state",
                    ),
                    models.Index(
                        models.OrderBy(models.F("moved_at"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        condition=models.Q(
                            models.Q(("state", "ended"), _negated=True), ("snoozed_until__isnull", True)
                        ),
                        name="cases_list_in_hand",
                    ),
                    models.Index(
                        models.OrderBy(models.F("moved_at"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        condition=models.Q(("merged_into__isnull", True)),
                        name="cases_list_all",
                    ),
                    models.Index(
                        condition=models.Q(("snoozed_until__isnull", False)),
                        fields=["snoozed_until", "id"],
                        name="cases_to_wake",
                    ),
                    models.Index(
                        models.F("customer"),
                        models.OrderBy(models.F("moved_at"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        name="cases_of_customer",
                    ),
                    models.Index(
                        condition=models.Q(("merged_into__isnull", False)), fields=["merged_into"], name="cases_merged"
                    ),
                ],
                "constraints": [models.UniqueConstraint(fields=("reference",), name="cases_by_reference")],
            },
        ),
        migrations.CreateModel(
            name="Participant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(blank=True, max_length=160)),
                ("address", models.CharField(max_length=254)),
                ("unexpected", models.BooleanField(default=False)),
                ("invited", models.BooleanField(default=False)),
                ("removed_at", models.DateTimeField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="participants",
                        to="cases.case",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("case", "address"), name="cases_participant_once")],
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("inbound", "Inbound"), ("reply", "Reply"), ("note", "Note"), ("call", "Call")],
                        max_length=8,
                    ),
                ),
                (
                    "channel",
                    models.CharField(
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
                ("author_name", models.CharField(blank=True, max_length=160)),
                ("at", models.DateTimeField()),
                ("said_at", models.DateTimeField(null=True)),
                ("language", models.CharField(blank=True, max_length=3)),
                ("subject", models.CharField(blank=True, max_length=500)),
                ("text", models.TextField(blank=True)),
                ("folded", models.JSONField(default=list)),
                ("html", models.TextField(blank=True)),
                ("facts", models.JSONField(default=dict)),
                ("key", models.CharField(max_length=120)),
                ("message_id", models.CharField(blank=True, max_length=500)),
                ("raw_sha256", models.CharField(blank=True, max_length=64)),
                (
                    "delivery",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "None"),
                            ("held", "Held"),
                            ("scheduled", "Scheduled"),
                            ("leaving", "Leaving"),
                            ("sent", "Sent"),
                            ("failed", "Failed"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="",
                        max_length=9,
                    ),
                ),
                ("leaves_at", models.DateTimeField(null=True)),
                ("recipients", models.JSONField(default=dict)),
                ("server_answer", models.TextField(blank=True)),
                ("bounced_at", models.DateTimeField(null=True)),
                ("bounce_reason", models.TextField(blank=True)),
                (
                    "agent",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="messages",
                        to="cases.case",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.customer",
                    ),
                ),
                (
                    "participant",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="messages",
                        to="cases.participant",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["case", "at", "id"], name="cases_timeline"),
                    models.Index(fields=["message_id"], name="cases_by_message_id"),
                    models.Index(
                        condition=models.Q(("customer__isnull", False)),
                        fields=["customer"],
                        name="cases_said_by_customer",
                    ),
                    models.Index(
                        condition=models.Q(("participant__isnull", False)),
                        fields=["participant"],
                        name="cases_said_by_other",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("key",), name="cases_message_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("customer__isnull", True), ("participant__isnull", True)),
                            models.Q(("agent__isnull", True), ("customer__isnull", True)),
                            models.Q(("agent__isnull", True), ("participant__isnull", True)),
                            _connector="OR",
                        ),
                        name="cases_message_one_author",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=255)),
                ("content_type", models.CharField(max_length=120)),
                ("size", models.PositiveBigIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("content_id", models.CharField(blank=True, max_length=255)),
                ("inline", models.BooleanField(default=False)),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="attachments", to="cases.message"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Rearrangement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=[("merge", "Merge"), ("split", "Split")], max_length=5)),
                ("moved", models.JSONField(default=dict)),
                ("at", models.DateTimeField()),
                ("undone_at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "kept",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rearranged", to="cases.case"
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rearranged_into", to="cases.case"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80)),
                ("filters", models.JSONField(default=dict)),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="views", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="views", to="people.team"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Sight",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("message_id", models.BigIntegerField(default=0)),
                ("here_until", models.DateTimeField(null=True)),
                ("writing", models.BooleanField(default=False)),
                (
                    "agent",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sights",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sights",
                        to="cases.case",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("case", "agent"), name="cases_sight_once")],
            },
        ),
        migrations.CreateModel(
            name="Step",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.CharField(max_length=240)),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="steps", to="cases.case"
                    ),
                ),
                (
                    "done_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("inbound", "Inbound"), ("reply", "Reply"), ("note", "Note"), ("call", "Call")],
                        max_length=8,
                    ),
                ),
                ("text", models.TextField(blank=True)),
                ("recipients", models.JSONField(default=dict)),
                ("attachments", models.JSONField(default=list)),
                ("seen_id", models.BigIntegerField(null=True)),
                ("saved_at", models.DateTimeField()),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="drafts", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="drafts",
                        to="cases.case",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("case", "agent", "kind"), name="cases_draft_once")],
            },
        ),
        migrations.CreateModel(
            name="Ending",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("happy", "Happy"),
                            ("solved", "Solved"),
                            ("could_not", "Could Not"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        max_length=9,
                    ),
                ),
                ("because", models.TextField(blank=True)),
                ("at", models.DateTimeField()),
                ("confirmed", models.BooleanField(null=True)),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("reopened_at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="endings", to="cases.case"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("reopened_at", None)), fields=("case",), name="cases_one_ending"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Handover",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("story", models.TextField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("offered", "Offered"),
                            ("accepted", "Accepted"),
                            ("declined", "Declined"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="offered",
                        max_length=9,
                    ),
                ),
                ("answer", models.TextField(blank=True)),
                ("at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="offers", to="cases.case"
                    ),
                ),
                (
                    "giver",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "taker",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="offered", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "offered")), fields=("case",), name="cases_one_offer"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Link",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("because", models.CharField(blank=True, max_length=240)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="links", to="cases.case"
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="linked_from", to="cases.case"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("case", "other"), name="cases_link_once"),
                    models.CheckConstraint(
                        condition=models.Q(("case", models.F("other")), _negated=True), name="cases_link_to_another"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Mention",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seen_at", models.DateTimeField(null=True)),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mentions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="mentions", to="cases.message"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("seen_at__isnull", True)), fields=["agent"], name="cases_mentions_unseen"
                    )
                ],
            },
        ),
    ]
