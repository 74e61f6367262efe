"""Alarms: each once, in order, at the right time, and never for what was changed meanwhile."""

import threading
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tenir.cases.models import Case
from tenir.cases.tests.scenes import bin_without_lid, customer, facts
from tenir.ledger.models import Event
from tenir.ledger.refusals import Refusal
from tenir.people.tests.scenes import MONDAY, amina
from tenir.promises import alarms, dates, engine, verbs
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

pytestmark = pytest.mark.django_db(transaction=True)


def given() -> list[str]:
    """The alarms that were given, in order, but for those of calls that nobody made."""
    names = ["promise_warned", "promise_fell_due", "promise_late", "promise_asked_about", "promise_to_decide"]
    tells = set(Promise.objects.filter(kind="tell").values_list("pk", flat=True))
    events = Event.objects.filter(name__in=names).order_by("pk")
    return [event.name for event in events if event.data["promise"] not in tells]


def run(begin: datetime, end: datetime, *, every: timedelta = timedelta(minutes=30)) -> list[tuple[datetime, str]]:
    """Ticks from one instant to another; when which alarm was given."""
    seen: list[tuple[datetime, str]] = []
    at, before = begin, len(given())
    while at <= end:
        if engine.tick(at=at):
            seen.extend((at, name) for name in given()[before:])
            before = len(given())
        at += every
    return seen


def test_a_warning_in_proportion_then_the_date_then_late() -> None:
    a_bin()
    assert run(MONDAY, days(5)) == [
        (hours(36), "promise_warned"),
        (hours(48), "promise_fell_due"),
        (hours(72), "promise_late"),
    ]


