"""What the worker does for the e-mail channel."""

from datetime import datetime, timedelta

from tenir import clock
from tenir.channels.email import mailboxes, promises  # noqa: F401  (registers its service)
from tenir.channels.email.models import Mail
from tenir.channels.email.receive import rescue
from tenir.ledger.readers import read_on
from tenir.outbox.handlers import handles, repeat
from tenir.outbox.models import Task


@handles("email.read_slowed")
def read_slowed(task: Task) -> None:
    """Makes a message of a letter that was held back because its sender wrote very often."""
    rescue(Mail.objects.get(pk=task.data["mail"]), at=clock.now())


@repeat(every=timedelta(seconds=5))
def plan_promise_letters(at: datetime) -> None:
    """Plans the letters about promises, from the ledger."""
    while read_on("promise-letters", lambda events: promises.follow(events, at=at)) > 0:
        pass
