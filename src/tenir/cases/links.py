"""The customer's link to their case: signed, dated, without an account.

A token names the case and the customer, and is signed with the desk's key and a date; nothing of it can be made up or
changed. It follows the case and the customer through merges, and opens nothing once the case is somebody else's.
"""

from datetime import timedelta

from django.conf import settings
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner

from tenir.cases.models import Case
from tenir.customers.models import Customer
from tenir.customers.verbs import living
from tenir.ledger.refusals import NotThere

SALT = "tenir.customer.link"
LONGEST = 200


class LinkUnknown(NotThere):
    """Nobody made this link, or what it led to is no longer this customer's."""


class LinkExpired(NotThere):
    """A link of ours, too old; `case` and `customer` are what it led to."""

    def __init__(self, case: Case, customer: Customer) -> None:
        super().__init__()
        self.case = case
        self.customer = customer


def _signer() -> TimestampSigner:
    return TimestampSigner(sep=".", salt=SALT)


def customer_token(case: Case) -> str:
    """The token of a case for its customer, dated now; it works for `CUSTOMER_LINK_DAYS`."""
    return _signer().sign_object([case.pk, case.customer_id])


def customer_url(case: Case) -> str:
    """The whole address of the customer's own page, for a letter."""
    return f"{settings.BASE_URL}/c/{customer_token(case)}/"


def read_customer_token(token: str) -> tuple[Case, Customer]:
    """The case and the customer that a token leads to now. Raises `LinkUnknown`, or `LinkExpired` when too old."""
    try:
        case, customer = _led_to(token[: LONGEST + 1], max_age=timedelta(days=settings.CUSTOMER_LINK_DAYS))
    except SignatureExpired:
        raise LinkExpired(*_led_to(token, max_age=None)) from None
    return case, customer


def _led_to(token: str, *, max_age: timedelta | None) -> tuple[Case, Customer]:
    try:
        case_id, customer_id = _signer().unsign_object(token, max_age=max_age)
    except SignatureExpired:
        raise
    except (BadSignature, ValueError, TypeError, UnicodeError):
        raise LinkUnknown from None
    case = Case.objects.select_related("customer", "owner").filter(pk=case_id).first()
    customer = Customer.objects.filter(pk=customer_id).first()
    if case is None or customer is None:
        raise LinkUnknown
    while case.merged_into_id is not None:
        case = Case.objects.select_related("customer", "owner").get(pk=case.merged_into_id)
    customer = living(customer)
    if living(case.customer) != customer:
        raise LinkUnknown
    return case, customer