def test_a_short_promise_warns_shortly_before() -> None:
    plain(due=dates.by_the_clock(MONDAY, timedelta(hours=1)))
    five = timedelta(minutes=5)
    assert [(at - MONDAY).seconds // 60 for at, _ in run(MONDAY, hours(3), every=five)] == [45, 60, 90]


def test_a_promise_by_the_calendar_warns_by_the_calendar() -> None:
    office()
    plain(due=dates.in_working_days(days(4), 1), at=days(4))  # Friday at ten in Paris, until Monday at six
    seen = run(days(4), days(8))
    assert seen[0] == (days(7) + timedelta(hours=4), "promise_warned")  # Monday, 13:45: the next tick
    assert seen[1] == (days(7) + timedelta(hours=8), "promise_fell_due")


def test_the_customers_deadline_comes_before_ours() -> None:
    a_bin(deadline=verbs.Deadline(hours(20)))
    assert run(MONDAY, hours(48))[:2] == [(hours(15), "promise_warned"), (hours(20), "promise_fell_due")]


def test_the_change_of_the_clock_moves_no_promise_by_the_clock_and_follows_the_wall_by_the_calendar() -> None:
    office()
    friday = datetime.fromisoformat("2026-03-27T09:00+00:00")  # summer time begins on Sunday
    clock = a_bin(due=dates.by_the_clock(friday, timedelta(hours=72)), at=friday)
    calendar = plain(bin_without_lid(key="b"), due=dates.in_working_days(friday, 1), at=friday)
    assert clock.due_at == friday + timedelta(hours=72)
    assert calendar.due_at == datetime.fromisoformat("2026-03-30T18:00+02:00")
    fell = [at for at, name in run(friday, friday + timedelta(days=4)) if name == "promise_fell_due"]
    assert fell == [clock.due_at, calendar.due_at]


def test_nothing_is_given_for_a_promise_that_was_changed() -> None:
    case = bin_without_lid()
    moved = another_date(a_bin(case), to=days(10), at=hours(30))
    says(plain(case), Answer.KEPT, at=hours(30))
    withdrawn = plain(case)
    verbs.withdraw(withdrawn, seen=0, because="x", told=Told.BY_CALL, by=amina(), at=hours(30))
    assert run(hours(30), days(5)) == []
    assert fresh(moved).next_alarm == "warning"


def test_what_goes_overdue_puts_the_call_on_a_list() -> None:
    office()
    promise = a_bin()
    engine.tick(at=hours(48))
    tell = Promise.objects.get(kind="tell")
    assert fresh(promise).told_by == tell
    assert (tell.owner, tell.way, tell.due_at) == (amina(), "letter", hours(50))
    assert tell.words == (
        "Bonjour Émile Durand,\nNous vous avions promis «\xa0Livrer le bac vert et son couvercle\xa0» pour le "
        "mercredi 4 mars, 10:00, et ce n’est pas encore fait. Nous le regrettons.\nVoici ce qui va se passer\xa0:"
    )
    assert facts("promise_fell_due") == [
        {"promise": promise.pk, "due": hours(48).isoformat(), "holder": amina().pk, "tell": tell.pk}
    ]
    delivered(tell, at=hours(49))
    run(hours(49), days(4))
    assert Promise.objects.filter(kind="tell").count() == 1  # once: being late tells supervisors


def test_one_call_for_a_case_however_much_is_owed_there() -> None:
    case = bin_without_lid()
    for what in ("un", "deux", "trois"):
        plain(case, what=what)
    plain(bin_without_lid(key="b", who=customer("Zoé Martin")))
    engine.tick(at=hours(47))
    engine.tick(at=hours(49))
    assert Promise.objects.filter(kind="tell").count() == 2
    words = Promise.objects.get(kind="tell", case=case).words
    assert all(what in words for what in ("«\xa0un\xa0»", "«\xa0deux\xa0»", "«\xa0trois\xa0»"))
    plain(case, what="quatre", due=dates.on(hours(60)))
    engine.tick(at=hours(61))
    assert "quatre" in Promise.objects.get(kind="tell", case=case).words


def test_a_day_down_catches_up_in_order_without_a_storm() -> None:
    long = a_bin(what="loin", due=dates.by_the_clock(MONDAY, timedelta(days=8)))
    due = [plain(bin_without_lid(key=f"k{n}"), what=f"{n}", due=dates.on(hours(30 + n))) for n in (3, 1, 2)]
    back = days(7)
    assert engine.tick(at=back) == 4
    assert [fact["promise"] for fact in facts("promise_fell_due")] == [due[1].pk, due[2].pk, due[0].pk]
    assert [fact["promise"] for fact in facts("promise_warned")] == [long.pk]  # its date is still to come
    assert facts("promise_late") == []
    assert engine.tick(at=back + timedelta(minutes=1)) == 0  # time to act before anybody is told that it is late
    engine.tick(at=back + timedelta(minutes=16))
    assert len(facts("promise_late")) == 3
    before = len(given())
    run(back + timedelta(minutes=17), back + timedelta(hours=20))
    assert len(given()) == before


def test_standing_promises_put_nothing_on_the_list() -> None:
    from tenir.promises.jobs import follow_cases

    rule("first_answer", timedelta(hours=1), calendar=None)
    bin_without_lid()
    follow_cases(MONDAY)
    seen = run(MONDAY, hours(10), every=timedelta(minutes=15))
    assert [name for _, name in seen] == [
        "promise_warned",
        "promise_fell_due",
        "promise_late",
    ]
    assert not Promise.objects.filter(kind="tell").exists()


def test_a_tick_with_nothing_due_is_one_query() -> None:
    for number in range(5):
        a_bin(bin_without_lid(key=f"{number}"))
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert engine.tick(at=hours(1)) == 0
    assert len(seen) == 1


def test_a_batch_costs_the_same_number_of_queries_however_large() -> None:
    def queries(count: int, at: float) -> int:
        for number in range(count):
            plain(bin_without_lid(key=f"{at}-{number}"), due=dates.on(hours(at)))
        with CaptureQueriesContext(connection) as seen:
            engine.tick(at=hours(at))
        return len(seen)

    queries(1, 20)  # the first of all
    Promise.objects.update(next_alarm_at=None, next_alarm="")
    few = queries(2, 30)
    Promise.objects.update(next_alarm_at=None, next_alarm="")
    assert queries(20, 40) == few


def test_batches_are_taken_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "BATCH", 2)
    case = bin_without_lid()
    for _ in range(5):
        plain(case)
    assert engine.tick(at=hours(50), most=3) == 3
    assert engine.tick(at=hours(50)) == 2
    assert engine.tick(at=hours(50)) == 0


def test_two_engines_at_once_give_each_alarm_once() -> None:
    for number in range(60):
        plain(bin_without_lid(key=f"{number}"))
    start = threading.Barrier(3)
    counts: list[int] = []

    def work() -> None:
        try:
            start.wait()
            counts.extend(engine.tick(at=hours(49), most=7) for _ in range(40))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(counts) == 60
    assert sorted(fact["promise"] for fact in facts("promise_fell_due")) == sorted(
        Promise.objects.exclude(kind="tell").values_list("pk", flat=True)
    )


