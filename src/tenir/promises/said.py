"""Promises noted in a reply while it was written: made when the ledger says that it was written, taken back with it.

The reply keeps them in its own row and transaction, and one reader of the ledger makes them with its bookmark: none
is lost and none is made twice, whatever is killed when. A reply that was taken back promised nothing to anybody.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils.dateparse import parse_datetime

from tenir.cases.models import Message
from tenir.ledger.events import SYSTEM
from tenir.ledger.models import Event
from tenir.ledger.verbs import record
from tenir.promises.dates import Due
from tenir.promises.events import PromiseWithdrawn
from tenir.promises.kinds import MADE_BY_PEOPLE, Kind
from tenir.promises.models import Change, Promise
from tenir.promises.verbs import _steps, _telling


def follow(events: Sequence[Event]) -> None:
    """Applies events of the ledger, in their order, inside the reader's transaction."""
    for event in events:
        if event.name == "reply_written":
            _make(event)
        elif event.name == "reply_withdrawn":
            _unsay(event)


def _make(event: Event) -> None:
    message = Message.objects.select_related("agent").filter(pk=event.data["message"]).first()
    if message is None or message.agent is None or message.delivery == Message.Delivery.WITHDRAWN:
        return
    noted: Sequence[Mapping[str, str]] = message.facts.get("promised", [])
    if not noted:
        return
    case = _steps.lock_case(message.case_id)
    for one in noted:
        if (due := _due(one, at=event.at)) is not None and one.get("what", "").strip():
            kind = one.get("kind", "")
            _steps.make(
                case,
                kind=kind if kind in MADE_BY_PEOPLE else Kind.ACTION,
                what=one["what"],
                due=due,
                owner=message.agent,
                made_in=message,
                by=message.agent,
                at=event.at,
            )


def _due(one: Mapping[str, str], *, at: datetime) -> Due | None:
    """The date that was shown when it was noted: so long by the clock ("48 hours"), or a date."""
    moment = parse_datetime(one.get("due", ""))
    if moment is None or moment.tzinfo is None:
        return None
    minutes = int((moment - at).total_seconds() // 60)
    if one.get("counted") == "clock" and minutes > 0:
        return Due(moment, Promise.Counted.CLOCK, minutes)
    return Due(moment)


def _unsay(event: Event) -> None:
    """The reply never left, so the customer was promised nothing; written again, it is promised again."""
    said = Promise.objects.filter(made_in=event.data["message"], case=event.case_id, state=Promise.State.OPEN)
    for pk in list(said.order_by("pk").values_list("pk", flat=True)):
        case, promise = _steps.lock(Promise(pk=pk, case_id=event.case_id or 0))
        if promise.state != Promise.State.OPEN:
            continue
        _steps.end(promise, Promise.State.WITHDRAWN, at=event.at)
        _telling.settle(promise, told=True, by=SYSTEM, at=event.at)
        _steps.note(promise, Change.What.WITHDRAWN, by=SYSTEM, at=event.at)
        fact = PromiseWithdrawn(case=case.pk, customer=promise.customer_id, promise=pk, why="unsaid")
        record(fact, by=SYSTEM, at=event.at)
        _steps.save(promise)
