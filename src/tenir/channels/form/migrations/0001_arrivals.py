"""The table that counts forms."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Arrival",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("network", models.CharField(max_length=32)),
                ("sender", models.CharField(max_length=32)),
                ("words", models.CharField(max_length=32)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["network", "at"], name="form_by_network"),
                    models.Index(fields=["sender", "at"], name="form_by_sender"),
                    models.Index(fields=["words", "at"], name="form_by_words"),
                    models.Index(fields=["at"], name="form_by_age"),
                ]
            },
        ),
    ]
