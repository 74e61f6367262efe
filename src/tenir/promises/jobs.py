"""What the worker does for promises by itself: follows the ledger, gives alarms, forgets absences that are over."""

from datetime import datetime, timedelta

from tenir.ledger.readers import read_on
from tenir.outbox.handlers import repeat
from tenir.promises import engine, said, standing
from tenir.promises.models import Absence

AT_A_TIME = 200
TURNS = 20
"""Batches of events read in one go: a desk that has years to catch up with does its other work in between."""


@repeat(every=timedelta(seconds=1))
def follow_cases(at: datetime) -> None:
    """Makes, keeps and ends standing promises, from the ledger."""
    for _turn in range(TURNS):
        if read_on("standing-promises", standing.follow, limit=AT_A_TIME) < AT_A_TIME:
            return


@repeat(every=timedelta(seconds=1))
def keep_what_was_said(at: datetime) -> None:
    """Makes the promises noted in replies, and takes back those of a reply that never left."""
    for _turn in range(TURNS):
        if read_on("promises-said", said.follow, limit=AT_A_TIME) < AT_A_TIME:
            return


@repeat(every=timedelta(seconds=1))
def give_alarms(at: datetime) -> None:
    """Gives the alarms that are due."""
    engine.tick(at=at)


@repeat(every=timedelta(hours=1))
def forget_absences(at: datetime) -> None:
    """Nobody needs to know when somebody was away, once they are back."""
    Absence.objects.filter(ends_at__lt=at).delete()
