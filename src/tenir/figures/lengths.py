"""How long our promises are, and how long we really take: distributions, because a mean hides whoever waits longest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import QuerySet

from tenir.promises.models import Promise

STEPS = tuple(timedelta(hours=hours) for hours in (4, 24, 48, 72, 168, 336, 720))
"""Up to four hours, a day, two, three, a week, two weeks, thirty days; and longer."""
MOST = 20_000


@dataclass(frozen=True)
class Spread:
    """How many there are up to each step (and longer, last), and within how long the half, and nine of ten, were."""

    counts: list[int]
    half: timedelta | None
    nine_of_ten: timedelta | None

    @property
    def total(self) -> int:
        return sum(self.counts)


def spread(lengths: Sequence[timedelta]) -> Spread:
    """The distribution of some lengths. Pure. The half and nine of ten are lengths that really occurred (nearest
    rank): the smallest within which at least that share lies."""
    ordered = sorted(lengths)
    counts = [0] * (len(STEPS) + 1)
    for length in ordered:
        counts[next((place for place, step in enumerate(STEPS) if length <= step), len(STEPS))] += 1
    return Spread(counts, _rank(ordered, 50), _rank(ordered, 90))


def _rank(ordered: Sequence[timedelta], percent: int) -> timedelta | None:
    return ordered[-(-len(ordered) * percent // 100) - 1] if ordered else None


def promised_and_real(promises: QuerySet[Promise]) -> tuple[Spread, Spread]:
    """Of the last promises that were delivered: how long the first date gave us, and how long it took, by the clock."""
    done = promises.filter(delivered_at__isnull=False, state__in=["kept", "partly_kept", "delivered", "unconfirmed"])
    rows = list(done.order_by("-pk").values_list("made_at", "first_due_at", "delivered_at")[:MOST])
    return (
        spread([due - made for made, due, _done in rows]),
        spread([done - made for made, _due, done in rows if done is not None]),
    )
