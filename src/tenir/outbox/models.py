"""The table of tasks."""

from typing import Any, ClassVar

from django.db import models


class Task(models.Model):
    """One thing to do at `due_at`, once per `key`.

    While a worker holds it, `due_at` is the end of that worker's lease: a killed worker's task comes due again by
    itself. `attempts` counts claims, `failures` those that went wrong. `case_id` says whose work it is, when it is a
    case's. `set_at` is when `due_at` was set: a task set in the future tells of a clock that was ahead. `appointed`
    says that a person chose the instant, which no correction of the clock moves. `worker` is who holds it, by the name
    of its badge (see `workers`); empty while nobody does.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        DONE = "done"
        DEAD = "dead"
        WITHDRAWN = "withdrawn"

    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=120)
    data: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    case_id = models.BigIntegerField(null=True)
    due_at = models.DateTimeField()
    set_at = models.DateTimeField()
    appointed = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    worker = models.CharField(max_length=32, blank=True, default="", db_default="")
    attempts = models.PositiveIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)
    reason = models.TextField(blank=True)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [models.UniqueConstraint(fields=["key"], name="outbox_once")]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["due_at"], name="outbox_due", condition=models.Q(state="waiting")),
            models.Index(fields=["-ended_at"], name="outbox_dead", condition=models.Q(state="dead")),
        ]
