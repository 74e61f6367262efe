"""What must be told to a customer: one row for a case, on the list of whoever answers for it, with words prepared.

Each step runs inside the transaction of the verb, or of the engine's tick, that calls it, with the case locked.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import override

from tenir.cases import times
from tenir.cases.models import Case
from tenir.customers.models import Customer, Reach
from tenir.ledger.events import SYSTEM, Doer
from tenir.ledger.verbs import record, record_all
from tenir.promises import dates
from tenir.promises.events import PromiseWithdrawn
from tenir.promises.holders import WhoIsAway, who_is_away
from tenir.promises.kinds import Kind
from tenir.promises.models import Promise
from tenir.promises.verbs import _steps

State = Promise.State


def put_on_list(promises: Sequence[Promise], *, at: datetime, by: Doer = SYSTEM, away: WhoIsAway | None = None) -> None:
    """Puts telling the customers of these promises (with their cases and customers loaded) on somebody's list.

    What is to be told in a case already gets more words. The caller saves the promises, which know their `told_by`.
    A constant number of queries, however many promises there are.
    """
    away = away or who_is_away(at)
    by_case: dict[int, list[Promise]] = {}
    for promise in promises:
        by_case.setdefault(promise.case_id, []).append(promise)
    open_tells = Promise.objects.filter(case__in=by_case, kind=Kind.TELL, state=State.OPEN).order_by("case_id")
    tells = {tell.case_id: tell for tell in open_tells.select_for_update(of=("self",))}
    callable_ = _with_a_number(promises)
    due = dates.usual_or_clock(Kind.TELL, start=at)
    fresh, told_more = [], []
    for case_id, about in by_case.items():
        words = prepared_words(about[0].case, about[0].customer, about, at=at)
        if tell := tells.get(case_id):
            told_more.append((_steps.words(tell.words + "\n\n" + words), tell.pk))
            continue
        tells[case_id] = tell = _steps.new(
            about[0].case,
            kind=Kind.TELL,
            what=about[0].what,
            due=due,
            at=at,
            customer_id=about[0].customer_id,
            owner_id=away.holder(about[0].owner_id, about[0].deputy_id),
            way=way_to(about[0].customer, has_number=about[0].customer_id in callable_),
            words=words,
        )
        fresh.append(tell)
    _say_more(told_more)
    Promise.objects.bulk_create(fresh)
    if fresh:
        record_all([_steps.made(tell) for tell in fresh], by=by, at=at)
    for promise in promises:
        promise.told_by = tells[promise.case_id]


def _say_more(rows: Sequence[tuple[str, int]]) -> None:
    """Other words for rows that are locked. By hand: many at once cost the ORM's `bulk_update` a third of a tick."""
    with connection.cursor() as cursor:
        cursor.executemany("UPDATE promises_promise SET words = %s, revision = revision + 1 WHERE id = %s", rows)


def _with_a_number(promises: Iterable[Promise]) -> set[int]:
    customers = {promise.customer_id for promise in promises}
    return set(Reach.objects.filter(customer__in=customers, kind=Reach.Kind.PHONE).values_list("customer", flat=True))


def way_to(customer: Customer, *, has_number: bool) -> str:
    """How to tell a customer: as they prefer, else by telephone where we know a number, else in writing."""
    writes = customer.prefers_channel in (Customer.Channel.EMAIL, Customer.Channel.LETTER)
    if writes or customer.prefers_pace == Customer.Pace.WRITING:
        return Promise.Way.LETTER
    return Promise.Way.CALL if has_number else Promise.Way.LETTER


def prepared_words(case: Case, customer: Customer, promises: Sequence[Promise], *, at: datetime) -> str:
    """What to say or write to a customer, in their language; whoever says it adds what happens now."""
    language = "en" if (case.language or customer.language) == "en" else "fr"
    with override(language):
        hello = _("Hello %(name)s,") % {"name": customer.name} if customer.name else _("Hello,")
        said = [_sentence(promise, at=at) for promise in promises]
        return "\n".join([hello, *said, _("Here is what happens now:")])


def _sentence(promise: Promise, *, at: datetime) -> str:
    if promise.state == State.BROKEN:
        shape = _("We promised you “%(what)s” for %(date)s, and we cannot keep our word. We are sorry.")
    elif promise.state == State.WITHDRAWN:
        shape = _("“%(what)s”, which was planned for %(date)s, will not take place.")
    elif promise.due_at > at:
        shape = _("For “%(what)s”, the date becomes %(date)s. We are sorry that it changes.")
    else:
        shape = _("We promised you “%(what)s” for %(date)s, and it is not done yet. We are sorry.")
    return shape % {"what": promise.what.rstrip(" ."), "date": times.full(promise.due_at)}


def settle(promise: Promise, *, told: bool, by: Doer, at: datetime) -> None:
    """Takes what was to be told of a locked promise off the list, and the row when nothing else is to be told there.

    The caller saves the promise.
    """
    if promise.told_by_id is None:
        return
    tell = Promise.objects.select_for_update().get(pk=promise.told_by_id)
    promise.told_by = None
    if tell.state != State.OPEN:
        return
    others = list(tell.tells_of.exclude(pk=promise.pk).select_related("customer").order_by("pk"))
    if not others:
        close(tell, told=told, by=by, at=at)
        return
    tell.words = prepared_words(tell.case, tell.customer, others, at=at)
    _steps.save(tell)


def close(tell: Promise, *, told: bool, by: Doer, at: datetime) -> None:
    """The customer was told, or need not be told any more; stores the locked row."""
    if told:
        _steps.keep(tell, moment=at, proof="record", by=by, at=at, case_id=tell.case_id)
    else:
        _steps.end(tell, State.WITHDRAWN, at=at)
        record(PromiseWithdrawn(case=tell.case_id, promise=tell.pk, why="settled"), by=SYSTEM, at=at)
    _steps.save(tell)
