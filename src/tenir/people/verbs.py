"""The only writers of the people who answer.

Each verb refreshes and locks the row that it is given, so the object in the caller's hand tells the truth
afterwards.
"""

import hashlib
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import TypeVar

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from tenir.ledger.events import Doer
from tenir.ledger.verbs import record, verb
from tenir.people import errors, events
from tenir.people.models import (
    Agent,
    Identity,
    IdentityReading,
    Invitation,
    Membership,
    Organisation,
    Presence,
    Role,
    Skill,
    SpokenLanguage,
    Team,
)
from tenir.people.names import one_line
from tenir.people.rights import NotAllowed, require

INVITATION_LASTS = timedelta(days=7)
DISPLAY: dict[str, list[str]] = {
    "language": ["fr", "en"],
    "theme": Agent.Theme.values,
    "text_size": Agent.TextSize.values,
    "digits": Agent.Digits.values,
    "font": Agent.Font.values,
}
"""What each person sets for themself, and the values offered."""
Row = TypeVar("Row", Agent, Team)


def _lock(row: Row) -> None:
    """Reads the row again, locked: what was true when the page was drawn may not be true any more."""
    row.refresh_from_db(from_queryset=type(row).objects.select_for_update())


def hash_of(token: str) -> str:
    """What is kept of a token: its SHA-256. A token has 256 random bits, so no salt is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


def _address(email: str) -> str:
    address = email.strip()
    try:
        validate_email(address)
    except ValidationError:
        raise errors.NotAnAddress from None
    return address.lower()


def _name(text: str, *, longest: int = 80) -> str:
    name = one_line(text, longest=longest)
    if not name:
        raise errors.NameMissing
    return name


# --- Joining and leaving -----------------------------------------------------------------------------------


@verb
def found(*, email: str, given_name: str, password: str, language: str, at: datetime) -> Agent:
    """The first administrator of an empty desk, active at once.

    Raises `DeskAlreadyOpen` when anybody is there, `ValidationError` when the password is too weak.
    """
    founder = Agent(
        pk=1,  # two first-run pages sent at the same instant: the second breaks on this key
        email=_address(email),
        given_name=_name(given_name),
        role=Role.ADMINISTRATOR,
        language=language,
        joined_at=at,
    )
    validate_password(password, founder)
    founder.set_password(password)
    if Agent.objects.exists():
        raise errors.DeskAlreadyOpen
    try:
        with transaction.atomic():
            founder.save(force_insert=True)
    except IntegrityError:
        raise errors.DeskAlreadyOpen from None
    _skip_first_id()
    record(events.InvitationAccepted(agent=founder.pk), by=founder, at=at)
    return founder


def _skip_first_id() -> None:
    """A key given by hand does not move PostgreSQL's counter: the next agent would be given the same one."""
    connection = transaction.get_connection()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT setval(pg_get_serial_sequence('people_agent', 'id'), 1)")


@verb
def invite(
    *,
    email: str,
    given_name: str,
    role: Role = Role.AGENT,
    teams: Iterable[Team] = (),
    language: str = "fr",
    by: Doer,
    at: datetime,
) -> tuple[Invitation, str]:
    """Invites somebody; returns the invitation and the secret of its link, which is kept nowhere.

    Raises `AddressTaken`, `NotAnAddress`, `NameMissing`, `NotAllowed`.
    """
    require(by, "invite_people")
    agent = Agent(email=_address(email), given_name=_name(given_name), role=role, language=language, is_active=False)
    agent.set_unusable_password()
    try:
        with transaction.atomic():
            agent.save()
    except IntegrityError:
        raise errors.AddressTaken from None
    Membership.objects.bulk_create(Membership(agent=agent, team=team) for team in teams)
    return _new_link(agent, by=by, at=at)


@verb
def invite_again(agent: Agent, *, by: Doer, at: datetime) -> tuple[Invitation, str]:
    """A new link for somebody who has not joined yet; the older ones stop working. Raises `AlreadyJoined`."""
    require(by, "invite_people")
    _lock(agent)
    if agent.joined_at is not None:
        raise errors.AlreadyJoined
    _end_links(agent, at=at)
    return _new_link(agent, by=by, at=at)


def _end_links(agent: Agent, *, at: datetime) -> None:
    agent.invitations.filter(used_at=None, expires_at__gt=at).update(expires_at=at)


