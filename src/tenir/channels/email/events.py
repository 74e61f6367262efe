"""What can happen to the desk's mailboxes."""

from django.utils.translation import gettext as _

from tenir.ledger.events import Fact, register


@register("mailbox_changed")
class MailboxChanged(Fact):
    mailbox: int

    def sentence(self) -> str:
        return _("changed the settings of a mailbox")


@register("mailbox_troubled")
class MailboxTroubled(Fact):
    mailbox: int
    trouble: str

    def sentence(self) -> str:
        return _("could not read or send mail") if self.trouble else _("reads and sends mail again")


@register("mail_slowed")
class MailSlowed(Fact):
    mail: int

    def sentence(self) -> str:
        return _("held back a letter from a sender who writes very often")


@register("mail_rescued")
class MailRescued(Fact):
    mail: int

    def sentence(self) -> str:
        return _("made a case of a letter that was taken for a machine's")


@register("letter_sent")
class LetterSent(Fact):
    kind: str

    def sentence(self) -> str:
        said = {
            "acknowledgement": _("sent the customer an acknowledgement"),
            "link": _("sent the customer a fresh link to their page"),
            "promises": _("wrote to the customer about what was promised"),
        }
        return said.get(self.kind, self.kind)


@register("letter_bounced")
class LetterBounced(Fact):
    kind: str

    def sentence(self) -> str:
        return _("learned that an automatic letter did not arrive")
