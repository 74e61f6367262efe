"""The categories: a list that the desk keeps for itself. What a case is about is chosen from it afterwards (A14)."""

from datetime import datetime

from django.db import IntegrityError, transaction

from tenir.cases import errors
from tenir.cases.events import CategoryKept
from tenir.cases.models import Category
from tenir.ledger.events import Doer
from tenir.ledger.verbs import record, verb
from tenir.people.rights import require
from tenir.text.storing import storable


def _save(category: Category, name: str) -> None:
    category.name = " ".join(storable(name).split())[:80]
    if not category.name:
        raise errors.CategoryNameMissing
    try:
        with transaction.atomic():
            category.save()
    except IntegrityError:
        raise errors.CategoryNameTaken from None


@verb
def add_category(*, name: str, by: Doer, at: datetime) -> Category:
    """A new category. Raises `CategoryNameTaken`, `CategoryNameMissing`, `NotAllowed`."""
    require(by, "manage_desk")
    category = Category()
    _save(category, name)
    record(CategoryKept(category=category.pk, what="added"), by=by, at=at)
    return category


@verb
def rename_category(category: Category, *, name: str, by: Doer, at: datetime) -> None:
    """Another name for it, in every case that has it. Raises as `add_category` does."""
    require(by, "manage_desk")
    _save(category, name)
    record(CategoryKept(category=category.pk, what="renamed"), by=by, at=at)


@verb
def remove_category(category: Category, *, by: Doer, at: datetime) -> None:
    """Takes it from the list; the cases that had it stay, without one."""
    require(by, "manage_desk")
    number = category.pk
    category.delete()
    record(CategoryKept(category=number, what="removed"), by=by, at=at)
