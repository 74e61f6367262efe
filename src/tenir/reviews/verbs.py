"""The only writers of reviews and of what they change. Each verb is one transaction: it locks, checks, writes and
records; the reader of the ledger (`following.py`) is the only one that opens a review."""

from datetime import datetime

from django.db.models import Q

from tenir.ledger.verbs import record, verb
from tenir.people.models import Agent
from tenir.people.rights import LEADERS, require
from tenir.reviews import errors
from tenir.reviews.anonymity import telling
from tenir.reviews.events import (
    ImprovementAsked,
    ImprovementDone,
    ImprovementPublished,
    ReviewEnded,
    ReviewTaken,
)
from tenir.reviews.models import Improvement, Review
from tenir.text.storing import storable

Outcome = Review.Outcome
LONGEST = 4000


# --- Reviews -------------------------------------------------------------------------------------------------------


@verb
def take(review: Review, *, by: Agent, at: datetime) -> Review:
    """Puts one's name on a review. Raises `NotAllowed`, `ReviewEndedAlready`, `OwnWork`."""
    review = _lock(review, by=by)
    if review.reviewer_id != by.pk:
        review.reviewer = by
        review.save(update_fields=["reviewer"])
        record(ReviewTaken(case=review.case_id, customer=review.case.customer_id, review=review.pk), by=by, at=at)
    return review


@verb
def find_well_handled(review: Review, *, because: str, by: Agent, at: datetime) -> Review:
    """Ends a review: it was done well. Raises `FindingMissing`, `NotAllowed`, `ReviewEndedAlready`, `OwnWork`."""
    return _end(_lock(review, by=by), Outcome.WELL_HANDLED, because, by=by, at=at)


@verb
def put_right(review: Review, *, with_what: str, by: Agent, at: datetime) -> Review:
    """Ends a review: what went wrong was made good, and with what. Raises as `find_well_handled`."""
    return _end(_lock(review, by=by), Outcome.PUT_RIGHT, with_what, by=by, at=at)


@verb
def change_something(
    review: Review, *, kind: str, what: str, owner: Agent | None, due_at: datetime | None, by: Agent, at: datetime
) -> Improvement:
    """Ends a review: something is to change in training, in how we work or in stock; somebody answers for it by a date.

    Raises as `find_well_handled`, and `NotAKind`, `OwnerMissing`, `ChangeDateMissing`.
    """
    if kind not in Improvement.Kind.values:
        raise errors.NotAKind
    if owner is None or not owner.is_active:
        raise errors.OwnerMissing
    if due_at is None or due_at <= at:
        raise errors.ChangeDateMissing
    review = _end(_lock(review, by=by), Outcome.CHANGE, what, by=by, at=at)
    made = Improvement.objects.create(
        review=review, kind=kind, what=review.words, owner=owner, asked_at=at, due_at=due_at
    )
    fact = ImprovementAsked(case=review.case_id, improvement=made.pk, kind=kind, owner=owner.pk, due=due_at.isoformat())
    record(fact, by=by, at=at)
    return made


def _lock(review: Review, *, by: Agent) -> Review:
    require(by, "review_cases")
    fresh = Review.objects.select_for_update(of=("self",)).select_related("case", "promise").get(pk=review.pk)
    if fresh.outcome:
        raise errors.ReviewEndedAlready
    if answered_for_it(fresh, by) and _another_could(fresh, by):
        raise errors.OwnWork
    return fresh


def answered_for_it(review: Review, agent: Agent) -> bool:
    """Whether a review is about somebody's own work: they answer for the promise, or else for the case."""
    answers = review.promise.owner_id if review.promise else review.case.owner_id
    return answers == agent.pk


def _another_could(review: Review, agent: Agent) -> bool:
    """A team of one reviews its own work; nobody else has to."""
    return Agent.objects.filter(Q(role__in=LEADERS), is_active=True).exclude(pk=agent.pk).exists()


def _end(review: Review, outcome: str, found: str, *, by: Agent, at: datetime) -> Review:
    review.words = _words(found)
    if not review.words:
        raise errors.FindingMissing
    review.outcome, review.reviewer, review.ended_at = outcome, by, at
    review.save()
    fact = ReviewEnded(case=review.case_id, customer=review.case.customer_id, review=review.pk, outcome=outcome)
    record(fact, by=by, at=at)
    return review


def _words(text: str) -> str:
    return storable(text).strip()[:LONGEST]


# --- What is to change ---------------------------------------------------------------------------------------------


@verb
def finish(improvement: Improvement, *, how: str, by: Agent, at: datetime) -> Improvement:
    """Says that it was changed, and how: whoever answers for it, or a supervisor.

    Raises `NotAllowed`, `FindingMissing`, `DoneAlready`.
    """
    fresh = _lock_improvement(improvement)
    require(by, "finish_changes", whose=fresh.owner)
    if fresh.done_at is not None:
        raise errors.DoneAlready
    fresh.how = _words(how)
    if not fresh.how:
        raise errors.FindingMissing
    fresh.done_at, fresh.done_by = at, by
    fresh.save()
    record(ImprovementDone(case=fresh.review.case_id, improvement=fresh.pk), by=by, at=at)
    return fresh


@verb
def publish(improvement: Improvement, *, french: str, english: str, by: Agent, at: datetime) -> Improvement:
    """Lets everybody read what was changed, in words that name nobody; again with other words, if need be.

    Raises `NotAllowed`, `NotDoneYet`, `BothLanguages`, `NotAnonymous`.
    """
    require(by, "publish_changes")
    fresh = _lock_improvement(improvement)
    if fresh.done_at is None:
        raise errors.NotDoneYet
    french, english = _words(french), _words(english)
    if not french or not english:
        raise errors.BothLanguages
    if found := telling(f"{french}\n{english}", names=_names(fresh)):
        raise errors.NotAnonymous(found)
    fresh.french, fresh.english, fresh.published_at = french, english, at
    fresh.save()
    record(ImprovementPublished(improvement=fresh.pk, published=True), by=by, at=at)
    return fresh


@verb
def take_back(improvement: Improvement, *, by: Agent, at: datetime) -> Improvement:
    """Nobody reads it any more; the words are kept for another time. Raises `NotAllowed`."""
    require(by, "publish_changes")
    fresh = _lock_improvement(improvement)
    if fresh.published_at is not None:
        fresh.published_at = None
        fresh.save()
        record(ImprovementPublished(improvement=fresh.pk, published=False), by=by, at=at)
    return fresh


def _lock_improvement(improvement: Improvement) -> Improvement:
    rows = Improvement.objects.select_for_update(of=("self",)).select_related("owner", "review__case__customer")
    return rows.get(pk=improvement.pk)


def _names(improvement: Improvement) -> list[str]:
    """Whoever must not be found in what is published: the customer, the others in the case, everybody at the desk."""
    case = improvement.review.case
    people = Agent.objects.values_list("given_name", "public_name")
    return [
        case.customer.name,
        case.reference,
        *case.participants.values_list("name", flat=True),
        *(name for names in people for name in names if name),
    ]
