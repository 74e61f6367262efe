"""What was promised, in plain words for the customer: what, by whom, by when, and what is asked of them.

Shown are the words of the promise and public names; never why a date moved, who changed it, or what was noted of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from tenir.cases import times
from tenir.cases.models import Case
from tenir.clock import local
from tenir.customers.models import Customer
from tenir.people.models import Agent
from tenir.promises.access import shown_to_customer
from tenir.promises.holders import holders_of
from tenir.promises.kinds import CUSTOMS, STANDING, Kind
from tenir.promises.models import Part, Promise
from tenir.promises.words import state_name

State = Promise.State
ASKED = (State.DELIVERED, State.UNCONFIRMED)
"""What we say is done, and only the customer can call kept."""
IN_A_DIARY = (Kind.DELIVERY, Kind.CALLBACK)


@dataclass(frozen=True)
class PartRow:
    pk: int
    text: str
    kind: str


@dataclass(frozen=True)
class PromiseRow:
    """One promise. `asks`: the three buttons are shown; `may_answer`: they may say that it is done before we do."""

    pk: int
    what: str
    when: str
    who: str
    first: str
    does: str
    chip: str
    chip_kind: str
    step: str
    url: str
    diary_url: str
    seen: int
    asks: bool
    may_answer: bool
    parts: list[PartRow] = field(default_factory=list)


def promise_rows(case: Case, customer: Customer, *, token: str, at: datetime) -> list[PromiseRow]:
    """Everything that was promised: what waits for their word first, then what is to come, then what is over."""
    found = shown_to_customer(case, customer).select_related("owner").prefetch_related("parts")
    return rows_of([each for each in found if _is_worth_a_line(each)], token=token, at=at)


def rows_of(promises: Sequence[Promise], *, token: str, at: datetime) -> list[PromiseRow]:
    """Rows of promises, whoever asked for them, in the order of the page."""
    holders = holders_of(promises, at=at)
    return [_row(each, holders[each.pk], token=token, at=at) for each in sorted(promises, key=_place)]


def _is_worth_a_line(promise: Promise) -> bool:
    """The desk's own rules are shown while they count: what was answered stands in the exchange already."""
    return promise.kind not in STANDING or (promise.state == State.OPEN and promise.left is None)


def _place(promise: Promise) -> tuple[int, float, int]:
    if promise.state == State.DELIVERED:
        return 0, promise.due_at.timestamp(), promise.pk
    if promise.state == State.OPEN:
        return 1, promise.due_at.timestamp(), promise.pk
    return 2, -(promise.ended_at or promise.due_at).timestamp(), promise.pk


def _row(promise: Promise, holder: Agent | None, *, token: str, at: datetime) -> PromiseRow:
    chip, chip_kind, step = _look(promise, at=at)
    is_open = promise.state == State.OPEN
    diary = reverse("customer_promise_diary", args=[token, promise.pk]) if concerns_diary(promise, at=at) else ""
    return PromiseRow(
        pk=promise.pk,
        what=promise.what,
        when=when_words(promise, at=at),
        who=_who(promise, holder) if is_open or promise.state == State.DELIVERED else "",
        first=_first_date(promise) if is_open else "",
        does=promise.customer_does if is_open else "",
        chip=chip,
        chip_kind=chip_kind,
        step=step,
        url=reverse("customer_promise", args=[token, promise.pk]),
        diary_url=diary,
        seen=promise.revision,
        asks=promise.policy_id is None and promise.state in ASKED,
        may_answer=is_open and promise.policy_id is None and not CUSTOMS[promise.kind].self_evident,
        parts=[_part(part, promise) for part in sorted(promise.parts.all(), key=lambda part: part.pk)],
    )


def _part(part: Part, promise: Promise) -> PartRow:
    if part.is_missing:
        return PartRow(part.pk, part.text, "missing")
    return PartRow(part.pk, part.text, "here" if part.delivered_at else "")


def _look(promise: Promise, *, at: datetime) -> tuple[str, str, str]:
    """The chip's words and colour, and the colour of the line. Red is only a word of ours that is broken."""
    if promise.state == State.OPEN:
        if promise.due_at <= at:
            return pgettext("promise", "late"), "broken", "late"
        return pgettext("promise", "to come"), "outline", "now"
    if promise.state == State.DELIVERED:
        return pgettext("promise", "you tell us"), "risk", "risk"
    looks = {State.KEPT: ("kept", "kept"), State.PARTLY_KEPT: ("risk", "risk"), State.BROKEN: ("broken", "late")}
    colour, step = looks.get(State(promise.state), ("quiet", ""))
    return state_name(promise.state), colour, step


def when_words(promise: Promise, *, at: datetime) -> str:
    """By when, or since when, with the full date; an open promise says how far away that is."""
    if promise.state == State.OPEN:
        due, near = full_date(promise.due_at, at=at), _near(promise.due_at, at=at)
        if promise.due_at <= at:
            return _("It was due on %(date)s and is not done yet. We are sorry.") % {"date": due}
        if near:
            return _("By %(date)s (%(near)s)") % {"date": due, "near": near}
        return _("By %(date)s") % {"date": due}
    if promise.state == State.BROKEN:
        return _("We could not keep our word. We are sorry.")
    if promise.state == State.WITHDRAWN:
        return _("This is no longer planned.")
    if promise.state == State.PARTLY_KEPT:
        return _("Something was missing: it is promised again.")
    done = full_date(promise.delivered_at or promise.ended_at or promise.due_at, at=at)
    return _("Done on %(date)s") % {"date": done}


def full_date(moment: datetime, *, at: datetime) -> str:
    """A date that cannot be mistaken, with its year when it is not this one."""
    if local(moment).year == local(at).year:
        return times.full(moment)
    return date_format(local(moment), "l j F Y, G:i")


def _near(moment: datetime, *, at: datetime) -> str:
    days = (local(moment).date() - local(at).date()).days
    if days == 0:
        return _("today")
    if days == 1:
        return _("tomorrow")
    return ngettext("in %(n)s day", "in %(n)s days", days) % {"n": days} if days < 15 else ""


def _first_date(promise: Promise) -> str:
    if promise.first_due_at == promise.due_at:
        return ""
    return _("The first date was %(date)s.") % {"date": times.full(promise.first_due_at)}


def _who(promise: Promise, holder: Agent | None) -> str:
    """Who answers for it, by the name that customers see; while they are away, who stands in for them."""
    if holder is None:
        return ""
    if promise.owner is None or holder.pk == promise.owner_id:
        return _("%(name)s answers for it.") % {"name": holder.shown_name}
    names = {"name": holder.shown_name, "owner": promise.owner.shown_name}
    return _("%(name)s answers for it while %(owner)s is away.") % names


def concerns_diary(promise: Promise, *, at: datetime) -> bool:
    """Whether the customer may want it in their diary: something comes, somebody calls, or they have to do a thing."""
    to_come = promise.state == State.OPEN and promise.policy_id is None and promise.due_at > at
    return to_come and (promise.kind in IN_A_DIARY or bool(promise.customer_does))
