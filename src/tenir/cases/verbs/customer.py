"""What a customer asks for on their own page, beyond writing and answering."""

from datetime import datetime

from tenir.cases.events import CallbackAsked
from tenir.cases.models import Case, Message
from tenir.cases.threading import Thread
from tenir.cases.verbs.receive import Incoming, receive
from tenir.customers.models import Customer
from tenir.ledger.verbs import record, verb


@verb
def ask_callback(case: Case, *, by: Customer, at: datetime, number: str, when: str, words: str, key: str) -> Message:
    """The customer asks to be called back on `number` (E.164), `when` in their own words; `words` is how it reads.

    It is words from the customer: the case comes back to the top, and an ended one is open again. The same `key`
    again returns the message that is there.
    """
    incoming = Incoming(
        channel=Case.Channel.FORM,
        key=key,
        customer=by,
        sender_name=by.name,
        sender_address="",
        text=words,
        language=case.language or by.language,
        thread=Thread(case, "page", belongs=True, from_customer=True, unexpected=False),
        facts={"callback": {"number": number, "when": when}},
    )
    message = receive(incoming, at=at)
    if message.at == at:  # else it was there already
        record(CallbackAsked(case=message.case_id, customer=by.pk, message=message.pk), by=by, at=at)
    return message
