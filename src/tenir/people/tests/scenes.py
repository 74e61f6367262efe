"""The people of the tests.

Amina, Bruno and Chloé answer, Denise supervises, Alix administers, one is an outsider.
"""

from datetime import UTC, datetime

from tenir.people.models import Agent, Membership, Role, Team

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""An ordinary Monday morning, when the tests begin."""


def person(given_name: str, *, role: Role = Role.AGENT, language: str = "fr") -> Agent:
    """Somebody who joined some time ago; the same name twice is the same person."""
    email = f"{given_name.lower().replace('é', 'e')}@desk.example"
    known = Agent.objects.filter(email=email).first()
    if known:
        return known
    agent = Agent(email=email, given_name=given_name, role=role, language=language, joined_at=MONDAY)
    agent.set_unusable_password()
    agent.save()
    return agent


def amina() -> Agent:
    return person("Amina")


def bruno() -> Agent:
    return person("Bruno", language="en")


def chloe() -> Agent:
    return person("Chloé")


def denise() -> Agent:
    return person("Denise", role=Role.SUPERVISOR)


def alix() -> Agent:
    """The administrator."""
    return person("Alix", role=Role.ADMINISTRATOR)


def outsider() -> Agent:
    """Somebody whose access has ended: they may see nothing at all."""
    gone = person("Olaf")
    Agent.objects.filter(pk=gone.pk).update(is_active=False)
    gone.is_active = False
    return gone


def team(name: str, *members: Agent, is_private: bool = False) -> Team:
    """A team with these members."""
    made, _new = Team.objects.get_or_create(name=name, defaults={"is_private": is_private})
    for member in members:
        Membership.objects.get_or_create(agent=member, team=made)
    return made
