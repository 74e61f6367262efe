"""Standing promises follow what happens to a case, through the ledger."""

from datetime import datetime, timedelta

import pytest

from tenir.cases import verbs as cases
from tenir.cases.models import Case, Category
from tenir.cases.tests.scenes import (
    bin_without_lid,
    customer,
    facts,
    leaves,
    reply,
    told,
    writes_again,
)
from tenir.cases.tests.scenes import delivered as answered
from tenir.customers.models import Subscription
from tenir.ledger.models import Event
from tenir.people.rights import NotAllowed
from tenir.people.tests.scenes import MONDAY, alix, amina, bruno, chloe, denise, team
from tenir.promises import access, engine, errors, standing, verbs
from tenir.promises.jobs import follow_cases
from tenir.promises.models import Policy, Promise
from tenir.promises.tests.scenes import Told, a_bin, another_date, days, fresh, hours, office, rule
from tenir.promises.verbs import For

pytestmark = pytest.mark.django_db(transaction=True)

FOUR_HOURS = timedelta(hours=4)
NIGHT = {"zone": "Europe/Paris", "week": [["22:00-6:00"]] * 7}


def called(case: Case, *, at: datetime, text: str, cut: bool) -> None:
    """Amina calls the customer, and notes it."""
    cases.log_call(case, by=amina(), at=at, said_at=at, direction="out", text=text, cut=cut)


def owed(case: Case) -> dict[str, tuple[str, datetime]]:
    """The standing promises of a case by their kind: the state and date of the last one."""
    follow_cases(MONDAY)
    rows = Promise.objects.filter(case=case, policy__isnull=False).order_by("pk")
    return {row.kind: (row.state, row.due_at) for row in rows}


def test_the_first_answer_is_owed_from_the_letter_on_and_kept_when_it_left() -> None:
    rule("first_answer", FOUR_HOURS)
    case = bin_without_lid(at=hours(7))  # at five in the afternoon in Paris: one hour is left today
    assert owed(case) == {"first_answer": ("open", days(1) + timedelta(hours=2))}
    promise = Promise.objects.get()
    assert (promise.customer, promise.owner, promise.policy) == (case.customer, None, Policy.objects.get())
    message = reply(case, amina(), at=hours(8))
    leaves(message, at=hours(8.5))
    assert owed(case)["first_answer"][0] == "open"  # on its way is not there
    cases.sent(message, answer="250 ok", at=hours(9))
    assert owed(case)["first_answer"][0] == "kept"
    assert facts("promise_kept")[-1]["proof"] == "record"


def test_the_next_answer_counts_from_the_oldest_words_without_an_answer() -> None:
    rule("first_answer", FOUR_HOURS)
    rule("next_answer", timedelta(hours=2))
    case = bin_without_lid()
    writes_again(case, at=hours(1))
    assert owed(case) == {"first_answer": ("open", hours(4))}
    answered(case, amina(), at=hours(2))
    writes_again(case, at=hours(3))
    writes_again(case, at=hours(4))
    assert owed(case)["next_answer"] == ("open", hours(5))
    answered(case, amina(), at=hours(4.5))
    assert owed(case)["next_answer"][0] == "kept"
    writes_again(case, at=hours(5))
    assert owed(case)["next_answer"] == ("open", hours(7))
    assert Promise.objects.filter(kind="next_answer").count() == 2


def test_words_that_crossed_are_no_answer() -> None:
    rule("first_answer", FOUR_HOURS)
    rule("next_answer", FOUR_HOURS)
    case = bin_without_lid()
    answered(case, amina(), at=hours(1))
    message = reply(case, amina(), text="Autre chose", at=hours(2))
    writes_again(case, at=hours(2) + timedelta(seconds=5))
    leaves(message, at=hours(2) + timedelta(seconds=10))
    cases.sent(message, answer="250 ok", at=hours(2) + timedelta(seconds=11))
    assert owed(case)["next_answer"][0] == "open"


def test_a_call_is_an_answer_unless_the_line_was_cut() -> None:
    rule("first_answer", FOUR_HOURS)
    case = bin_without_lid()
    called(case, at=hours(1), text="Coupé", cut=True)
    assert owed(case)["first_answer"][0] == "open"
    called(case, at=hours(2), text="Expliqué", cut=False)
    assert owed(case)["first_answer"][0] == "kept"


