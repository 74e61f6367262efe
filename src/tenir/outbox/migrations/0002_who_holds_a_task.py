"""A task says which worker holds it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("outbox", "0001_tasks")]
    operations = [
        migrations.AddField(
            model_name="task",
            name="worker",
            field=models.CharField(blank=True, db_default="", default="", max_length=32),
        )
    ]
