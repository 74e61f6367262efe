"""Teams, private ones too; who sees whom; and every right in words."""

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import translation

from tenir.ledger.events import SYSTEM, registry
from tenir.ledger.models import Event
from tenir.people import access, errors, presenters, verbs
from tenir.people.models import Agent, Presence, Role
from tenir.people.rights import RIGHTS, NotAllowed, declare, may
from tenir.people.tests.scenes import MONDAY, alix, amina, bruno, chloe, denise, outsider, team

pytestmark = pytest.mark.django_db


def test_a_team_lives() -> None:
    letters = verbs.create_team(name="Letters", by=denise(), at=MONDAY)
    verbs.add_members(letters, agents=[amina(), bruno()], by=denise(), at=MONDAY)
    verbs.add_members(letters, agents=[amina()], by=denise(), at=MONDAY)
    verbs.remove_members(letters, agents=[bruno(), chloe()], by=denise(), at=MONDAY)
    verbs.rename_team(letters, name="Mail", by=denise(), at=MONDAY)
    verbs.set_team_signature(letters, french="Le service courrier", english="", by=denise(), at=MONDAY)
    verbs.make_private(letters, by=denise(), at=MONDAY)
    verbs.make_private(letters, by=denise(), at=MONDAY)
    assert (letters.name, letters.is_private, list(letters.members.all())) == ("Mail", True, [amina()])
    assert list(Event.objects.order_by("id").values_list("name", "data")) == [
        ("team_created", {"team": letters.pk}),
        ("members_added", {"team": letters.pk, "agents": sorted([amina().pk, bruno().pk])}),
        ("members_removed", {"team": letters.pk, "agents": [bruno().pk]}),
        ("team_renamed", {"team": letters.pk}),
        ("team_signature_set", {"team": letters.pk}),
        ("team_made_private", {"team": letters.pk}),
    ]
    verbs.open_to_all(letters, by=denise(), at=MONDAY)
    assert not letters.is_private


def test_two_teams_cannot_have_one_name() -> None:
    letters, calls = team("Letters"), team("Calls")
    with pytest.raises(errors.TeamNameTaken):
        verbs.create_team(name=" Letters ", by=alix(), at=MONDAY)
    with pytest.raises(errors.TeamNameTaken):
        verbs.rename_team(calls, name="Letters", by=alix(), at=MONDAY)
    assert letters.name == "Letters"


def test_an_agent_does_not_make_teams() -> None:
    letters = team("Letters")
    for attempt in (
        lambda: verbs.create_team(name="Mine", by=amina(), at=MONDAY),
        lambda: verbs.add_members(letters, agents=[amina()], by=amina(), at=MONDAY),
        lambda: verbs.make_private(letters, by=amina(), at=MONDAY),
    ):
        with pytest.raises(NotAllowed):
            attempt()


def test_a_private_team_is_seen_by_its_members_and_by_supervisors() -> None:
    closed, opened = team("Legal", amina(), is_private=True), team("Letters", bruno())
    assert set(access.teams(amina())) == {closed, opened}
    assert set(access.teams(bruno())) == {opened}
    assert set(access.teams(denise())) == set(access.teams(alix())) == {closed, opened}
    assert access.team_for(amina(), closed.pk) == closed
    with pytest.raises(NotAllowed):
        access.team_for(bruno(), closed.pk)
    assert access.hidden_teams(bruno()) == {closed.pk}
    assert access.hidden_teams(amina()) == access.hidden_teams(denise()) == set()


@pytest.mark.parametrize(
    "viewer", [outsider, AnonymousUser, lambda: None, lambda: SimpleNamespace(role="administrator")]
)
def test_an_outsider_sees_nothing(viewer: object) -> None:
    stranger = viewer()  # type: ignore[operator]
    letters = team("Letters", amina())
    secret = team("Legal", amina(), is_private=True)
    assert not access.colleagues(stranger).exists()
    assert not access.everybody(stranger).exists()
    assert not access.teams(stranger).exists()
    assert access.hidden_teams(stranger) == {secret.pk}
    for look in (lambda: access.agent_for(stranger, amina().pk), lambda: access.team_for(stranger, letters.pk)):
        with pytest.raises(NotAllowed):
            look()
    assert not any(may(stranger, right) for right in RIGHTS)


