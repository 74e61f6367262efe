"""Two records of one person become one, and come apart again to the row."""

from typing import Any

import pytest

from tenir.customers import access, errors, merging, verbs
from tenir.customers.models import Consent, Customer, Merge, Note, Reach, Subscription
from tenir.customers.tests.scenes import EMILE, emile, subscribes, telephone, told, writes
from tenir.people.tests.scenes import MONDAY, amina

pytestmark = pytest.mark.django_db


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the room that names a customer."""
    tables: tuple[Any, ...] = (Reach, Subscription, Consent, Note)
    rows = {model.__name__: list(model.objects.order_by("pk").values_list()) for model in tables}
    return rows | {"Customer": list(Customer.objects.order_by("pk").values_list())}


def two_records() -> tuple[Customer, Customer]:
    kept, gone = emile(), writes("emile@travail.example", "É. Lambert")
    telephone(kept)
    telephone(gone, "0612345678")
    telephone(gone, "01 23 45 67 89")
    subscribes(gone)
    verbs.add_note(gone, text="Fait", by=amina(), at=MONDAY)
    verbs.give_consent(gone, purpose="letters", how="form", by=amina(), at=MONDAY)
    verbs.set_language(gone, choices={"country": "FR"}, by=amina(), at=MONDAY)
    return kept, gone


def test_everything_belongs_to_the_kept_one() -> None:
    kept, gone = two_records()
    done = verbs.merge(kept, gone=gone, by=amina(), at=MONDAY)
    assert sorted(kept.reaches.values_list("value", flat=True)) == [
        "+33123456789",
        "+33612345678",
        EMILE,
        "emile@travail.example",
    ]
    assert (kept.subscriptions.count(), kept.notes.count(), kept.consents.count()) == (1, 1, 1)
    assert (kept.name, kept.country, done.filled) == ("Émile Lambert", "FR", ["country"])
    assert access.customer_for(amina(), gone.pk) == kept
    assert access.by_address("emile@travail.example") == kept
    assert writes("emile@travail.example") == kept
    assert access.by_phone("06 12 34 56 78") == [kept]
    assert access.duplicates(kept) == []
    assert sorted(access.ids_of(kept)) == sorted([kept.pk, gone.pk])
    assert told(kept)[-1] == "customers_merged"


def test_undoing_restores_every_row() -> None:
    kept, gone = two_records()
    before = everything()
    done = verbs.merge(kept, gone=gone, by=amina(), at=MONDAY)
    assert everything() != before
    verbs.undo_merge(done, by=amina(), at=MONDAY)
    assert everything() == before
    assert told(kept)[-1] == "customers_parted"
    with pytest.raises(errors.AlreadyUndone):
        verbs.undo_merge(done, by=amina(), at=MONDAY)


def test_what_came_since_stays_with_the_kept_one() -> None:
    kept, gone = two_records()
    done = verbs.merge(kept, gone=gone, by=amina(), at=MONDAY)
    since = verbs.add_note(kept, text="Since", by=amina(), at=MONDAY)
    verbs.set_language(kept, choices={"country": "BE"}, by=amina(), at=MONDAY)
    moved = Reach.objects.get(value="+33123456789")
    verbs.remove_reach(moved, by=amina(), at=MONDAY)
    verbs.undo_merge(done, by=amina(), at=MONDAY)
    assert list(kept.notes.all()) == [since]
    assert Customer.objects.get(pk=kept.pk).country == "BE"
    assert sorted(gone.reaches.values_list("value", flat=True)) == ["+33612345678", "emile@travail.example"]


def test_a_merge_is_not_undone_while_the_kept_one_lives_on_in_another() -> None:
    kept, gone = two_records()
    third = writes("third@courriel.example")
    first = verbs.merge(kept, gone=gone, by=amina(), at=MONDAY)
    second = verbs.merge(third, gone=kept, by=amina(), at=MONDAY)
    assert writes("emile@travail.example") == third
    assert access.customer_for(amina(), gone.pk) == third
    with pytest.raises(errors.MergedOn):
        verbs.undo_merge(first, by=amina(), at=MONDAY)
    verbs.undo_merge(second, by=amina(), at=MONDAY)
    verbs.undo_merge(first, by=amina(), at=MONDAY)
    assert Merge.objects.filter(undone_at=None).count() == 0
    assert writes("emile@travail.example") == Customer.objects.get(pk=gone.pk)


def test_a_merged_record_is_neither_changed_nor_merged_again() -> None:
    kept, gone = two_records()
    verbs.merge(kept, gone=gone, by=amina(), at=MONDAY)
    for attempt in (
        lambda: verbs.rename(gone, name="X", by=amina(), at=MONDAY),
        lambda: verbs.merge(kept, gone=gone, by=amina(), at=MONDAY),
        lambda: verbs.merge(gone, gone=kept, by=amina(), at=MONDAY),
    ):
        with pytest.raises(errors.MergedAway) as refused:
            attempt()
        assert refused.value.into == kept.pk
    with pytest.raises(errors.SamePerson):
        verbs.merge(kept, gone=kept, by=amina(), at=MONDAY)


def test_more_rows_than_one_statement_can_name() -> None:
    kept, gone = emile(), writes("zoe@courriel.example")
    Note.objects.bulk_create(Note(customer=gone, text=str(n), at=MONDAY) for n in range(1203))
    done = verbs.merge(kept, gone=gone, by=amina(), at=MONDAY)
    assert kept.notes.count() == 1203
    verbs.undo_merge(done, by=amina(), at=MONDAY)
    assert gone.notes.count() == 1203


def test_a_column_is_registered_once() -> None:
    with pytest.raises(ValueError, match="twice"):
        merging.moves("customers_note", "customer_id")


def test_every_key_of_this_room_that_names_a_customer_moves_with_a_merge() -> None:
    ours = {
        f"{model._meta.db_table}.{field.column}"
        for model in (Reach, Subscription, Consent, Note)
        for field in model._meta.concrete_fields
        if field.related_model is Customer
    }
    assert ours <= set(merging.registry)
