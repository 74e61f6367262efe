"""The table that counts forms, so that floods are seen; it knows nobody by name and forgets within a day."""

from typing import ClassVar

from django.db import models


class Arrival(models.Model):
    """One form that came. `network` and `sender` are keyed hashes of where from and of the address or number given;
    `words` of what was said, so that the same text under many names is seen."""

    at = models.DateTimeField()
    network = models.CharField(max_length=32)
    sender = models.CharField(max_length=32)
    words = models.CharField(max_length=32)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["network", "at"], name="form_by_network"),
            models.Index(fields=["sender", "at"], name="form_by_sender"),
            models.Index(fields=["words", "at"], name="form_by_words"),
            models.Index(fields=["at"], name="form_by_age"),
        ]
