"""What a case refuses, each with a sentence in the reader's language that says what to do next."""

from django.utils.translation import gettext as _

from tenir.ledger.refusals import Refusal


class CaseError(Refusal):
    """Base of the refusals; `str()` is for the screen."""


class SomethingNew(CaseError):
    """A reply was refused because something arrived that its author has not seen. Their text is kept."""

    def __init__(self, new_messages: list[int]) -> None:
        super().__init__()
        self.new_messages = new_messages

    def sentence(self) -> str:
        return _("Something new arrived while you were writing. Your text is kept: read what is new, then send.")


class NotYours(CaseError):
    def sentence(self) -> str:
        return _("This is for the owner of the case. You can ask them to hand it over.")


class NothingToSay(CaseError):
    def sentence(self) -> str:
        return _("There are no words yet. Write your message, then send it.")


class NobodyToWriteTo(CaseError):
    def sentence(self) -> str:
        return _("There is no address to write to. Add one to the customer, or choose a recipient.")


class NotAnAddress(CaseError):
    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address

    def sentence(self) -> str:
        return _("“%(address)s” is not an e-mail address. Correct it, then send: your text is kept.") % {
            "address": self.address[:100]
        }


class TooLate(CaseError):
    def sentence(self) -> str:
        return _("It has already left: it can no longer be taken back. You can write again at once.")


class AlreadyEnded(CaseError):
    def sentence(self) -> str:
        return _("This case has ended. Reopen it first.")


class NotEnded(CaseError):
    def sentence(self) -> str:
        return _("This case has not ended: there is nothing to reopen.")


class AlreadyOwned(CaseError):
    def __init__(self, owner: str) -> None:
        super().__init__()
        self.owner = owner

    def sentence(self) -> str:
        return _("%(name)s has this case already. Ask them to hand it over if it should be yours.") % {
            "name": self.owner
        }


class HasLeft(CaseError):
    """A case cannot be given to somebody who no longer signs in."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def sentence(self) -> str:
        return _("%(name)s is no longer at this desk. Choose somebody else.") % {"name": self.name}


class AlreadyTheirs(CaseError):
    def sentence(self) -> str:
        return _("The case is theirs already. Choose somebody else.")


class BecauseMissing(CaseError):
    def sentence(self) -> str:
        return _("Say why it could not be solved: it helps to change what was in the way.")


class StoryMissing(CaseError):
    def sentence(self) -> str:
        return _("Tell the story in a few words, so that the customer need not say it again.")


class NoSuchOffer(CaseError):
    def sentence(self) -> str:
        return _("This hand-over has been answered or withdrawn already.")


class AlreadyOffered(CaseError):
    def sentence(self) -> str:
        return _("A hand-over is already offered. Withdraw it before you offer another.")


class InThePast(CaseError):
    def sentence(self) -> str:
        return _("This moment has passed. Choose a later one.")


class SameCase(CaseError):
    def sentence(self) -> str:
        return _("These are one and the same case. Choose another one.")


class MovedOn(CaseError):
    def sentence(self) -> str:
        return _("Something has changed since, so this can no longer be undone in one step.")


class NothingChosen(CaseError):
    def sentence(self) -> str:
        return _("Choose at least one message, and leave at least one in the case.")


class NameMissing(CaseError):
    def sentence(self) -> str:
        return _("Give the list a name, so that you find it again.")


class CategoryNameTaken(CaseError):
    def sentence(self) -> str:
        return _("A category already has this name. Choose another.")


class CategoryNameMissing(CaseError):
    def sentence(self) -> str:
        return _("Give the category a name.")
