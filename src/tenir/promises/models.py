"""Tables of the promises, of the calendars in which they are counted, and of the policies that make standing ones."""

from datetime import timedelta
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from tenir.cases.models import Case, Category, Message
from tenir.customers.models import Customer
from tenir.people.models import Agent, Team
from tenir.promises.kinds import STANDING, Kind

OPEN = Q(state="open")
LIVING = Q(state__in=["open", "delivered"])
"""Promises that keep a case open: owed, or said to be done and not confirmed."""
WATCHED = Q(next_alarm_at__isnull=False)


class WorkingCalendar(models.Model):
    """A stored calendar (`clock.definition`). The desk's own counts whatever has no other; there is at most one."""

    name = models.CharField(max_length=80, unique=True)
    definition: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField()
    is_desks = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["is_desks"], condition=Q(is_desks=True), name="promises_one_desk_calendar")
        ]

    def __str__(self) -> str:
        return self.name


class Policy(models.Model):
    """A standing promise: within how long the desk answers, or ends, the cases that it is for.

    A criterion that is empty is for all. `plan` is that of a subscription (the customer's group). Of several policies
    for a case the one with the most criteria holds; of equals the oldest. `within` is counted in `calendar`; without
    one, by the clock. `is_shown` says that customers may read it. It is for what comes after `made_at` only.
    """

    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=15, choices=[(kind.value, kind.label) for kind in STANDING])
    within = models.DurationField()
    calendar = models.ForeignKey(WorkingCalendar, null=True, on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, null=True, on_delete=models.CASCADE, related_name="+")
    channel = models.CharField(max_length=8, choices=Case.Channel.choices, blank=True)
    language = models.CharField(max_length=3, blank=True)
    category = models.ForeignKey(Category, null=True, on_delete=models.CASCADE, related_name="+")
    plan = models.CharField(max_length=120, blank=True)
    is_shown = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(name="promises_policy_takes_time", condition=Q(within__gt=timedelta(0)))
        ]

    def __str__(self) -> str:
        return self.name


