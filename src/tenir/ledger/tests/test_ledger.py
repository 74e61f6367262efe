"""Append-only, in commit order, each event once to each reader, whatever crashes."""

import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

import psycopg
import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from tenir.ledger import readers
from tenir.ledger.events import SYSTEM, Actor, Fact, read_fact, register, registry
from tenir.ledger.models import Bookmark, Event
from tenir.ledger.readers import Position, after, end, go_on_after_restore, position_of, read_on
from tenir.ledger.verbs import record, record_all, verb
from tests.racing import at_once

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@register("test_bell_rang")
class BellRang(Fact):
    """What the tests write: a bell rang so many times."""

    times: int

    def sentence(self) -> str:
        return f"rang {self.times} times"


@verb
def ring(times: int) -> Event:
    record(BellRang(times=times, case=times), by=SYSTEM, at=AT)
    return Event.objects.latest("id")


def rung(events: Iterable[Event]) -> list[int]:
    return [event.data["times"] for event in events]


# --- Writing -------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_an_event_says_what_who_when_and_about_whom() -> None:
    with transaction.atomic():
        record(BellRang(times=3, case=7, customer=8), by=Actor("customer", 8), at=AT)
    event = Event.objects.get()
    assert (event.name, event.data, event.at) == ("test_bell_rang", {"times": 3}, AT)
    assert (event.actor_kind, event.actor_id, event.case_id, event.customer_id) == ("customer", 8, 7, 8)
    assert read_fact(event.name, case=7, customer=8, data=event.data | {"gone": 1}) == BellRang(
        times=3, case=7, customer=8
    )
    assert read_fact("never_heard_of", case=None, customer=None, data={}) is None


@pytest.mark.django_db
def test_several_events_keep_their_order() -> None:
    with transaction.atomic():
        record_all([BellRang(times=n) for n in range(5)], by=SYSTEM, at=AT)
    assert rung(Event.objects.order_by("pk")) == [0, 1, 2, 3, 4]
    assert set(Event.objects.values_list("actor_kind", "actor_id")) == {("system", None)}


@pytest.mark.django_db(transaction=True)
def test_an_event_without_its_change_is_refused() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        record(BellRang(times=1), by=SYSTEM, at=AT)
    with pytest.raises(transaction.TransactionManagementError):
        record_all([BellRang(times=1)], by=SYSTEM, at=AT)


@pytest.mark.django_db(transaction=True)
def test_a_verb_that_fails_has_told_nothing() -> None:
    @verb
    def ring_and_fall() -> None:
        record(BellRang(times=1), by=SYSTEM, at=AT)
        raise KeyError("fell")

    with pytest.raises(KeyError):
        ring_and_fall()
    assert not Event.objects.exists()


def test_two_events_cannot_have_one_name() -> None:
    with pytest.raises(ValueError, match="test_bell_rang"):
        register("test_bell_rang")(type("Other", (Fact,), {}))
    assert registry["test_bell_rang"] is BellRang


@pytest.mark.django_db
@pytest.mark.parametrize("change", ["UPDATE ledger_event SET at = at", "DELETE FROM ledger_event"])
def test_the_database_itself_refuses_to_change_or_delete_an_event(change: str) -> None:
    ring(1)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
    assert Event.objects.count() == 1


@contextmanager
def transaction_of(other: BaseDatabaseWrapper) -> Iterator[None]:
    """An open transaction of that connection, committed at the end."""
    with other.cursor() as cursor:
        cursor.execute("BEGIN" if other.vendor == "postgresql" else "BEGIN IMMEDIATE")
        yield
        cursor.execute("COMMIT")


# --- Order -----------------------------------------------------------------------------------------------------------


@contextmanager
def other_connection() -> Iterator[BaseDatabaseWrapper]:
    """A second connection of this thread, beside Django's own."""
    made = connections.create_connection("default")
    try:
        yield made
    finally:
        made.close()


INSERT = "INSERT INTO ledger_event (at, name, actor_kind, data, xid) VALUES (%s, 'test_bell_rang', 'system', %s, {xid})"


def write_slowly(slow: BaseDatabaseWrapper) -> int:
    """A bell rings once in a transaction of its own that stays open; returns the id that was handed out."""
    with slow.cursor() as cursor:
        xid = "DEFAULT" if slow.vendor == "postgresql" else "0"
        cursor.execute(INSERT.format(xid=xid) + " RETURNING id", [AT, '{"times": 1}'])
        return int(cursor.fetchone()[0])