def _new_link(agent: Agent, *, by: Doer, at: datetime) -> tuple[Invitation, str]:
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        token_sha256=hash_of(token),
        agent=agent,
        invited_by=by if isinstance(by, Agent) else None,
        created_at=at,
        expires_at=at + INVITATION_LASTS,
    )
    record(events.AgentInvited(agent=agent.pk, role=agent.role), by=by, at=at)
    return invitation, token


@verb
def accept_invitation(
    token: str, *, password: str | None, at: datetime, given_name: str = "", language: str = ""
) -> Agent:
    """Lets the invited person in, once. Without a password they sign in with what they enrol next (a
    passkey).

    Raises `InvitationOver`; `ValidationError` (Django's, with its sentences) when the password is too weak.
    """
    sha256 = hash_of(token)
    open_link = Invitation.objects.filter(token_sha256=sha256, used_at=None, expires_at__gt=at)
    if open_link.update(used_at=at) != 1:
        raise errors.InvitationOver
    agent = Agent.objects.select_for_update().get(invitations__token_sha256=sha256)
    if password is not None:
        validate_password(password, agent)
        agent.set_password(password)
    agent.given_name = one_line(given_name, longest=80) or agent.given_name
    agent.language = _choice("language", language or agent.language)
    agent.is_active, agent.joined_at = True, at
    agent.save()
    record(events.InvitationAccepted(agent=agent.pk), by=agent, at=at)
    return agent


def _keep_an_administrator(leaving: Agent) -> None:
    """Locks all administrators.

    Two who remove each other at the same instant take turns, and the second is refused.
    """
    administrators = Agent.objects.filter(role=Role.ADMINISTRATOR, is_active=True).order_by("pk")
    if [agent.pk for agent in administrators.select_for_update()] == [leaving.pk]:
        raise errors.LastAdministrator


@verb
def change_role(agent: Agent, *, role: Role, by: Doer, at: datetime) -> None:
    """Makes somebody agent, supervisor or administrator. Raises `LastAdministrator`."""
    require(by, "change_role")
    if role is not Role.ADMINISTRATOR:
        _keep_an_administrator(agent)
    _lock(agent)
    before, agent.role = agent.role, role
    if before != role:
        agent.save(update_fields=["role"])
        record(events.RoleChanged(agent=agent.pk, role=role, before=before), by=by, at=at)


@verb
def deactivate(agent: Agent, *, by: Doer, at: datetime) -> None:
    """Ends somebody's access at once, or withdraws an invitation; their name stays on what they did.

    Raises `LastAdministrator`. Their presence becomes *away*.
    """
    require(by, "end_access")
    _keep_an_administrator(agent)
    _lock(agent)
    _end_links(agent, at=at)
    Presence.objects.filter(agent=agent).update(state=Presence.State.AWAY)
    if agent.is_active or agent.joined_at is None:
        agent.is_active = False
        agent.save(update_fields=["is_active"])
        record(events.AgentDeactivated(agent=agent.pk), by=by, at=at)


@verb
def reactivate(agent: Agent, *, by: Doer, at: datetime) -> None:
    """Gives back an access that was ended. Raises `NotJoinedYet` for somebody who was only invited."""
    require(by, "end_access")
    _lock(agent)
    if agent.joined_at is None:
        raise errors.NotJoinedYet
    if not agent.is_active:
        agent.is_active = True
        agent.save(update_fields=["is_active"])
        record(events.AgentReactivated(agent=agent.pk), by=by, at=at)


# --- One's own ---------------------------------------------------------------------------------------------


@verb
def rename(agent: Agent, *, given_name: str, by: Doer, at: datetime) -> None:
    """Corrects the name that colleagues see. Raises `NameMissing`."""
    require(by, "rename_person", whose=agent)
    _lock(agent)
    agent.given_name = _name(given_name)
    agent.save(update_fields=["given_name"])
    record(events.AgentRenamed(agent=agent.pk), by=by, at=at)


@verb
def choose_public_name(agent: Agent, *, name: str, by: Doer, at: datetime) -> None:
    """The name that customers see from now on; empty is the given name again. Nobody chooses it for another.

    An imposed alias has been judged discriminatory: hence chosen by the person, optional, changeable.
    """
    require(by, "choose_public_name", whose=agent)
    if not isinstance(by, Agent):
        raise NotAllowed("choose_public_name")
    _lock(agent)
    agent.public_name = one_line(name, longest=80)
    agent.save(update_fields=["public_name"])
    record(events.PublicNameChosen(agent=agent.pk), by=by, at=at)


