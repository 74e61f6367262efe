"""Joining and leaving: invitations, roles, and the last administrator who cannot go."""

import threading
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import translation

from tenir.ledger.events import SYSTEM
from tenir.ledger.models import Event
from tenir.people import access, errors, verbs
from tenir.people.models import Agent, Invitation, Presence, Role
from tenir.people.rights import NotAllowed
from tenir.people.tests.scenes import MONDAY, alix, amina, bruno, denise, outsider, team

pytestmark = pytest.mark.django_db
GOOD = "corde-violette-78-lampe"


def invited(email: str = "nour@desk.example") -> tuple[Invitation, str]:
    return verbs.invite(email=email, given_name="Nour", role=Role.SUPERVISOR, by=alix(), at=MONDAY)


def test_an_invitation_lets_one_person_in_once() -> None:
    letters = team("Letters")
    invitation, token = verbs.invite(
        email=" Nour@Desk.example ", given_name="  Nour \u202e ", teams=[letters], by=alix(), at=MONDAY
    )
    assert token not in invitation.token_sha256
    assert invitation.agent.given_name == "Nour"
    assert not invitation.agent.is_active

    nour = verbs.accept_invitation(token, password=GOOD, language="en", at=MONDAY + timedelta(days=6))
    assert (nour.email, nour.is_active, nour.language) == ("nour@desk.example", True, "en")
    assert nour.check_password(GOOD)
    assert list(nour.teams.all()) == [letters]
    with pytest.raises(errors.InvitationOver):
        verbs.accept_invitation(token, password=GOOD, at=MONDAY + timedelta(days=6))
    told = Event.objects.order_by("id").values_list("name", "actor_kind", "actor_id")
    assert list(told) == [
        ("agent_invited", "agent", alix().pk),
        ("invitation_accepted", "agent", nour.pk),
    ]


def test_the_ledger_keeps_no_name_and_no_address_of_the_invited() -> None:
    invited()
    assert "Nour" not in str(Event.objects.get().data)
    assert "nour" not in str(Event.objects.get().data)


def test_an_invitation_ends_after_seven_days() -> None:
    _invitation, token = invited()
    assert access.invitation_for(token, at=MONDAY + timedelta(days=7, seconds=-1)).agent.given_name == "Nour"
    for look in (
        lambda: access.invitation_for(token, at=MONDAY + timedelta(days=7)),
        lambda: verbs.accept_invitation(token, password=GOOD, at=MONDAY + timedelta(days=7)),
        lambda: verbs.accept_invitation("guessed", password=GOOD, at=MONDAY),
    ):
        with pytest.raises(errors.InvitationOver):
            look()


def test_a_weak_password_is_refused_and_the_link_still_works() -> None:
    _invitation, token = invited()
    try:
        verbs.accept_invitation(token, password="", at=MONDAY)
    except ValidationError:
        assert verbs.accept_invitation(token, password=GOOD, at=MONDAY).is_active


def test_a_new_link_ends_the_older_one() -> None:
    invitation, first = invited()
    _again, second = verbs.invite_again(invitation.agent, by=alix(), at=MONDAY + timedelta(hours=1))
    with pytest.raises(errors.InvitationOver):
        verbs.accept_invitation(first, password=GOOD, at=MONDAY + timedelta(hours=2))
    verbs.accept_invitation(second, password=GOOD, at=MONDAY + timedelta(hours=2))
    with pytest.raises(errors.AlreadyJoined):
        verbs.invite_again(invitation.agent, by=alix(), at=MONDAY + timedelta(hours=3))


def test_an_address_is_invited_once_whatever_its_case() -> None:
    invited()
    with pytest.raises(errors.AddressTaken):
        invited("NOUR@desk.EXAMPLE")
    assert Agent.objects.filter(given_name="Nour").count() == 1


@pytest.mark.parametrize("address", ["", "nour", "nour@", "@desk.example", "no ur@desk.example", "a@b\nc.fr"])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(errors.NotAnAddress):
        invited(address)


def test_a_name_is_needed() -> None:
    with pytest.raises(errors.NameMissing):
        verbs.invite(email="a@desk.example", given_name=" \u200b ", by=SYSTEM, at=MONDAY)


