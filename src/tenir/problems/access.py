"""The only ways to obtain causes, the cases tied to them (those that one may see), and what seems to emerge."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Substr

from tenir.cases.access import visible_cases
from tenir.cases.models import Case, Message
from tenir.people.models import Agent
from tenir.people.rights import require
from tenir.problems.emerging import Emerging, Said, emerging
from tenir.problems.models import LASTING, Cause
from tenir.problems.touching import touched
from tenir.promises.access import with_merged
from tenir.promises.models import Promise
from tenir.text.matter import matter

RECENT = timedelta(days=14)
USUAL = timedelta(days=90)
MOST = 1000
"""So many recent cases, and so many from before, are compared at most."""
READ = 1500


def causes_for(agent: Agent) -> QuerySet[Cause]:
    """Every cause, for whoever answers here; how many cases are tied to each is counted among all of them."""
    require(agent, "keep_causes")
    return Cause.objects.select_related("owner").annotate(tied=Count("ties"))


def lasting(agent: Agent) -> QuerySet[Cause]:
    """The causes that last, the newest first."""
    return causes_for(agent).filter(LASTING).order_by("-noted_at", "-pk")


def fixed(agent: Agent) -> QuerySet[Cause]:
    """What was fixed, the latest first."""
    return causes_for(agent).exclude(LASTING).order_by("-fixed_at", "-pk")


def cause_for(agent: Agent, pk: int) -> Cause:
    """One cause. Raises `Cause.DoesNotExist`, `NotAllowed`."""
    return causes_for(agent).get(pk=pk)


def tied_cases(cause: Cause, *, viewer: Agent) -> QuerySet[Case]:
    """The cases that have this cause, as far as this person may see them, the latest first."""
    return visible_cases(viewer).filter(ties__cause=cause, merged_into=None).select_related("customer").order_by("-pk")


def open_cases(cause: Cause) -> list[Case]:
    """Every case behind the cause that has not ended: a merged one as the one that was kept. For the verbs."""
    found: dict[int, Case] = {}
    for tied in Case.objects.filter(ties__cause=cause).select_related("merged_into", "customer", "owner"):
        case = tied
        while case.merged_into is not None:
            case = case.merged_into
        found[case.pk] = case
    return [case for _, case in sorted(found.items()) if case.state != Case.State.ENDED]


def promises_behind(cause: Cause) -> list[Promise]:
    """The open promises of those cases that the cause touches: all that people made, if they name no part of it."""
    found: list[Promise] = []
    for case in open_cases(cause):
        theirs = Promise.objects.filter(case__in=with_merged(case), state=Promise.State.OPEN, policy=None)
        rows = list(theirs.exclude(kind="tell").select_related("case", "customer", "owner").prefetch_related("parts"))
        named = [each for each in rows if touched(cause.concerns, each.what, [part.text for part in each.parts.all()])]
        found += named or rows
    return sorted(found, key=lambda each: (each.due_at, each.pk))


@dataclass(frozen=True)
class Proposal:
    """Words that recur unusually, and the cases that have them."""

    found: Emerging
    cases: Sequence[Case]
    recent_of: int


def proposals(agent: Agent, *, at: datetime) -> list[Proposal]:
    """What seems to emerge from the cases of the last two weeks, compared with the three months before, in each
    language; what a lasting cause concerns already is left out. Four queries for each language; nothing is kept."""
    known = [entry for concerns in lasting(agent).values_list("concerns", flat=True) for entry in concerns]
    found = []
    for language in ("fr", "en"):
        cases = visible_cases(agent).filter(merged_into=None, language=language)
        recent = _said(cases.filter(first_request_at__gt=at - RECENT), language)
        before = cases.filter(first_request_at__lte=at - RECENT, first_request_at__gt=at - RECENT - USUAL)
        for each in emerging(recent, _said(before, language)):
            if not touched(known, " ".join(each.words)):
                rows = list(visible_cases(agent).filter(pk__in=each.cases).select_related("customer").order_by("-pk"))
                found.append(Proposal(each, rows, len(recent)))
    return found


def _said(cases: QuerySet[Case], language: str) -> list[Said]:
    """What each of the latest of these cases began with: its subject and the first words in it."""
    texts = dict(cases.order_by("-pk").values_list("pk", "subject")[:MOST])
    heard = Q(kind=Message.Kind.INBOUND) | Q(kind=Message.Kind.CALL)
    rows = Message.objects.filter(heard, case__in=list(texts)).order_by("case", "at", "pk")
    seen: set[int] = set()
    for pk, text in rows.values_list("case", Substr("text", 1, READ)):
        if pk not in seen:
            seen.add(pk)
            texts[pk] += f"\n{text}"
    return [Said(pk, matter(text, language)) for pk, text in texts.items()]
