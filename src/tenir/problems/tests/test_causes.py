"""A cause from its first case to the day when it is fixed for everybody at once."""

from datetime import timedelta

import pytest

from tenir.cases import verbs as cases
from tenir.cases.tests.scenes import bin_without_lid, customer, facts, told
from tenir.people.rights import NotAllowed
from tenir.people.tests.scenes import MONDAY, amina, bruno, chloe, denise, outsider
from tenir.problems import access, errors, verbs
from tenir.problems.models import Cause, Tie
from tenir.problems.tests.scenes import TELL, no_lids
from tenir.problems.touching import causes_touching
from tenir.promises import dates
from tenir.promises.errors import ChangedMeanwhile
from tenir.promises.models import Promise
from tenir.promises.tests.scenes import a_bin, another_date, days, fresh, hours, plain
from tenir.promises.verbs.together import NewDate

pytestmark = pytest.mark.django_db(transaction=True)


def moved(*promises: Promise, to: int = 5) -> list[NewDate]:
    return [NewDate(each, fresh(each).revision, dates.on(days(to))) for each in promises]


def test_a_cause_has_both_languages_what_it_concerns_and_an_owner() -> None:
    for wrong, refusal in (
        ({"french": " "}, errors.CauseWordsMissing),
        ({"concerns": ["", " "]}, errors.ConcernsMissing),
        ({"owner": outsider()}, errors.CauseOwnerMissing),
        ({"by": outsider()}, NotAllowed),
    ):
        with pytest.raises(refusal):
            no_lids(**wrong)
    assert not Cause.objects.exists()
    cause = no_lids(concerns=["couvercle", "couvercle", " lid "])
    assert cause.concerns == ["couvercle", "lid"]
    assert facts("cause_noted") == [{"cause": cause.pk, "owner": amina().pk}]


def test_whoever_promises_the_part_is_told_while_it_lasts() -> None:
    cause = no_lids()
    (touch,) = causes_touching("Nous livrerons le bac", ["bac vert", "deux couvercles"])
    assert (touch.cause, touch.words) == (cause, ["couvercle"])
    assert causes_touching("We will bring the lids")[0].words == ["lid"]
    assert causes_touching("Nous vous rappelons demain") == []
    verbs.fix(cause, dates=[], tell=TELL, by=amina(), at=days(1))
    assert causes_touching("le couvercle") == []


def test_a_case_is_tied_once_and_untied() -> None:
    cause, case = no_lids(), bin_without_lid()
    for _ in range(2):
        verbs.tie(cause, case=case, by=amina(), at=hours(1))
    assert Tie.objects.count() == 1
    assert told(case).count("case_tied") == 1
    verbs.untie(cause, case=case, by=bruno(), at=hours(2))
    assert list(access.tied_cases(cause, viewer=amina())) == []


def test_fixed_in_one_move_every_promise_has_its_date_and_every_customer_is_to_be_told() -> None:
    cause = no_lids()
    emile = bin_without_lid()
    jeanne = bin_without_lid(who=customer("Jeanne Petit", language="en"), key="jeanne", language="en")
    ended = bin_without_lid(who=customer("Karim Ben"), key="karim")
    cases.take(jeanne, by=chloe(), at=hours(1))
    cases.end(ended, kind="solved", by=amina(), at=hours(1))
    lid, refund = a_bin(emile), plain(emile)
    for case in (emile, jeanne, ended):
        verbs.tie(cause, case=case, by=amina(), at=hours(1))
    assert access.promises_behind(cause) == [lid]
    verbs.fix(cause, dates=moved(lid), tell=TELL, by=amina(), at=days(1))
    assert (fresh(lid).due_at, fresh(lid).first_due_at) == (days(5), days(2))
    assert fresh(refund).due_at == days(2)
    tells = {tell.case: tell for tell in Promise.objects.filter(kind="tell")}
    assert set(tells) == {emile, jeanne}
    assert tells[emile].words.startswith(TELL["fr"])
    assert "Livrer le bac vert" in tells[emile].words
    assert (tells[jeanne].words, tells[jeanne].owner) == (TELL["en"], chloe())
    assert facts("cause_fixed") == [{"cause": cause.pk, "cases": 2, "promises": 1}]
    with pytest.raises(errors.FixedAlready):
        verbs.fix(cause, dates=[], tell=TELL, by=amina(), at=days(2))


def test_a_promise_that_names_no_part_is_moved_when_it_is_all_there_is() -> None:
    cause, case = no_lids(), bin_without_lid()
    promise = plain(case)
    verbs.tie(cause, case=case, by=amina(), at=hours(1))
    assert access.promises_behind(cause) == [promise]


def test_nothing_is_moved_when_something_changed_after_the_preview() -> None:
    cause, case = no_lids(), bin_without_lid()
    first = a_bin(case)
    verbs.tie(cause, case=case, by=amina(), at=hours(1))
    preview = moved(first)
    second = a_bin(case, what="Livrer un autre couvercle")
    with pytest.raises(errors.DatesMissing):
        verbs.fix(cause, dates=preview, tell=TELL, by=amina(), at=days(1))
    preview = moved(first, second)
    another_date(second, to=days(4), at=hours(2))
    with pytest.raises(ChangedMeanwhile):
        verbs.fix(cause, dates=preview, tell=TELL, by=amina(), at=days(1))
    assert fresh(first).due_at == days(2)
    assert Cause.objects.get().fixed_at is None


def test_only_its_owner_and_supervisors_fix_a_cause_and_say_so_in_both_languages() -> None:
    cause = no_lids()
    with pytest.raises(NotAllowed):
        verbs.fix(cause, dates=[], tell=TELL, by=bruno(), at=days(1))
    with pytest.raises(errors.TellingMissing):
        verbs.fix(cause, dates=[], tell={"fr": "Oui"}, by=denise(), at=days(1))
    assert verbs.fix(cause, dates=[], tell=TELL, by=denise(), at=days(1)).fixed_at == days(1)


def test_words_that_recur_unusually_are_proposed_with_their_cases_and_nothing_is_created() -> None:
    at = MONDAY + timedelta(days=60)
    usual = ["Ma facture est fausse.", "Le camion fait du bruit.", "Je déménage au printemps.", "Mon badge est perdu."]
    for number in range(40):
        bin_without_lid(
            key=f"u{number}", at=at - timedelta(days=30), text=usual[number % 4], subject="", who=customer("Ana Roy")
        )
    lids = [
        bin_without_lid(key=f"r{number}", at=at - timedelta(days=1), text="Bonjour, pas de couvercle !", subject="")
        for number in range(6)
    ]
    (proposal,) = access.proposals(amina(), at=at)
    assert proposal.found.words == ["couvercle"]
    assert (proposal.found.recent, proposal.recent_of, proposal.found.usual, proposal.found.usual_of) == (6, 6, 0, 40)
    assert proposal.cases == lids[::-1]
    assert not Cause.objects.exists()
    no_lids()
    assert access.proposals(amina(), at=at) == []
