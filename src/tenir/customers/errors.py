"""What the customers' verbs refuse, each with a sentence that says what to do next."""

from django.utils.translation import gettext as _

from tenir.customers.phone import PhoneReading
from tenir.ledger.refusals import Refusal


class NotAnAddress(Refusal):
    """The text is not an e-mail address."""

    def sentence(self) -> str:
        return _("This is not a complete e-mail address: it looks like name@example.org.")


class NotAPhone(Refusal):
    """The text gives no telephone number; the sentence is the reading's own."""

    def __init__(self, reading: PhoneReading) -> None:
        super().__init__()
        self.reading = reading

    def sentence(self) -> str:
        return self.reading.sentence()


class NothingGiven(Refusal):
    """An empty text where words are needed."""

    def sentence(self) -> str:
        return _("There is nothing written here yet.")


class AddressOfAnother(Refusal):
    """The e-mail address belongs to another customer: perhaps the same person twice."""

    def __init__(self, other: int) -> None:
        super().__init__()
        self.other = other

    def sentence(self) -> str:
        return _("Another customer has this address. If they are the same person, merge the two.")


class AlreadyTheirs(Refusal):
    """The customer already has this way to be reached."""

    def sentence(self) -> str:
        return _("It is already written down here.")


class NotTheirs(Refusal):
    """A customer may correct only their own details, and prove an address by writing from it."""

    def sentence(self) -> str:
        return _("To use another address, write to us from it: that shows that it is yours.")


class NotAChoice(Refusal):
    """The value is none of those offered."""

    def __init__(self, field: str) -> None:
        super().__init__()
        self.field = field

    def sentence(self) -> str:
        return _("Choose one of the values offered.")


class MergedAway(Refusal):
    """The record was merged into another, where the changes belong."""

    def __init__(self, into: int) -> None:
        super().__init__()
        self.into = into

    def sentence(self) -> str:
        return _("This record was merged into another one: make the change there.")


class SamePerson(Refusal):
    """A record cannot be merged into itself."""

    def sentence(self) -> str:
        return _("These are the same record already.")


class MergedOn(Refusal):
    """The kept record was itself merged into another since: the later merge comes apart first."""

    def sentence(self) -> str:
        return _("The record that was kept has been merged into another one since. Undo that merge first.")


class AlreadyUndone(Refusal):
    """The merge was undone before."""

    def sentence(self) -> str:
        return _("This merge has already been undone.")
