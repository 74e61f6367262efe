"""What a case is about: subject, category, remedies, tags, links, participants, checklist."""

from datetime import datetime

from tenir.cases import search
from tenir.cases.errors import SameCase
from tenir.cases.events import CaseDescribed, CaseLinked, CaseTagged, ChecklistChanged, ParticipantChanged
from tenir.cases.models import Case, Category, Link, Participant, Step, Tag
from tenir.cases.verbs import _steps
from tenir.customers.models import Customer
from tenir.ledger.events import Doer
from tenir.ledger.verbs import record, verb
from tenir.people.models import Agent

DESCRIBED = ("subject", "remedy_sought", "remedy_given", "language")


@verb
def describe(case: Case, *, by: Doer, at: datetime, **words: str) -> Case:
    """Corrects the subject, the remedy sought or given, or the language; unchanged words record nothing.

    An empty subject is kept as it was: a case needs a name. Raises `ValueError` for any other field.
    """
    case = _steps.lock(case)
    for field, text in words.items():
        if field not in DESCRIBED:
            raise ValueError(field)
        text = text.strip()
        if text == getattr(case, field) or (field == "subject" and not text):
            continue
        setattr(case, field, text[:240] if field == "subject" else text)
        record(CaseDescribed(case=case.pk, what=field), by=by, at=at)
    case.save()
    search.index_case(case)
    return case


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
    """Corrects whose case it is: the words that were the former customer's become the new one's."""
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


def tag_step(case: Case, *, name: str, by: Agent, at: datetime) -> bool:
    """Shared step: adds a tag to a locked case; False when it was there (or empty)."""
    name = " ".join(name.lower().split())[:40]
    if not name or case.tags.filter(name=name).exists():
        return False
    case.tags.add(Tag.objects.get_or_create(name=name)[0])
    record(CaseTagged(case=case.pk, tag=name, added=True), by=by, at=at)
    search.index_case(case)
    return True


@verb
def untag(case: Case, *, name: str, by: Agent, at: datetime) -> Case:
    """Removes a tag; one that is not there changes nothing."""
    case = _steps.lock(case)
    untag_step(case, name=name, by=by, at=at)
    return case


def untag_step(case: Case, *, name: str, by: Agent, at: datetime) -> None:
    """Shared step: removes a tag from a locked case."""
    existing = case.tags.filter(name=name).first()
    if existing:
        case.tags.remove(existing)
        record(CaseTagged(case=case.pk, tag=name, added=False), by=by, at=at)
        search.index_case(case)


@verb
def link(case: Case, *, other: Case, because: str = "", by: Agent, at: datetime) -> Link:
    """Says that two cases have to do with each other. Raises `SameCase`."""
    if case.pk == other.pk:
        raise SameCase
    found, made = Link.objects.get_or_create(case=case, other=other, defaults={"because": because[:240]})
    if made:
        record(CaseLinked(case=case.pk, other=other.pk, added=True), by=by, at=at)
    return found


@verb
def unlink(case: Case, *, other: Case, by: Agent, at: datetime) -> None:
    """Removes a link between two cases, whichever way it was made."""
    gone = Link.objects.filter(case__in=[case, other], other__in=[case, other]).delete()[0]
    if gone:
        record(CaseLinked(case=case.pk, other=other.pk, added=False), by=by, at=at)


@verb
def add_participant(case: Case, *, address: str, name: str = "", by: Agent, at: datetime) -> Participant:
    """Adds somebody to a case, or brings back who was removed; an unexpected writer is thereby expected."""
    case = _steps.lock(case)
    who, made = Participant.objects.get_or_create(
        case=case, address=address.strip().lower()[:254], defaults={"name": name[:160]}
    )
    if made or who.removed_at or who.unexpected:
        who.removed_at, who.unexpected = None, False
        who.save()
        record(ParticipantChanged(case=case.pk, participant=who.pk, added=True), by=by, at=at)
    return who


@verb
def remove_participant(participant: Participant, *, by: Agent, at: datetime) -> None:
    """Takes somebody out of the case: what they said stays theirs, replies no longer go to them."""
    if participant.removed_at is None:
        Participant.objects.filter(pk=participant.pk).update(removed_at=at)
        fact = ParticipantChanged(case=participant.case_id, participant=participant.pk, added=False)
        record(fact, by=by, at=at)


@verb
def add_step(case: Case, *, text: str, by: Agent, at: datetime) -> Step:
    """Adds a line to the checklist."""
    step = Step.objects.create(case=case, text=" ".join(text.split())[:240])
    record(ChecklistChanged(case=case.pk, step=step.pk, change="added"), by=by, at=at)
    return step


@verb
def check_step(step: Step, *, done: bool, by: Agent, at: datetime) -> Step:
    """Ticks a line of the checklist, or unticks it; doing so twice records it once."""
    step = Step.objects.select_for_update().get(pk=step.pk)
    if (step.done_at is not None) != done:
        step.done_at, step.done_by = (at, by) if done else (None, None)
        step.save()
        change = "done" if done else "undone"
        record(ChecklistChanged(case=step.case_id, step=step.pk, change=change), by=by, at=at)
    return step


@verb
def remove_step(step: Step, *, by: Agent, at: datetime) -> None:
    """Removes a line of the checklist."""
    record(ChecklistChanged(case=step.case_id, step=step.pk, change="removed"), by=by, at=at)
    step.delete()
