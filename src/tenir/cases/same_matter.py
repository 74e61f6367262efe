"""Whether a customer has written about the same matter before: same person, and the same words or a reference (C13).

It is offered with what the two have in common, and a person decides. Nothing is counted against the customer.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from tenir.cases import reference as references
from tenir.cases.access import visible_cases
from tenir.cases.models import Case, Link, Message
from tenir.people.models import Agent
from tenir.text.matter import matter

RECENTLY = timedelta(days=60)
"""A case that ended longer ago is history."""
FEWEST_WORDS = 2
SHARE = 1 / 3
"""At least two telling words, and a third of those of the shorter of the two."""
LOOKED_AT = 20
READ = 2000


@dataclass(frozen=True)
class Alike:
    """Another case of the same customer, the words that both have (as this one writes them), and whether one of them
    names the reference of the other."""

    case: Case
    words: list[str]
    named: bool


def same_matter(case: Case, *, viewer: Agent, at: datetime) -> list[Alike]:
    """The other cases of this customer that seem to be about the same, the likeliest first; three queries at most.

    Only those that the viewer may see, that are open or ended lately, and that are not linked to this one yet.
    """
    known = Q(pk__in=Link.objects.filter(case=case).values("other"))
    known |= Q(pk__in=Link.objects.filter(other=case).values("case"))
    others = visible_cases(viewer).filter(customer=case.customer_id, merged_into=None).exclude(known)
    others = others.exclude(pk=case.pk).exclude(state=Case.State.ENDED, moved_at__lt=at - RECENTLY)
    found = list(others.order_by("-moved_at", "-pk")[:LOOKED_AT])
    if not found:
        return []
    said = _said([case, *found])
    alike = (_compare(case, other, said) for other in found)
    return sorted((each for each in alike if each), key=lambda each: (not each.named, -len(each.words)))


def _said(cases: list[Case]) -> dict[int, str]:
    """The subject of each case and what the customer wrote in it, oldest first, or what a call with them was about."""
    texts = {case.pk: case.subject for case in cases}
    heard = Q(kind=Message.Kind.INBOUND, participant=None) | Q(kind=Message.Kind.CALL)
    rows = Message.objects.filter(heard, case__in=texts).order_by("at", "pk").values_list("case", "subject", "text")
    for pk, subject, text in rows[: 10 * LOOKED_AT]:
        if len(texts[pk]) < READ:
            texts[pk] += f"\n{subject}\n{text[:READ]}"
    return texts


def _compare(case: Case, other: Case, said: Mapping[int, str]) -> Alike | None:
    here, there = said[case.pk], said[other.pk]
    named = other.reference in references.find(here) or case.reference in references.find(there)
    words = in_common(here, there, language=case.language)
    return Alike(other, words, named) if words or named else None


def in_common(here: str, there: str, *, language: str) -> list[str]:
    """The telling words that two texts share, as the first one writes them; none when they are too few to say so."""
    mine, theirs = matter(here, language), matter(there, language)
    shared = [written for root, written in mine.items() if root in theirs]
    enough = len(shared) >= FEWEST_WORDS and len(shared) >= SHARE * min(len(mine), len(theirs))
    return shared if enough else []
