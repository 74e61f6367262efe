"""One case, one owner: two people at once, hand-overs with their story, and who may do what."""

from collections.abc import Callable

import pytest

from tenir.cases import verbs
from tenir.cases.access import offer_for
from tenir.cases.errors import (
    AlreadyEnded,
    AlreadyOffered,
    AlreadyOwned,
    AlreadyTheirs,
    HasLeft,
    NoSuchOffer,
    NotYours,
    StoryMissing,
)
from tenir.cases.models import Case, Handover
from tenir.cases.tests import scenes
from tenir.cases.tests.scenes import minutes
from tenir.people.tests.scenes import MONDAY, amina, bruno, chloe, denise, outsider, person, team
from tests.racing import at_once

pytestmark = pytest.mark.django_db


def test_taking_makes_it_ones_own_and_taking_it_twice_is_taking_it_once() -> None:
    case = scenes.bin_without_lid()
    verbs.take(case, by=amina(), at=minutes(1))
    verbs.take(case, by=amina(), at=minutes(2))
    case = scenes.fresh(case)
    assert (case.owner, case.state) == (amina(), Case.State.OPEN)
    assert scenes.told(case)[2:] == ["case_taken", "state_changed"]
    with pytest.raises(AlreadyOwned, match="Amina"):
        verbs.take(case, by=bruno(), at=minutes(3))


def test_an_ended_case_is_not_taken() -> None:
    case = scenes.bin_without_lid()
    verbs.end(case, kind="solved", by=amina(), at=minutes(1))
    with pytest.raises(AlreadyEnded):
        verbs.take(case, by=bruno(), at=minutes(2))


@pytest.mark.django_db(transaction=True)
def test_of_eight_people_who_take_a_case_at_once_one_has_it_and_the_others_are_told_who() -> None:
    case = scenes.bin_without_lid()
    people = [person(name) for name in ("Ana", "Bo", "Cléo", "Dan", "Eva", "Finn", "Gil", "Hal")]
    results = at_once(8, lambda number: verbs.take(case, by=people[number], at=minutes(1)))
    owner = scenes.fresh(case).owner
    assert owner in people
    refused = [result for result in results if isinstance(result, AlreadyOwned)]
    assert len(refused) == 7
    assert {refusal.owner for refusal in refused} == {owner.given_name}
    assert scenes.told(case).count("case_taken") == 1


def test_a_supervisor_gives_a_case_and_an_agent_does_not() -> None:
    case = scenes.bin_without_lid()
    verbs.take(case, by=amina(), at=minutes(1))
    with pytest.raises(NotYours):
        verbs.give(case, to=bruno(), by=chloe(), at=minutes(2))
    with pytest.raises(HasLeft, match="Olaf"):
        verbs.give(case, to=outsider(), by=denise(), at=minutes(2))
    verbs.give(case, to=bruno(), by=denise(), at=minutes(3))
    verbs.give(case, to=bruno(), by=denise(), at=minutes(4))
    case = scenes.fresh(case)
    assert (case.owner, case.handovers, case.moved_at) == (bruno(), 1, minutes(3))
    assert scenes.told(case).count("case_given") == 1


def test_giving_a_case_that_is_nobodys_is_no_handover() -> None:
    case = verbs.give(scenes.bin_without_lid(), to=bruno(), by=denise(), at=minutes(1))
    assert (case.state, case.handovers) == (Case.State.OPEN, 0)


def test_putting_back_is_the_owners_and_makes_it_wait_again() -> None:
    case = scenes.bin_without_lid()
    verbs.release(case, by=bruno(), at=MONDAY)
    assert scenes.told(case) == ["case_opened", "message_received"]
    verbs.take(case, by=amina(), at=minutes(1))
    with pytest.raises(NotYours):
        verbs.release(case, by=bruno(), at=minutes(2))
    verbs.release(case, by=amina(), at=minutes(3))
    case = scenes.fresh(case)
    assert (case.owner, case.state) == (None, Case.State.WAITING)


def test_a_case_moves_to_another_team_with_its_owner() -> None:
    case = scenes.bin_without_lid()
    bins, press = team("Bacs"), team("Journal")
    verbs.take(case, by=amina(), at=minutes(1))
    verbs.move_to_team(case, team=bins, by=amina(), at=minutes(2))
    verbs.move_to_team(case, team=bins, by=amina(), at=minutes(3))
    with pytest.raises(NotYours):
        verbs.move_to_team(case, team=press, by=bruno(), at=minutes(4))
    verbs.move_to_team(case, team=press, by=denise(), at=minutes(5))
    verbs.move_to_team(case, team=None, by=denise(), at=minutes(6))
    case = scenes.fresh(case)
    assert (case.team, case.owner, case.moved_at) == (None, amina(), minutes(6))
    assert scenes.facts("team_changed") == [
        {"before": None, "after": bins.pk},
        {"before": bins.pk, "after": press.pk},
        {"before": press.pk, "after": None},
    ]


