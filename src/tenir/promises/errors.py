"""What a promise refuses, each with a sentence that says what to do next."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tenir.ledger.refusals import Refusal


class PromiseError(Refusal):
    """Base of the refusals; `str()` is for the screen."""


class DateMissing(PromiseError):
    def sentence(self) -> str:
        return _("A promise has a date. Say by when, or how long it takes.")


class WordsMissing(PromiseError):
    def sentence(self) -> str:
        return _("Say in a few words what is promised.")


class ReasonMissing(PromiseError):
    def sentence(self) -> str:
        return _("Say why: the customer and your colleagues will ask.")


class DateIsPast(PromiseError):
    def sentence(self) -> str:
        return _("This moment has passed. Choose a date to come.")


class DateTooFar(PromiseError):
    def sentence(self) -> str:
        return _("This date is years away. Choose a nearer one.")


class CalendarClosed(PromiseError):
    """The calendar in which a promise should be counted is never open."""

    def sentence(self) -> str:
        return _("By this calendar the desk is never open. Choose a date, or correct the calendar.")


class ChangedMeanwhile(PromiseError):
    """Somebody else changed the promise after it was shown."""

    def __init__(self, revision: int) -> None:
        super().__init__()
        self.revision = revision

    def sentence(self) -> str:
        return _("Somebody changed this promise a moment ago. Look at it again, then decide.")


class NotOpen(PromiseError):
    """The promise was delivered, kept, broken or withdrawn."""

    def __init__(self, state: str) -> None:
        super().__init__()
        self.state = state

    def sentence(self) -> str:
        return _("This promise is no longer open. If something is still owed, make a new one.")


class NothingDelivered(PromiseError):
    def sentence(self) -> str:
        return _("Say what was delivered.")


class NoSuchPart(PromiseError):
    def sentence(self) -> str:
        return _("This part does not belong to the promise. Look at it again, then choose.")


class MissingWhat(PromiseError):
    """The customer said "yes, but" without saying what is missing."""

    def sentence(self) -> str:
        return _("Say what is missing, so that it can be brought.")


class StandingPromise(PromiseError):
    """A promise that a policy made follows the facts and is not changed by hand."""

    def sentence(self) -> str:
        return _("This promise is the desk's own rule: answer the customer, and it is kept.")


class NotFromThisCase(PromiseError):
    def sentence(self) -> str:
        return _("What it waits for, or where it was made, belongs to another case.")


class HasLeft(PromiseError):
    """A promise cannot be given to somebody who no longer signs in."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def sentence(self) -> str:
        return _("%(name)s is no longer at this desk. Choose somebody else.") % {"name": self.name}


class DeputyForOneself(PromiseError):
    def sentence(self) -> str:
        return _("Nobody stands in for themself. Choose somebody else.")


class DeadlineUnclear(PromiseError):
    def sentence(self) -> str:
        return _("The customer's own deadline could not be read. Choose its day and time again.")


class StillAsking(PromiseError):
    """The customer has not been asked often enough to leave a promise unconfirmed."""

    def sentence(self) -> str:
        return _("The customer is still being asked whether it was done. Decide after the last question.")


class StillOwed(PromiseError):
    """A case cannot end while something is owed, or said to be done and not confirmed."""

    def __init__(self, promises: list[int]) -> None:
        super().__init__()
        self.promises = promises

    def sentence(self) -> str:
        return ngettext(
            "Something is still owed here. Keep the promise, agree on another date or withdraw it, then end the case.",
            "%(n)s things are still owed here. Keep them, agree on other dates or withdraw them, then end the case.",
            len(self.promises),
        ) % {"n": len(self.promises)}


class NotACalendar(PromiseError):
    """The hours that were given are no calendar; `part` is which of them."""

    def __init__(self, part: str) -> None:
        super().__init__()
        self.part = part

    def sentence(self) -> str:
        said = {
            "week": _("The hours of the week could not be read. Write them as 9:00-12:00."),
            "exceptions": _("The exceptions could not be read: a date, and its hours as 9:00-12:00."),
            "closures": _("The closures could not be read: a first day and a last one, and not thousands of them."),
            "holidays": _("No public holidays are known for this country or part of it."),
        }
        return said.get(self.part, _("This calendar could not be read. Check its time zone and its hours."))


class NotAnICalendarFile(PromiseError):
    def sentence(self) -> str:
        return _("This is not an iCalendar file (.ics), or it is too large.")


class NameTaken(PromiseError):
    def sentence(self) -> str:
        return _("This name is taken already. Choose another.")


class NotAChoice(PromiseError):
    """The value is none of those offered."""

    def __init__(self, field: str) -> None:
        super().__init__()
        self.field = field

    def sentence(self) -> str:
        return _("Choose one of the values offered.")
