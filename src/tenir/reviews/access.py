"""The only ways to obtain reviews and changes: a supervisor those of the cases that they may see, and whoever answers
for a change that one, without the case behind it."""

from django.db.models import Q, QuerySet

from tenir.cases.access import visible_cases
from tenir.cases.models import Case
from tenir.people.models import Agent
from tenir.people.rights import may, require
from tenir.reviews.models import OPEN, TO_DO, Improvement, Review

WITH = ("case__customer", "promise__owner", "promise__customer", "reviewer", "improvement__owner")


def reviews_for(agent: Agent) -> QuerySet[Review]:
    """The reviews of every case that a supervisor may see; none for the others."""
    if not may(agent, "review_cases"):
        return Review.objects.none()
    return Review.objects.filter(case__in=visible_cases(agent)).select_related(*WITH)


def open_reviews(agent: Agent) -> QuerySet[Review]:
    """What is to be reviewed, the nearest date first."""
    return reviews_for(agent).filter(OPEN).order_by("due_at", "pk")


def ended_reviews(agent: Agent) -> QuerySet[Review]:
    """What was reviewed, the latest first."""
    return reviews_for(agent).exclude(OPEN).order_by("-ended_at", "-pk")


def review_for(agent: Agent, pk: int) -> Review:
    """One review. Raises `Review.DoesNotExist`."""
    return reviews_for(agent).get(pk=pk)


def current_case(review: Review) -> Case:
    """The case of a review; a merged one leads to the one that was kept."""
    case = review.case
    while case.merged_into is not None:
        case = case.merged_into
    return case


def improvements_for(agent: Agent) -> QuerySet[Improvement]:
    """What is to change, and what was: all of it for a supervisor, one's own for the others."""
    rows = Improvement.objects.select_related("owner", "review__case")
    if may(agent, "review_cases"):
        return rows.filter(Q(review__case__in=visible_cases(agent)) | Q(owner=agent))
    return rows.filter(owner=agent) if agent.is_active else rows.none()


def improvements_to_do(agent: Agent) -> QuerySet[Improvement]:
    """The nearest date first."""
    return improvements_for(agent).filter(TO_DO).order_by("due_at", "pk")


def improvements_done(agent: Agent) -> QuerySet[Improvement]:
    """The latest first."""
    return improvements_for(agent).exclude(TO_DO).order_by("-done_at", "-pk")


def improvement_for(agent: Agent, pk: int) -> Improvement:
    """One change. Raises `Improvement.DoesNotExist`."""
    return improvements_for(agent).get(pk=pk)


def published() -> QuerySet[Improvement]:
    """What everybody may read of what the desk changed, the latest first (B26)."""
    return Improvement.objects.filter(published_at__isnull=False).order_by("-published_at", "-pk")


def require_reviewer(agent: Agent) -> None:
    """Raises `NotAllowed` for somebody who reviews nothing."""
    require(agent, "review_cases")
