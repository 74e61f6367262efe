"""Rows about people, ready for a template: strings, no query inside."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from tenir.people.models import Agent, IdentityReading, Presence, Role
from tenir.people.rights import RIGHTS, Right


def role_word(role: str) -> str:
    """The role in the reader's language."""
    words = {
        Role.AGENT.value: _("agent"),
        Role.SUPERVISOR.value: _("supervisor"),
        Role.ADMINISTRATOR.value: _("administrator"),
    }
    return words.get(role, role)


def presence_word(state: str) -> str:
    """The presence in the reader's language."""
    words = {
        Presence.State.HERE.value: _("here"),
        Presence.State.BUSY.value: _("busy"),
        Presence.State.PAUSE.value: _("on a break"),
        Presence.State.AWAY.value: _("away"),
    }
    return words.get(state, state)


def presence_of(agent: Agent) -> str:
    """The state that the person chose.

    Away when they never chose one (`select_related("presence")` beforehand).
    """
    row = getattr(agent, "presence", None)
    return row.state if row and agent.is_active else Presence.State.AWAY.value


@dataclass(frozen=True)
class PersonRow:
    """One line of the list of colleagues. `standing` is "invited", "active" or "gone"."""

    pk: int
    given_name: str
    shown_name: str
    email: str
    role: str
    standing: str
    standing_word: str
    presence: str
    presence_word: str


def standing_of(agent: Agent) -> str:
    """ "invited", "active" or "gone"."""
    if agent.is_active:
        return "active"
    return "gone" if agent.joined_at else "invited"


def person_rows(agents: Iterable[Agent]) -> list[PersonRow]:
    """The list of colleagues."""
    standing_words = {"active": _("active"), "gone": _("has left"), "invited": _("invited")}
    return [
        PersonRow(
            pk=agent.pk,
            given_name=agent.given_name,
            shown_name=agent.shown_name,
            email=agent.email,
            role=role_word(agent.role),
            standing=(standing := standing_of(agent)),
            standing_word=standing_words[standing],
            presence=(presence := presence_of(agent)),
            presence_word=presence_word(presence),
        )
        for agent in agents
    ]


@dataclass(frozen=True)
class RightRow:
    """One right, in words, with the roles that have it."""

    name: str
    meaning: str
    roles: list[str]
    over_oneself: bool


def right_rows(rights: Iterable[Right] | None = None) -> list[RightRow]:
    """All rights, for the page that explains them."""
    chosen = RIGHTS.values() if rights is None else rights
    return [
        RightRow(
            name=right.name,
            meaning=str(right.meaning),
            roles=[role_word(role) for role in Role if role in right.roles],
            over_oneself=right.over_oneself,
        )
        for right in chosen
    ]


@dataclass(frozen=True)
class ReadingRow:
    """Somebody read an identity; `at` is left to the template, which writes it in the reader's language."""

    reader: str
    reason: str
    at: object


def reading_rows(readings: Iterable[IdentityReading]) -> list[ReadingRow]:
    """Who read an identity (`select_related("reader")` beforehand)."""
    return [
        ReadingRow(row.reader.given_name if row.reader else _("the desk itself"), row.reason, row.at)
        for row in readings
    ]