@pytest.mark.parametrize("who", [amina, denise, outsider])
def test_only_an_administrator_invites(who: object) -> None:
    with pytest.raises(NotAllowed):
        verbs.invite(email="a@desk.example", given_name="A", by=who(), at=MONDAY)  # type: ignore[operator]
    assert not Event.objects.exists()


def test_a_withdrawn_invitation_opens_nothing() -> None:
    invitation, token = invited()
    verbs.deactivate(invitation.agent, by=alix(), at=MONDAY)
    with pytest.raises(errors.InvitationOver):
        verbs.accept_invitation(token, password=GOOD, at=MONDAY + timedelta(minutes=1))
    with pytest.raises(errors.NotJoinedYet):
        verbs.reactivate(invitation.agent, by=alix(), at=MONDAY)


def test_the_last_administrator_cannot_go() -> None:
    only = alix()
    with pytest.raises(errors.LastAdministrator):
        verbs.deactivate(only, by=only, at=MONDAY)
    with pytest.raises(errors.LastAdministrator):
        verbs.change_role(only, role=Role.AGENT, by=only, at=MONDAY)
    verbs.change_role(denise(), role=Role.ADMINISTRATOR, by=only, at=MONDAY)
    verbs.deactivate(only, by=denise(), at=MONDAY)
    assert not Agent.objects.get(pk=only.pk).is_active
    assert Event.objects.filter(name="role_changed").get().data == {
        "agent": denise().pk,
        "role": "administrator",
        "before": "supervisor",
    }


def test_whoever_has_left_is_away_and_comes_back_as_they_were() -> None:
    verbs.set_presence(amina(), state=Presence.State.HERE, by=amina())
    someone = amina()
    verbs.deactivate(someone, by=alix(), at=MONDAY)
    assert not someone.is_active
    assert Presence.objects.get(agent=someone).state == "away"
    verbs.reactivate(someone, by=alix(), at=MONDAY)
    verbs.reactivate(someone, by=alix(), at=MONDAY)
    assert Agent.objects.get(pk=someone.pk).is_active
    assert Event.objects.filter(name="agent_reactivated").count() == 1


def test_the_first_administrator_opens_an_empty_desk_and_only_that() -> None:
    first = verbs.found(email="alix@desk.example", given_name="Alix", password=GOOD, language="fr", at=MONDAY)
    assert (first.role, first.is_active) == ("administrator", True)
    with pytest.raises(errors.DeskAlreadyOpen):
        verbs.found(email="b@desk.example", given_name="B", password=GOOD, language="fr", at=MONDAY)
    verbs.invite(email="c@desk.example", given_name="C", by=first, at=MONDAY)
    assert Agent.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_remove_each_other_at_once_leave_one() -> None:
    one, two = alix(), bruno()
    Agent.objects.filter(pk=two.pk).update(role=Role.ADMINISTRATOR)
    gate, refused = threading.Barrier(2), []

    def remove(leaving: Agent, by: Agent) -> None:
        gate.wait()
        try:
            verbs.deactivate(Agent.objects.get(pk=leaving.pk), by=by, at=MONDAY)
        except errors.LastAdministrator as refusal:
            refused.append(refusal)
        finally:
            connection.close()

    two.role = Role.ADMINISTRATOR
    pair = [threading.Thread(target=remove, args=pair) for pair in ((one, two), (two, one))]
    for thread in pair:
        thread.start()
    for thread in pair:
        thread.join()
    assert len(refused) == 1
    assert Agent.objects.filter(role=Role.ADMINISTRATOR, is_active=True).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_link_followed_twice_at_once_lets_in_once() -> None:
    _invitation, token = invited()
    gate = threading.Barrier(2)
    outcomes: list[int | None] = []

    def follow() -> None:
        gate.wait()
        try:
            outcomes.append(verbs.accept_invitation(token, password=None, at=MONDAY).pk)
        except errors.InvitationOver:
            outcomes.append(None)
        finally:
            connection.close()

    pair = [threading.Thread(target=follow) for _ in range(2)]
    for thread in pair:
        thread.start()
    for thread in pair:
        thread.join()
    assert outcomes.count(None) == 1
    assert Event.objects.filter(name="invitation_accepted").count() == 1


def test_a_refusal_says_what_to_do_in_both_languages() -> None:
    with translation.override("en"):
        assert "another" in str(errors.InvitationOver())
    with translation.override("fr"):
        assert "Demandez-en un autre" in str(errors.InvitationOver())
