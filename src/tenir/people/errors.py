"""What the people's verbs refuse, each with a sentence that says what to do next."""

from django.utils.translation import gettext as _

from tenir.ledger.refusals import Refusal


class AddressTaken(Refusal):
    """An agent has this e-mail address already."""

    def sentence(self) -> str:
        return _("Somebody is already here with this address. Send them a new link, or give another address.")


class NotAnAddress(Refusal):
    """The text is not an e-mail address."""

    def sentence(self) -> str:
        return _("This is not a complete e-mail address: it looks like name@example.org.")


class NameMissing(Refusal):
    """A name is needed and none was given."""

    def sentence(self) -> str:
        return _("A name is needed here.")


class AlreadyJoined(Refusal):
    """An invitation makes no sense any more: the person has already come."""

    def sentence(self) -> str:
        return _("This person has already joined. If they cannot sign in, they can ask for a new password.")


class InvitationOver(Refusal):
    """The link was used, has expired, was replaced by a newer one, or never existed.

    All four look the same.
    """

    def sentence(self) -> str:
        return _("This link has already been used or has expired. Ask the person who invited you for another.")


class LastAdministrator(Refusal):
    """Without an administrator nobody could invite anybody any more."""

    def sentence(self) -> str:
        return _("This is the last administrator. Make somebody else administrator first.")


class NotJoinedYet(Refusal):
    """An invited person has no access that could be given back."""

    def sentence(self) -> str:
        return _("This person has not joined yet. Send them a new link.")


class ReasonMissing(Refusal):
    """Reading somebody's identity needs a reason, because they may read it."""

    def sentence(self) -> str:
        return _("Write why you need to know: the person can read this reason.")


class TeamNameTaken(Refusal):
    """Two teams cannot have one name."""

    def sentence(self) -> str:
        return _("A team already has this name. Choose another.")


class NotAChoice(Refusal):
    """The value is none of those offered."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field

    def sentence(self) -> str:
        return _("Choose one of the values offered.")


class DeskAlreadyOpen(Refusal):
    """The first administrator exists: the first-run page is over."""

    def sentence(self) -> str:
        return _("This desk already has an administrator. Ask them for an invitation.")
