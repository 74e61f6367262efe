"""How a review ends, who may end it, and what becomes of what it asked for."""

from typing import Any

import pytest

from tenir.cases.tests.scenes import facts
from tenir.people.rights import NotAllowed
from tenir.people.tests.scenes import alix, amina, bruno, denise, outsider, team
from tenir.promises.tests.scenes import a_bin, days, hours
from tenir.reviews import access, errors, verbs
from tenir.reviews.models import Improvement, Review
from tenir.reviews.tests.scenes import a_change, a_review

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_review_ends_as_well_handled_or_put_right_with_words() -> None:
    review = verbs.take(a_review(), by=denise(), at=hours(2))
    assert review.reviewer == denise()
    with pytest.raises(errors.FindingMissing):
        verbs.find_well_handled(review, because="  ", by=denise(), at=hours(3))
    ended = verbs.put_right(review, with_what="bac apporté le jour même", by=denise(), at=hours(3))
    assert (ended.outcome, ended.words, ended.ended_at) == ("put_right", "bac apporté le jour même", hours(3))
    assert facts("review_ended") == [{"review": review.pk, "outcome": "put_right"}]
    with pytest.raises(errors.ReviewEndedAlready):
        verbs.find_well_handled(review, because="non", by=denise(), at=hours(4))
    assert list(access.ended_reviews(denise())) == [ended]
    assert not access.open_reviews(denise()).exists()


def test_only_supervisors_see_and_end_reviews() -> None:
    review = a_review()
    for who in (amina(), bruno(), outsider()):
        assert not access.reviews_for(who).exists()
        with pytest.raises(NotAllowed):
            verbs.find_well_handled(review, because="tout va bien", by=who, at=hours(3))
    assert access.review_for(denise(), review.pk) == review


def test_nobody_reviews_their_own_work_unless_they_are_alone() -> None:
    alix()
    promise = a_bin(by=denise())
    from tenir.promises import verbs as promises
    from tenir.reviews.tests.scenes import reviews

    promises.break_promise(promise, seen=0, because="perdu", told="by_call", by=denise(), at=hours(1))
    (review,) = reviews()
    with pytest.raises(errors.OwnWork):
        verbs.find_well_handled(review, because="c'était bien", by=denise(), at=hours(2))
    assert verbs.find_well_handled(review, because="c'était bien", by=alix(), at=hours(2)).reviewer == alix()


def test_a_team_of_one_reviews_its_own_work() -> None:
    promise = a_bin(by=denise())
    from tenir.promises import verbs as promises
    from tenir.reviews.tests.scenes import reviews

    promises.break_promise(promise, seen=0, because="perdu", told="by_call", by=denise(), at=hours(1))
    assert verbs.put_right(reviews()[0], with_what="remboursé", by=denise(), at=hours(2)).outcome == "put_right"


def test_something_to_change_has_an_owner_and_a_date() -> None:
    review = a_review()
    given: dict[str, Any] = {"kind": "stock", "what": "Compter les couvercles", "owner": amina(), "due_at": days(9)}
    for wrong, refusal in (
        ({"kind": "blame"}, errors.NotAKind),
        ({"owner": None}, errors.OwnerMissing),
        ({"owner": outsider()}, errors.OwnerMissing),
        ({"due_at": None}, errors.ChangeDateMissing),
        ({"due_at": hours(1)}, errors.ChangeDateMissing),
        ({"what": ""}, errors.FindingMissing),
    ):
        with pytest.raises(refusal):
            verbs.change_something(review, **(given | wrong), by=denise(), at=hours(2))
    assert not Improvement.objects.exists()
    made = verbs.change_something(review, **given, by=denise(), at=hours(2))
    assert Review.objects.get().outcome == "change"
    assert facts("improvement_asked") == [
        {"improvement": made.pk, "kind": "stock", "owner": amina().pk, "due": days(9).isoformat()}
    ]


def test_a_change_is_done_by_whoever_answers_for_it() -> None:
    change = a_change()
    assert list(access.improvements_to_do(amina())) == [change]
    assert not access.improvements_for(bruno()).exists()
    with pytest.raises(NotAllowed):
        verbs.finish(change, how="fait", by=bruno(), at=days(3))
    done = verbs.finish(change, how="comptés chaque lundi", by=amina(), at=days(3))
    assert (done.done_at, done.done_by) == (days(3), amina())
    with pytest.raises(errors.DoneAlready):
        verbs.finish(change, how="encore", by=amina(), at=days(4))


def test_what_was_changed_is_published_in_both_languages_and_taken_back() -> None:
    change = a_change()
    words = {"french": "Nous comptons les couvercles chaque lundi.", "english": "We count the lids every Monday."}
    with pytest.raises(errors.NotDoneYet):
        verbs.publish(change, **words, by=denise(), at=days(2))
    verbs.finish(change, how="fait", by=amina(), at=days(3))
    with pytest.raises(NotAllowed):
        verbs.publish(change, **words, by=amina(), at=days(3))
    with pytest.raises(errors.BothLanguages):
        verbs.publish(change, french="Oui", english="", by=denise(), at=days(3))
    verbs.publish(change, **words, by=denise(), at=days(4))
    assert [each.english for each in access.published()] == ["We count the lids every Monday."]
    verbs.take_back(change, by=denise(), at=days(5))
    assert not access.published().exists()


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Grâce à M. Durand, nous comptons.", ["Durand"]),
        ("Émile l'a dit ; Amina a changé.", ["Émile", "Amina"]),
        ("Écrivez à emile@example.org.", ["emile@example.org"]),
        ("Appelez le 01 99 00 12 34.", ["01 99 00 12 34"]),
    ],
)
def test_what_could_lead_to_somebody_is_not_published(words: str, found: list[str]) -> None:
    change = verbs.finish(a_change(), how="fait", by=amina(), at=days(3))
    with pytest.raises(errors.NotAnonymous) as refused:
        verbs.publish(change, french=words, english="We count.", by=denise(), at=days(4))
    assert refused.value.found == found
    assert found[0] in str(refused.value)


def test_the_review_of_a_case_that_is_hidden_is_hidden() -> None:
    from tenir.cases import verbs as cases

    review = a_review()
    cases.move_to_team(review.case, team=team("Privé", is_private=True), by=denise(), at=hours(3))
    assert access.open_reviews(denise()).count() == 1
    assert not access.reviews_for(amina()).exists()