def test_the_engine_and_people_at_once() -> None:
    """Whoever comes first wins whole: a promise is moved without an alarm, or its alarm was given before."""
    promises = [plain(bin_without_lid(key=f"{number}")) for number in range(30)]
    start = threading.Barrier(2)
    refused: list[Refusal] = []

    def people() -> None:
        try:
            by = amina()
            start.wait()
            for promise in promises:
                try:
                    verbs.renegotiate(
                        promise, seen=0, due=dates.on(days(9)), because="x", told=Told.BY_CALL, by=by, at=hours(49)
                    )
                except Refusal as strange:
                    refused.append(strange)
        finally:
            connection.close()

    thread = threading.Thread(target=people)
    thread.start()
    start.wait()
    for _ in range(30):
        engine.tick(at=hours(49), most=3)
    thread.join()
    assert refused == []
    assert set(Promise.objects.exclude(kind="tell").values_list("due_at", "next_alarm")) == {(days(9), "warning")}
    open_tells = Promise.objects.filter(kind="tell", state="open").count()
    assert open_tells == 0  # everybody was told


def test_who_moves_a_promise_under_the_engine_stops_the_whole_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    promise = a_bin()
    lock = engine._lock

    def slow_lock(ids: list[int], *, at: datetime) -> list[Promise]:
        rows = lock(ids, at=at)
        Promise.objects.filter(pk=promise.pk).update(next_alarm_at=days(20))
        return rows

    monkeypatch.setattr(engine, "_lock", slow_lock)
    with pytest.raises(engine.MovedUnderUs):
        engine.tick(at=hours(49))
    assert given() == []
    assert not Promise.objects.filter(kind="tell").exists()


def test_one_bad_row_keeps_no_other_from_its_alarm(monkeypatch: pytest.MonkeyPatch) -> None:
    bad, good = plain(bin_without_lid(key="a")), plain(bin_without_lid(key="b"))
    after = alarms.after

    def broken(promise: Promise, given: str, *, at: datetime) -> alarms.Alarm:
        if promise.pk == bad.pk:
            raise ZeroDivisionError
        return after(promise, given, at=at)

    monkeypatch.setattr(alarms, "after", broken)
    assert engine.tick(at=hours(49)) == 1
    assert [fact["promise"] for fact in facts("promise_fell_due")] == [good.pk]
    assert facts("promise_alarm_failed") == [{"promise": bad.pk}]
    assert fresh(bad).next_alarm_at == hours(50)
    monkeypatch.undo()
    assert engine.tick(at=hours(50)) == 1
    assert fresh(bad).told_by is not None


def test_a_calendar_that_can_no_longer_be_read_keeps_nothing_from_its_alarm() -> None:
    calendar = office()
    promise = plain(due=dates.in_working_days(MONDAY, 1))
    type(calendar).objects.update(definition={"zone": "Europe/Paris", "week": [], "holidays": [["XX", "Atlantis"]]})
    assert [name for _, name in run(MONDAY, days(2))][:2] == ["promise_warned", "promise_fell_due"]
    assert fresh(promise).told_by is not None


def test_a_case_in_somebodys_hands_waits_for_the_next_tick() -> None:
    if connection.vendor != "postgresql":
        return  # one writer at a time: nobody else can hold anything
    promise, free = a_bin(), plain(bin_without_lid(key="free"))
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        from django.db import transaction

        try:
            with transaction.atomic():
                Case.objects.select_for_update().get(pk=promise.case_id)
                held.set()
                done.wait(10)
        finally:
            connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(10)
    assert engine.tick(at=hours(49)) == 1
    assert facts("promise_fell_due")[0]["promise"] == free.pk
    done.set()
    thread.join()
    assert engine.tick(at=hours(49)) == 1


def test_alarms_of_a_delivered_promise_ask_at_growing_intervals() -> None:
    promise = delivered(a_bin(), at=hours(24))
    asked = []
    while promise.next_alarm_at:
        asked.append((promise.next_alarm, (promise.next_alarm_at - hours(24)).days))
        at = promise.next_alarm_at
        promise.next_alarm_at, promise.next_alarm = alarms.after(promise, promise.next_alarm, at=at)
    assert asked == [("ask1", 2), ("ask2", 7), ("ask3", 21), ("unasked", 28)]
