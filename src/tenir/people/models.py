"""Tables of the people who answer."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower


class Role(models.TextChoices):
    AGENT = "agent"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"


class AgentManager(BaseUserManager["Agent"]):
    """What Django's sign-in asks of a user table."""

    use_in_migrations = False

    def get_by_natural_key(self, username: str | None) -> "Agent":
        return self.get(email__iexact=username)


class Agent(AbstractBaseUser):
    """Somebody who signs in. `given_name` is what colleagues call them; customers see `shown_name`.

    Invited: `joined_at` is empty and nobody can sign in yet. Active: `is_active`. Gone: joined once, not
    active.
    """

    class Theme(models.TextChoices):
        AUTO = "auto"
        LIGHT = "light"
        DARK = "dark"

    class TextSize(models.TextChoices):
        NORMAL = "normal"
        LARGE = "large"
        LARGER = "larger"

    class Digits(models.TextChoices):
        NORMAL = "normal"
        SPACED = "spaced"

    class Font(models.TextChoices):
        SYSTEM = "system"
        READABLE = "readable"

    email = models.EmailField()
    given_name = models.CharField(max_length=80)
    public_name = models.CharField(max_length=80, blank=True)
    role = models.CharField(max_length=14, choices=Role.choices, default=Role.AGENT)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(null=True)

    language = models.CharField(max_length=2, choices=[("fr", "Français"), ("en", "English")], default="fr")
    theme = models.CharField(max_length=6, choices=Theme.choices, default=Theme.AUTO)
    text_size = models.CharField(max_length=7, choices=TextSize.choices, default=TextSize.NORMAL)
    digits = models.CharField(max_length=7, choices=Digits.choices, default=Digits.NORMAL)
    font = models.CharField(max_length=9, choices=Font.choices, default=Font.SYSTEM)
    signature_fr = models.TextField(blank=True)
    signature_en = models.TextField(blank=True)

    USERNAME_FIELD = "email"
    actor_kind = "agent"
    objects = AgentManager()

    class Meta:
        constraints: ClassVar[list[Any]] = [models.UniqueConstraint(Lower("email"), name="people_one_email")]

    def __str__(self) -> str:
        return self.given_name

    @property
    def shown_name(self) -> str:
        """The name that customers see: the chosen public name, else the given name."""
        return self.public_name or self.given_name


class Identity(models.Model):
    """Who an agent is in law.

    Readable only through `verbs.read_identity`, which records who looked and why.
    """

    agent = models.OneToOneField(Agent, on_delete=models.CASCADE, related_name="identity")
    legal_name = models.CharField(max_length=160, blank=True)


class IdentityReading(models.Model):
    """Somebody looked at an identity, for this reason.

    Kept here and not in the ledger: a reason is a person's words.
    """

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="identity_readings")
    reader: models.ForeignKey["Agent | None", "Agent | None"] = models.ForeignKey(
        Agent, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    reason = models.CharField(max_length=240)
    at = models.DateTimeField()


class Team(models.Model):
    """Agents who share a queue.

    Cases of a private team are seen by its members, supervisors and administrators.
    """

    name = models.CharField(max_length=80, unique=True)
    is_private = models.BooleanField(default=False)
    signature_fr = models.TextField(blank=True)
    signature_en = models.TextField(blank=True)
    members: "models.ManyToManyField[Agent, Membership]" = models.ManyToManyField(
        Agent, through="Membership", related_name="teams"
    )

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """One agent in one team."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="memberships")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["agent", "team"], name="people_member_once")
        ]


class Skill(models.Model):
    """Something that an agent can do: a product, a procedure."""

    name = models.CharField(max_length=80, unique=True)
    agents = models.ManyToManyField(Agent, related_name="skills")


class SpokenLanguage(models.Model):
    """A language in which an agent answers customers; ISO 639-1."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="languages")
    code = models.CharField(max_length=3)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["agent", "code"], name="people_language_once")
        ]


class Presence(models.Model):
    """What an agent is doing now, in their own word.

    One row, overwritten: no history of anybody's day exists.
    """

    class State(models.TextChoices):
        HERE = "here"
        BUSY = "busy"
        PAUSE = "pause"
        AWAY = "away"

    agent = models.OneToOneField(Agent, on_delete=models.CASCADE, related_name="presence")
    state = models.CharField(max_length=6, choices=State.choices, default=State.AWAY)


class Invitation(models.Model):
    """A link that lets one person in, once, until it expires. Only a hash of the link is kept."""

    token_sha256 = models.CharField(max_length=64, unique=True)
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="invitations")
    invited_by: models.ForeignKey["Agent | None", "Agent | None"] = models.ForeignKey(
        Agent, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class Organisation(models.Model):
    """Whose desk this is: one row. `languages` are those in which it answers, the first one its own."""

    name = models.CharField(max_length=120)
    languages: models.JSONField[list[str], list[str]] = models.JSONField(default=list)

    def __str__(self) -> str:
        return self.name
