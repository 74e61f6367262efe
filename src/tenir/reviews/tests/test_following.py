"""What brings a supervisor in, and that it does so once."""

from datetime import datetime, timedelta

import pytest

from tenir.cases import verbs as cases
from tenir.cases.models import Case
from tenir.cases.tests.scenes import bin_without_lid, facts, reply, writes_again
from tenir.cases.tests.scenes import delivered as answered
from tenir.ledger.models import Bookmark
from tenir.people.tests.scenes import MONDAY, amina
from tenir.promises import engine
from tenir.promises import verbs as promises
from tenir.promises.models import Promise
from tenir.promises.tests.scenes import Answer, a_bin, days, delivered, fresh, hours, office, rule, says
from tenir.reviews.models import Review
from tenir.reviews.tests.scenes import broken, reviews

pytestmark = pytest.mark.django_db(transaction=True)


def reasons() -> list[str]:
    return [review.reason for review in reviews()]


def calls(case: Case, *, at: datetime, direction: str = "in", cut: bool = False) -> None:
    """The customer calls and Amina picks up, or she calls them."""
    cases.log_call(case, by=amina(), at=at, said_at=at, direction=direction, text="Le couvercle ?", cut=cut)


def test_a_broken_promise_is_reviewed_by_a_date_counted_from_when_it_was_broken() -> None:
    office()
    promise = broken()
    (review,) = reviews()
    assert (review.case, review.promise, review.reason) == (promise.case, promise, "broken")
    assert (review.opened_at, review.due_at) == (hours(1), datetime.fromisoformat("2026-03-09T17:00+00:00"))
    assert facts("review_opened") == [
        {"review": review.pk, "reason": "broken", "due": review.due_at.isoformat(), "promise": promise.pk}
    ]


def test_events_that_are_read_twice_open_nothing_twice() -> None:
    broken()
    reviews()
    Bookmark.objects.all().delete()
    assert reasons() == ["broken"]


def test_a_promise_that_is_late_is_reviewed_even_if_nobody_says_so_and_not_again_when_somebody_does() -> None:
    promise = a_bin()
    for count in (36, 48, 72):
        engine.tick(at=hours(count))
    assert reasons() == ["late"]
    promises.break_promise(
        promise, seen=fresh(promise).revision, because="perdu", told="by_call", by=amina(), at=hours(80)
    )
    assert reasons() == ["late"]


def test_a_promise_left_unconfirmed_is_reviewed() -> None:
    promise = delivered(a_bin(), at=hours(1))
    for day in (3, 8, 23, 31):
        engine.tick(at=days(day))
    row = fresh(promise)
    promises.leave_unconfirmed(row, seen=row.revision, because="sans réponse", by=amina(), at=days(32))
    assert reasons() == ["unconfirmed"]


def test_a_promise_that_is_kept_and_a_rule_of_the_desk_call_for_nobody() -> None:
    from tenir.promises.jobs import follow_cases

    says(a_bin(), Answer.KEPT, at=hours(1))
    rule("first_answer", timedelta(hours=1))
    bin_without_lid(key="rule", at=hours(2))
    follow_cases(MONDAY)
    for count in (3, 4, 8, 80):
        engine.tick(at=hours(count))
    assert Promise.objects.filter(kind="first_answer", state="open").exists()
    assert reasons() == []


def test_the_third_contact_without_an_answer_brings_a_supervisor_in() -> None:
    case = bin_without_lid()
    writes_again(case, at=days(1))
    assert reasons() == []
    calls(case, at=days(2))
    (review,) = reviews()
    assert (review.reason, review.contacts, review.promise) == ("repeat", 3, None)
    writes_again(case, at=days(3))
    assert len(reviews()) == 1


def test_who_is_answered_and_writes_again_is_in_a_conversation() -> None:
    case = bin_without_lid()
    for day in (1, 2, 3):
        answered(case, amina(), at=days(day))
        writes_again(case, at=days(day) + timedelta(hours=3))
    assert reasons() == []


def test_a_reply_that_did_not_leave_and_a_call_that_was_cut_are_no_answer() -> None:
    case = bin_without_lid()
    writes_again(case, at=days(1))
    calls(case, at=days(1.5), direction="out", cut=True)
    reply(case, amina(), at=days(2) - timedelta(seconds=5))
    writes_again(case, at=days(2))
    assert reasons() == ["repeat"]


def test_we_called_them() -> None:
    case = bin_without_lid()
    writes_again(case, at=days(1))
    calls(case, at=days(1.5), direction="out")
    writes_again(case, at=days(2))
    assert reasons() == []


def test_three_letters_in_a_quarter_of_an_hour_are_one_contact() -> None:
    case = bin_without_lid()
    for count in (5, 10, 15):
        writes_again(case, at=MONDAY + timedelta(minutes=count))
    assert reasons() == []


def test_after_a_review_it_takes_three_more() -> None:
    case = bin_without_lid()
    for day in (1, 2):
        writes_again(case, at=days(day))
    assert reasons() == ["repeat"]
    Review.objects.update(outcome="put_right", words="appelé", ended_at=days(3), reviewer=amina())
    for day in (4, 5):
        writes_again(case, at=days(day))
    assert reasons() == ["repeat"]
    writes_again(case, at=days(6))
    assert reasons() == ["repeat", "repeat"]


def test_the_same_matter_again_after_two_endings() -> None:
    case = bin_without_lid()
    for day in (1, 3):
        answered(case, amina(), at=days(day))
        cases.end(case, kind="solved", by=amina(), at=days(day) + timedelta(hours=1))
        assert reasons() == []
        writes_again(case, at=days(day + 1))
    assert reasons() == ["repeat"]
