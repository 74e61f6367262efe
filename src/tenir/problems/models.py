"""Tables of the shared causes."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from tenir.cases.models import Case
from tenir.people.models import Agent

LASTING = Q(fixed_at__isnull=True)


class Cause(models.Model):
    """Something behind several cases, in French and in English, with somebody who answers for it.

    `concerns` are the parts or words that it is about ("couvercle", "lid"): whoever promises one of them is told.
    `expected_at` is when it should be over, as far as anybody knows; `how` says how it was fixed.
    """

    french = models.CharField(max_length=160)
    english = models.CharField(max_length=160)
    concerns: models.JSONField[list[str], list[str]] = models.JSONField(default=list)
    owner = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="causes")
    noted_at = models.DateTimeField()
    expected_at = models.DateTimeField(null=True)
    fixed_at = models.DateTimeField(null=True)
    how = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(name="problems_both_languages", condition=~Q(french="") & ~Q(english="")),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["-noted_at", "-id"], name="problems_lasting", condition=LASTING),
            models.Index(fields=["-fixed_at", "-id"], name="problems_fixed", condition=~LASTING),
        ]

    def __str__(self) -> str:
        from django.utils.translation import get_language

        return self.french if (get_language() or "fr").startswith("fr") else self.english


class Tie(models.Model):
    """A case that has this cause, and who said so."""

    cause = models.ForeignKey(Cause, on_delete=models.CASCADE, related_name="ties", db_index=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="ties")
    by = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["cause", "case"], name="problems_tied_once")
        ]
