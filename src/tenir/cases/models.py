"""Tables of the cases."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from tenir.cases.reference import spoken
from tenir.customers.models import Customer
from tenir.people.models import Agent, Team

# The conditions of the lists' indexes. A list must filter with these very objects: a database takes an index with a
# condition only for a query that repeats it.
NOT_ENDED = ~Q(state="ended")
IN_HAND = NOT_ENDED & Q(snoozed_until__isnull=True)
NOT_MERGED = Q(merged_into__isnull=True)
ENDED_HERE = Q(state="ended") & NOT_MERGED
NEWEST = (F("moved_at").desc(), F("id").desc())


class Category(models.Model):
    """What a case turned out to be about: chosen after the words, never before (A14)."""

    name = models.CharField(max_length=80, unique=True)


class Tag(models.Model):
    name = models.CharField(max_length=40, unique=True)


class Case(models.Model):
    """One matter of one customer, with one owner.

    `moved_at` orders the lists. `unanswered_since` is when the oldest words that nobody answered came. `contacts`,
    `cut_lines`, `handovers` and `reopenings` are facts about the desk, shown in the strip "in their shoes".
    `first_request_at` never moves, whatever is reopened or merged (C1).
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        OPEN = "open"
        WAITING_FOR_CUSTOMER = "waiting_for_customer"
        ENDED = "ended"

    class Channel(models.TextChoices):
        EMAIL = "email"
        FORM = "form"
        PHONE = "phone"
        CHAT = "chat"
        SOCIAL = "social"
        LETTER = "letter"

    reference = models.CharField(max_length=12)
    subject = models.CharField(max_length=240)
    state = models.CharField(max_length=20, choices=State.choices, default=State.WAITING)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    language = models.CharField(max_length=3, blank=True)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="cases", db_index=False)
    owner = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="cases", db_index=False)
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="cases", db_index=False)
    category = models.ForeignKey(Category, null=True, on_delete=models.SET_NULL, related_name="cases", db_index=False)
    tags = models.ManyToManyField(Tag, related_name="cases")
    desk_address = models.CharField(max_length=254, blank=True)

    first_request_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    unanswered_since = models.DateTimeField(null=True)
    snoozed_until = models.DateTimeField(null=True)

    remedy_sought = models.TextField(blank=True)
    remedy_given = models.TextField(blank=True)
    last_words = models.CharField(max_length=160, blank=True)
    last_inbound_id = models.BigIntegerField(null=True)
    contacts = models.PositiveIntegerField(default=0)
    cut_lines = models.PositiveIntegerField(default=0)
    handovers = models.PositiveIntegerField(default=0)
    reopenings = models.PositiveIntegerField(default=0)
    merged_into: models.ForeignKey["Case | None", "Case | None"] = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="merged", db_index=False
    )

    class Meta:
        constraints: ClassVar[list[Any]] = [models.UniqueConstraint(fields=["reference"], name="cases_by_reference")]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(F("owner"), *NEWEST, name="cases_list_mine", condition=IN_HAND),
            models.Index(F("team"), *NEWEST, name="cases_list_team", condition=IN_HAND),
            models.Index(F("owner"), *NEWEST, name="cases_list_ended", condition=ENDED_HERE),
            models.Index(F("state"), *NEWEST, name="cases_list_state", condition=NOT_MERGED),
            models.Index(*NEWEST, name="cases_list_in_hand", condition=IN_HAND),
            models.Index(*NEWEST, name="cases_list_all", condition=NOT_MERGED),
            models.Index(
                fields=["snoozed_until", "id"], name="cases_to_wake", condition=Q(snoozed_until__isnull=False)
            ),
            models.Index(F("customer"), *NEWEST, name="cases_of_customer"),
            models.Index(fields=["merged_into"], name="cases_merged", condition=Q(merged_into__isnull=False)),
        ]

    def __str__(self) -> str:
        return spoken(self.reference)