def test_a_missing_colleague_and_a_hidden_one_look_the_same() -> None:
    with pytest.raises(NotAllowed) as missing:
        access.agent_for(amina(), 999_999)
    with pytest.raises(NotAllowed) as hidden:
        access.agent_for(outsider(), amina().pk)
    assert str(missing.value) == str(hidden.value)


def test_those_who_invite_see_the_invited_and_the_gone() -> None:
    gone = outsider()
    verbs.invite(email="nour@desk.example", given_name="Nour", by=alix(), at=MONDAY)
    assert "Nour" not in {agent.given_name for agent in access.everybody(amina())}
    rows = {row.given_name: row.standing for row in presenters.person_rows(access.everybody(alix()))}
    assert rows == {"Alix": "active", "Amina": "active", "Nour": "invited", gone.given_name: "gone"}


def test_a_list_of_colleagues_is_one_query(django_assert_num_queries: object) -> None:
    for maker in (amina, bruno, chloe):
        verbs.set_presence(maker(), state=Presence.State.PAUSE, by=maker())
    viewer = amina()
    with django_assert_num_queries(1), translation.override("fr"):  # type: ignore[operator]
        rows = presenters.person_rows(access.colleagues(viewer))
    assert [(row.given_name, row.role, row.presence_word) for row in rows] == [
        ("Amina", "agent", "en pause"),
        ("Bruno", "agent", "en pause"),
        ("Chloé", "agent", "en pause"),
    ]


def test_rights_by_role() -> None:
    table = {right.name: {role.value for role in right.roles} for right in RIGHTS.values()}
    assert table["invite_people"] == {"administrator"}
    assert table["manage_teams"] == {"supervisor", "administrator"}
    assert table["see_people"] == {"agent", "supervisor", "administrator"}
    for right in ("choose_public_name", "set_presence", "set_display", "set_signature"):
        assert table[right] == set()
        assert may(amina(), right, whose=amina())
        assert not may(alix(), right, whose=amina())
    assert may(SYSTEM, "invite_people")
    with pytest.raises(KeyError):
        may(alix(), "fly")
    with pytest.raises(ValueError, match="two rights"):
        declare("invite_people", frozenset({Role.AGENT}), RIGHTS["invite_people"].meaning)


def test_every_right_of_people_has_its_meaning_in_both_languages() -> None:
    declared = (Path(__file__).parents[1] / "rights.py").read_text(encoding="utf-8")
    ours = [RIGHTS[name] for name in re.findall(r'^declare\(\s*"(\w+)"', declared, re.MULTILINE)]
    assert len(ours) >= 16
    for right in ours:
        with translation.override("en"):
            english = str(right.meaning)
        with translation.override("fr"):
            assert str(right.meaning) != english, right.name


def test_every_event_of_the_people_speaks_both_languages() -> None:
    made: dict[str, Any] = {
        "agent": 1, "role": "supervisor", "before": "agent", "team": 1, "agents": [1], "skills": [1],
        "languages": ["fr"], "reading": 1,
    }  # fmt: skip
    ours = [cls for cls in registry.values() if cls.__module__ == "tenir.people.events"]
    assert len(ours) >= 20
    for cls in ours:
        fact = cls(**{name: made[name] for name in cls.__annotations__})
        with translation.override("en"):
            english = fact.sentence()
        with translation.override("fr"):
            assert fact.sentence() != english, cls.name


def test_an_agent_is_a_doer() -> None:
    assert Agent(given_name="X").actor_kind == "agent"
