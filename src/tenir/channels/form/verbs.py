"""A form becomes a case: the only writers of this room."""

import hashlib
import hmac
import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from tenir.cases import verbs as cases
from tenir.cases.models import Case, Message
from tenir.cases.verbs import Incoming, KeptFile
from tenir.cases.verbs.describe import tag_step
from tenir.channels.form import doubt
from tenir.channels.form.doubt import Signs
from tenir.channels.form.models import Arrival
from tenir.channels.form.waiting import Waiting
from tenir.customers import verbs as customers
from tenir.customers.access import by_address
from tenir.customers.errors import AlreadyTheirs
from tenir.customers.models import Customer, Reach
from tenir.ledger import files
from tenir.ledger.events import SYSTEM
from tenir.ledger.refusals import Refusal
from tenir.ledger.verbs import verb
from tenir.outbox import verbs as outbox

HOUR = timedelta(hours=1)
MOST_FROM_NETWORK = 200
"""Forms of one network in an hour; beyond, the sender is asked to wait and keeps their words."""


class TooMany(Refusal):
    """So many forms came from this network that the next one has to wait."""

    def sentence(self) -> str:
        """What to do next."""
        return _(
            "A great many messages have just come from your network. "
            "Yours is kept on this page: please send it again in an hour."
        )


@dataclass(frozen=True, kw_only=True)
class Submission:
    """A form as it was filled in and checked: at least one of `email` and `phone` (E.164) is there.

    `page` names the page that was filled in, so that a double click is one case; `opened_at` is when it was made, None
    when it could not be read. `trap` is what stood in the field that no person sees.
    """

    page: str
    text: str
    since: str
    remedy: str
    name: str
    email: str
    phone: str
    language: str
    files: Sequence[Waiting]
    address: str
    opened_at: datetime | None
    trap: str


def receive_form(form: Submission, *, at: datetime) -> Message:
    """Makes a case of a form; the same page sent twice is one case. Raises `TooMany`.

    A new customer is known by the address and number that they give. Somebody known by this address is not changed:
    whoever typed it has not shown that it is theirs, so that name and number stay with the message.
    """
    kept = [keep(file) for file in form.files]
    message, is_new_customer = _store(form, kept, at=at)
    if is_new_customer and form.phone and message.customer is not None:
        _add_phone(message.customer, form.phone, at=at)
    return message


@verb
def _store(form: Submission, kept: Sequence[KeptFile], *, at: datetime) -> tuple[Message, bool]:
    key = _key(form)
    existing = Message.objects.filter(key=key).select_related("case", "customer").first()
    if existing is not None:
        # Once more: a number that a crash left out is added now.
        return existing, bool(existing.facts.get("new_customer"))
    marks = _marks(form)
    counts = _counts(marks, at=at)
    if counts["network"] >= MOST_FROM_NETWORK:
        raise TooMany
    found = doubt.reasons(_signs(form, counts), at=at)
    Arrival.objects.create(at=at, **marks)
    customer, is_new = _customer(form, at=at)
    message = cases.receive(_incoming(form, customer, kept, key=key, is_new=is_new, odd=found), at=at)
    if doubt.is_doubtful(found):
        _hold(message.case, at=at)
    elif form.email:
        _plan_acknowledgement(message, at=at)
    return message, is_new


def _plan_acknowledgement(message: Message, *, at: datetime) -> None:
    key = f"acknowledge:{message.pk}"
    case, pk = message.case_id, message.pk
    outbox.plan("email.acknowledge", key=key, due_at=at, at=at, case_id=case, case=case, message=pk)


@verb
def send_fresh_link(case: Case, *, at: datetime) -> None:
    """Plans a letter with a fresh link to the customer's page, once an hour at most."""
    key = f"customer-link:{case.pk}:{at:%Y-%m-%dT%H}"
    outbox.plan("email.customer_link", key=key, due_at=at, at=at, case_id=case.pk, case=case.pk)


def _hold(case: Case, *, at: datetime) -> None:
    """A person looks at it first: it is marked, in the desk's own language, and nothing is sent by itself."""
    with translation.override(settings.DEFAULT_LANGUAGE):
        tag_step(case, name=_("doubtful"), by=SYSTEM, at=at)