class Participant(models.Model):
    """Somebody in a case who is not its customer: in copy, a colleague of theirs, a supplier. Never recorded as the
    customer. `unexpected` marks who wrote into the case without having been in it: shown as such. `invited` marks whom
    an agent added: in copy of every reply until they are removed."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="participants", db_index=False)
    name = models.CharField(max_length=160, blank=True)
    address = models.CharField(max_length=254)
    unexpected = models.BooleanField(default=False)
    invited = models.BooleanField(default=False)
    removed_at = models.DateTimeField(null=True)

    actor_kind = "participant"

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["case", "address"], name="cases_participant_once")
        ]

    def __str__(self) -> str:
        return self.name or self.address


class Message(models.Model):
    """Words in a case, belonging to whoever said them: a customer, a participant, or an agent (exactly one, or the
    desk itself). `key` makes what comes from outside one message however often it is delivered.

    `text` is what was newly written; `folded` is what was folded away, as [kind, text] pairs; `html` is sanitised.
    A reply goes held → leaving → sent, or scheduled before; withdrawn or failed else.
    """

    class Kind(models.TextChoices):
        INBOUND = "inbound"
        REPLY = "reply"
        NOTE = "note"
        CALL = "call"

    class Delivery(models.TextChoices):
        NONE = ""
        HELD = "held"
        SCHEDULED = "scheduled"
        LEAVING = "leaving"
        SENT = "sent"
        FAILED = "failed"
        WITHDRAWN = "withdrawn"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="messages", db_index=False)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    channel = models.CharField(max_length=8, choices=Case.Channel.choices)
    agent = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    customer = models.ForeignKey(Customer, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    participant = models.ForeignKey(
        Participant, null=True, on_delete=models.PROTECT, related_name="messages", db_index=False
    )
    author_name = models.CharField(max_length=160, blank=True)
    at = models.DateTimeField()
    said_at = models.DateTimeField(null=True)
    language = models.CharField(max_length=3, blank=True)
    subject = models.CharField(max_length=500, blank=True)
    text = models.TextField(blank=True)
    folded: models.JSONField[list[list[str]], list[list[str]]] = models.JSONField(default=list)
    html = models.TextField(blank=True)
    facts: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)

    key = models.CharField(max_length=120)
    message_id = models.CharField(max_length=500, blank=True)
    raw_sha256 = models.CharField(max_length=64, blank=True)

    delivery = models.CharField(max_length=9, choices=Delivery.choices, default=Delivery.NONE, blank=True)
    leaves_at = models.DateTimeField(null=True)
    recipients: models.JSONField[dict[str, list[str]], dict[str, list[str]]] = models.JSONField(default=dict)
    server_answer = models.TextField(blank=True)
    bounced_at = models.DateTimeField(null=True)
    bounce_reason = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["key"], name="cases_message_once"),
            models.CheckConstraint(
                name="cases_message_one_author",
                condition=Q(customer__isnull=True, participant__isnull=True)
                | Q(customer__isnull=True, agent__isnull=True)
                | Q(participant__isnull=True, agent__isnull=True),
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["case", "at", "id"], name="cases_timeline"),
            models.Index(fields=["message_id"], name="cases_by_message_id"),
            models.Index(fields=["customer"], name="cases_said_by_customer", condition=Q(customer__isnull=False)),
            models.Index(fields=["participant"], name="cases_said_by_other", condition=Q(participant__isnull=False)),
        ]


class Attachment(models.Model):
    """A file of a message, kept under its SHA-256; `name` is what the person sees, never a path."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attachments")
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=120)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    content_id = models.CharField(max_length=255, blank=True)
    inline = models.BooleanField(default=False)


class Draft(models.Model):
    """What an agent is writing in a case, saved as they type. `attachments` are [name, type, size, sha256] lists."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="drafts", db_index=False)
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="drafts")
    kind = models.CharField(max_length=8, choices=Message.Kind.choices)
    text = models.TextField(blank=True)
    recipients: models.JSONField[dict[str, list[str]], dict[str, list[str]]] = models.JSONField(default=dict)
    attachments: models.JSONField[list[list[Any]], list[list[Any]]] = models.JSONField(default=list)
    seen_id = models.BigIntegerField(null=True)
    saved_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["case", "agent", "kind"], name="cases_draft_once")
        ]


class Mention(models.Model):
    """A colleague named in an internal note, until they have seen it."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="mentions")
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="mentions")
    seen_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["agent"], name="cases_mentions_unseen", condition=Q(seen_at__isnull=True))
        ]


class Handover(models.Model):
    """An owner asks a colleague to take a case, with its story; it changes hands only when they accept."""

    class State(models.TextChoices):
        OFFERED = "offered"
        ACCEPTED = "accepted"
        DECLINED = "declined"
        WITHDRAWN = "withdrawn"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="offers")
    giver = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="+")
    taker = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="offered")
    story = models.TextField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.OFFERED)
    answer = models.TextField(blank=True)
    at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["case"], condition=Q(state="offered"), name="cases_one_offer")
        ]


class Ending(models.Model):
    """How a case ended, in the desk's honest words; `reopened_at` when it was not the end after all.
    `confirmed` is the customer's own answer: solved (True), not solved (False), nothing said (None)."""

    class Kind(models.TextChoices):
        HAPPY = "happy"
        SOLVED = "solved"
        COULD_NOT = "could_not"
        WITHDRAWN = "withdrawn"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="endings")
    kind = models.CharField(max_length=9, choices=Kind.choices)
    because = models.TextField(blank=True)
    by = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    confirmed = models.BooleanField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    reopened_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["case"], condition=Q(reopened_at=None), name="cases_one_ending")
        ]


class Link(models.Model):
    """Two cases that have to do with each other; `because` says how."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="links")
    other = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="linked_from")
    because = models.CharField(max_length=240, blank=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["case", "other"], name="cases_link_once"),
            models.CheckConstraint(condition=~Q(case=F("other")), name="cases_link_to_another"),
        ]


class Step(models.Model):
    """One line of a case's checklist."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="steps")
    text = models.CharField(max_length=240)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+")


class Rearrangement(models.Model):
    """A merge or a split of two cases: exactly which rows moved, so that undoing it restores both."""

    class Kind(models.TextChoices):
        MERGE = "merge"
        SPLIT = "split"

    kind = models.CharField(max_length=5, choices=Kind.choices)
    kept = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="rearranged")
    other = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="rearranged_into")
    moved: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    by = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)


class SavedView(models.Model):
    """A list that somebody named: its filters, for themselves or for a team."""

    name = models.CharField(max_length=80)
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="views")
    team = models.ForeignKey(Team, null=True, on_delete=models.CASCADE, related_name="views")
    filters: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(default=dict)


class Sight(models.Model):
    """How far an agent has read a case, and whether they have it open now (`here_until`)."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="sights", db_index=False)
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="sights", db_index=False)
    message_id = models.BigIntegerField(default=0)
    here_until = models.DateTimeField(null=True)
    writing = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar[list[Any]] = [models.UniqueConstraint(fields=["case", "agent"], name="cases_sight_once")]


class BulkAction(models.Model):
    """One action on many cases, with what each was before and just after, so that it can be undone where nothing else
    happened since."""

    what = models.CharField(max_length=20)
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="+")
    before: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField(default=list)
    after: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField(default=list)
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
