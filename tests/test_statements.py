"""What a prepared query and an insert give is what the ORM gives."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, close_old_connections, connection
from django.db.models import Count
from django.test.utils import CaptureQueriesContext

from tenir.cases.models import Case, Tag
from tenir.customers.models import Customer, Note, Reach
from tenir.ledger.models import Event
from tenir.people.tests.scenes import amina
from tenir.statements import Prepared, insert

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def customer(name: str, *, at: datetime = AT) -> Customer:
    return Customer.objects.create(name=name, created_at=at)


@pytest.mark.django_db
class TestPrepared:
    def test_gives_the_objects_that_the_query_gives_for_every_value(self) -> None:
        nora, emile = customer("Nora"), customer("Émile")
        for number in range(3):
            Note.objects.create(customer=nora, text=f"n{number}", by=amina(), at=AT + timedelta(days=number))

        def notes(of: int) -> Any:
            return Note.objects.filter(customer=of).select_related("by").order_by("-at")

        prepared = Prepared(notes, of=int)
        for one in (nora, emile, nora):
            expected = list(notes(one.pk))
            with CaptureQueriesContext(
                connection,
            ) as asked:
                found = prepared(of=one.pk)
                names = [note.by.given_name for note in found if note.by]
            assert len(asked) == 1
            assert found == expected
            assert [note.__dict__.keys() for note in found] == [note.__dict__.keys() for note in expected]
            assert names == ["Amina"] * len(expected)

    def test_gives_tuples_annotations_and_moments_as_they_are(self) -> None:
        first, second = customer("Nora"), customer("Émile", at=AT + timedelta(hours=1))

        def since(at: datetime, name: str) -> Any:
            counted = Customer.objects.filter(created_at__gte=at).exclude(name=name).annotate(notes_=Count("notes"))
            return counted.order_by("pk").values_list("pk", "created_at", "notes_")

        prepared = Prepared(since, at=datetime, name=str)
        assert prepared(at=AT, name="") == [(first.pk, AT, 0), (second.pk, second.created_at, 0)]
        assert prepared(at=AT, name="Nora") == [(second.pk, second.created_at, 0)]
        assert prepared(at=AT + timedelta(hours=2), name="") == []

    def test_a_value_may_stand_twice_and_there_may_be_none(self) -> None:
        nora = customer("Nora")
        twice = Prepared(lambda pk: Customer.objects.filter(pk=pk, merged_into=None).exclude(merged_into=pk), pk=int)
        assert twice(pk=nora.pk) == [nora]
        assert Prepared(lambda: Customer.objects.order_by("pk"))() == [nora]

    def test_what_it_cannot_hold_is_refused(self) -> None:
        prepared = Prepared(lambda pk: Customer.objects.filter(pk=pk), pk=int)
        for wrong in ({}, {"key": 1}, {"pk": None}, {"pk": "1"}, {"pk": 1, "more": 2}):
            with pytest.raises(TypeError):
                prepared(**wrong)
        with pytest.raises(TypeError):
            Prepared(lambda pks: Customer.objects.filter(pk__in=pks), pks=list)
        nowhere = Prepared(lambda pk, name: Customer.objects.filter(pk=pk), pk=int, name=str)
        with pytest.raises(ValueError, match="name"):
            nowhere(pk=1, name="x")

    def test_a_value_is_never_part_of_the_statement(self) -> None:
        named = Prepared(lambda name: Customer.objects.filter(name=name), name=str)
        customer("Nora")
        assert named(name="' OR 1=1 --") == []
        assert named(name="%s") == []


@pytest.mark.django_db(transaction=True)
def test_many_threads_ask_at_once() -> None:
    people = [customer(f"c{number}") for number in range(20)]
    prepared = Prepared(lambda pk: Customer.objects.filter(pk=pk), pk=int)
    wrong: list[Any] = []

    def ask(offset: int) -> None:
        try:
            for number in range(200):
                one = people[(number + offset) % len(people)]
                if prepared(pk=one.pk) != [one]:
                    wrong.append(one)
        finally:
            close_old_connections()
            connection.close()

    threads = [threading.Thread(target=ask, args=(offset,)) for offset in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


@pytest.mark.django_db
class TestInsert:
    def test_writes_what_saving_writes(self) -> None:
        nora = customer("Nora")
        case = insert(
            Case(reference="T2345678", subject="Ça", customer=nora, first_request_at=AT, opened_at=AT, moved_at=AT)
        )
        assert not case._state.adding
        read = Case.objects.get(pk=case.pk)
        other = Case(reference="T2345679", subject="Ça", customer=nora, first_request_at=AT, opened_at=AT, moved_at=AT)
        other.save(force_insert=True)
        expected = Case.objects.get(pk=other.pk)
        skip = {"id", "reference", "_state"}
        assert {k: v for k, v in vars(read).items() if k not in skip} == {
            k: v for k, v in vars(expected).items() if k not in skip
        }
        read.subject = "Là"
        read.save()
        assert Case.objects.count() == 2

    def test_the_database_still_refuses(self) -> None:
        insert(Tag(name="couvercle"))
        with pytest.raises(IntegrityError):
            insert(Tag(name="couvercle"))

    def test_a_table_that_the_database_fills_in_is_refused(self) -> None:
        with pytest.raises(TypeError, match="Event"):
            insert(Event(at=AT, name="x", actor_kind="system"))
        assert Reach.objects.count() == 0
