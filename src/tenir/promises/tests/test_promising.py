"""A promise has words, somebody who answers for it, and above all a date."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from tenir.cases import verbs as cases
from tenir.cases.errors import AlreadyEnded
from tenir.cases.tests.scenes import bin_without_lid, customer, facts, last
from tenir.people.tests.scenes import MONDAY, amina, bruno, denise, outsider
from tenir.promises import dates, errors, verbs
from tenir.promises.models import Promise
from tenir.promises.tests.scenes import a_bin, days, fresh, hours, office, plain
from tenir.promises.verbs import Deadline

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_promise_is_kept_with_all_that_was_said() -> None:
    case = bin_without_lid()
    message = case.messages.get()
    lid = plain(case, what="Recevoir des couvercles")
    promise = a_bin(
        case,
        deliverer="Service des bacs",
        deputy=bruno(),
        depends_on=lid,
        customer_does="Laissez l'ancien bac au bout de l'allée.",
        made_in=message,
    )
    promise = fresh(promise)
    assert promise.owner == promise.made_by == amina()
    assert (promise.customer, promise.deputy, promise.depends_on, promise.made_in) == (
        case.customer,
        bruno(),
        lid,
        message,
    )
    assert promise.due_at == promise.first_due_at == hours(48)
    assert (promise.counted, promise.amount) == ("clock", 48 * 60)
    assert list(promise.parts.values_list("text", flat=True)) == ["bac vert", "couvercle"]
    event = last("promise_made")
    assert (event.case_id, event.actor_id, event.data["due"]) == (case.pk, amina().pk, hours(48).isoformat())
    assert "bac" not in str(event.data)


def test_a_promise_without_a_date_is_refused_by_the_verb_and_by_the_database() -> None:
    case = bin_without_lid()
    with pytest.raises(errors.DateMissing):
        a_bin(case, due=None)
    with pytest.raises(errors.DateMissing):
        dates.on(None)
    promise = a_bin(case)
    for column in ("due_at", "first_due_at"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Promise.objects.filter(pk=promise.pk).update(**{column: None})
    assert "date" in errors.DateMissing().sentence()


def test_the_database_refuses_a_promise_without_words_or_nobody_to_answer_for_it() -> None:
    promise = a_bin()
    for change in ({"what": ""}, {"owner": None}, {"next_alarm": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Promise.objects.filter(pk=promise.pk).update(**change)


def test_two_days_by_the_clock_and_two_working_days_are_different_things() -> None:
    office()
    friday = days(4)
    assert dates.by_the_clock(friday, timedelta(hours=48)).at == days(6)
    by_calendar = dates.in_working_days(friday, 2)
    assert by_calendar.at.isoformat() == "2026-03-10T17:00:00+00:00"
    assert dates.by_the_calendar(friday, timedelta(hours=9)).at.isoformat() == "2026-03-09T09:00:00+00:00"
    said = [
        dates.counted_words(due.counted, due.amount)
        for due in (by_calendar, dates.by_the_clock(friday, timedelta(hours=48)))
    ]
    assert said == ["2 jours ouvrés selon le calendrier", "48 heures d’horloge"]
    assert dates.usual("callback", start=friday).at.isoformat() == "2026-03-06T13:00:00+00:00"


def test_dates_that_nobody_means_are_refused() -> None:
    with pytest.raises(errors.DateIsPast):
        a_bin(due=dates.on(MONDAY))
    with pytest.raises(errors.DateTooFar):
        a_bin(due=dates.on(days(366 * 6)))
    with pytest.raises(errors.DateTooFar):
        dates.by_the_clock(MONDAY, timedelta(days=999_999_999))
    with pytest.raises(errors.DateMissing):
        dates.by_the_clock(MONDAY, timedelta(0))
    closed = verbs.add_calendar(name="Fermé", hours={"zone": "Europe/Paris", "week": [[]] * 7}, by=denise(), at=MONDAY)
    with pytest.raises(errors.CalendarClosed):
        dates.in_working_days(MONDAY, 1, calendar=closed)
    assert dates.usual_or_clock("tell", start=MONDAY).at == hours(2)


def test_words_owner_and_deputy_are_checked() -> None:
    case = bin_without_lid()
    with pytest.raises(errors.WordsMissing):
        a_bin(case, what=" \n ")
    with pytest.raises(errors.HasLeft):
        a_bin(case, owner=outsider())
    with pytest.raises(errors.HasLeft):
        a_bin(case, deputy=outsider())
    with pytest.raises(errors.DeputyForOneself):
        a_bin(case, deputy=amina())
    with pytest.raises(errors.NotAChoice):
        a_bin(case, kind="first_answer")
    assert not Promise.objects.exists()


def test_what_it_waits_for_and_where_it_was_said_belong_to_the_case() -> None:
    stranger = bin_without_lid(who=customer("Zoé Martin"))
    elsewhere = plain(stranger)
    with pytest.raises(errors.NotFromThisCase):
        a_bin(bin_without_lid(), depends_on=elsewhere)
    with pytest.raises(errors.NotFromThisCase):
        a_bin(bin_without_lid(), made_in=stranger.messages.get())


def test_nothing_is_promised_in_a_case_that_has_ended() -> None:
    case = bin_without_lid()
    cases.end(case, kind="solved", by=amina(), at=hours(1))
    with pytest.raises(AlreadyEnded):
        a_bin(case)


def test_the_customers_own_deadline_comes_first() -> None:
    tuesday_at_seven = MONDAY.replace(hour=6) - timedelta(days=6)
    promise = a_bin(deadline=Deadline(tuesday_at_seven, "FREQ=WEEKLY;BYDAY=TU"))
    assert promise.deadline_at == promise.binding_at == days(1).replace(hour=6)
    assert promise.due_at == hours(48)
    assert (promise.next_alarm, promise.next_alarm_at) == ("warning", MONDAY + (promise.deadline_at - MONDAY) * 3 / 4)


@pytest.mark.parametrize(
    "deadline", [Deadline(MONDAY, ""), Deadline(days(1), "every Tuesday"), Deadline(days(-9), "FREQ=DAILY;COUNT=2")]
)
def test_a_deadline_that_is_none_is_refused(deadline: Deadline) -> None:
    with pytest.raises(errors.DeadlineUnclear):
        a_bin(deadline=deadline)


def test_any_text_can_be_stored() -> None:
    promise = a_bin(what="Bac \x00 vert\ud800", parts=["", "cou\x00vercle"], customer_does="\x00")
    assert fresh(promise).what == "Bac � vert�"
    assert facts("promise_made")
