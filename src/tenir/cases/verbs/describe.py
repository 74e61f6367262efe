"""What a case is about: subject, category, remedies, tags, links, participants, checklist."""

import re
from datetime import datetime

from django.db.models import Q, QuerySet

from tenir.cases import search
from tenir.cases.errors import NotAnAddress, NothingToSay, SameCase
from tenir.cases.events import CaseDescribed, CaseLinked, CaseTagged, ChecklistChanged, ParticipantChanged
from tenir.cases.models import Case, Category, Link, Participant, Step, Tag
from tenir.cases.verbs import _steps
from tenir.customers.addresses import address_key, is_address
from tenir.customers.models import Customer
from tenir.ledger.events import Doer
from tenir.ledger.verbs import record, verb
from tenir.people.models import Agent
from tenir.text.storing import storable

DESCRIBED = ("subject", "remedy_sought", "remedy_given", "language")
_LANGUAGE = re.compile(r"([a-z]{2,3})?\Z")


@verb
def describe(case: Case, *, by: Doer, at: datetime, **words: str) -> Case:
    """Corrects the subject, the remedy sought or given, or the language; unchanged words record nothing.

    An empty subject, and a language that is not a code, leave it as it was. Raises `ValueError` for any other field.
    """
    case = _steps.lock(case)
    changed = [field for field, text in words.items() if _describe(case, field, storable(text).strip())]
    for field in changed:
        record(CaseDescribed(case=case.pk, what=field), by=by, at=at)
    if changed:
        case.save(update_fields=changed)
        search.index_case(case)
    return case


def _describe(case: Case, field: str, text: str) -> bool:
    """Sets one field in memory; False when it is as it was."""
    if field not in DESCRIBED:
        raise ValueError(field)
    if field == "subject":
        text = " ".join(text.split())[:240] or case.subject
    if field == "language" and not _LANGUAGE.match(text):
        return False
    if text == getattr(case, field):
        return False
    setattr(case, field, text)
    return True


@verb
def categorise(case: Case, *, category: Category | None, by: Agent, at: datetime) -> Case:
    """Says what the case turned out to be about."""
    case = _steps.lock(case)
    if case.category_id != (category.pk if category else None):
        case.category = category
        case.save(update_fields=["category"])
        record(CaseDescribed(case=case.pk, what="category"), by=by, at=at)
    return case


@verb
def change_customer(case: Case, *, customer: Customer, by: Agent, at: datetime) -> Case:
    """Corrects whose case it is: the words that were the former customer's become the new one's.

    For a case that was recorded under the wrong person. Somebody who wrote for another stays a participant.
    """
    case = _steps.lock(case)
    if case.customer_id != customer.pk:
        case.messages.filter(customer_id=case.customer_id).update(customer=customer)
        case.customer = customer
        case.save(update_fields=["customer"])
        record(CaseDescribed(case=case.pk, customer=customer.pk, what="customer"), by=by, at=at)
    return case


@verb
def tag(case: Case, *, name: str, by: Agent, at: datetime) -> Case:
    """Adds a tag, made in passing when it is new."""
    case = _steps.lock(case)
    tag_step(case, name=name, by=by, at=at)
    return case


def tag_step(case: Case, *, name: str, by: Doer, at: datetime) -> bool:
    """Shared step: adds a tag to a locked case; False when it was there (or empty)."""
    name = tag_name(name)
    if not name or case.tags.filter(name=name).exists():
        return False
    case.tags.add(Tag.objects.get_or_create(name=name)[0])
    record(CaseTagged(case=case.pk, tag=name, added=True), by=by, at=at)
    search.index_case(case)
    return True


def tag_name(text: str) -> str:
    """A tag as it is kept: lower case, on one line."""
    return " ".join(storable(text).lower().split())[:40].strip()


@verb
def untag(case: Case, *, name: str, by: Agent, at: datetime) -> Case:
    """Removes a tag; one that is not there changes nothing."""
    case = _steps.lock(case)
    untag_step(case, name=name, by=by, at=at)
    return case