@verb
def forget_arrivals(*, before: datetime) -> None:
    """Forgets the counts of forms that came before this instant."""
    Arrival.objects.filter(at__lt=before).delete()


# --- The message -------------------------------------------------------------------------------------------------


def _incoming(
    form: Submission, customer: Customer, kept: Sequence[KeptFile], *, key: str, is_new: bool, odd: list[str]
) -> Incoming:
    facts = {
        "since": form.since,
        "typed_name": form.name,
        "typed_phone": form.phone,
        "typed_email": form.email,
        "new_customer": is_new,
        "doubts": odd,
    }
    return Incoming(
        channel=Case.Channel.FORM,
        key=key,
        customer=customer,
        sender_name=form.name or customer.name,
        sender_address=form.email,
        text=_text(form, is_new=is_new),
        language=form.language,
        facts={name: value for name, value in facts.items() if value},
        files=kept,
        remedy_sought=form.remedy,
    )


def _text(form: Submission, *, is_new: bool) -> str:
    """The person's words, with what they answered beside them, in their language."""
    with translation.override(form.language):
        lines = [form.text.strip()]
        if form.since:
            lines.append(_("Since when: %(since)s") % {"since": form.since})
        if form.phone and not is_new:
            lines.append(_("Telephone given: %(number)s") % {"number": form.phone})
        return "\n\n".join(lines)


def _key(form: Submission) -> str:
    """The page and what it said: sent twice it is one case, corrected and sent again it is another message."""
    said = [form.text, form.since, form.remedy, form.name, form.email, form.phone, *(f.sha256 for f in form.files)]
    digest = hashlib.sha256("\0".join(said).encode("utf-8", "replace")).hexdigest()
    return f"form:{form.page[:40]}:{digest[:40]}"


def keep(file: Waiting) -> KeptFile:
    """Makes a file of a form one of the desk's. Raises `FileNotFoundError` when it has waited too long."""
    sha256 = files.keep(file.content())
    return KeptFile(name=file.name, content_type=file.content_type, size=file.size, sha256=sha256)


# --- The customer ------------------------------------------------------------------------------------------------


def _customer(form: Submission, *, at: datetime) -> tuple[Customer, bool]:
    """Whoever writes, and whether they are new. Without an address they are always new: a number may be a household's,
    and a colleague decides whether two records are one person."""
    if not form.email:
        return customers.add_unreachable(name=form.name, language=form.language, at=at), True
    is_new = by_address(form.email) is None
    name = form.name if is_new else ""
    return customers.find_or_add(form.email, name=name, language=form.language, at=at), is_new


def _add_phone(customer: Customer, phone: str, *, at: datetime) -> None:
    if customer.reaches.filter(kind=Reach.Kind.PHONE).exists():
        return
    try:
        customers.add_reach(customer, kind=Reach.Kind.PHONE, text=phone, by=customer, at=at)
    except AlreadyTheirs:
        return  # two clicks at once: the other one was first


# --- Counting ----------------------------------------------------------------------------------------------------


def _signs(form: Submission, counts: dict[str, int]) -> Signs:
    return Signs(
        text=form.text,
        trap=form.trap,
        opened_at=form.opened_at,
        from_network=counts["network"],
        from_sender=counts["sender"],
        same_words=counts["words"],
    )


def _marks(form: Submission) -> dict[str, str]:
    said = {
        "network": network_of(form.address),
        "sender": form.email.lower() or form.phone,
        "words": " ".join(form.text.lower().split()),
    }
    return {name: _hashed(name, value) for name, value in said.items()}


def _counts(marks: dict[str, str], *, at: datetime) -> dict[str, int]:
    lately = Arrival.objects.filter(at__gt=at - HOUR)
    return {name: lately.filter(**{name: mark})[: MOST_FROM_NETWORK + 1].count() for name, mark in marks.items()}


def network_of(address: str) -> str:
    """The network of an address: what one household or office has (/24, /56)."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    return str(ipaddress.ip_network((ip, 24 if ip.version == 4 else 56), strict=False))


def _hashed(name: str, value: str) -> str:
    key = f"tenir.form.{name}:{settings.SECRET_KEY}".encode()
    return hmac.new(key, value.encode("utf-8", "replace"), "sha256").hexdigest()[:32]
