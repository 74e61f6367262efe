"""Standing promises, driven by the ledger: the room of the cases knows nothing of them.

A reader follows what happens to cases and makes, keeps, pauses and ends the promises that a policy gives: a first
answer, the next one after each message, news at intervals, an end. Without any policy it still owes a call back to
whoever asked for one, or whose line was cut. Time counts from the event, not from the reading.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import override

from tenir.cases.models import Case, Message
from tenir.customers.models import Subscription
from tenir.ledger.events import SYSTEM
from tenir.ledger.models import Event
from tenir.ledger.verbs import record
from tenir.promises import alarms, dates
from tenir.promises.access import with_merged
from tenir.promises.dates import Due
from tenir.promises.errors import CalendarClosed, DateTooFar
from tenir.promises.events import PromiseGiven, PromisePaused, PromiseResumed, PromiseWithdrawn
from tenir.promises.kinds import STANDING, Kind, usual_words
from tenir.promises.models import Policy, Promise
from tenir.promises.verbs import _steps, _telling

State = Promise.State
ANSWERS = (Kind.FIRST_ANSWER, Kind.NEXT_ANSWER)
LASTING = (Kind.KEEP_INFORMED, Kind.END)
"""What goes on while the customer has the ball, without counting."""


@dataclass
class Happened:
    """One event, and the case that it is about as it is now."""

    event: Event
    case: Case
    has_policies: bool

    @property
    def at(self) -> datetime:
        return self.event.at

    def open(self, kinds: Sequence[str]) -> list[Promise]:
        """The open standing promises of these kinds in the case; no query at a desk that never wrote a policy."""
        if not self.has_policies:
            return []
        standing = Promise.objects.filter(case__in=with_merged(self.case), kind__in=kinds, state=State.OPEN)
        return list(standing.exclude(policy=None).order_by("pk").select_for_update(of=("self",)))


def follow(events: Sequence[Event]) -> None:
    """Applies events of the ledger, in their order, inside the reader's transaction."""
    has_policies = Policy.objects.exists()
    steps = _STEPS if has_policies else {name: _STEPS[name] for name in _WITHOUT_POLICIES}
    ours = [event for event in events if event.name in steps and event.case_id is not None]
    if not ours:
        return
    cases = _locked({event.case_id for event in ours if event.case_id is not None})
    for event in ours:
        if case := cases.get(event.case_id or 0):
            _STEPS[event.name](Happened(event, case, has_policies))


def _locked(ids: set[int]) -> dict[int, Case]:
    """These cases by their ids, a merged one as the one that was kept; all are locked in one order, as a merge does."""
    wanted = dict(Case.objects.filter(pk__in=ids).values_list("pk", "merged_into"))
    while onward := {into for into in wanted.values() if into is not None} - set(wanted):
        wanted |= dict(Case.objects.filter(pk__in=onward).values_list("pk", "merged_into"))
    rows = {case.pk: case for case in Case.objects.filter(pk__in=wanted).order_by("pk").select_for_update(no_key=True)}
    return {pk: _kept(rows, pk) for pk in ids if pk in rows}


def _kept(rows: dict[int, Case], pk: int) -> Case:
    case = rows[pk]
    while case.merged_into_id is not None and case.merged_into_id in rows:
        case = rows[case.merged_into_id]
    return case


# --- What happens --------------------------------------------------------------------------------------------------


def _customer_wrote(it: Happened) -> None:
    """The oldest words that nobody answered count: a second message moves no date."""
    if not it.open(ANSWERS):
        _begin(it, Kind.NEXT_ANSWER if _was_answered(it) else Kind.FIRST_ANSWER)
    _begin(it, Kind.END)
    _resume(it)


def _customer_answered(it: Happened) -> None:
    """ "Not solved" waits for an answer, like any other words."""
    if not it.event.data.get("solved"):
        _customer_wrote(it)


def _was_answered(it: Happened) -> bool:
    return _reached(Message.objects.filter(case__in=with_merged(it.case), at__lt=it.at))


def _reached(said: QuerySet[Message]) -> bool:
    """Whether the desk spoke or wrote to the customer in these messages; a line that was cut reached nobody."""
    ours = said.filter(kind__in=[Message.Kind.CALL, Message.Kind.REPLY]).values_list("kind", "delivery", "facts")
    return any(
        not facts.get("cut") if kind == Message.Kind.CALL else delivery == Message.Delivery.SENT
        for kind, delivery, facts in ours
    )


