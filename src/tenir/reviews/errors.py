"""What a review refuses, each with a sentence that says what to do next."""

from django.utils.translation import gettext as _

from tenir.ledger.refusals import Refusal


class ReviewError(Refusal):
    """Base of the refusals; `str()` is for the screen."""


class ReviewEndedAlready(ReviewError):
    def sentence(self) -> str:
        return _("This review has ended already. Look at what was found.")


class FindingMissing(ReviewError):
    def sentence(self) -> str:
        return _("Say what you found, so that others can learn from it.")


class OwnWork(ReviewError):
    """Somebody would review what they answered for themselves, and another could do it."""

    def sentence(self) -> str:
        return _("You answered for this yourself. Let another supervisor review it.")


class OwnerMissing(ReviewError):
    def sentence(self) -> str:
        return _("Choose who answers for the change.")


class ChangeDateMissing(ReviewError):
    def sentence(self) -> str:
        return _("A change has a date to come. Say by when.")


class NotAKind(ReviewError):
    def sentence(self) -> str:
        return _("Choose what is to change: training, how we work, or stock.")


class DoneAlready(ReviewError):
    def sentence(self) -> str:
        return _("This change is done already.")


class NotDoneYet(ReviewError):
    def sentence(self) -> str:
        return _("Publish a change once it is done.")


class BothLanguages(ReviewError):
    def sentence(self) -> str:
        return _("Write it in French and in English: both are published.")


class NotAnonymous(ReviewError):
    """What was to be published names somebody, or could lead to them: `found` are those words."""

    def __init__(self, found: list[str]) -> None:
        super().__init__()
        self.found = found

    def sentence(self) -> str:
        return _("These words could lead to somebody: %(words)s. Say it without them.") % {
            "words": ", ".join(self.found)
        }