class Promise(models.Model):
    """One thing owed to one customer by one instant. Without an instant it cannot exist.

    `first_due_at` never changes; `due_at` is the date agreed on last. `counted` says how it was reached: a date that
    somebody chose, so many minutes by the clock or by a calendar, or so many working days (`amount`). `deadline_at` is
    the customer's own (with its RFC 5545 rule, if it comes again), and comes before ours where it is earlier.

    `revision` grows with each change: whoever acts on an older one is told so. `chain` is the first promise about the
    same thing, `follows` the one that this one continues. `left` is how much of its time was left when a standing
    promise stopped counting, because the customer has the ball. `next_alarm_at` is when the engine looks at it again.
    """

    class State(models.TextChoices):
        OPEN = "open"
        DELIVERED = "delivered"
        KEPT = "kept"
        PARTLY_KEPT = "partly_kept"
        UNCONFIRMED = "unconfirmed"
        BROKEN = "broken"
        WITHDRAWN = "withdrawn"

    class Counted(models.TextChoices):
        DATE = "date"
        CLOCK = "clock"
        CALENDAR = "calendar"
        WORKING_DAYS = "working_days"

    class Way(models.TextChoices):
        ANY = ""
        CALL = "call"
        LETTER = "letter"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="promises", db_index=False)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="promises", db_index=False)
    kind = models.CharField(max_length=15, choices=Kind.choices, default=Kind.ACTION)
    what = models.TextField()
    words = models.TextField(blank=True)
    way = models.CharField(max_length=6, choices=Way.choices, default=Way.ANY, blank=True)
    customer_does = models.TextField(blank=True)
    policy = models.ForeignKey(Policy, null=True, on_delete=models.PROTECT, related_name="promises")

    owner = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="promises", db_index=False)
    deputy = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="deputises", db_index=False)
    deliverer = models.CharField(max_length=160, blank=True)
    delivering_team = models.ForeignKey(Team, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)

    state = models.CharField(max_length=11, choices=State.choices, default=State.OPEN)
    revision = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField()
    first_due_at = models.DateTimeField()
    counted = models.CharField(max_length=12, choices=Counted.choices, default=Counted.DATE)
    amount = models.PositiveIntegerField(null=True)
    calendar = models.ForeignKey(WorkingCalendar, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    counted_from = models.DateTimeField()
    left = models.DurationField(null=True)
    deadline_at = models.DateTimeField(null=True)
    deadline_rule = models.CharField(max_length=300, blank=True)

    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    made_in = models.ForeignKey(Message, null=True, on_delete=models.SET_NULL, related_name="promises", db_index=False)
    depends_on: models.ForeignKey["Promise | None", "Promise | None"] = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="awaited_by", db_index=False
    )
    chain: models.ForeignKey["Promise | None", "Promise | None"] = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="chained"
    )
    follows: models.ForeignKey["Promise | None", "Promise | None"] = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="followed_by", db_index=False
    )
    told_by: models.ForeignKey["Promise | None", "Promise | None"] = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="tells_of"
    )
    delivered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    early = models.BooleanField(null=True)
    renegotiated = models.PositiveIntegerField(default=0)

    next_alarm_at = models.DateTimeField(null=True)
    next_alarm = models.CharField(max_length=8, blank=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(name="promises_says_what", condition=~Q(what="")),
            models.CheckConstraint(
                name="promises_answered_for",
                condition=Q(owner__isnull=False) | Q(policy__isnull=False) | Q(kind__in=["tell", "callback"]),
            ),
            models.CheckConstraint(
                name="promises_alarm_has_a_name",
                condition=Q(next_alarm_at__isnull=True, next_alarm="")
                | Q(next_alarm_at__isnull=False) & ~Q(next_alarm=""),
            ),
            models.UniqueConstraint(
                fields=["case", "kind"], condition=OPEN & Q(policy__isnull=False), name="promises_one_standing"
            ),
            models.UniqueConstraint(fields=["case"], condition=OPEN & Q(kind="tell"), name="promises_one_tell"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["next_alarm_at", "id"], name="promises_to_look_at", condition=WATCHED),
            models.Index(fields=["due_at", "id"], name="promises_owed", condition=OPEN),
            models.Index(fields=["owner", "due_at", "id"], name="promises_owed_by", condition=OPEN),
            models.Index(fields=["deputy", "due_at", "id"], name="promises_deputised", condition=OPEN),
            models.Index(fields=["kind", "due_at", "id"], name="promises_owed_kind", condition=OPEN),
            models.Index(fields=["owner", "kind", "due_at", "id"], name="promises_owed_by_kind", condition=OPEN),
            models.Index(
                fields=["kind", "-delivered_at"], name="promises_took", condition=Q(delivered_at__isnull=False)
            ),
            models.Index(fields=["case", "id"], name="promises_of_case"),
            models.Index(fields=["customer", "id"], name="promises_of_customer"),
            models.Index(fields=["depends_on"], name="promises_awaited", condition=Q(depends_on__isnull=False)),
        ]

    @property
    def binding_at(self) -> Any:
        """The instant that counts: ours, or the customer's own deadline when it comes first."""
        return min(self.due_at, self.deadline_at) if self.deadline_at else self.due_at


class Part(models.Model):
    """One thing among several that were promised together: the bin, and its lid. `is_missing` is what the customer
    said of it."""

    promise = models.ForeignKey(Promise, on_delete=models.CASCADE, related_name="parts")
    text = models.CharField(max_length=240)
    delivered_at = models.DateTimeField(null=True)
    is_missing = models.BooleanField(default=False)


class Change(models.Model):
    """One change of a promise in somebody's words: what, by whom, why, from which date to which, and how the customer
    was told. The ledger has the same without the words."""

    class What(models.TextChoices):
        DELIVERED = "delivered"
        KEPT = "kept"
        PARTLY_KEPT = "partly_kept"
        NOT_YET = "not_yet"
        RENEGOTIATED = "renegotiated"
        BROKEN = "broken"
        WITHDRAWN = "withdrawn"
        UNCONFIRMED = "unconfirmed"

    class Told(models.TextChoices):
        NOT_YET = "not_yet"
        BY_LETTER = "by_letter"
        BY_CALL = "by_call"
        IN_PERSON = "in_person"

    promise = models.ForeignKey(Promise, on_delete=models.CASCADE, related_name="changes")
    what = models.CharField(max_length=12, choices=What.choices)
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=12)
    actor_id = models.BigIntegerField(null=True)
    because = models.TextField(blank=True)
    due_before = models.DateTimeField(null=True)
    due_after = models.DateTimeField(null=True)
    told = models.CharField(max_length=9, choices=Told.choices, blank=True)


class Absence(models.Model):
    """Somebody is away between two instants, and who answers for their promises meanwhile. Kept only until it ends."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="absences")
    deputy = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="+")
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(name="promises_absence_lasts", condition=Q(ends_at__gt=F("begins_at"))),
            models.CheckConstraint(name="promises_another_deputises", condition=~Q(deputy=F("agent"))),
        ]
