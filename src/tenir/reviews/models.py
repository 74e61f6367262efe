"""Tables of the reviews and of what they change."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from tenir.cases.models import Case
from tenir.people.models import Agent
from tenir.promises.models import Promise

OPEN = Q(outcome="")
TO_DO = Q(done_at__isnull=True)


class Review(models.Model):
    """One look at what happened in a case: `reason` is why, `promise` the one that it is about.

    `contacts` is how many times the customer had made contact when it was opened. `due_at` is when a supervisor owes
    their finding, and never moves. `words` are what they found, or with what it was put right.
    """

    class Reason(models.TextChoices):
        BROKEN = "broken"
        LATE = "late"
        UNCONFIRMED = "unconfirmed"
        REPEAT = "repeat"

    class Outcome(models.TextChoices):
        OPEN = ""
        WELL_HANDLED = "well_handled"
        PUT_RIGHT = "put_right"
        CHANGE = "change"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="reviews")
    promise = models.ForeignKey(Promise, null=True, on_delete=models.PROTECT, related_name="reviews")
    reason = models.CharField(max_length=11, choices=Reason.choices)
    contacts = models.PositiveIntegerField(default=0)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    reviewer = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, default=Outcome.OPEN, blank=True)
    words = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                name="reviews_end_is_whole",
                condition=Q(outcome="", ended_at__isnull=True)
                | ~Q(outcome="") & Q(ended_at__isnull=False, reviewer__isnull=False) & ~Q(words=""),
            ),
            models.CheckConstraint(
                name="reviews_promise_or_repeat",
                condition=Q(reason="repeat", promise__isnull=True) | ~Q(reason="repeat") & Q(promise__isnull=False),
            ),
            models.UniqueConstraint(fields=["promise"], condition=OPEN, name="reviews_one_of_promise"),
            models.UniqueConstraint(fields=["case"], condition=OPEN & Q(reason="repeat"), name="reviews_one_repeat"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["due_at", "id"], name="reviews_owed", condition=OPEN),
            models.Index(fields=["-ended_at", "-id"], name="reviews_ended", condition=~OPEN),
        ]


class Improvement(models.Model):
    """What a review found to change: in training, in how we work, in stock. Somebody answers for it, by a date.

    `french` and `english` are what customers may read of it, in words that name nobody, once it is published.
    """

    class Kind(models.TextChoices):
        TRAINING = "training"
        PROCESS = "process"
        STOCK = "stock"

    review = models.OneToOneField(Review, on_delete=models.PROTECT, related_name="improvement")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    what = models.TextField()
    owner = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="improvements", db_index=False)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    how = models.TextField(blank=True)
    french = models.TextField(blank=True)
    english = models.TextField(blank=True)
    published_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(name="reviews_change_says_what", condition=~Q(what="")),
            models.CheckConstraint(
                name="reviews_published_when_done",
                condition=Q(published_at__isnull=True) | Q(done_at__isnull=False) & ~Q(french="") & ~Q(english=""),
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["due_at", "id"], name="reviews_to_change", condition=TO_DO),
            models.Index(fields=["owner", "due_at"], name="reviews_change_mine", condition=TO_DO),
            models.Index(
                fields=["-published_at", "-id"], name="reviews_published", condition=Q(published_at__isnull=False)
            ),
        ]
