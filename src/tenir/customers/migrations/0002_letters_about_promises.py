"""How many letters about promises somebody wants: all, only those that need an answer, or none."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0001_customers_and_reaches")]

    operations = [
        migrations.AddField(
            model_name="customer",
            name="prefers_news",
            field=models.CharField(
                blank=True,
                choices=[("", "All"), ("answers", "Answers"), ("none", "None")],
                default="",
                max_length=8,
            ),
        ),
    ]
