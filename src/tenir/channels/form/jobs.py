"""What is forgotten by itself."""

from datetime import datetime, timedelta

from tenir.channels.form import verbs, waiting
from tenir.outbox.handlers import repeat


@repeat(every=timedelta(hours=1))
def forget(at: datetime) -> None:
    """Counts and waiting files older than a day."""
    verbs.forget_arrivals(before=at - timedelta(days=1))
    waiting.sweep(at=at)
