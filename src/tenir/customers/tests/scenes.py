"""The customers of the tests: Émile, whose bin came without its lid, his household, and a stranger."""

from tenir.customers import verbs
from tenir.customers.models import Customer, Reach, Subscription
from tenir.people.tests.scenes import MONDAY, amina

EMILE = "emile.lambert@courriel.example"


def emile() -> Customer:
    """Émile Lambert, who wrote once; the same person each time."""
    return verbs.find_or_add(EMILE, name="Émile Lambert", language="fr", at=MONDAY)


def writes(address: str, name: str = "") -> Customer:
    """Whoever writes from this address."""
    return verbs.find_or_add(address, name=name, at=MONDAY)


def telephone(customer: Customer, text: str = "06 12 34 56 78") -> Reach:
    """Notes a number for the customer, as Amina would."""
    return verbs.add_reach(customer, kind="phone", text=text, by=amina(), at=MONDAY)


def subscribes(customer: Customer, number: str = "A-1001", product: str = "Le Matin") -> Subscription:
    """The customer has this subscription."""
    return Subscription.objects.create(customer=customer, number=number, product=product)


def told(customer: Customer) -> list[str]:
    """What the ledger tells of this customer, in order."""
    from tenir.ledger.models import Event

    return list(Event.objects.filter(customer_id=customer.pk).order_by("id").values_list("name", flat=True))
