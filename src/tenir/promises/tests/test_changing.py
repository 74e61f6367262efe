"""Another date, an honest no, and who answers for it; two people at once."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tenir.cases.tests.scenes import bin_without_lid, customer, facts, last, told
from tenir.customers.tests.scenes import telephone
from tenir.people.rights import NotAllowed
from tenir.people.tests.scenes import MONDAY, amina, bruno, chloe, denise, outsider
from tenir.promises import access, dates, engine, errors, verbs
from tenir.promises.holders import holder_of
from tenir.promises.models import Promise
from tenir.promises.tests.scenes import (
    Answer,
    Told,
    a_bin,
    another_date,
    days,
    delivered,
    fresh,
    hours,
    office,
    plain,
    rule,
    says,
)
from tenir.promises.verbs import Deadline

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_new_date_never_hides_the_first() -> None:
    promise = another_date(a_bin(), to=days(4), at=hours(40))
    promise = another_date(promise, to=days(6), at=hours(50))
    assert (promise.due_at, promise.first_due_at, promise.renegotiated) == (days(6), hours(48), 2)
    changes = list(promise.changes.order_by("pk").values_list("due_before", "due_after", "told", "because"))
    because = "plus de couvercles en stock"
    assert changes == [(hours(48), days(4), "by_call", because), (days(4), days(6), "by_call", because)]
    assert facts("promise_renegotiated")[0]["before"] == hours(48).isoformat()
    assert "stock" not in str(facts("promise_renegotiated"))


def test_two_people_who_act_at_once() -> None:
    promise = a_bin()
    seen = promise.revision
    verbs.renegotiate(
        promise, seen=seen, due=dates.on(days(4)), because="stock", told=Told.BY_CALL, by=amina(), at=hours(1)
    )
    late: list[Callable[[], object]] = [
        lambda: verbs.renegotiate(
            promise, seen=seen, due=dates.on(days(5)), because="stock", told=Told.BY_CALL, by=bruno(), at=hours(1)
        ),
        lambda: verbs.deliver(promise, seen=seen, by=bruno(), at=hours(1)),
        lambda: verbs.withdraw(promise, seen=seen, because="x", told=Told.BY_CALL, by=bruno(), at=hours(1)),
        lambda: verbs.break_promise(promise, seen=seen, because="x", told=Told.BY_CALL, by=bruno(), at=hours(1)),
        lambda: verbs.give(promise, seen=seen, to=bruno(), by=bruno(), at=hours(1)),
        lambda: verbs.name_deputy(promise, seen=seen, deputy=bruno(), by=bruno(), at=hours(1)),
    ]
    for attempt in late:
        with pytest.raises(errors.ChangedMeanwhile) as refused:
            attempt()
        assert refused.value.revision == seen + 1
    assert fresh(promise).due_at == days(4)
    assert told(promise.case)[-1] == "promise_renegotiated"


def test_the_customer_confirms_while_somebody_changes_the_date() -> None:
    promise = a_bin()
    seen = promise.revision
    says(promise, Answer.KEPT, at=hours(1))
    with pytest.raises(errors.ChangedMeanwhile):
        another_date(promise, to=days(4), at=hours(1), seen=seen)
    with pytest.raises(errors.NotOpen):
        another_date(promise, to=days(4), at=hours(1))


def test_a_change_needs_a_reason_a_date_and_how_the_customer_was_told() -> None:
    promise = a_bin()
    with pytest.raises(errors.ReasonMissing):
        another_date(promise, to=days(4), at=hours(1), because="  ")
    with pytest.raises(errors.DateIsPast):
        another_date(promise, to=hours(1), at=hours(1))
    with pytest.raises(errors.NotAChoice):
        another_date(promise, to=days(4), at=hours(1), told="maybe")
    with pytest.raises(errors.DateMissing):
        verbs.renegotiate(promise, seen=0, due=None, because="x", told=Told.BY_CALL, by=amina(), at=hours(1))


def test_what_the_customer_does_not_know_yet_is_put_on_a_list() -> None:
    office()
    case = bin_without_lid()
    telephone(case.customer)
    promise = another_date(a_bin(case), to=days(4), at=hours(1), told=Told.NOT_YET)
    tell = Promise.objects.get(kind="tell")
    assert promise.told_by == tell
    assert (tell.owner, tell.way, tell.customer) == (amina(), "call", case.customer)
    assert tell.due_at == hours(3)
    assert "Bonjour Émile Durand," in tell.words
    assert "la date devient le vendredi 6 mars" in tell.words
    other = another_date(plain(case), to=days(5), at=hours(1), told=Told.NOT_YET)
    assert other.told_by == tell  # one call says both
    assert fresh(tell).words.count("la date devient") == 2
    delivered(tell, at=hours(2))
    assert fresh(tell).state == "kept"


def test_it_leaves_the_list_when_it_is_settled() -> None:
    case = bin_without_lid()
    one = another_date(a_bin(case), to=days(4), at=hours(1), told=Told.NOT_YET)
    two = another_date(plain(case), to=days(4), at=hours(1), told=Told.NOT_YET)
    tell = Promise.objects.get(kind="tell")
    delivered(one, at=hours(2))
    assert fresh(tell).state == "open"
    assert "couvercle" not in fresh(tell).words
    another_date(two, to=days(5), at=hours(2), told=Told.BY_LETTER)
    assert fresh(tell).state == "kept"  # they were told


def test_the_customers_deadline_comes_again() -> None:
    weekly = Deadline(days(1), "FREQ=WEEKLY;BYDAY=TU")
    promise = a_bin(deadline=weekly)
    assert promise.deadline_at == days(1)
    assert another_date(promise, to=days(9), at=days(2)).deadline_at == days(8)
    once = a_bin(bin_without_lid(key="b"), deadline=Deadline(days(1)))
    assert another_date(once, to=days(9), at=days(2)).deadline_at is None


def test_a_word_that_cannot_be_kept_is_said() -> None:
    case = bin_without_lid(language="en")
    promise = a_bin(case)
    promise = verbs.break_promise(promise, seen=0, because="no lids", told=Told.NOT_YET, by=amina(), at=hours(1))
    assert (promise.state, promise.next_alarm_at) == ("broken", None)
    tell = Promise.objects.get(kind="tell")
    assert "cannot keep our word" in tell.words
    assert [each.pk for each in access.still_owed(case)] == [tell.pk]  # the case stays open until they know


def test_a_promise_is_withdrawn_with_a_reason() -> None:
    promise = a_bin()
    promise = verbs.withdraw(promise, seen=0, because="twice", told=Told.IN_PERSON, by=amina(), at=hours(1))
    assert promise.state == "withdrawn"
    assert last("promise_withdrawn").data["told"] == "in_person"
    assert not Promise.objects.filter(kind="tell").exists()
    with pytest.raises(errors.NotOpen):
        delivered(promise, at=hours(2))


def test_standing_promises_are_not_changed_by_hand() -> None:
    from tenir.promises.jobs import follow_cases

    rule("first_answer", timedelta(hours=4))
    case = bin_without_lid()
    follow_cases(hours(0))
    promise = Promise.objects.get(case=case)
    attempts: list[Callable[[], object]] = [
        lambda: another_date(promise, to=days(4), at=hours(1)),
        lambda: delivered(promise, at=hours(1)),
        lambda: says(promise, Answer.KEPT, at=hours(1)),
    ]
    for attempt in attempts:
        with pytest.raises(errors.StandingPromise):
            attempt()


def test_somebody_else_answers_for_it() -> None:
    promise = a_bin(deputy=bruno())
    promise = verbs.give(promise, seen=0, to=bruno(), by=amina(), at=hours(1))
    assert (promise.owner, promise.deputy) == (bruno(), None)
    assert facts("promise_given") == [{"promise": promise.pk, "owner": bruno().pk, "before": amina().pk}]
    verbs.give(promise, seen=1, to=bruno(), by=amina(), at=hours(2))
    assert len(facts("promise_given")) == 1
    with pytest.raises(errors.HasLeft):
        verbs.give(promise, seen=1, to=outsider(), by=amina(), at=hours(2))
    with pytest.raises(errors.DeputyForOneself):
        verbs.name_deputy(promise, seen=1, deputy=bruno(), by=amina(), at=hours(2))
    promise = verbs.name_deputy(promise, seen=1, deputy=chloe(), by=amina(), at=hours(2))
    assert promise.deputy == chloe()


# --- Who answers for it now ----------------------------------------------------------------------------------------


def away(agent, deputy, *, begin: float = 0, end: float = 5):  # type: ignore[no-untyped-def]
    return verbs.note_absence(agent, deputy=deputy, begins_at=days(begin), ends_at=days(end), by=denise(), at=MONDAY)


def test_the_deputy_has_it_while_the_owner_is_away() -> None:
    promise = a_bin()
    absence = away(amina(), bruno())
    assert holder_of(promise, at=hours(1)) == bruno()
    assert holder_of(promise, at=days(6)) == amina()
    named = plain(bin_without_lid(key="b"), deputy=chloe())
    assert holder_of(named, at=hours(1)) == chloe()  # the promise's own deputy comes first
    verbs.end_absence(absence, by=amina(), at=hours(2))
    verbs.end_absence(absence, by=amina(), at=hours(2))
    assert holder_of(promise, at=hours(3)) == amina()
    assert len(facts("absence_over")) == 1


def test_deputies_of_deputies_and_two_who_stand_in_for_each_other() -> None:
    promise = a_bin()
    away(amina(), bruno())
    away(bruno(), chloe())
    assert holder_of(promise, at=hours(1)) == chloe()
    away(chloe(), amina())
    assert holder_of(promise, at=hours(1)) == amina()  # nobody is there: it stays hers


def test_who_has_left_is_away_for_ever() -> None:
    promise = a_bin(deputy=bruno())
    type(amina()).objects.filter(pk=amina().pk).update(is_active=False)
    assert holder_of(promise, at=hours(1)) == bruno()


def test_the_list_of_somebody_and_of_whom_they_stand_in_for() -> None:
    hers, his = a_bin(by=amina()), plain(bin_without_lid(key="b"), by=bruno())
    named = plain(bin_without_lid(key="c"), by=amina(), deputy=chloe(), due=dates.on(days(3)))
    assert list(access.held_by(amina(), at=hours(1))) == [hers, named]
    away(amina(), bruno())
    assert list(access.held_by(amina(), at=hours(1))) == []
    assert list(access.held_by(bruno(), at=hours(1))) == [hers, his]
    assert list(access.held_by(chloe(), at=hours(1))) == [named]
    assert list(access.held_by(outsider(), at=hours(1))) == []


def test_the_call_goes_to_whoever_stands_in() -> None:
    promise = a_bin()
    away(amina(), bruno())
    engine.tick(at=hours(48))
    assert fresh(promise).told_by.owner == bruno()  # type: ignore[union-attr]
    assert facts("promise_fell_due")[0]["holder"] == bruno().pk


def test_an_absence_is_noted_by_oneself_or_by_a_supervisor() -> None:
    with pytest.raises(NotAllowed):
        verbs.note_absence(amina(), deputy=bruno(), begins_at=MONDAY, ends_at=days(1), by=chloe(), at=MONDAY)
    verbs.note_absence(amina(), deputy=bruno(), begins_at=MONDAY, ends_at=days(1), by=amina(), at=MONDAY)
    with pytest.raises(errors.DeputyForOneself):
        verbs.note_absence(amina(), deputy=amina(), begins_at=MONDAY, ends_at=days(1), by=amina(), at=MONDAY)
    with pytest.raises(errors.DateIsPast):
        verbs.note_absence(amina(), deputy=bruno(), begins_at=days(2), ends_at=days(1), by=amina(), at=MONDAY)
    with pytest.raises(errors.HasLeft):
        verbs.note_absence(amina(), deputy=outsider(), begins_at=MONDAY, ends_at=days(1), by=amina(), at=MONDAY)


def test_promises_follow_a_customer_who_is_merged() -> None:
    from tenir.customers import verbs as customers

    promise = a_bin(bin_without_lid(who=customer("Zoé Martin")))
    kept = customer()
    customers.merge(kept=kept, gone=promise.customer, by=amina(), at=hours(1))
    assert fresh(promise).customer == kept


def test_promises_are_seen_with_their_case() -> None:
    from tenir.cases import verbs as cases
    from tenir.people.tests.scenes import team

    promise = a_bin()
    cases.move_to_team(promise.case, team=team("Direction", denise(), is_private=True), by=denise(), at=hours(1))
    assert access.promise_for(denise(), promise.pk) == promise
    with pytest.raises(Promise.DoesNotExist):
        access.promise_for(chloe(), promise.pk)
    assert list(access.promises_for(chloe())) == []
    stranger = customer("Zoé Martin")
    assert list(access.shown_to_customer(promise.case, promise.customer)) == [promise]
    assert list(access.shown_to_customer(promise.case, stranger)) == []
    with pytest.raises(Promise.DoesNotExist):
        access.promise_of_customer(promise.case, stranger, promise.pk)
    assert access.promise_of_customer(promise.case, promise.customer, promise.pk) == promise
