"""Delivered is what we say; kept is what the customer says. What is missing is owed again, at once."""

from datetime import timedelta

import pytest

from tenir.cases.tests.scenes import bin_without_lid, facts, told
from tenir.people.tests.scenes import MONDAY, amina
from tenir.promises import engine, errors, verbs
from tenir.promises.models import Promise
from tenir.promises.tests.scenes import Answer, a_bin, days, delivered, fresh, hours, office, part, plain, says

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_promise_is_delivered_part_by_part() -> None:
    promise = a_bin()
    promise = delivered(promise, at=hours(24), parts=[part(promise, "bac vert")])
    assert promise.state == "open"
    assert facts("promise_part_delivered") == [{"promise": promise.pk, "parts": [part(promise, "bac vert")]}]
    promise = delivered(promise, at=hours(30), parts=[part(promise, "couvercle")])
    assert (promise.state, promise.delivered_at) == ("delivered", hours(30))
    assert facts("promise_delivered") == [{"promise": promise.pk, "early": True}]


def test_the_customer_says_yes_and_early_is_marked() -> None:
    promise = delivered(a_bin(), at=hours(31))
    promise = says(promise, Answer.KEPT, at=hours(50))
    assert (promise.state, promise.early, promise.next_alarm_at) == ("kept", True, None)
    kept = {"promise": promise.pk, "kind": "delivery", "proof": "customer", "early": True, "on_time": True}
    assert facts("promise_kept") == [kept]


def test_late_is_neither_early_nor_on_time() -> None:
    promise = says(delivered(a_bin(), at=hours(49)), Answer.KEPT, at=hours(50))
    assert promise.early is False
    assert facts("promise_kept")[0]["on_time"] is False


def test_the_lid_is_missing_and_owed_again_at_once() -> None:
    office()
    bin_ = delivered(a_bin(customer_does="Laissez le bac dehors."), at=hours(24))
    lid = part(bin_, "couvercle")
    bin_ = says(bin_, Answer.PARTLY, at=hours(25), missing=[lid])
    rest = Promise.objects.get(follows=bin_)
    assert bin_.state == "partly_kept"
    assert [(p.text, p.is_missing) for p in bin_.parts.order_by("pk")] == [("bac vert", False), ("couvercle", True)]
    assert (rest.what, rest.chain, rest.owner, rest.state) == ("couvercle", bin_, amina(), "open")
    assert rest.due_at.isoformat() == "2026-03-05T17:00:00+00:00"  # two working days: Thursday at closing
    assert facts("promise_partly_kept") == [{"promise": bin_.pk, "missing": [lid], "continued_in": rest.pk}]
    again = says(delivered(rest, at=hours(50)), Answer.PARTLY, at=hours(51), missing_words="une vis")
    assert Promise.objects.get(follows=again).chain == bin_


def test_what_is_missing_must_be_said_and_be_part_of_it() -> None:
    promise = delivered(a_bin(), at=hours(24))
    with pytest.raises(errors.MissingWhat):
        says(promise, Answer.PARTLY, at=hours(25), missing_words=" ")
    with pytest.raises(errors.NoSuchPart):
        says(promise, Answer.PARTLY, at=hours(25), missing=[part(promise, "couvercle"), 999_999])
    assert fresh(promise).state == "delivered"


def test_not_yet_opens_it_again_with_its_date() -> None:
    promise = delivered(a_bin(), at=hours(24))
    promise = says(promise, Answer.NOT_YET, at=hours(25))
    assert (promise.state, promise.due_at, promise.delivered_at) == ("open", hours(48), None)
    assert promise.parts.filter(delivered_at=None).count() == 2
    late = delivered(promise, at=hours(60))
    late = says(late, Answer.NOT_YET, at=hours(61))
    engine.tick(at=hours(61))
    assert fresh(late).told_by is not None  # its owner has a call to make, at once


