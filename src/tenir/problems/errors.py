"""What a shared cause refuses, each with a sentence that says what to do next."""

from django.utils.translation import gettext as _

from tenir.ledger.refusals import Refusal


class CauseError(Refusal):
    """Base of the refusals; `str()` is for the screen."""


class CauseWordsMissing(CauseError):
    def sentence(self) -> str:
        return _("Name the cause in French and in English: each reads their own language.")


class ConcernsMissing(CauseError):
    def sentence(self) -> str:
        return _("Write at least one part or word that it concerns, such as “lid”.")


class CauseOwnerMissing(CauseError):
    def sentence(self) -> str:
        return _("Choose who answers for the cause.")


class FixedAlready(CauseError):
    def sentence(self) -> str:
        return _("This cause is fixed already.")


class TellingMissing(CauseError):
    def sentence(self) -> str:
        return _("Write what the customers are told, in French and in English.")


class DatesMissing(CauseError):
    """Promises behind the cause were not in the preview: made, or tied, after it was shown."""

    def sentence(self) -> str:
        return _("Something was added meanwhile. Look at the list again: every promise needs its date.")