def _called(it: Happened) -> None:
    if it.event.data.get("cut"):
        _owe_a_call(it)
        return
    _called_back(it)
    _desk_answered(it)


def _owe_a_call(it: Happened) -> None:
    """A line that was cut, or a customer who asks for it, is called back, unless somebody reached them since."""
    ids = with_merged(it.case)
    owed = Promise.objects.filter(case__in=ids, kind=Kind.CALLBACK, state=State.OPEN)
    if it.case.state == Case.State.ENDED or owed.exists():
        return
    if _reached(Message.objects.filter(case__in=ids, at__gt=it.at)):
        return
    noted_by = it.event.actor_id if it.event.actor_kind == "agent" else None
    _steps.make(
        it.case,
        kind=Kind.CALLBACK,
        what=_words(it.case, Kind.CALLBACK),
        due=dates.usual_or_clock(Kind.CALLBACK, start=it.at),
        owner_id=it.case.owner_id or noted_by,
        made_in_id=it.event.data.get("message"),
        by=SYSTEM,
        at=it.at,
    )


def _called_back(it: Happened) -> None:
    """They were spoken to: the call that was owed to them is made."""
    owed = Promise.objects.filter(case__in=with_merged(it.case), kind=Kind.CALLBACK, state=State.OPEN)
    for promise in owed.filter(made_at__lte=it.at).order_by("pk").select_for_update(of=("self",)):
        _telling.settle(promise, told=True, by=SYSTEM, at=it.at)
        _keep(it, promise)


def _words(case: Case, kind: str) -> str:
    """The usual words of a kind in the customer's language: their page shows them."""
    with override("en" if (case.language or case.customer.language) == "en" else "fr"):
        return usual_words(kind)


def _desk_answered(it: Happened) -> None:
    said_at = _said_at(it)
    for promise in it.open((*ANSWERS, Kind.KEEP_INFORMED)):
        if promise.made_at <= said_at:
            _keep(it, promise)
    _tell_was_told(it, said_at)
    if it.case.state != Case.State.ENDED:
        _begin(it, Kind.KEEP_INFORMED)
        _begin(it, Kind.END)
        if it.case.state == Case.State.WAITING_FOR_CUSTOMER:
            _pause(it)


def _said_at(it: Happened) -> datetime:
    """When it was written, which may be before it left."""
    written = Message.objects.filter(pk=it.event.data.get("message", 0)).values_list("at", flat=True).first()
    return min(written or it.at, it.at)


def _tell_was_told(it: Happened, said_at: datetime) -> None:
    """Words to the customer after it was put on the list are the call or letter that it asked for."""
    tells = Promise.objects.filter(case__in=with_merged(it.case), kind=Kind.TELL, state=State.OPEN)
    for tell in tells.filter(made_at__lte=said_at).select_for_update(of=("self",)):
        _telling.close(tell, told=True, by=SYSTEM, at=it.at)


def _state_changed(it: Happened) -> None:
    if it.event.data.get("after") == Case.State.WAITING_FOR_CUSTOMER:
        _pause(it)
    elif it.event.data.get("before") == Case.State.WAITING_FOR_CUSTOMER:
        _resume(it)


def _ended(it: Happened) -> None:
    for promise in it.open(STANDING):
        if promise.kind == Kind.END:
            _keep(it, promise)
        else:
            _steps.end(promise, State.WITHDRAWN, at=it.at)
            record(PromiseWithdrawn(case=it.case.pk, promise=promise.pk, why="case_ended"), by=SYSTEM, at=it.at)
            _steps.save(promise)


def _reopened(it: Happened) -> None:
    if it.case.state != Case.State.ENDED:
        _begin(it, Kind.END)


def _owner_changed(it: Happened) -> None:
    """Whoever has the case answers for what the desk owes in it by rule."""
    if it.event.name == "handover_answered" and it.event.data.get("answer") != "accepted":
        return
    unowned = Promise.objects.filter(case__in=with_merged(it.case), kind=Kind.CALLBACK, state=State.OPEN, owner=None)
    for promise in [*it.open(STANDING), *unowned.select_for_update(of=("self",))]:
        before = promise.owner_id
        if before != it.case.owner_id:
            promise.owner_id = it.case.owner_id
            fact = PromiseGiven(case=it.case.pk, promise=promise.pk, owner=it.case.owner_id, before=before)
            record(fact, by=SYSTEM, at=it.at)
            _steps.save(promise)


