"""The only way that a page obtains a customer, and what is found beside one: the same number, the same person twice."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from tenir.customers.addresses import address_key
from tenir.customers.models import Consent, Customer, Merge, Note, Reach, Subscription
from tenir.customers.names import postal_code
from tenir.customers.phone import read_phone
from tenir.customers.verbs import living
from tenir.people.rights import NotAllowed, may, require
from tenir.statements import Prepared

MANY = 20
"""Duplicates offered at most: a switchboard's number may be that of a thousand people."""


def customer_for(viewer: object, pk: int) -> Customer:
    """The customer with this id, or the one into whom they were merged. Raises `NotAllowed` (a `NotThere`)."""
    found = None
    if may(viewer, "see_customers"):
        found = Customer.objects.select_related("merged_into").filter(pk=pk).first()
    if found is None:
        raise NotAllowed("see_customers")
    return living(found)


def reach_for(viewer: object, pk: int) -> Reach:
    """One way to reach a customer. Raises `NotAllowed`."""
    require(viewer, "see_customers")
    found = Reach.objects.select_related("customer").filter(pk=pk).first()
    if found is None:
        raise NotAllowed("see_customers")
    return found


def note_for(viewer: object, pk: int) -> Note:
    """One note, if it is not struck. Raises `NotAllowed`."""
    require(viewer, "see_customers")
    found = Note.objects.select_related("customer", "by").filter(pk=pk, struck_at=None).first()
    if found is None:
        raise NotAllowed("see_customers")
    return found


def merge_for(viewer: object, pk: int) -> Merge:
    """One merge, to undo it. Raises `NotAllowed`."""
    require(viewer, "merge_customers")
    found = Merge.objects.select_related("kept", "gone").filter(pk=pk).first()
    if found is None:
        raise NotAllowed("merge_customers")
    return found


def by_address(address: str) -> Customer | None:
    """Whoever has this e-mail address, in any case and with or without brackets."""
    reaches = Reach.objects.filter(kind=Reach.Kind.EMAIL, value=address_key(address))
    reach = reaches.select_related("customer__merged_into").first()
    return living(reach.customer) if reach else None


def by_phone(text: str, *, region: str = "FR") -> list[Customer]:
    """Whoever has this number, written in any way; several for a household, longest known first."""
    number = read_phone(text, region).e164
    return _of_number(number) if number else []


def _of_number(e164: str) -> list[Customer]:
    reaches = Reach.objects.filter(kind=Reach.Kind.PHONE, value=e164).order_by("pk")
    found = (living(reach.customer) for reach in reaches.select_related("customer__merged_into")[: MANY + 1])
    return list({customer.pk: customer for customer in found}.values())


def sharing(reach: Reach) -> list[Customer]:
    """The other customers with the same number, address or handle."""
    same = Reach.objects.filter(kind=reach.kind, value=reach.value).exclude(customer=reach.customer_id)
    found = (living(row.customer) for row in same.select_related("customer__merged_into").order_by("pk")[:MANY])
    return list({customer.pk: customer for customer in found if customer.pk != reach.customer_id}.values())


def ids_of(customer: Customer) -> list[int]:
    """The record's id and those of all that were merged into it: the ledger keeps the id of its time."""
    ids, fresh = [customer.pk], [customer.pk]
    while fresh:
        fresh = list(Customer.objects.filter(merged_into__in=fresh).values_list("pk", flat=True))
        ids += fresh
    return ids


@dataclass(frozen=True)
class Likeness:
    """Another record that may be the same person, and why it is offered, in words."""

    customer: Customer
    reasons: list[str]


def duplicates(customer: Customer) -> list[Likeness]:
    """Other records that may be the same person: same number, or same name and postal code. A person decides."""
    found: dict[int, Likeness] = {}

    def offer(other: Customer, reason: str) -> None:
        if other.pk != customer.pk and len(found) < MANY:
            likeness = found.setdefault(other.pk, Likeness(other, []))
            if reason not in likeness.reasons:
                likeness.reasons.append(reason)

    for reach in customer.reaches.filter(kind=Reach.Kind.PHONE):
        for other in _of_number(reach.value):
            offer(other, _("same number: %(number)s") % {"number": reach.shown})
    code = postal_code(customer.postal_address)
    if customer.name_key and code:
        namesakes = Customer.objects.filter(name_key=customer.name_key, merged_into=None)
        for other in namesakes.exclude(pk=customer.pk).order_by("pk")[:200]:
            if postal_code(other.postal_address) == code:
                offer(other, _("same name and postal code: %(code)s") % {"code": code})
    return list(found.values())


@dataclass(frozen=True)
class Known:
    """Everything that the aside of a case shows of a person, loaded (five queries)."""

    customer: Customer
    reaches: list[Reach]
    subscriptions: list[Subscription]
    notes: list[Note]
    consents: list[Consent]
    likenesses: list[Likeness]


def known_briefly(customer: Customer) -> Known:
    """What is worth knowing before saying hello: how to reach them, what they have, what was noted (three queries)."""
    return Known(
        customer=customer,
        reaches=_REACHES(customer=customer.pk),
        subscriptions=_SUBSCRIPTIONS(customer=customer.pk),
        notes=_LAST_NOTES(customer=customer.pk),
        consents=[],
        likenesses=[],
    )


def _reaches_of(customer: int) -> QuerySet[Reach]:
    return Reach.objects.filter(customer=customer).order_by("kind", "pk")


def _subscriptions_of(customer: int) -> QuerySet[Subscription]:
    return Subscription.objects.filter(customer=customer).order_by("state", "-since", "pk")


def _notes_of(customer: int) -> QuerySet[Note]:
    return Note.objects.filter(customer=customer, struck_at=None).select_related("by").order_by("-at", "-pk")


_REACHES = Prepared(_reaches_of, customer=int)
_SUBSCRIPTIONS = Prepared(_subscriptions_of, customer=int)
_LAST_NOTES = Prepared(lambda customer: _notes_of(customer)[:5], customer=int)


def known(customer: Customer) -> Known:
    """Loads what is known of a customer."""
    return Known(
        customer=customer,
        reaches=list(_reaches_of(customer.pk)),
        subscriptions=list(_subscriptions_of(customer.pk)),
        notes=list(_notes_of(customer.pk)[:50]),
        consents=list(customer.consents.order_by("-given_at")[:50]),
        likenesses=duplicates(customer),
    )
