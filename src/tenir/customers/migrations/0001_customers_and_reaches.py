"""The tables of the customers: who they are, how to reach them, what they have, notes, consent and merges."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Customer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(blank=True, max_length=160)),
                ("name_key", models.CharField(blank=True, editable=False, max_length=160)),
                ("language", models.CharField(blank=True, max_length=3)),
                ("country", models.CharField(blank=True, max_length=2)),
                ("product_language", models.CharField(blank=True, max_length=3)),
                (
                    "prefers_channel",
                    models.CharField(
                        blank=True,
                        choices=[("", "Any"), ("email", "Email"), ("phone", "Phone"), ("letter", "Letter")],
                        default="",
                        max_length=8,
                    ),
                ),
                ("prefers_hours", models.CharField(blank=True, max_length=120)),
                (
                    "prefers_pace",
                    models.CharField(
                        blank=True,
                        choices=[("", "Any"), ("slow", "Slow"), ("writing", "Writing")],
                        default="",
                        max_length=8,
                    ),
                ),
                (
                    "prefers_format",
                    models.CharField(
                        blank=True,
                        choices=[("", "Any"), ("digital", "Digital"), ("paper", "Paper")],
                        default="",
                        max_length=8,
                    ),
                ),
                ("postal_address", models.TextField(blank=True)),
                ("created_at", models.DateTimeField()),
                (
                    "merged_into",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged",
                        to="customers.customer",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["name_key"], name="customers_by_name")],
            },
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("purpose", models.CharField(max_length=120)),
                ("how", models.CharField(max_length=240)),
                ("given_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="consents", to="customers.customer"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Merge",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("moved", models.JSONField(default=dict)),
                ("filled", models.JSONField(default=list)),
                ("by_id", models.BigIntegerField(null=True)),
                ("at", models.DateTimeField()),
                ("undone_at", models.DateTimeField(null=True)),
                (
                    "gone",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="customers.customer"
                    ),
                ),
                (
                    "kept",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="customers.customer"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Note",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField()),
                ("at", models.DateTimeField()),
                ("struck_at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="notes", to="customers.customer"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Reach",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("email", "Email"), ("phone", "Phone"), ("handle", "Handle")], max_length=6
                    ),
                ),
                ("value", models.CharField(max_length=254)),
                ("shown", models.CharField(max_length=254)),
                ("extension", models.CharField(blank=True, max_length=8)),
                ("bounced_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField()),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="reaches", to="customers.customer"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["kind", "value"], name="customers_by_reach")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "email")), fields=("value",), name="customers_one_email"
                    ),
                    models.UniqueConstraint(
                        fields=("customer", "kind", "value", "extension"), name="customers_reach_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Subscription",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=60, unique=True)),
                ("product", models.CharField(max_length=120)),
                ("plan", models.CharField(blank=True, max_length=120)),
                (
                    "state",
                    models.CharField(
                        choices=[("active", "Active"), ("suspended", "Suspended"), ("ended", "Ended")],
                        default="active",
                        max_length=9,
                    ),
                ),
                ("since", models.DateField(null=True)),
                ("until", models.DateField(null=True)),
                ("detail", models.CharField(blank=True, max_length=240)),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="subscriptions",
                        to="customers.customer",
                    ),
                ),
            ],
        ),
    ]