@verb
def clear_public_name(agent: Agent, *, by: Doer, at: datetime) -> None:
    """Removes an offensive public name; the given name is shown until the person chooses another."""
    require(by, "clear_public_name")
    _lock(agent)
    if agent.public_name:
        agent.public_name = ""
        agent.save(update_fields=["public_name"])
        record(events.PublicNameCleared(agent=agent.pk), by=by, at=at)


def _choice(field: str, value: str) -> str:
    """`value`, when `field` of the display offers it. Raises `NotAChoice`."""
    if value not in DISPLAY.get(field, ()):
        raise errors.NotAChoice(field)
    return value


@verb
def set_display(agent: Agent, *, choices: Mapping[str, str], by: Doer) -> None:
    """Sets any of `language`, `theme`, `text_size`, `digits`, `font`. Raises `NotAChoice`.

    It leaves no event: what helps somebody read is nobody else's business.
    """
    require(by, "set_display", whose=agent)
    _lock(agent)
    for field, value in choices.items():
        setattr(agent, field, _choice(field, value))
    agent.save(update_fields=list(choices))


@verb
def set_signature(agent: Agent, *, french: str, english: str, by: Doer, at: datetime) -> None:
    """What stands under one's letters, in each language, after the shown name; plain text."""
    require(by, "set_signature", whose=agent)
    _lock(agent)
    agent.signature_fr, agent.signature_en = french.strip()[:2000], english.strip()[:2000]
    agent.save(update_fields=["signature_fr", "signature_en"])
    record(events.SignatureSet(agent=agent.pk), by=by, at=at)


@verb
def set_presence(agent: Agent, *, state: Presence.State, by: Doer) -> None:
    """Says what one is doing now.

    One row is overwritten and nothing is recorded: no day can be reconstructed.
    """
    require(by, "set_presence", whose=agent)
    Presence.objects.update_or_create(agent=agent, defaults={"state": state})


@verb
def set_skills(agent: Agent, *, skills: Iterable[str], by: Doer, at: datetime) -> None:
    """What somebody can do, by name; a new name makes a new skill."""
    require(by, "set_skills", whose=agent)
    _lock(agent)
    names = sorted({name for skill in skills if (name := one_line(skill, longest=80))})
    rows = [Skill.objects.get_or_create(name=name)[0] for name in names]
    agent.skills.set(rows)
    record(events.SkillsSet(agent=agent.pk, skills=[skill.pk for skill in rows]), by=by, at=at)


@verb
def set_languages(agent: Agent, *, languages: Iterable[str], by: Doer, at: datetime) -> None:
    """The languages in which somebody answers, as ISO 639 codes ("fr", "en", "pt")."""
    require(by, "set_skills", whose=agent)
    _lock(agent)
    codes = sorted({code.strip().lower() for code in languages})
    if any(not (code.isascii() and code.isalpha() and len(code) in (2, 3)) for code in codes):
        raise errors.NotAChoice("languages")
    agent.languages.all().delete()
    SpokenLanguage.objects.bulk_create(SpokenLanguage(agent=agent, code=code) for code in codes)
    record(events.LanguagesSet(agent=agent.pk, languages=codes), by=by, at=at)


# --- Who somebody is in law --------------------------------------------------------------------------------


@verb
def read_identity(agent: Agent, *, reason: str, by: Doer, at: datetime) -> str:
    """The legal name behind a public one; empty when none was written. Who reads it, and why, is kept.

    Raises `ReasonMissing` when somebody reads another's identity without saying why, `NotAllowed`.
    """
    require(by, "read_identity", whose=agent)
    reason = one_line(reason, longest=240)
    if not reason and not (isinstance(by, Agent) and by.pk == agent.pk):
        raise errors.ReasonMissing
    reader = by if isinstance(by, Agent) else None
    reading = IdentityReading.objects.create(agent=agent, reader=reader, reason=reason, at=at)
    record(events.IdentityRead(agent=agent.pk, reading=reading.pk), by=by, at=at)
    return Identity.objects.filter(agent=agent).values_list("legal_name", flat=True).first() or ""


