"""What the worker does for the e-mail channel."""

from tenir import clock
from tenir.channels.email import mailboxes  # noqa: F401  (registers its service)
from tenir.channels.email.models import Mail
from tenir.channels.email.receive import rescue
from tenir.outbox.handlers import handles
from tenir.outbox.models import Task


@handles("email.read_slowed")
def read_slowed(task: Task) -> None:
    """Makes a message of a letter that was held back because its sender wrote very often."""
    rescue(Mail.objects.get(pk=task.data["mail"]), at=clock.now())
