"""The worker goes on: past a poison task, a hanging server, a database that is away, a clock that is set back."""

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection

from tenir import clock
from tenir.ledger.models import Event
from tenir.outbox import handlers as registry
from tenir.outbox import verbs, worker
from tenir.outbox.handlers import GiveUp, Later, handles
from tenir.outbox.models import Task

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[4]


@pytest.fixture(autouse=True)
def own_handlers() -> Iterator[None]:
    """Handlers that a test registers are forgotten after it; what the desk does by itself rests meanwhile."""
    tables: tuple[Any, ...] = (registry.handlers, registry.on_death, registry.repeated, registry.services)
    kept = [dict(table) for table in tables]
    for table in tables:
        table.clear()
    yield
    for table, was in zip(tables, kept, strict=True):
        table.clear()
        table.update(was)


def plan(key: str = "bell", *, at: datetime = AT, due_at: datetime | None = None, kind: str = "test.ring") -> Task:
    return verbs.plan(kind, key=key, due_at=due_at or at, at=at)


def now(task: Task) -> Task:
    return Task.objects.get(pk=task.pk)


@pytest.mark.django_db
def test_a_task_is_done_and_does_not_come_again() -> None:
    rung: list[str] = []
    handles("test.ring")(lambda task: rung.append(task.key))
    task = plan()
    assert worker.work_once(at=AT)
    assert not worker.work_once(at=AT + timedelta(days=9))
    assert rung == ["bell"]
    assert now(task).state == Task.State.DONE


@pytest.mark.django_db
def test_a_poison_task_is_put_off_and_the_others_go_on(caplog: pytest.LogCaptureFixture) -> None:
    rung: list[str] = []

    @handles("test.ring")
    def ring(task: Task) -> None:
        if task.key == "poison":
            raise ZeroDivisionError("cracked")
        rung.append(task.key)

    poison, good = plan("poison"), plan("good", due_at=AT + timedelta(seconds=1))
    while worker.work_once(at=AT + timedelta(seconds=5)):
        pass
    assert rung == ["good"]
    assert now(good).state == Task.State.DONE
    put_off = now(poison)
    assert (put_off.state, put_off.failures, put_off.reason) == ("waiting", 1, "ZeroDivisionError: cracked")
    assert timedelta(seconds=10) < put_off.due_at - clock.now() < timedelta(seconds=16)
    assert "task failed" in caplog.text


@pytest.mark.django_db
def test_after_the_last_failure_it_is_dead_and_whoever_waits_is_told_first() -> None:
    told: list[str] = []
    handles("test.ring", if_given_up=lambda task, reason: told.append(f"{task.state} {reason}"))(_fail)
    task = plan()
    Task.objects.filter(pk=task.pk).update(failures=registry.MAX_FAILURES - 1)
    worker.work_once(at=AT)
    assert now(task).state == Task.State.DEAD
    assert told == ["waiting OSError: broken"]
    assert Event.objects.get().name == "task_died"


def _fail(_task: Task) -> None:
    raise OSError("broken")


@pytest.mark.django_db
def test_when_nobody_can_be_told_it_is_not_dead_yet() -> None:
    def cannot_tell(_task: Task, _reason: str) -> None:
        raise KeyError("nobody there")

    @handles("test.ring", if_given_up=cannot_tell)
    def hopeless(_task: Task) -> None:
        raise GiveUp("no such bell")

    task = plan()
    worker.work_once(at=AT)
    assert (now(task).state, now(task).reason) == (Task.State.WAITING, "no such bell")
    registry.on_death.clear()
    worker.work_once(at=clock.now() + timedelta(minutes=1))
    assert now(task).state == Task.State.DEAD


@pytest.mark.django_db
def test_being_put_off_is_no_failure() -> None:
    @handles("test.ring")
    def not_now(_task: Task) -> None:
        raise Later("greylisted", due_at=AT + timedelta(hours=1))

    task = plan()
    for hour in range(30):
        Task.objects.filter(pk=task.pk).update(due_at=AT)
        assert worker.work_once(at=AT + timedelta(hours=hour))
    assert (now(task).state, now(task).failures, now(task).reason) == ("waiting", 0, "greylisted")
    assert now(task).due_at == AT + timedelta(hours=1)


@pytest.mark.django_db(transaction=True)
def test_a_task_that_takes_longer_than_its_lease_is_done_by_one_worker_only() -> None:
    began, go = threading.Event(), threading.Event()
    rung: list[str] = []

    @handles("test.ring")
    def slow(task: Task) -> None:
        rung.append(task.key)
        began.set()
        assert go.wait(20)

    task = plan()

    def work() -> None:
        worker.work_once(at=AT)
        connection.close()

    hand = threading.Thread(target=work)
    hand.start()
    assert began.wait(20)
    worker.in_hand.renew(at=AT + timedelta(minutes=4))
    assert not worker.work_once(at=AT + timedelta(minutes=6)), "another worker finds nothing to take over"
    go.set()
    hand.join()
    assert rung == ["bell"]
    assert now(task).state == Task.State.DONE


