"""The customer's page in plain words: what is theirs to see of a case, ready for the template.

Shown are their own words, what the desk wrote to an address of theirs, and that there were calls. Never shown: notes,
what was written to others or by others, addresses, what was never sent.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from tenir.cases import times
from tenir.cases.models import Attachment, Case, Ending, Message
from tenir.customers.access import ids_of
from tenir.customers.addresses import address_key
from tenir.customers.models import Customer, Reach
from tenir.web.cases.files import SAFE_IMAGES

SHOWN_DELIVERIES = (Message.Delivery.LEAVING, Message.Delivery.SENT, Message.Delivery.FAILED)


@dataclass(frozen=True)
class FileRow:
    name: str
    size: str
    url: str
    thumb: str = ""
    icon: str = "file"


@dataclass(frozen=True)
class Turn:
    """One contribution to the exchange; `fact` for a call, which has no words here."""

    author: str
    when: str
    when_iso: str
    text: str
    mine: bool
    fact: bool = False
    files: list[FileRow] = field(default_factory=list)


@dataclass(frozen=True)
class Step:
    """One line of "where we are": kind is kept, now or ""."""

    title: str
    words: str = ""
    kind: str = ""


def visible_messages(case: Case, customer: Customer) -> list[Message]:
    """What of a case its customer may see, oldest first."""
    ids = ids_of(customer)
    addresses = set(Reach.objects.filter(customer__in=ids, kind=Reach.Kind.EMAIL).values_list("value", flat=True))
    files = Prefetch("attachments", queryset=Attachment.objects.order_by("pk"))
    messages: QuerySet[Message] = case.messages.exclude(kind=Message.Kind.NOTE).order_by("at", "pk")
    return [
        message
        for message in messages.prefetch_related(files)
        if _is_theirs(message, ids) or _was_written_to(message, addresses) or message.kind == Message.Kind.CALL
    ]


def _is_theirs(message: Message, ids: list[int]) -> bool:
    return message.kind == Message.Kind.INBOUND and message.customer_id in ids


def _was_written_to(message: Message, addresses: set[str]) -> bool:
    if message.kind != Message.Kind.REPLY or message.delivery not in SHOWN_DELIVERIES:
        return False
    written = {address_key(one) for way in ("to", "cc") for one in message.recipients.get(way, [])}
    return bool(written & addresses)


def visible_attachment(case: Case, customer: Customer, pk: int) -> Attachment | None:
    """One file of what the customer may see; None for any other."""
    shown = (message for message in visible_messages(case, customer) if message.kind != Message.Kind.CALL)
    return next((file for message in shown for file in message.attachments.all() if file.pk == pk), None)


def turns(messages: list[Message], *, token: str) -> list[Turn]:
    """The exchange so far."""
    return [_turn(message, token) for message in messages]


def _turn(message: Message, token: str) -> Turn:
    moment = message.said_at if message.kind == Message.Kind.CALL and message.said_at else message.at
    when, when_iso = times.full(moment), moment.isoformat()
    if message.kind == Message.Kind.CALL:
        return Turn(message.author_name, when, when_iso, _call_words(message), mine=False, fact=True)
    mine = message.kind == Message.Kind.INBOUND
    author = _("You") if mine else message.author_name
    return Turn(author, when, when_iso, message.text, mine=mine, files=list(_files(message, token)))


def _call_words(message: Message) -> str:
    if message.facts.get("cut"):
        return _("A telephone call that was cut")
    return _("We spoke on the telephone")


def _files(message: Message, token: str) -> Iterator[FileRow]:
    for file in message.attachments.all():
        url = reverse("customer_file", args=[token, file.pk])
        picture = file.content_type in SAFE_IMAGES
        yield FileRow(
            file.name or _("file"),
            times.size(file.size),
            url,
            thumb=f"{url}?picture" if picture else "",
            icon="image" if picture else "file",
        )


def who(case: Case) -> str:
    """Who takes care of it, by the name that customers see."""
    return case.owner.shown_name if case.owner else ""


def ending_of(case: Case) -> Ending | None:
    """How the case ended, when it has."""
    if case.state != Case.State.ENDED:
        return None
    return case.endings.filter(reopened_at=None).order_by("-at").first()


def steps(case: Case, messages: list[Message], ending: Ending | None) -> list[Step]:
    """Where we are, in four lines at most."""
    answers = [message for message in messages if message.kind != Message.Kind.INBOUND]
    lines = [Step(_("Your message has arrived"), times.full(case.first_request_at), "kept"), _owner_step(case)]
    if answers:
        lines.append(Step(_("We have answered"), times.full(answers[-1].at), "kept" if _answered(case) else "now"))
    elif ending is None:
        lines.append(Step(_("We answer"), _("Nothing for you to do until then."), "now" if case.owner else ""))
    lines.append(_last_step(case, ending))
    return lines


def _answered(case: Case) -> bool:
    return case.unanswered_since is None


def _owner_step(case: Case) -> Step:
    name = who(case)
    if name:
        return Step(_("%(name)s is taking care of it") % {"name": name}, _("Right to the end."), "kept")
    return Step(_("Someone picks it up"), _("You will read their name here."), "now")


def _last_step(case: Case, ending: Ending | None) -> Step:
    if ending is not None and ending.confirmed:
        when = times.full(ending.confirmed_at) if ending.confirmed_at else ""
        return Step(_("You told us that it is solved"), when, "kept")
    now = ending is not None or case.state == Case.State.WAITING_FOR_CUSTOMER
    return Step(_("You tell us if it is solved"), _("It is over when you say so."), "now" if now else "")


def question(case: Case, messages: list[Message], ending: Ending | None) -> tuple[str, str]:
    """What we ask the customer, and the sentence before it; empty when there is nothing to ask."""
    if ending is not None and ending.confirmed:
        return "", ""
    if ending is not None:
        return _("We think this is settled."), _("Is it right for you?")
    if any(message.kind == Message.Kind.REPLY for message in messages):
        return _("We have written to you."), _("Is it solved for you?")
    return "", ""


def last_moment(messages: list[Message]) -> datetime | None:
    """When something was last said."""
    return messages[-1].at if messages else None
