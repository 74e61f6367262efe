"""Work to do later: claimed once, put off when it fails, given up visibly, withdrawn in time."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenir.ledger.models import Event
from tenir.outbox import verbs
from tenir.outbox.handlers import MAX_FAILURES, next_try
from tenir.outbox.models import Task
from tests.racing import at_once

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def later(seconds: float) -> datetime:
    return AT + timedelta(seconds=seconds)


def plan(key: str = "bell", *, due: float = 0, **options: bool) -> Task:
    return verbs.plan("test.ring", key=key, due_at=later(due), at=AT, bell=key, **options)


def claim(seconds: float = 0) -> verbs.Claim | None:
    return verbs.claim_next(at=later(seconds), kinds=["test.ring"])


def now(task: Task) -> Task:
    return Task.objects.get(pk=task.pk)


def test_planning_the_same_twice_is_planning_it_once() -> None:
    first = plan(due=10)
    again = verbs.plan("test.ring", key="bell", due_at=later(99), at=later(5))
    assert again == first
    assert now(first).due_at == later(10)
    assert first.data == {"bell": "bell"}


def test_what_is_due_is_claimed_in_order_and_once() -> None:
    second, first, _future = plan("b", due=2), plan("a", due=1), plan("c", due=60)
    claims = [claim(5), claim(5), claim(5)]
    assert [c and c.task for c in claims] == [first, second, None]


def test_a_task_of_another_kind_is_left_to_who_can_do_it() -> None:
    plan()
    assert verbs.claim_next(at=later(5), kinds=["test.whistle"]) is None


def test_a_killed_worker_loses_its_task_after_the_lease_and_cannot_end_it_any_more() -> None:
    task = plan()
    dead = claim()
    assert dead is not None
    assert claim(verbs.LEASE.total_seconds() - 1) is None
    alive = claim(verbs.LEASE.total_seconds() + 1)
    assert alive is not None
    assert not verbs.done(dead, at=later(400))
    assert not verbs.later(dead, due_at=later(900), at=later(400), reason="late")
    assert not verbs.give_up(dead, at=later(400), reason="late")
    assert not verbs.hold_on(dead, at=later(400))
    assert verbs.done(alive, at=later(400))
    assert (now(task).state, now(task).attempts) == (Task.State.DONE, 2)


def test_a_slow_worker_that_is_alive_keeps_its_task() -> None:
    plan()
    slow = claim()
    assert slow is not None
    assert verbs.hold_on(slow, at=later(250))
    assert claim(500) is None
    assert verbs.done(slow, at=later(540))


def test_a_claimed_task_is_not_withdrawn_and_a_withdrawn_one_is_not_claimed() -> None:
    plan("a"), plan("b")
    first = claim()
    assert first is not None
    assert not verbs.withdraw("a", at=AT)
    assert not verbs.move("a", due_at=later(9))
    assert verbs.move("b", due_at=later(9))
    assert verbs.withdraw("b", at=AT)
    assert not verbs.withdraw("b", at=AT)
    assert not verbs.withdraw("nobody", at=AT)
    assert claim(20) is None


def test_a_dead_task_stays_visible_and_can_be_given_another_life() -> None:
    task = plan()
    first = claim()
    assert first is not None
    assert verbs.give_up(first, at=later(1), reason="x" * 3000)
    dead = now(task)
    assert (dead.state, dead.ended_at, len(dead.reason)) == (Task.State.DEAD, later(1), 2000)
    assert claim(9999) is None
    assert verbs.revive(task, at=later(2))
    assert not verbs.revive(task, at=later(2))
    assert now(task).failures == 0
    assert claim(3) is not None
    assert list(Event.objects.values_list("name", flat=True)) == ["task_died", "task_revived"]


@given(st.integers(1, 500))
def test_waiting_times_grow_to_six_hours_and_never_beyond(failures: int) -> None:
    assert timedelta(seconds=15) <= next_try(failures) <= timedelta(hours=6)
    assert next_try(failures) <= next_try(failures + 1)


def test_all_tries_together_last_almost_two_days() -> None:
    waits = [next_try(failures) for failures in range(1, MAX_FAILURES)]
    assert waits[:4] == [timedelta(seconds=s) for s in (15, 30, 60, 120)]
    assert timedelta(hours=44) < sum(waits, timedelta()) < timedelta(hours=45)


@pytest.mark.django_db(transaction=True)
def test_eight_workers_do_each_of_two_hundred_tasks_once() -> None:
    for number in range(200):
        plan(f"bell {number:03}", due=number / 100)

    def work(_number: int) -> list[str]:
        mine = []
        while (claimed := claim(60)) is not None:
            mine.append(claimed.task.key)
            assert verbs.done(claimed, at=later(60))
        return mine

    results = at_once(8, work)
    done = [key for mine in results for key in mine]
    assert sorted(done) == [f"bell {number:03}" for number in range(200)]
    assert set(Task.objects.values_list("state", "attempts")) == {("done", 1)}
    assert sum(1 for mine in results if mine) > 1, "they shared the work"


# --- A clock that goes back --------------------------------------------------------------------------------------


def test_what_was_planned_by_a_clock_that_was_ahead_keeps_its_waiting_time() -> None:
    held, old = plan("held", due=10), plan("old", due=10)
    Task.objects.filter(pk=old.pk).update(set_at=AT - timedelta(hours=3), due_at=later(3600))
    chosen = plan("chosen", due=1800, appointed=True)
    an_hour_back = AT - timedelta(hours=1) + timedelta(seconds=2)
    assert verbs.set_right(at=an_hour_back, back_by=timedelta(hours=1)) == 1
    assert now(held).due_at == an_hour_back + timedelta(seconds=10)
    assert now(chosen).due_at == later(1800), "a person chose this instant"
    assert now(old).due_at == later(3600), "planned before: nothing tells that its clock was wrong"
    assert verbs.set_right(at=an_hour_back) == 0
    event = Event.objects.get(name="clock_set_back")
    assert event.data == {"seconds": 3600, "tasks": 1}


def test_a_lease_of_the_time_before_ends_five_minutes_from_now_too() -> None:
    plan()
    dead = claim()
    assert dead is not None
    back = AT - timedelta(hours=1)
    verbs.set_right(at=back, back_by=timedelta(hours=1))
    assert verbs.claim_next(at=back + timedelta(minutes=6), kinds=["test.ring"]) is not None


def test_a_worker_that_starts_with_a_right_clock_says_nothing() -> None:
    plan(due=10)
    assert verbs.set_right(at=later(1)) == 0
    assert verbs.set_right(at=later(-30)) == 0, "clocks of two machines differ a little"
    assert not Event.objects.exists()


def test_what_joins_a_task_is_in_it_and_nothing_joins_a_claimed_one() -> None:
    def planned(key: str, case: int) -> Task:
        return verbs.plan("test.join", key=key, due_at=AT, at=AT, case_id=case, events=[1])

    one, other = planned("join:one", 7), planned("join:other", 8)
    assert verbs.join("test.join", case_id=7, name="events", value=2)
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.data, other.data) == ({"events": [1, 2]}, {"events": [1]})
    while verbs.claim_next(at=AT, kinds=["test.join"]):
        pass
    assert not verbs.join("test.join", case_id=7, name="events", value=3)
    assert not verbs.join("test.other", case_id=8, name="events", value=3)
