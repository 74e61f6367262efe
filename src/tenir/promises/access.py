"""The only ways to obtain promises: for an agent those of the cases that they may see, for a customer their own."""

from datetime import datetime

from django.db.models import Q, QuerySet

from tenir.cases.access import visible_cases
from tenir.cases.models import Case
from tenir.customers.models import Customer
from tenir.people.models import Agent
from tenir.promises.errors import StillOwed
from tenir.promises.holders import who_is_away
from tenir.promises.kinds import MADE_BY_PEOPLE, STANDING, Kind
from tenir.promises.models import LIVING, OPEN, Policy, Promise

WITH_PEOPLE = ("case", "customer", "owner", "deputy", "policy", "calendar")


def with_merged(case: Case) -> set[int]:
    """The ids of a case and of all that were merged into it: what was promised in them is still owed."""
    ids, last = {case.pk}, {case.pk}
    while last := set(Case.objects.filter(merged_into__in=last).values_list("pk", flat=True)) - ids:
        ids |= last
    return ids


def promises_of(case: Case) -> QuerySet[Promise]:
    """Every promise made in a case, in the order in which they were made."""
    return Promise.objects.filter(case__in=with_merged(case)).order_by("pk")


def still_owed(case: Case) -> QuerySet[Promise]:
    """What keeps a case open: promises that somebody made and that are open, or delivered and not confirmed."""
    return promises_of(case).filter(LIVING, policy=None)


def owed_on(case: Case) -> StillOwed | None:
    """Why a case may not end now (`cases.lid`)."""
    owed = list(still_owed(case).values_list("pk", flat=True))
    return StillOwed(owed) if owed else None


def promise_for(agent: Agent, pk: int) -> Promise:
    """One promise of a case that this agent may see. Raises `Promise.DoesNotExist`."""
    found = Promise.objects.select_related(*WITH_PEOPLE).get(pk=pk)
    case = found.case
    while case.merged_into is not None:
        case = case.merged_into
    if not visible_cases(agent).filter(pk=case.pk).exists():
        raise Promise.DoesNotExist(pk)
    return found


def promises_for(agent: Agent) -> QuerySet[Promise]:
    """The promises of every case that this agent may see."""
    return Promise.objects.filter(case__in=visible_cases(agent)).select_related(*WITH_PEOPLE)


def held_by(agent: Agent, *, at: datetime) -> QuerySet[Promise]:
    """What is on the list of an agent now, the nearest first: their own, and those of whom they stand in for.

    While they are away themselves, only what nobody else holds.
    """
    away = who_is_away(at)
    open_ones = promises_for(agent).filter(OPEN, left=None)
    stood_in_for = {owner for owner in away.deputies if away.holder(owner, None) == agent.pk}
    mine = Q(owner=agent)
    if agent.pk in away.deputies and away.holder(agent.pk, None) != agent.pk:
        mine = Q(pk__in=())
    named = Q(deputy=agent, owner__in=away.deputies)
    others = Q(owner__in=stood_in_for) & (Q(deputy=None) | Q(deputy=agent))
    return open_ones.filter(mine | named | others).order_by("due_at", "pk")


SHOWN_KINDS = Q(kind__in=MADE_BY_PEOPLE) | Q(kind__in=STANDING, policy__is_shown=True)


def shown_to_customer(case: Case, customer: Customer) -> QuerySet[Promise]:
    """What the customer's own page lists: what people promised, and the desk's rules that it chose to show."""
    return promises_of(case).filter(SHOWN_KINDS, customer=customer).exclude(kind=Kind.TELL)


def promise_of_customer(case: Case, customer: Customer, pk: int) -> Promise:
    """One promise that the customer may confirm on their page. Raises `Promise.DoesNotExist`."""
    return shown_to_customer(case, customer).filter(policy=None).select_related("case").get(pk=pk)


def policies() -> QuerySet[Policy]:
    """The standing promises in force, for their page."""
    return Policy.objects.filter(retired_at=None).select_related("team", "category", "calendar").order_by("kind", "pk")


def service_charter() -> QuerySet[Policy]:
    """The standing promises that customers may read (C31)."""
    return policies().filter(is_shown=True)
