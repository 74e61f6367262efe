"""The reader of the ledger that brings a supervisor in: each event opens at most one review, exactly once.

A promise that was broken, or is late and nobody has said so, or that was left unconfirmed; a customer who had to come
back. The dates are those of a promise of the kind review, counted from the event and not from the reading.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta

from tenir.cases.models import Case, Message, Rearrangement
from tenir.ledger.events import SYSTEM
from tenir.ledger.models import Event
from tenir.ledger.verbs import record
from tenir.promises import dates
from tenir.promises.access import with_merged
from tenir.promises.kinds import Kind
from tenir.promises.models import Promise
from tenir.reviews.events import ReviewOpened
from tenir.reviews.models import OPEN, Review

Reason = Review.Reason
THIRD = 3
"""A first contact, a repeat, and the second repeat: the third contact that nobody answered (C13)."""
ONE_CONTACT = timedelta(hours=1)
"""Letters and calls within an hour are one contact: somebody forgot their photograph, or the line was cut."""


def follow(events: Sequence[Event]) -> None:
    """Applies events of the ledger, in their order, inside the reader's transaction."""
    for event in events:
        if event.case_id is not None and (step := _STEPS.get(event.name)):
            step(event, _kept(event.case_id))


def _kept(case_id: int) -> Case:
    """The case, locked; a merged one leads to the one that was kept."""
    case = Case.objects.select_for_update(no_key=True).get(pk=case_id)
    while case.merged_into_id is not None:
        case = Case.objects.select_for_update(no_key=True).get(pk=case.merged_into_id)
    return case


def _about_promise(event: Event, case: Case) -> None:
    """Standing promises are rules of the desk: they are seen in its figures, not one by one."""
    promise = Promise.objects.filter(pk=event.data["promise"], policy=None).exclude(kind=Kind.TELL).first()
    if promise is None or Review.objects.filter(OPEN, promise=promise).exists():
        return
    _open(event, case, _REASONS[event.name], promise=promise)


def _customer_came(event: Event, case: Case) -> None:
    if case.contacts < THIRD or Review.objects.filter(OPEN, case=case, reason=Reason.REPEAT).exists():
        return
    if unanswered_contacts(case, event) >= THIRD:
        _open(event, case, Reason.REPEAT)


def _came_back(event: Event, case: Case) -> None:
    """The same matter again, every second time: reopened after we thought that it was over, or begun anew in another
    case that somebody joined to this one."""
    if event.name == "case_reopened" and event.data.get("why") not in BY_CUSTOMER:
        return
    if event.name == "case_rearranged" and not _joined(event, case):
        return
    if repeats(case) % 2 == 0 and not Review.objects.filter(OPEN, case=case, reason=Reason.REPEAT).exists():
        _open(event, case, Reason.REPEAT)


def _joined(event: Event, case: Case) -> bool:
    """Whether this event made another case of the same customer part of this one (a merge is told in both)."""
    return event.case_id == case.pk and event.data["kind"] == "merge" and not event.data["undone"]


def repeats(case: Case) -> int:
    """How often the customer had to begin again about this: a fact about the desk."""
    reopenings = Event.objects.filter(name="case_reopened", case_id__in=with_merged(case))
    joined = Rearrangement.objects.filter(kind="merge", kept=case, undone_at=None, other__customer=case.customer_id)
    return sum(each.data.get("why") in BY_CUSTOMER for each in reopenings) + joined.count()


BY_CUSTOMER = ("customer_wrote", "customer_called", "customer_said_not_solved")


def unanswered_contacts(case: Case, event: Event) -> int:
    """How often the customer made contact, up to this event, since we last wrote to them or reached them, or since a
    supervisor was last brought in. What came within an hour of the contact before is not counted again.

    A call of theirs is no answer of ours, however kindly somebody picked up: it is they who had to call.
    """
    said = Message.objects.filter(case__in=with_merged(case), at__lte=event.at).order_by("at", "pk")
    before = Review.objects.filter(case=case, reason=Reason.REPEAT).order_by("-opened_at").first()
    if before is not None:
        said = said.filter(at__gt=before.opened_at)
    count, last = 0, None
    for message in said.exclude(kind=Message.Kind.NOTE).only("at", "kind", "facts", "delivery", "participant"):
        if _reached_them(message):
            count, last = 0, None
        elif _came_from_them(message):
            count += last is None or message.at - last >= ONE_CONTACT
            last = message.at
    return count


def _reached_them(message: Message) -> bool:
    if message.kind == Message.Kind.CALL:
        return message.facts.get("direction") == "out" and not message.facts.get("cut")
    return message.kind == Message.Kind.REPLY and message.delivery == Message.Delivery.SENT


def _came_from_them(message: Message) -> bool:
    if message.kind == Message.Kind.CALL:
        return bool(message.facts.get("direction") == "in")
    return message.kind == Message.Kind.INBOUND and message.participant_id is None


def _open(event: Event, case: Case, reason: str, *, promise: Promise | None = None) -> None:
    due = dates.usual_or_clock(Kind.REVIEW, start=event.at).at
    review = Review.objects.create(
        case=case, promise=promise, reason=reason, contacts=case.contacts, opened_at=event.at, due_at=due
    )
    fact = ReviewOpened(
        case=case.pk,
        customer=case.customer_id,
        review=review.pk,
        reason=reason,
        due=due.isoformat(),
        promise=promise.pk if promise else None,
    )
    record(fact, by=SYSTEM, at=event.at)


_REASONS = {
    "promise_broken": Reason.BROKEN,
    "promise_late": Reason.LATE,
    "promise_unconfirmed": Reason.UNCONFIRMED,
}
_STEPS: dict[str, Callable[[Event, Case], None]] = {
    **dict.fromkeys(_REASONS, _about_promise),
    "message_received": _customer_came,
    "call_logged": _customer_came,
    "case_reopened": _came_back,
    "case_rearranged": _came_back,
}
