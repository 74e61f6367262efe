"""Tables of the customers."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from tenir.customers.names import name_key
from tenir.people.models import Agent


class Customer(models.Model):
    """A person (or an organisation's voice) who contacts the desk.

    `prefers_*` are what the person asked for, in their words or by a choice; `pace` says "slow speech" or
    "writing" and never why (French privacy authority: no health in free text).
    """

    class Channel(models.TextChoices):
        ANY = ""
        EMAIL = "email"
        PHONE = "phone"
        LETTER = "letter"

    class Pace(models.TextChoices):
        ANY = ""
        SLOW = "slow"
        WRITING = "writing"

    class Format(models.TextChoices):
        ANY = ""
        DIGITAL = "digital"
        PAPER = "paper"

    class News(models.TextChoices):
        """Letters that the desk writes by itself about what it promised."""

        ALL = ""
        ANSWERS = "answers"
        NONE = "none"

    name = models.CharField(max_length=160, blank=True)
    name_key = models.CharField(max_length=160, blank=True, editable=False)
    language = models.CharField(max_length=3, blank=True)
    country = models.CharField(max_length=2, blank=True)
    product_language = models.CharField(max_length=3, blank=True)
    prefers_channel = models.CharField(max_length=8, choices=Channel.choices, default=Channel.ANY, blank=True)
    prefers_hours = models.CharField(max_length=120, blank=True)
    prefers_pace = models.CharField(max_length=8, choices=Pace.choices, default=Pace.ANY, blank=True)
    prefers_format = models.CharField(max_length=8, choices=Format.choices, default=Format.ANY, blank=True)
    prefers_news = models.CharField(max_length=8, choices=News.choices, default=News.ALL, blank=True)
    postal_address = models.TextField(blank=True)
    created_at = models.DateTimeField()
    merged_into: models.ForeignKey["Customer | None", "Customer | None"] = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="merged"
    )

    actor_kind = "customer"

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["name_key"], name="customers_by_name"),
        ]

    def __str__(self) -> str:
        return self.name or f"#{self.pk}"

    def save(self, **options: Any) -> None:
        """Saves, keeping the name's comparison key in step with the name."""
        self.name_key = name_key(self.name)
        if "name" in (options.get("update_fields") or ()):
            options["update_fields"] = {*options["update_fields"], "name_key"}
        super().save(**options)


class Reach(models.Model):
    """One way to reach a customer. `value` is normalised (address in lower case, number in E.164); `shown` as
    given.

    `extension` is what is dialled after a number that answers ("poste 12"); the caller's number never carries
    it.

    An e-mail address belongs to one customer. A telephone may be a household's: several customers can share
    it, and the screen offers the others.
    """

    class Kind(models.TextChoices):
        EMAIL = "email"
        PHONE = "phone"
        HANDLE = "handle"

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="reaches")
    kind = models.CharField(max_length=6, choices=Kind.choices)
    value = models.CharField(max_length=254)
    shown = models.CharField(max_length=254)
    extension = models.CharField(max_length=8, blank=True)
    bounced_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["value"], condition=Q(kind="email"), name="customers_one_email"),
            models.UniqueConstraint(fields=["customer", "kind", "value", "extension"], name="customers_reach_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["kind", "value"], name="customers_by_reach")]


class Subscription(models.Model):
    """What a customer has: a product and plan, its state and dates. Imported; Tenir bills nothing."""

    class State(models.TextChoices):
        ACTIVE = "active"
        SUSPENDED = "suspended"
        ENDED = "ended"

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="subscriptions")
    number = models.CharField(max_length=60, unique=True)
    product = models.CharField(max_length=120)
    plan = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.ACTIVE)
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    detail = models.CharField(max_length=240, blank=True)


class Consent(models.Model):
    """What a customer agreed to, when and how; a withdrawal is a date on the same row."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=120)
    how = models.CharField(max_length=240)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)


class Note(models.Model):
    """A dated fact about a customer, written so that the person may read it (they may)."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="notes")
    text = models.TextField()
    by: models.ForeignKey[Agent | None, Agent | None] = models.ForeignKey(
        Agent, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField()
    struck_at = models.DateTimeField(null=True)


class Merge(models.Model):
    """One merge of two customers, so that it can be undone to the row.

    `moved` lists the ids of the rows by `table.column`; `filled` the empty fields of the kept one that were
    filled.
    """

    kept = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    gone = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    moved: models.JSONField[dict[str, list[int]], dict[str, list[int]]] = models.JSONField(default=dict)
    filled: models.JSONField[list[str], list[str]] = models.JSONField(default=list)
    by_id: models.BigIntegerField[int | None, int | None] = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