def test_the_same_answer_twice_is_one_answer() -> None:
    promise = delivered(a_bin(), at=hours(24))
    says(promise, Answer.PARTLY, at=hours(25), missing_words="le couvercle")
    says(promise, Answer.PARTLY, at=hours(26), missing_words="le couvercle")
    assert Promise.objects.count() == 2
    other = delivered(plain(bin_without_lid(key="other")), at=hours(24))
    says(other, Answer.KEPT, at=hours(25))
    says(other, Answer.KEPT, at=hours(26))
    assert len(facts("promise_kept")) == 1


def test_the_customer_may_say_yes_before_we_do_and_may_not_answer_what_is_over() -> None:
    promise = says(a_bin(), Answer.KEPT, at=hours(10))
    assert (promise.state, promise.delivered_at) == ("kept", hours(10))
    with pytest.raises(errors.NotOpen):
        says(promise, Answer.NOT_YET, at=hours(11))


def test_an_agent_notes_what_the_customer_said_on_the_telephone() -> None:
    promise = delivered(a_bin(), at=hours(24))
    verbs.confirm(promise, answer=Answer.KEPT, by=amina(), at=hours(25))
    assert promise.changes.get(what="kept").actor_id == amina().pk


def test_a_call_back_shows_by_itself() -> None:
    promise = delivered(plain(kind="callback", what="Vous rappeler"), at=hours(1))
    assert promise.state == "kept"
    assert facts("promise_kept")[0]["proof"] == "record"


def test_what_is_delivered_must_be_said_and_be_part_of_it() -> None:
    promise = a_bin()
    with pytest.raises(errors.NothingDelivered):
        delivered(promise, at=hours(1), parts=[])
    with pytest.raises(errors.NoSuchPart):
        delivered(promise, at=hours(1), parts=[999_999])
    delivered(promise, at=hours(1))
    with pytest.raises(errors.NotOpen):
        delivered(promise, at=hours(2))


def test_silence_is_asked_about_and_never_called_kept() -> None:
    promise = delivered(a_bin(), at=hours(24))
    for day, number in ((3.01, 1), (8.01, 2), (22.01, 3)):
        with pytest.raises(errors.StillAsking):
            leave(promise, at=days(day))
        assert engine.tick(at=days(day)) == 1
        assert facts("promise_asked_about")[-1] == {"promise": promise.pk, "number": number}
    engine.tick(at=days(30))
    assert told(promise.case)[-1] == "promise_to_decide"
    with pytest.raises(errors.ReasonMissing):
        leave(promise, at=days(31), because=" ")
    promise = leave(promise, at=days(31))
    assert promise.state == "unconfirmed"
    assert says(promise, Answer.KEPT, at=days(40)).state == "kept"


def leave(promise: Promise, *, at, because: str = "Trois questions, pas de réponse") -> Promise:  # type: ignore[no-untyped-def]
    promise.refresh_from_db()
    return verbs.leave_unconfirmed(promise, seen=promise.revision, because=because, by=amina(), at=at)


def test_early_is_counted_as_the_promise_is() -> None:
    """By working hours, the night does not use up the time."""
    office()
    from tenir.promises import dates

    promise = plain(due=dates.by_the_calendar(MONDAY, timedelta(hours=9)))
    tuesday_morning = days(1) - timedelta(minutes=30)
    assert delivered(promise, at=tuesday_morning).early is False
    other = plain(bin_without_lid(key="b"), due=dates.by_the_calendar(MONDAY + timedelta(hours=4), timedelta(hours=9)))
    assert delivered(other, at=tuesday_morning).early is True


def test_not_yet_twice_is_one_answer_until_something_changes() -> None:
    promise = delivered(a_bin(), at=hours(24))
    once = says(promise, Answer.NOT_YET, at=hours(25))
    twice = says(promise, Answer.NOT_YET, at=hours(26))
    assert once.revision == twice.revision
    delivered(promise, at=hours(30))
    assert says(promise, Answer.NOT_YET, at=hours(31)).state == "open"
    assert promise.changes.filter(what="not_yet").count() == 2
