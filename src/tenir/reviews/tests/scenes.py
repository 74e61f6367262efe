"""Reviews for the tests: a bin that never came, and Denise who looks at it again."""

from datetime import datetime, timedelta

from tenir.cases.models import Case
from tenir.people.tests.scenes import MONDAY, amina, denise
from tenir.promises import verbs as promises
from tenir.promises.models import Promise
from tenir.promises.tests.scenes import Told, a_bin, hours
from tenir.reviews import verbs
from tenir.reviews.jobs import follow_for_reviews
from tenir.reviews.models import Improvement, Review


def reviews() -> list[Review]:
    """Every review, after the ledger was read to its end."""
    follow_for_reviews(MONDAY)
    return list(Review.objects.order_by("pk"))


def broken(case: Case | None = None, *, at: datetime = MONDAY) -> Promise:
    """Amina promised a bin, and has to say that it will not come."""
    promise = a_bin(case, at=at)
    return promises.break_promise(
        promise, seen=0, because="plus de bacs", told=Told.BY_CALL, by=amina(), at=at + timedelta(hours=1)
    )


def a_review(case: Case | None = None) -> Review:
    """Of a promise that was broken."""
    broken(case)
    return reviews()[-1]


def a_change(*, at: datetime | None = None) -> Improvement:
    """Denise asks Amina for lids to be counted on Mondays."""
    return verbs.change_something(
        a_review(), kind="stock", what="Compter les couvercles le lundi", owner=amina(), due_at=hours(200),
        by=denise(), at=at or hours(2),
    )  # fmt: skip