def test_a_handover_carries_the_story_and_changes_hands_when_it_is_accepted() -> None:
    case = scenes.bin_without_lid()
    verbs.take(case, by=amina(), at=minutes(1))
    with pytest.raises(StoryMissing):
        verbs.offer_handover(case, to=bruno(), story=" ", by=amina(), at=minutes(2))
    offer = verbs.offer_handover(case, to=bruno(), story="Le couvercle manque.", by=amina(), at=minutes(2))
    assert scenes.fresh(case).owner == amina()
    with pytest.raises(AlreadyOffered):
        verbs.offer_handover(case, to=chloe(), story="…", by=amina(), at=minutes(3))
    with pytest.raises(NotYours):
        verbs.answer_handover(offer, accept=True, by=chloe(), at=minutes(3))
    verbs.answer_handover(offer_for(bruno(), offer.pk), accept=True, by=bruno(), at=minutes(4))
    case = scenes.fresh(case)
    assert (case.owner, case.handovers, case.moved_at) == (bruno(), 1, minutes(4))
    with pytest.raises(NoSuchOffer):
        verbs.answer_handover(offer, accept=False, by=bruno(), at=minutes(5))
    assert [fact["answer"] for fact in scenes.facts("handover_answered")] == ["accepted"]


def test_a_declined_handover_stays_with_the_giver_with_a_word() -> None:
    case = scenes.bin_without_lid()
    verbs.take(case, by=amina(), at=minutes(1))
    offer = verbs.offer_handover(case, to=bruno(), story="…", by=amina(), at=minutes(2))
    offer = verbs.answer_handover(offer, accept=False, by=bruno(), at=minutes(3), words="Je pars dans une heure")
    assert (offer.state, offer.answer) == (Handover.State.DECLINED, "Je pars dans une heure")
    assert scenes.fresh(case).owner == amina()
    verbs.offer_handover(case, to=chloe(), story="…", by=amina(), at=minutes(4))


def test_who_may_offer_and_to_whom() -> None:
    case = scenes.bin_without_lid()
    verbs.take(case, by=amina(), at=minutes(1))
    with pytest.raises(NotYours):
        verbs.offer_handover(case, to=chloe(), story="…", by=bruno(), at=minutes(2))
    with pytest.raises(AlreadyTheirs):
        verbs.offer_handover(case, to=amina(), story="…", by=amina(), at=minutes(2))
    with pytest.raises(HasLeft):
        verbs.offer_handover(case, to=outsider(), story="…", by=amina(), at=minutes(2))
    offer = verbs.offer_handover(case, to=chloe(), story="…", by=denise(), at=minutes(2))
    with pytest.raises(Handover.DoesNotExist):
        offer_for(bruno(), offer.pk)
    with pytest.raises(NotYours):
        verbs.withdraw_handover(offer, by=bruno(), at=minutes(3))
    verbs.withdraw_handover(offer_for(denise(), offer.pk), by=denise(), at=minutes(3))
    assert Handover.objects.get().state == Handover.State.WITHDRAWN


@pytest.mark.parametrize("moot", ["release", "give", "end", "say_solved"])
def test_an_offer_is_moot_once_the_case_changed_hands_or_ended(moot: str) -> None:
    case = scenes.bin_without_lid()
    verbs.take(case, by=amina(), at=minutes(1))
    offer = verbs.offer_handover(case, to=bruno(), story="…", by=amina(), at=minutes(2))
    moot_by: dict[str, Callable[[], object]] = {
        "release": lambda: verbs.release(case, by=amina(), at=minutes(3)),
        "give": lambda: verbs.give(case, to=chloe(), by=denise(), at=minutes(3)),
        "end": lambda: verbs.end(case, kind="solved", by=amina(), at=minutes(3)),
        "say_solved": lambda: verbs.say_solved(case, by=case.customer, at=minutes(3)),
    }
    moot_by[moot]()
    with pytest.raises(NoSuchOffer):
        verbs.answer_handover(offer, accept=True, by=bruno(), at=minutes(4))
    assert scenes.facts("handover_answered")[0]["answer"] == "withdrawn"


@pytest.mark.django_db(transaction=True)
def test_accepting_and_withdrawing_at_once_is_one_answer() -> None:
    case = scenes.bin_without_lid()
    verbs.take(case, by=amina(), at=minutes(1))
    offer = verbs.offer_handover(case, to=bruno(), story="…", by=amina(), at=minutes(2))

    def answer(number: int) -> object:
        if number:
            return verbs.withdraw_handover(offer, by=amina(), at=minutes(3))
        return verbs.answer_handover(offer, accept=True, by=bruno(), at=minutes(3))

    results = at_once(2, answer)
    assert [isinstance(result, NoSuchOffer) for result in results].count(True) == 1
    offer.refresh_from_db()
    assert scenes.fresh(case).owner == (bruno() if offer.state == "accepted" else amina())
