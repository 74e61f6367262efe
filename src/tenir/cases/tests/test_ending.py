"""Setting aside, ending honestly, reopening, and the customer's own word."""

import pytest

from tenir.cases import jobs, verbs
from tenir.cases.errors import AlreadyEnded, BecauseMissing, InThePast, NotEnded
from tenir.cases.models import Case, Ending, Message
from tenir.cases.tests import scenes
from tenir.cases.tests.scenes import minutes
from tenir.people.tests.scenes import MONDAY, amina, bruno

pytestmark = pytest.mark.django_db


def test_a_case_set_aside_comes_back_on_its_day_on_top() -> None:
    case, later = scenes.bin_without_lid(), scenes.bin_without_lid(key="two")
    verbs.snooze(case, until=minutes(60), by=amina(), at=minutes(1))
    verbs.snooze(later, until=minutes(600), by=amina(), at=minutes(1))
    jobs.wake_cases(minutes(59))
    assert scenes.fresh(case).snoozed_until == minutes(60)
    jobs.wake_cases(minutes(61))
    jobs.wake_cases(minutes(62))
    case = scenes.fresh(case)
    assert (case.snoozed_until, case.moved_at) == (None, minutes(61))
    assert scenes.fresh(later).snoozed_until == minutes(600)
    assert scenes.facts("case_woken") == [{"why": "date"}]


def test_the_past_is_no_day_to_come_back_and_an_ended_case_sleeps_already() -> None:
    case = scenes.bin_without_lid()
    with pytest.raises(InThePast):
        verbs.snooze(case, until=minutes(1), by=amina(), at=minutes(1))
    verbs.end(case, kind="solved", by=amina(), at=minutes(2))
    with pytest.raises(AlreadyEnded):
        verbs.snooze(case, until=minutes(9), by=amina(), at=minutes(3))


def test_waking_by_hand() -> None:
    case = scenes.bin_without_lid()
    verbs.snooze(case, until=minutes(60), by=amina(), at=minutes(1))
    verbs.wake(case, why="by_hand", by=amina(), at=minutes(2))
    verbs.wake(case, why="by_hand", by=amina(), at=minutes(3))
    assert scenes.fresh(case).moved_at == minutes(2)
    assert scenes.told(case).count("case_woken") == 1


def test_a_happy_ending_is_kept_with_who_when_and_what_was_done() -> None:
    case = scenes.bin_without_lid()
    verbs.snooze(case, until=minutes(60), by=amina(), at=minutes(1))
    ending = verbs.end(case, kind="happy", remedy_given="Couvercle livré", by=amina(), at=minutes(9))
    case = scenes.fresh(case)
    assert (case.state, case.owner, case.snoozed_until, case.unanswered_since) == ("ended", amina(), None, None)
    assert (case.remedy_given, case.remedy_sought) == ("Couvercle livré", "")
    assert (ending.kind, ending.by, ending.at, ending.confirmed) == (Ending.Kind.HAPPY, amina(), minutes(9), None)
    assert scenes.told(case)[-3:] == ["case_taken", "case_ended", "state_changed"]
    with pytest.raises(AlreadyEnded):
        verbs.end(case, kind="happy", by=amina(), at=minutes(10))


def test_could_not_help_says_why_and_is_as_honest_as_the_others() -> None:
    case = scenes.bin_without_lid()
    with pytest.raises(BecauseMissing):
        verbs.end(case, kind="could_not", because=" ", by=amina(), at=minutes(1))
    assert scenes.fresh(case).state == Case.State.WAITING
    ending = verbs.end(case, kind="could_not", because="Plus de couvercles en stock", by=amina(), at=minutes(1))
    assert ending.because == "Plus de couvercles en stock"
    assert "Plus" not in str(scenes.facts("case_ended"))
    with pytest.raises(ValueError, match="resolved"):
        verbs.end(case, kind="resolved", by=amina(), at=minutes(2))


def test_reopening_is_counted_and_needs_an_end() -> None:
    case = scenes.bin_without_lid()
    with pytest.raises(NotEnded):
        verbs.reopen(case, by=amina(), at=minutes(1))
    verbs.end(case, kind="happy", by=amina(), at=minutes(1))
    verbs.reopen(case, by=bruno(), at=minutes(2))
    case = scenes.fresh(case)
    assert (case.state, case.owner, case.reopenings, case.moved_at) == ("open", amina(), 1, minutes(2))
    verbs.end(case, kind="solved", by=amina(), at=minutes(3))
    assert [e.reopened_at for e in case.endings.order_by("pk")] == [minutes(2), None]


def test_the_customer_confirms_an_ending_once() -> None:
    case = scenes.bin_without_lid()
    ending = verbs.end(case, kind="happy", by=amina(), at=minutes(1))
    verbs.say_solved(case, by=case.customer, at=minutes(5))
    verbs.say_solved(case, by=case.customer, at=minutes(6))
    ending.refresh_from_db()
    assert (ending.confirmed, ending.confirmed_at) == (True, minutes(5))
    assert scenes.facts("ending_answered") == [{"ending": ending.pk, "solved": True}]


def test_the_customer_ends_a_case_by_saying_that_it_is_solved() -> None:
    case = scenes.bin_without_lid()
    verbs.take(case, by=amina(), at=minutes(1))
    planned = scenes.reply(case, amina(), at=minutes(2), leaves_at=minutes(600))
    verbs.say_solved(case, by=case.customer, at=minutes(5))
    case = scenes.fresh(case)
    ending = case.endings.get()
    assert (case.state, case.owner, ending.kind, ending.by, ending.confirmed) == (
        "ended", amina(), "solved", None, True,
    )  # fmt: skip
    planned.refresh_from_db()
    assert planned.delivery == Message.Delivery.WITHDRAWN


def test_not_solved_reopens_with_the_owner_and_waits_for_an_answer() -> None:
    case = scenes.bin_without_lid()
    ending = verbs.end(case, kind="happy", by=amina(), at=minutes(1))
    verbs.say_not_solved(case, by=case.customer, at=minutes(5))
    case = scenes.fresh(case)
    assert (case.state, case.owner, case.reopenings) == ("open", amina(), 1)
    assert case.unanswered_since == case.moved_at == minutes(5)
    ending.refresh_from_db()
    assert (ending.confirmed, ending.reopened_at) == (False, minutes(5))


def test_not_solved_before_any_end_is_told_too() -> None:
    case = scenes.bin_without_lid()
    scenes.delivered(case, amina(), at=minutes(1))
    verbs.snooze(case, until=minutes(600), by=amina(), at=minutes(2))
    verbs.say_not_solved(case, by=case.customer, at=minutes(5))
    case = scenes.fresh(case)
    assert (case.state, case.snoozed_until, case.unanswered_since, case.reopenings) == ("open", None, minutes(5), 0)
    assert scenes.facts("ending_answered") == [{"ending": None, "solved": False}]
    assert case.first_request_at == MONDAY