@verb
def set_identity(agent: Agent, *, legal_name: str, by: Doer, at: datetime) -> None:
    """Writes the legal name; empty removes it."""
    require(by, "set_identity", whose=agent)
    Identity.objects.update_or_create(agent=agent, defaults={"legal_name": one_line(legal_name, longest=160)})
    record(events.IdentitySet(agent=agent.pk), by=by, at=at)


# --- Teams -------------------------------------------------------------------------------------------------


@verb
def create_team(*, name: str, is_private: bool = False, by: Doer, at: datetime) -> Team:
    """A new team without members. Raises `TeamNameTaken`, `NameMissing`."""
    require(by, "manage_teams")
    team = Team(name=_name(name), is_private=is_private)
    _save_team(team)
    record(events.TeamCreated(team=team.pk), by=by, at=at)
    return team


def _save_team(team: Team) -> None:
    try:
        with transaction.atomic():
            team.save()
    except IntegrityError:
        raise errors.TeamNameTaken from None


@verb
def rename_team(team: Team, *, name: str, by: Doer, at: datetime) -> None:
    """Gives a team another name. Raises `TeamNameTaken`, `NameMissing`."""
    require(by, "manage_teams")
    _lock(team)
    team.name = _name(name)
    _save_team(team)
    record(events.TeamRenamed(team=team.pk), by=by, at=at)


@verb
def make_private(team: Team, *, by: Doer, at: datetime) -> None:
    """From now on only members, supervisors and administrators see the team's cases."""
    require(by, "manage_teams")
    if _turn(team, private=True):
        record(events.TeamMadePrivate(team=team.pk), by=by, at=at)


@verb
def open_to_all(team: Team, *, by: Doer, at: datetime) -> None:
    """From now on every colleague sees the team's cases, the past ones too."""
    require(by, "manage_teams")
    if _turn(team, private=False):
        record(events.TeamOpened(team=team.pk), by=by, at=at)


def _turn(team: Team, *, private: bool) -> bool:
    changed = Team.objects.filter(pk=team.pk, is_private=not private).update(is_private=private) == 1
    team.is_private = private
    return changed


@verb
def set_team_signature(team: Team, *, french: str, english: str, by: Doer, at: datetime) -> None:
    """What stands under the team's letters, in each language; plain text."""
    require(by, "manage_teams")
    _lock(team)
    team.signature_fr, team.signature_en = french.strip()[:2000], english.strip()[:2000]
    team.save(update_fields=["signature_fr", "signature_en"])
    record(events.TeamSignatureSet(team=team.pk), by=by, at=at)


@verb
def add_members(team: Team, *, agents: Iterable[Agent], by: Doer, at: datetime) -> None:
    """Adds agents to a team; those who are members already stay so."""
    require(by, "manage_teams")
    _lock(team)
    members = set(team.memberships.values_list("agent_id", flat=True))
    new = sorted({agent.pk for agent in agents} - members)
    if new:
        Membership.objects.bulk_create(Membership(agent_id=pk, team=team) for pk in new)
        record(events.MembersAdded(team=team.pk, agents=new), by=by, at=at)


@verb
def remove_members(team: Team, *, agents: Iterable[Agent], by: Doer, at: datetime) -> None:
    """Takes agents out of a team."""
    require(by, "manage_teams")
    _lock(team)
    leaving = team.memberships.filter(agent__in=list(agents))
    gone = sorted(leaving.values_list("agent_id", flat=True))
    if gone:
        leaving.delete()
        record(events.MembersRemoved(team=team.pk, agents=gone), by=by, at=at)


# --- The organisation --------------------------------------------------------------------------------------


@verb
def set_organisation(*, name: str, languages: Iterable[str], by: Doer, at: datetime) -> Organisation:
    """Whose desk this is, and in which languages it answers ("fr", "en"), its own one first.

    Raises `NameMissing`, `NotAChoice` for a language that the desk does not speak or for none at all.
    """
    require(by, "manage_desk")
    chosen = list(dict.fromkeys(languages))
    if not chosen or not set(chosen) <= set(DISPLAY["language"]):
        raise errors.NotAChoice("languages")
    defaults = {"name": _name(name, longest=120), "languages": chosen}
    organisation, _new = Organisation.objects.update_or_create(pk=1, defaults=defaults)
    record(events.OrganisationSet(languages=chosen), by=by, at=at)
    return organisation