def _described(it: Happened) -> None:
    """Another team or category may have another policy: the date is counted again, from the same beginning."""
    if it.event.name == "case_described" and it.event.data.get("what") not in ("category", "language", "customer"):
        return
    for promise in it.open(STANDING):
        policy = policy_for(it.case, promise.kind, at=promise.counted_from)
        if policy is None or policy.pk == promise.policy_id or promise.left is not None:
            continue
        due = _due(policy, promise.counted_from)
        promise.policy, promise.due_at = policy, due.at
        promise.counted, promise.amount, promise.calendar = due.counted, due.amount, due.calendar
        promise.next_alarm_at, promise.next_alarm = alarms.first(promise, at=it.at)
        record(PromiseResumed(case=it.case.pk, promise=promise.pk, due=due.at.isoformat()), by=SYSTEM, at=it.at)
        _steps.save(promise)


_STEPS: dict[str, Callable[[Happened], None]] = {
    "message_received": _customer_wrote,
    "message_sent": _desk_answered,
    "call_logged": _called,
    "callback_asked": _owe_a_call,
    "state_changed": _state_changed,
    "ending_answered": _customer_answered,
    "case_ended": _ended,
    "case_reopened": _reopened,
    "case_taken": _owner_changed,
    "case_given": _owner_changed,
    "case_released": _owner_changed,
    "handover_answered": _owner_changed,
    "team_changed": _described,
    "case_described": _described,
}
_WITHOUT_POLICIES = (
    "message_sent", "call_logged", "callback_asked", "case_taken", "case_given", "handover_answered",
)  # fmt: skip


# --- Steps ---------------------------------------------------------------------------------------------------------


def policy_for(case: Case, kind: str, *, at: datetime) -> Policy | None:
    """The policy in force at an instant for a case: the one with the most criteria, of equals the oldest."""
    in_force = Policy.objects.filter(kind=kind, made_at__lte=at).filter(Q(retired_at=None) | Q(retired_at__gt=at))
    plans = Subscription.objects.filter(customer=case.customer_id, state=Subscription.State.ACTIVE).values("plan")
    fitting = in_force.filter(
        Q(team=None) | Q(team=case.team_id),
        Q(channel="") | Q(channel=case.channel),
        Q(language="") | Q(language=case.language),
        Q(category=None) | Q(category=case.category_id),
        Q(plan="") | Q(plan__in=plans),
    )
    return min(fitting.select_related("calendar"), key=lambda policy: (-_criteria(policy), policy.pk), default=None)


def _criteria(policy: Policy) -> int:
    criteria = (policy.team_id, policy.channel, policy.language, policy.category_id, policy.plan)
    return sum(bool(each) for each in criteria)


def _due(policy: Policy, start: datetime) -> Due:
    if policy.calendar is not None:
        try:
            return dates.by_the_calendar(start, policy.within, calendar=policy.calendar)
        except (CalendarClosed, DateTooFar):
            pass  # a desk that is closed for ever still owes its answer
    return dates.by_the_clock(start, policy.within)


def _begin(it: Happened, kind: str) -> None:
    if it.open([kind]):
        return
    policy = policy_for(it.case, kind, at=it.at)
    if policy is not None:
        owner = it.case.owner_id
        _steps.make(
            it.case, kind=kind, what=_words(it.case, kind), due=_due(policy, it.at), policy=policy, owner_id=owner,
            by=SYSTEM, at=it.at,
        )  # fmt: skip


def _keep(it: Happened, promise: Promise) -> None:
    _steps.keep(promise, moment=it.at, proof="record", by=SYSTEM, at=it.at, case_id=it.case.pk)
    _steps.save(promise)


def _pause(it: Happened) -> None:
    for promise in it.open(LASTING):
        if promise.left is None:
            promise.left = max(timedelta(0), dates.time_between(promise, it.at, promise.due_at))
            promise.next_alarm_at, promise.next_alarm = alarms.NONE
            record(PromisePaused(case=it.case.pk, promise=promise.pk), by=SYSTEM, at=it.at)
            _steps.save(promise)


def _resume(it: Happened) -> None:
    for promise in it.open(LASTING):
        if promise.left is not None:
            promise.due_at = dates.time_after(promise, it.at, promise.left)
            promise.left = None
            promise.next_alarm_at, promise.next_alarm = alarms.first(promise, at=it.at)
            record(
                PromiseResumed(case=it.case.pk, promise=promise.pk, due=promise.due_at.isoformat()), by=SYSTEM, at=it.at
            )
            _steps.save(promise)
