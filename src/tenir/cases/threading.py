"""To which case do words from outside belong?

First what their headers answer to (In-Reply-To, References: our own message ids cannot be guessed, and a customer's
own message id is known only to who received it), then a signed token in the address, then a reference in the subject.
A subject can be typed by anybody: it counts only from the customer or a participant of that case. A stranger who names
a reference opens a case of their own, linked to the other and shown as such.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tenir.cases import reference as references
from tenir.cases.models import Case, Message
from tenir.customers.addresses import address_key
from tenir.customers.models import Reach


@dataclass(frozen=True)
class Thread:
    """The case that words answer to. `belongs` when they go into it; `from_customer` when they are the customer's;
    `unexpected` when their sender was not in the case before."""

    case: Case
    how: str
    belongs: bool
    from_customer: bool
    unexpected: bool


def find(
    *, sender: str, answers_to: Sequence[str] = (), token_case: int | None = None, subject: str = ""
) -> Thread | None:
    """The thread of words from the address `sender`, or None when they begin something new.

    `answers_to` are message ids, nearest first; `token_case` is the case id of a verified signed token.
    """
    case = _by_message_id(answers_to)
    if case is not None:
        return _thread(case, "headers", sender, trusted=True)
    if token_case is not None:
        case = Case.objects.filter(pk=token_case).first()
        if case is not None:
            return _thread(_kept(case), "token", sender, trusted=True)
    for reference in references.find(subject):
        case = Case.objects.filter(reference=reference).first()
        if case is not None:
            return _thread(_kept(case), "subject", sender, trusted=False)
    return None


def _by_message_id(answers_to: Sequence[str]) -> Case | None:
    """The case of the nearest message that is ours to know; where two bear one id, the case that had it first."""
    ids = list(dict.fromkeys(i[:500] for i in answers_to if i))[:30]
    if not ids:
        return None
    found: dict[str, Message] = {}
    for message in Message.objects.filter(message_id__in=ids).select_related("case__customer").order_by("pk"):
        found.setdefault(message.message_id, message)
    nearest = next((found[i] for i in ids if i in found), None)
    return _kept(nearest.case) if nearest else None


def _kept(case: Case) -> Case:
    while case.merged_into is not None:
        case = case.merged_into
    return case


def _thread(case: Case, how: str, sender: str, *, trusted: bool) -> Thread:
    address = address_key(sender)
    own = Reach.objects.filter(customer_id=case.customer_id, kind=Reach.Kind.EMAIL, value=address)
    from_customer = own.exists()
    known = from_customer or case.participants.filter(address=address, removed_at=None).exists()
    return Thread(case, how, belongs=trusted or known, from_customer=from_customer, unexpected=not known)
