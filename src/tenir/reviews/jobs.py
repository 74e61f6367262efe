"""What the worker does for reviews by itself: it follows the ledger."""

from datetime import datetime, timedelta

from tenir.ledger.readers import read_on
from tenir.outbox.handlers import repeat
from tenir.reviews import following

AT_A_TIME = 200


@repeat(every=timedelta(seconds=2))
def follow_for_reviews(at: datetime) -> None:
    """Opens the reviews that what happened calls for."""
    while read_on("reviews", following.follow, limit=AT_A_TIME) == AT_A_TIME:
        pass
