"""The tables of the shared causes, and of the cases that have them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("cases", "0002_full_text"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Cause",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("french", models.CharField(max_length=160)),
                ("english", models.CharField(max_length=160)),
                ("concerns", models.JSONField(default=list)),
                ("noted_at", models.DateTimeField()),
                ("expected_at", models.DateTimeField(null=True)),
                ("fixed_at", models.DateTimeField(null=True)),
                ("how", models.TextField(blank=True)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="causes", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Tie",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="ties", to="cases.case"
                    ),
                ),
                (
                    "cause",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="ties",
                        to="problems.cause",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="cause",
            index=models.Index(
                condition=models.Q(("fixed_at__isnull", True)), fields=["-noted_at", "-id"], name="problems_lasting"
            ),
        ),
        migrations.AddIndex(
            model_name="cause",
            index=models.Index(
                condition=models.Q(("fixed_at__isnull", True), _negated=True),
                fields=["-fixed_at", "-id"],
                name="problems_fixed",
            ),
        ),
        migrations.AddConstraint(
            model_name="cause",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("french", ""), _negated=True), models.Q(("english", ""), _negated=True)),
                name="problems_both_languages",
            ),
        ),
        migrations.AddConstraint(
            model_name="tie",
            constraint=models.UniqueConstraint(fields=("cause", "case"), name="problems_tied_once"),
        ),
    ]
