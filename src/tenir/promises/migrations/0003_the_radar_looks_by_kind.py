"""What is open is found by its kind too, and how long promises of a kind really took."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("promises", "0002_a_call_back_may_wait_for_its_owner")]

    operations = [
        migrations.AddIndex(
            model_name="promise",
            index=models.Index(fields=["kind", "due_at", "id"], name="promises_owed_kind", condition=Q(state="open")),
        ),
        migrations.AddIndex(
            model_name="promise",
            index=models.Index(
                fields=["owner", "kind", "due_at", "id"], name="promises_owed_by_kind", condition=Q(state="open")
            ),
        ),
        migrations.AddIndex(
            model_name="promise",
            index=models.Index(
                fields=["kind", "-delivered_at"], name="promises_took", condition=Q(delivered_at__isnull=False)
            ),
        ),
    ]