def check_one_writer_at_a_time() -> None:
    """Why SQLite needs no transaction numbers: while one writes, nobody else can even begin."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 50")
    try:
        with pytest.raises(DatabaseError, match="locked"):
            ring(2)
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_an_event_that_commits_late_is_read_and_a_naive_reader_would_miss_it() -> None:
    with other_connection() as slow, transaction_of(slow):
        early_id = write_slowly(slow)
        if connection.vendor == "sqlite":
            check_one_writer_at_a_time()
        else:
            late = ring(2)
            assert late.pk > early_id, "the id was handed out first, the commit comes last"
            naive_place = max(Event.objects.values_list("pk", flat=True))
        assert after(Position()) == [], "nothing is told while something earlier may still come"
        assert end() == Position()
    if connection.vendor == "sqlite":
        assert ring(2).pk > early_id
    else:
        naive = Event.objects.filter(pk__gt=naive_place)
        assert list(naive) == [], "reading after the last id never sees the first bell"
    assert rung(after(Position())) == [1, 2]


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_began_earlier_and_writes_later_is_not_skipped() -> None:
    """The older transaction takes its number first, the younger commits first, then the older writes its event."""
    with other_connection() as slow, transaction_of(slow):
        if connection.vendor == "sqlite":
            check_one_writer_at_a_time()
            write_slowly(slow)
        else:
            with slow.cursor() as cursor:
                cursor.execute("SELECT pg_current_xact_id()")
            younger = ring(2)
            assert after(Position()) == []
            assert write_slowly(slow) > younger.pk
    if connection.vendor == "sqlite":
        ring(2)
    assert rung(after(Position())) == [1, 2], "the order is that of the transactions"


@pytest.mark.django_db(transaction=True)
def test_what_runs_in_another_database_of_the_server_keeps_no_news_back(postgres: str) -> None:
    with psycopg.connect(postgres) as elsewhere:
        elsewhere.execute("SELECT pg_current_xact_id()")
        ring(1)
        assert rung(after(Position())) == [1]
        assert end() > Position()


@pytest.mark.django_db(transaction=True)
def test_readers_see_every_event_once_and_in_one_order_while_eight_write() -> None:
    stop = threading.Event()
    read: list[Event] = []

    def follow() -> None:
        place = Position()
        while True:
            finished = stop.is_set()
            events = after(place, limit=7)
            read.extend(events)
            if events:
                place = position_of(events[-1])
            elif finished:
                break
        connection.close()

    reader = threading.Thread(target=follow)
    reader.start()
    results = at_once(8, lambda number: [ring(number * 100 + n) for n in range(25)] and None)
    stop.set()
    reader.join()
    assert results == [None] * 8
    assert sorted(rung(read)) == sorted(number * 100 + n for number in range(8) for n in range(25))
    assert [position_of(event) for event in read] == sorted(position_of(event) for event in Event.objects.all())
    for number in range(8):  # what one process did one after the other is told so
        own = [times for times in rung(read) if times // 100 == number]
        assert own == sorted(own)


@pytest.mark.django_db(transaction=True)
def test_a_restored_backup_goes_on_after_its_old_events() -> None:
    ring(1)
    if connection.vendor == "sqlite":
        assert go_on_after_restore() == 0, "ids go on by themselves"
        return
    with connection.cursor() as cursor:  # as a dump brings it: numbers of a server that had lived longer
        cursor.execute(INSERT.format(xid="1000000000"), [AT, '{"times": 2}'])
    place = Position(1_000_000_000, 10**9)
    try:
        ring(3)
        assert after(place) == [], "without help the new event stands before the old one"
        assert go_on_after_restore() > 0
        ring(4)
        assert rung(after(place)) == [4]
        assert end().xid > 1_000_000_000
        assert go_on_after_restore() == 0
    finally:
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE OR REPLACE FUNCTION ledger_shift() RETURNS bigint LANGUAGE sql STABLE AS 'SELECT 0::bigint'"
            )


# --- Reading on ------------------------------------------------------------------------------------------------------


def test_positions_are_written_and_read_back_and_nothing_else_is_one() -> None:
    assert Position.parse(str(Position(12, 34))) == Position(12, 34)
    for odd in ("", "12", "-", "a-b", "1-2-3", "²-1", "9" * 50 + "-1", "-1-2", "9" * 30 + "-1"):
        assert Position.parse(odd) is None


@pytest.mark.django_db
def test_a_reader_gets_each_event_once_in_pieces() -> None:
    for times in range(5):
        ring(times)
    seen: list[int] = []

    def read() -> int:
        return read_on("bells", lambda events: seen.extend(rung(events)), limit=2)

    # Inside the test's own transaction PostgreSQL shows nothing: it has not ended.
    expected = [0, 0, 0, 0] if connection.vendor == "postgresql" else [2, 2, 1, 0]
    assert [read() for _ in range(4)] == expected


@pytest.mark.django_db(transaction=True)
def test_a_reader_that_fails_gets_the_same_events_again_and_others_are_not_held_up() -> None:
    for times in range(3):
        ring(times)
    seen: list[int] = []

    def fail(events: Sequence[Event]) -> None:
        Bookmark.objects.create(reader="what a failed reader wrote")
        raise KeyError(rung(events)[0])

    with pytest.raises(KeyError, match="0"):
        read_on("bells", fail)
    assert not Bookmark.objects.exists()
    assert read_on("others", lambda events: None) == 3
    assert read_on("bells", lambda events: seen.extend(rung(events))) == 3
    assert seen == [0, 1, 2]
    assert read_on("bells", fail) == 0


@pytest.mark.django_db(transaction=True)
def test_eight_readers_of_one_name_share_the_events_each_is_handled_once() -> None:
    with transaction.atomic():
        record_all([BellRang(times=n) for n in range(200)], by=SYSTEM, at=AT)
    seen: list[int] = []
    lock = threading.Lock()

    def handle(events: Sequence[Event]) -> None:
        with lock:
            seen.extend(rung(events))

    def work(number: int) -> int:
        count = 0
        while got := read_on("bells", handle, limit=7):
            count += got
        return count

    results = at_once(8, work)
    assert sum(results) == 200
    assert seen == list(range(200))
    assert readers.end() == Position(*Bookmark.objects.values_list("xid", "event_id").get())