def test_news_and_ending_stop_counting_while_the_customer_has_the_ball() -> None:
    rule("keep_informed", timedelta(days=2), calendar=None)
    rule("end", timedelta(days=10), calendar=None)
    case = bin_without_lid()
    answered(case, amina(), at=hours(2))
    follow_cases(MONDAY)
    assert fresh_case(case).state == "waiting_for_customer"
    paused = Promise.objects.get(kind="end")
    assert paused.left == timedelta(days=10) - timedelta(hours=2)
    assert paused.next_alarm_at is None
    assert engine.tick(at=days(30)) == 0
    writes_again(case, at=days(5))
    assert owed(case)["end"] == ("open", days(15) - timedelta(hours=2))
    assert owed(case)["keep_informed"][0] == "open"
    assert "promise_paused" in told(case)
    assert "promise_resumed" in told(case)


def fresh_case(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def test_news_is_owed_again_after_each_answer() -> None:
    rule("keep_informed", timedelta(days=2), calendar=None)
    case = bin_without_lid()
    assert owed(case) == {}  # first comes the first answer
    called(case, at=hours(1), text="Nous cherchons", cut=False)
    assert owed(case)["keep_informed"] == ("open", hours(1) + timedelta(days=2))
    called(case, at=days(1), text="Nous cherchons encore", cut=False)
    assert owed(case)["keep_informed"][1] == days(3)
    assert sorted(Promise.objects.values_list("state", flat=True)) == ["kept", "open"]


def test_the_ending_settles_what_stands() -> None:
    rule("first_answer", FOUR_HOURS)
    rule("end", timedelta(days=10))
    case = bin_without_lid()
    assert set(owed(case)) == {"first_answer", "end"}
    cases.end(case, kind="solved", by=amina(), at=hours(3))
    states = {kind: state for kind, (state, _) in owed(case).items()}
    assert states == {"first_answer": "withdrawn", "end": "kept"}
    cases.reopen(case, by=amina(), at=hours(5))
    assert owed(case)["end"][0] == "open"


def test_not_solved_waits_for_an_answer() -> None:
    rule("next_answer", FOUR_HOURS)
    case = bin_without_lid()
    answered(case, amina(), at=hours(1))
    cases.say_not_solved(case, by=case.customer, at=hours(2))
    assert owed(case)["next_answer"] == ("open", hours(6))


def test_whoever_has_the_case_answers_for_it() -> None:
    rule("first_answer", FOUR_HOURS)
    case = bin_without_lid()
    cases.take(case, by=amina(), at=hours(1))
    owed(case)
    assert Promise.objects.get().owner == amina()
    offer = cases.offer_handover(case, to=bruno(), story="Le bac", by=amina(), at=hours(2))
    cases.answer_handover(offer, accept=False, by=bruno(), at=hours(2))
    owed(case)
    assert Promise.objects.get().owner == amina()
    cases.give(case, to=chloe(), by=denise(), at=hours(3))
    owed(case)
    assert Promise.objects.get().owner == chloe()
    cases.release(case, by=chloe(), at=hours(4))
    owed(case)
    assert Promise.objects.get().owner is None


def test_the_policy_with_the_most_criteria_holds() -> None:
    lids = Category.objects.create(name="Couvercles")
    rule("first_answer", timedelta(hours=9), name="all")
    rule("first_answer", timedelta(hours=5), name="mail", whom=For(channel="email"))
    rule("first_answer", timedelta(hours=4), name="French mail", whom=For(channel="email", language="fr"))
    rule("first_answer", timedelta(hours=3), name="plan", whom=For(channel="email", language="fr", plan="Or"))
    rule("first_answer", timedelta(hours=2), name="lids", whom=For(category=lids))
    rule("first_answer", timedelta(hours=1), name="another team", whom=For(team=team("Autre"), channel="email"))
    english = bin_without_lid(who=customer("Zoé Martin", language="en"), language="en")
    named = {}
    for name, case in (("en", english), ("fr", bin_without_lid())):
        named[name] = standing.policy_for(case, "first_answer", at=MONDAY).name  # type: ignore[union-attr]
    assert named == {"en": "mail", "fr": "French mail"}
    Subscription.objects.create(customer=english.customer, number="1", product="P", plan="Or", state="active")
    assert standing.policy_for(english, "first_answer", at=MONDAY).name == "mail"  # type: ignore[union-attr]
    french = bin_without_lid()
    Subscription.objects.create(customer=french.customer, number="2", product="P", plan="Or", state="active")
    assert standing.policy_for(french, "first_answer", at=MONDAY).name == "plan"  # type: ignore[union-attr]


def test_another_category_counts_again_from_the_same_beginning() -> None:
    urgent = Category.objects.create(name="Urgent")
    rule("first_answer", timedelta(hours=8))
    rule("first_answer", timedelta(hours=2), whom=For(category=urgent))
    case = bin_without_lid()
    assert owed(case)["first_answer"][1] == hours(8)
    cases.categorise(case, category=urgent, by=amina(), at=hours(1))
    assert owed(case)["first_answer"][1] == hours(2)
    promise = Promise.objects.get()
    assert promise.first_due_at == hours(8)
    assert promise.next_alarm_at == hours(1.5)


def test_a_policy_is_for_what_comes_after_it_and_until_it_is_retired() -> None:
    before = bin_without_lid(at=hours(1))
    policy = rule("first_answer", FOUR_HOURS, at=hours(2))
    during = bin_without_lid(key="b", at=hours(3))
    verbs.retire_policy(policy, by=alix(), at=hours(4))
    verbs.retire_policy(policy, by=alix(), at=hours(5))
    after = bin_without_lid(key="c", at=hours(5))
    assert (owed(before), owed(during)["first_answer"][0], owed(after)) == ({}, "open", {})
    assert len(facts("policy_retired")) == 1


def test_the_reader_repeats_nothing() -> None:
    rule("first_answer", FOUR_HOURS)
    rule("end", timedelta(days=10))
    case = bin_without_lid()
    before = owed(case)
    events = list(Event.objects.order_by("pk"))
    from django.db import transaction

    with transaction.atomic():
        standing.follow(events)
    assert owed(case) == before
    assert Promise.objects.count() == 2


def test_a_desk_without_policies_owes_nothing_by_rule() -> None:
    assert owed(bin_without_lid()) == {}


def test_words_to_the_customer_are_the_call_that_was_on_the_list() -> None:
    case = bin_without_lid()
    another_date(a_bin(case), to=days(4), at=hours(2), told=Told.NOT_YET)
    reply_before = reply(case, amina(), at=hours(1))
    leaves(reply_before, at=hours(2.5))
    cases.sent(reply_before, answer="250 ok", at=hours(3))
    follow_cases(MONDAY)
    tell = Promise.objects.get(kind="tell")
    assert tell.state == "open"  # it was written before
    answered(case, amina(), at=hours(4))
    follow_cases(MONDAY)
    assert fresh(tell).state == "kept"


def calls_owed(case: Case) -> list[tuple[str, datetime, object]]:
    follow_cases(MONDAY)
    rows = Promise.objects.filter(case=case, kind="callback").order_by("pk")
    return [(row.state, row.due_at, row.owner) for row in rows]


def test_a_line_that_was_cut_is_called_back_and_once_is_enough() -> None:
    office()
    case = bin_without_lid(language="en")
    called(case, at=hours(1), text="Coupé", cut=True)
    called(case, at=hours(2), text="Encore coupé", cut=True)
    assert calls_owed(case) == [("open", hours(5), amina())]
    promise = Promise.objects.get(kind="callback")
    assert promise.what == "We will call you back"
    assert promise.made_in == case.messages.filter(kind="call").order_by("pk")[0]
    with pytest.raises(errors.StillOwed):
        cases.end(case, kind="solved", by=amina(), at=hours(3))
    engine.tick(at=hours(5))
    called(case, at=hours(6), text="Tout expliqué", cut=False)
    assert calls_owed(case)[0][0] == "kept"
    assert facts("promise_kept")[-1]["on_time"] is False
    assert not Promise.objects.filter(kind="tell", state="open").exists()


def test_who_was_reached_since_or_whose_case_ended_is_owed_no_call() -> None:
    case, ended = bin_without_lid(), bin_without_lid(key="b")
    called(case, at=hours(1), text="Coupé", cut=True)
    called(case, at=hours(2), text="Tout dit", cut=False)
    called(ended, at=hours(1), text="Coupé", cut=True)
    cases.end(ended, kind="solved", by=amina(), at=hours(2))
    assert calls_owed(case) == calls_owed(ended) == []


def test_a_customer_who_asks_for_a_call_is_owed_one_by_whoever_takes_the_case() -> None:
    office()
    case = bin_without_lid()
    cases.ask_callback(
        case, by=case.customer, at=hours(1), number="+33612345678", when="ce soir", words="Rappelez-moi", key="k"
    )
    assert calls_owed(case) == [("open", hours(5), None)]
    engine.tick(at=hours(5))
    cases.take(case, by=bruno(), at=hours(6))
    assert calls_owed(case) == [("open", hours(5), bruno())]


def test_a_cut_line_is_no_answer() -> None:
    rule("first_answer", FOUR_HOURS)
    rule("next_answer", FOUR_HOURS)
    case = bin_without_lid()
    called(case, at=hours(1), text="Coupé", cut=True)
    writes_again(case, at=hours(2))
    assert owed(case) == {"first_answer": ("open", hours(4))}


def test_policies_are_written_by_supervisors_in_terms_that_exist() -> None:
    with pytest.raises(NotAllowed):
        verbs.keep_policy(name="x", kind="end", within=FOUR_HOURS, by=amina(), at=MONDAY)
    for change, refusal in (
        ({"kind": "delivery"}, errors.NotAChoice),
        ({"whom": For(channel="pigeon")}, errors.NotAChoice),
        ({"within": timedelta(0)}, errors.DateMissing),
        ({"within": timedelta(days=999)}, errors.DateMissing),
        ({"name": " "}, errors.WordsMissing),
    ):
        given = {"name": "x", "kind": "end", "within": FOUR_HOURS} | change
        with pytest.raises(refusal):
            verbs.keep_policy(by=denise(), at=MONDAY, **given)  # type: ignore[arg-type]
    assert not Policy.objects.exists()


def test_customers_read_the_rules_that_the_desk_shows() -> None:
    shown = rule("first_answer", FOUR_HOURS, is_shown=True)
    rule("end", timedelta(days=10))
    case = bin_without_lid()
    owed(case)
    assert list(access.service_charter()) == [shown]
    assert [each.kind for each in access.shown_to_customer(case, case.customer)] == ["first_answer"]


# --- Calendars -----------------------------------------------------------------------------------------------------


def test_the_first_calendar_is_the_desks_own_until_another_is_chosen() -> None:
    one = office()
    two = verbs.add_calendar(name="Nuit", hours=NIGHT, by=denise(), at=MONDAY)
    assert (one.is_desks, two.is_desks) == (True, False)
    verbs.choose_desk_calendar(two, by=denise(), at=MONDAY)
    one.refresh_from_db()
    assert one.is_desks is False
    with pytest.raises(errors.NameTaken):
        verbs.add_calendar(name="Nuit", hours=two.definition, by=denise(), at=MONDAY)
    with pytest.raises(NotAllowed):
        verbs.change_calendar(two, hours=one.definition, by=amina(), at=MONDAY)
    with pytest.raises(errors.NotACalendar) as refused:
        verbs.change_calendar(two, hours=one.definition | {"week": [["9"]] * 7}, by=denise(), at=MONDAY)
    assert "9:00-12:00" in str(refused.value)


def test_other_hours_move_no_promise_that_was_made() -> None:
    from tenir.promises import dates

    calendar = office()
    promise = a_bin(due=dates.in_working_days(MONDAY, 1))
    verbs.change_calendar(calendar, hours=calendar.definition | {"week": [["9:00-12:00"]] * 7}, by=denise(), at=MONDAY)
    assert fresh(promise).due_at == promise.due_at
    assert dates.in_working_days(MONDAY, 1).at == days(1) + timedelta(hours=2)


def test_closures_come_from_a_file() -> None:
    from datetime import date

    from tenir.clock.tests.test_icalendar_import import a_file
    from tenir.promises import dates

    calendar = office()
    raw = a_file("SUMMARY:Inventaire\nDTSTART;VALUE=DATE:20260303\nDTEND;VALUE=DATE:20260305")
    period = {"first": date(2026, 1, 1), "last": date(2026, 12, 31)}
    found = verbs.import_closures(calendar, raw=raw, by=denise(), at=MONDAY, **period)
    assert found.days == 2
    assert dates.in_working_days(MONDAY, 1).at == days(3) + timedelta(hours=8)
    with pytest.raises(errors.NotAnICalendarFile):
        verbs.import_closures(calendar, raw=b"PK", by=denise(), at=MONDAY, **period)