def test_what_repeats_runs_on_its_interval_whatever_the_wall_clock_says() -> None:
    runs: list[datetime] = []
    seconds = [0.0]

    def every_five(at: datetime) -> None:
        runs.append(at)

    def broken(at: datetime) -> None:
        raise ValueError(at)

    registry.repeat(every=timedelta(seconds=5))(broken)
    registry.repeat(every=timedelta(seconds=5))(every_five)
    scheduler = worker.Scheduler(monotonic=lambda: seconds[0])
    for second in range(11):
        seconds[0] = float(second)
        scheduler.tick(at=AT - timedelta(hours=second))
    assert runs == [AT, AT - timedelta(hours=5), AT - timedelta(hours=10)]


# --- A clock that is set back --------------------------------------------------------------------------------------


class Clocks:
    """A wall clock that can be set, and a monotonic one that only goes on."""

    def __init__(self) -> None:
        self.wall, self.monotonic = AT, 1000.0

    def go(self, seconds: float, *, set_by: timedelta = timedelta(0)) -> None:
        self.monotonic += seconds
        self.wall += timedelta(seconds=seconds) + set_by


def test_a_clock_set_back_is_noticed_once_and_drift_is_let_pass(caplog: pytest.LogCaptureFixture) -> None:
    clocks = Clocks()
    watch = worker.ClockWatch(wall=lambda: clocks.wall, monotonic=lambda: clocks.monotonic)
    noticed: list[timedelta] = []
    for set_by in (0, 0.5, -0.5, 3600, -30, -3600, 0):
        clocks.go(1, set_by=timedelta(seconds=set_by))
        watch.look(noticed.append)
    assert noticed == [timedelta(hours=1)]
    assert [r.getMessage() for r in caplog.records if r.levelno == logging.WARNING] == ["the clock was set back"]


def test_when_setting_right_fails_it_is_tried_again() -> None:
    clocks = Clocks()
    watch = worker.ClockWatch(wall=lambda: clocks.wall, monotonic=lambda: clocks.monotonic)
    clocks.go(1, set_by=-timedelta(hours=1))

    def fail(_back: timedelta) -> None:
        raise ConnectionError

    with pytest.raises(ConnectionError):
        watch.look(fail)
    noticed: list[timedelta] = []
    watch.look(noticed.append)
    assert noticed == [timedelta(hours=1)]


# --- The real process ------------------------------------------------------------------------------------------------

DESK = """
import django
django.setup()
from tenir.outbox.handlers import handlers, handles, repeated, services
repeated.clear(); services.clear(); handlers.clear()

@handles("test.ring")
def ring(task):
    with open({log!r}, "a") as file:
        file.write(task.key + "\\n")

from tenir.outbox import worker
worker.AFTER_TROUBLE = 0.3
worker.run()
"""


def wait_until(true: Callable[[], bool], *, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.05)


@pytest.mark.crash
def test_a_worker_outlives_its_database(postgres: str, tmp_path: Path) -> None:
    """Every connection is cut and new ones are refused for a while, as when the server restarts."""
    log = tmp_path / "rung"
    log.touch()
    environ = os.environ | {
        "TENIR_DATABASE": postgres,
        "TENIR_DATA_DIR": str(tmp_path),
        "PYTHONPATH": str(ROOT / "src"),
        "DJANGO_SETTINGS_MODULE": "tenir.install.django_settings",
    }
    migrate = [sys.executable, "-m", "django", "migrate", "--skip-checks", "--verbosity", "0"]
    subprocess.run(migrate, env=environ, check=True, cwd=tmp_path)
    process = subprocess.Popen([sys.executable, "-c", DESK.format(log=str(log))], env=environ, cwd=tmp_path)
    name = postgres.rpartition("/")[2]
    try:
        with psycopg.connect(postgres, autocommit=True) as desk:
            _plan_by_hand(desk, "before")
            wait_until(lambda: log.read_text() == "before\n")
        with psycopg.connect(postgres.rpartition("/")[0] + "/postgres", autocommit=True) as server:
            server.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')  # type: ignore[arg-type,unused-ignore]
            server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
            time.sleep(1.5)
            assert process.poll() is None
            server.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')  # type: ignore[arg-type,unused-ignore]
        with psycopg.connect(postgres, autocommit=True) as desk:
            _plan_by_hand(desk, "after")
        wait_until(lambda: log.read_text() == "before\nafter\n")
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0
    finally:
        process.kill()
        process.wait()


def _plan_by_hand(desk: "psycopg.Connection[tuple[object, ...]]", key: str) -> None:
    desk.execute(
        """INSERT INTO outbox_task (kind, key, data, due_at, set_at, appointed, state, attempts, failures, reason,
                                    created_at)
           VALUES ('test.ring', %s, '{}', now(), now(), false, 'waiting', 0, 0, '', now())""",
        [key],
    )
