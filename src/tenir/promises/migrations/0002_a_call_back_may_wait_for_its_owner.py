"""A call back that a customer asks for in a case that is nobody's waits for whoever takes it."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("promises", "0001_promises_calendars_and_policies")]

    operations = [
        migrations.RemoveConstraint(model_name="promise", name="promises_answered_for"),
        migrations.AddConstraint(
            model_name="promise",
            constraint=models.CheckConstraint(
                name="promises_answered_for",
                condition=Q(owner__isnull=False) | Q(policy__isnull=False) | Q(kind__in=["tell", "callback"]),
            ),
        ),
    ]
