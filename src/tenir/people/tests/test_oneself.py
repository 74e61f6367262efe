"""What is one's own: public name, display, signature, presence; and the identity behind a public name."""

import pytest

from tenir.ledger.events import SYSTEM
from tenir.ledger.models import Event
from tenir.people import access, errors, verbs
from tenir.people.models import Agent, Presence
from tenir.people.rights import NotAllowed
from tenir.people.tests.scenes import MONDAY, alix, amina, bruno, denise, outsider

pytestmark = pytest.mark.django_db


def test_customers_see_the_public_name_that_the_person_chose() -> None:
    someone = amina()
    assert someone.shown_name == "Amina"
    verbs.choose_public_name(someone, name=" Canard \u202e Masqué ", by=someone, at=MONDAY)
    assert someone.shown_name == "Canard Masqué"
    verbs.choose_public_name(someone, name="", by=someone, at=MONDAY)
    assert Agent.objects.get(pk=someone.pk).shown_name == "Amina"
    assert "Canard" not in str(list(Event.objects.values_list("data", flat=True)))


@pytest.mark.parametrize("who", [alix, denise, bruno, outsider])
def test_nobody_imposes_a_public_name(who: object) -> None:
    with pytest.raises(NotAllowed):
        verbs.choose_public_name(amina(), name="Jean", by=who(), at=MONDAY)  # type: ignore[operator]
    with pytest.raises(NotAllowed):
        verbs.choose_public_name(amina(), name="Jean", by=SYSTEM, at=MONDAY)
    assert amina().shown_name == "Amina"


def test_an_administrator_may_remove_an_offensive_public_name() -> None:
    someone = amina()
    verbs.choose_public_name(someone, name="Gros Mot", by=someone, at=MONDAY)
    with pytest.raises(NotAllowed):
        verbs.clear_public_name(someone, by=denise(), at=MONDAY)
    verbs.clear_public_name(someone, by=alix(), at=MONDAY)
    verbs.clear_public_name(someone, by=alix(), at=MONDAY)
    assert someone.shown_name == "Amina"
    assert Event.objects.filter(name="public_name_cleared").count() == 1


def test_the_given_name_is_corrected_by_oneself_or_an_administrator() -> None:
    someone = bruno()
    verbs.rename(someone, given_name="Brunø", by=someone, at=MONDAY)
    verbs.rename(someone, given_name="Bruno", by=alix(), at=MONDAY)
    with pytest.raises(NotAllowed):
        verbs.rename(someone, given_name="Bob", by=amina(), at=MONDAY)
    with pytest.raises(errors.NameMissing):
        verbs.rename(someone, given_name=" ", by=someone, at=MONDAY)
    assert someone.given_name == "Bruno"


def test_display_is_ones_own_and_leaves_no_trace() -> None:
    someone = amina()
    verbs.set_display(someone, choices={"digits": "spaced", "font": "readable", "language": "en"}, by=someone)
    kept = Agent.objects.get(pk=someone.pk)
    assert (kept.digits, kept.font, kept.language, kept.theme) == ("spaced", "readable", "en", "auto")
    assert not Event.objects.exists()
    with pytest.raises(NotAllowed):
        verbs.set_display(someone, choices={"font": "system"}, by=alix())
    for wrong in ({"font": "comic"}, {"role": "administrator"}, {"language": "de"}):
        with pytest.raises(errors.NotAChoice):
            verbs.set_display(someone, choices=wrong, by=someone)
    assert Agent.objects.get(pk=someone.pk).role == "agent"


def test_presence_is_one_row_without_history_or_event() -> None:
    someone = amina()
    for state in Presence.State:
        verbs.set_presence(someone, state=state, by=someone)
    assert Presence.objects.filter(agent=someone).count() == 1
    assert {field.name for field in Presence._meta.get_fields()} == {"id", "agent", "state"}
    assert not Event.objects.exists()
    with pytest.raises(NotAllowed):
        verbs.set_presence(someone, state=Presence.State.HERE, by=denise())


def test_each_person_signs_their_own_letters() -> None:
    someone = amina()
    verbs.set_signature(someone, french=" Service à la clientèle ", english="Customer service", by=someone, at=MONDAY)
    assert Agent.objects.get(pk=someone.pk).signature_fr == "Service à la clientèle"
    with pytest.raises(NotAllowed):
        verbs.set_signature(someone, french="x", english="y", by=alix(), at=MONDAY)


def test_skills_and_languages_are_noted_by_oneself_or_a_supervisor() -> None:
    someone = amina()
    verbs.set_skills(someone, skills=["Bacs", " Bacs ", "", "Factures"], by=denise(), at=MONDAY)
    assert sorted(skill.name for skill in someone.skills.all()) == ["Bacs", "Factures"]
    verbs.set_skills(someone, skills=["Factures"], by=someone, at=MONDAY)
    assert [skill.name for skill in someone.skills.all()] == ["Factures"]
    verbs.set_languages(someone, languages=["FR", "pt", "fr "], by=someone, at=MONDAY)
    assert sorted(spoken.code for spoken in someone.languages.all()) == ["fr", "pt"]
    with pytest.raises(errors.NotAChoice):
        verbs.set_languages(someone, languages=["français"], by=someone, at=MONDAY)
    with pytest.raises(NotAllowed):
        verbs.set_skills(someone, skills=[], by=bruno(), at=MONDAY)


def test_reading_an_identity_needs_a_reason_and_leaves_it_where_the_person_sees_it() -> None:
    someone = amina()
    verbs.set_identity(someone, legal_name="Amina Exemple", by=alix(), at=MONDAY)
    with pytest.raises(errors.ReasonMissing):
        verbs.read_identity(someone, reason="  ", by=alix(), at=MONDAY)
    assert verbs.read_identity(someone, reason="a judge asks", by=alix(), at=MONDAY) == "Amina Exemple"
    assert verbs.read_identity(someone, reason="", by=someone, at=MONDAY) == "Amina Exemple"
    assert verbs.read_identity(bruno(), reason="payroll", by=alix(), at=MONDAY) == ""

    readings = list(access.identity_readings(someone, viewer=someone))
    assert [(row.reader, row.reason) for row in readings] == [(someone, ""), (alix(), "a judge asks")]
    fact = Event.objects.filter(name="identity_read").first()
    assert fact is not None
    assert fact.data == {"agent": someone.pk, "reading": readings[1].pk}


@pytest.mark.parametrize("who", [bruno, denise, outsider])
def test_identities_stay_closed(who: object) -> None:
    viewer = who()  # type: ignore[operator]
    with pytest.raises(NotAllowed):
        verbs.read_identity(amina(), reason="curious", by=viewer, at=MONDAY)
    with pytest.raises(NotAllowed):
        verbs.set_identity(amina(), legal_name="X", by=viewer, at=MONDAY)
    with pytest.raises(NotAllowed):
        access.identity_readings(amina(), viewer=viewer)
    assert not Event.objects.exists()