def untag_step(case: Case, *, name: str, by: Agent, at: datetime) -> None:
    """Shared step: removes a tag from a locked case."""
    existing = case.tags.filter(name=tag_name(name)).first()
    if existing:
        case.tags.remove(existing)
        record(CaseTagged(case=case.pk, tag=existing.name, added=False), by=by, at=at)
        search.index_case(case)


@verb
def link(case: Case, *, other: Case, because: str = "", by: Agent, at: datetime) -> Link:
    """Says that two cases have to do with each other; once, whichever way round. Raises `SameCase`."""
    if case.pk == other.pk:
        raise SameCase
    _lock_both(case, other)
    existing = _links(case, other).first()
    if existing is not None:
        return existing
    made = Link.objects.create(case=case, other=other, because=storable(because).strip()[:240])
    _record_link(case, other, added=True, by=by, at=at)
    return made


@verb
def unlink(case: Case, *, other: Case, by: Agent, at: datetime) -> None:
    """Removes the link between two cases, whichever way it was made."""
    _lock_both(case, other)
    if _links(case, other).delete()[0]:
        _record_link(case, other, added=False, by=by, at=at)


def _lock_both(case: Case, other: Case) -> None:
    list(Case.objects.select_for_update().filter(pk__in=[case.pk, other.pk]).order_by("pk"))


def _links(case: Case, other: Case) -> QuerySet[Link]:
    return Link.objects.filter(Q(case=case, other=other) | Q(case=other, other=case))


def _record_link(case: Case, other: Case, *, added: bool, by: Agent, at: datetime) -> None:
    """Both cases tell of it."""
    record(CaseLinked(case=case.pk, other=other.pk, added=added), by=by, at=at)
    record(CaseLinked(case=other.pk, other=case.pk, added=added), by=by, at=at)


@verb
def add_participant(case: Case, *, address: str, name: str = "", by: Agent, at: datetime) -> Participant:
    """Adds somebody to a case, in copy from now on, or brings back who was removed; an unexpected writer is thereby
    expected. Raises `NotAnAddress`."""
    key = address_key(address)
    if not is_address(key):
        raise NotAnAddress(address)
    case = _steps.lock(case)
    who = case.participants.filter(address=key).first() or Participant(case=case, address=key)
    if who.pk and who.invited and who.removed_at is None and not who.unexpected:
        return who
    who.name = storable(name).strip()[:160] or who.name
    who.removed_at, who.unexpected, who.invited = None, False, True
    who.save()
    record(ParticipantChanged(case=case.pk, participant=who.pk, added=True), by=by, at=at)
    return who


@verb
def remove_participant(participant: Participant, *, by: Agent, at: datetime) -> None:
    """Takes somebody out of the case: what they said stays theirs, replies no longer go to them."""
    present = Participant.objects.filter(pk=participant.pk, removed_at=None)
    if present.update(removed_at=at, invited=False):
        fact = ParticipantChanged(case=participant.case_id, participant=participant.pk, added=False)
        record(fact, by=by, at=at)


@verb
def add_step(case: Case, *, text: str, by: Agent, at: datetime) -> Step:
    """Adds a line to the checklist. Raises `NothingToSay` for an empty one."""
    line = " ".join(storable(text).split())[:240]
    if not line:
        raise NothingToSay
    case = _steps.lock(case)
    step = Step.objects.create(case=case, text=line)
    record(ChecklistChanged(case=case.pk, step=step.pk, change="added"), by=by, at=at)
    return step


@verb
def check_step(step: Step, *, done: bool, by: Agent, at: datetime) -> Step:
    """Ticks a line of the checklist, or unticks it; doing so twice records it once."""
    step = Step.objects.select_for_update().get(pk=step.pk)
    if (step.done_at is not None) != done:
        step.done_at, step.done_by = (at, by) if done else (None, None)
        step.save(update_fields=["done_at", "done_by"])
        change = "done" if done else "undone"
        record(ChecklistChanged(case=step.case_id, step=step.pk, change=change), by=by, at=at)
    return step


@verb
def remove_step(step: Step, *, by: Agent, at: datetime) -> None:
    """Removes a line of the checklist; removing it twice records it once."""
    case, pk = step.case_id, step.pk
    if Step.objects.filter(pk=pk).delete()[0]:
        record(ChecklistChanged(case=case, step=pk, change="removed"), by=by, at=at)
