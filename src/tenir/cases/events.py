"""What can happen to a case, each with its sentence after the doer's name."""

from django.utils.translation import gettext as _

from tenir.ledger.events import Fact, register


@register("case_opened")
class CaseOpened(Fact):
    channel: str

    def sentence(self) -> str:
        return _("opened the case")


@register("message_received")
class MessageReceived(Fact):
    message: int
    channel: str

    def sentence(self) -> str:
        return _("wrote")


@register("call_logged")
class CallLogged(Fact):
    message: int
    cut: bool

    def sentence(self) -> str:
        return _("noted a call that was cut") if self.cut else _("noted a call")


@register("reply_written")
class ReplyWritten(Fact):
    message: int
    leaves_at: str

    def sentence(self) -> str:
        return _("wrote a reply")


@register("reply_withdrawn")
class ReplyWithdrawn(Fact):
    message: int
    because: str = ""

    def sentence(self) -> str:
        if self.because == "customer_wrote":
            return _("held a scheduled reply back because the customer wrote first")
        return _("took a reply back before it left")


@register("message_left")
class MessageLeft(Fact):
    """A reply is on its way and can no longer be undone."""

    message: int

    def sentence(self) -> str:
        return _("let the reply leave")


@register("message_sent")
class MessageSent(Fact):
    message: int

    def sentence(self) -> str:
        return _("handed the reply to the mail server")


@register("message_failed")
class MessageFailed(Fact):
    message: int

    def sentence(self) -> str:
        return _("could not deliver the reply")


@register("message_bounced")
class MessageBounced(Fact):
    message: int
    permanent: bool = True

    def sentence(self) -> str:
        return _("learned that the reply did not arrive")


@register("note_written")
class NoteWritten(Fact):
    message: int
    mentions: list[int]

    def sentence(self) -> str:
        return _("wrote an internal note")


@register("state_changed")
class StateChanged(Fact):
    before: str
    after: str
    why: str

    def sentence(self) -> str:
        from tenir.cases.words import state_name

        return _("changed the state from “%(before)s” to “%(after)s”") % {
            "before": state_name(self.before),
            "after": state_name(self.after),
        }


@register("case_taken")
class CaseTaken(Fact):
    owner: int
    before: int | None = None

    def sentence(self) -> str:
        return _("took the case")


@register("case_released")
class CaseReleased(Fact):
    before: int | None

    def sentence(self) -> str:
        return _("put the case back into the queue")


@register("case_given")
class CaseGiven(Fact):
    owner: int
    before: int | None

    def sentence(self) -> str:
        return _("gave the case an owner")


@register("team_changed")
class TeamChanged(Fact):
    before: int | None
    after: int | None

    def sentence(self) -> str:
        return _("moved the case to another team")


@register("handover_offered")
class HandoverOffered(Fact):
    offer: int
    taker: int

    def sentence(self) -> str:
        return _("offered to hand the case over")


@register("handover_answered")
class HandoverAnswered(Fact):
    offer: int
    taker: int
    answer: str

    def sentence(self) -> str:
        said = {
            "accepted": _("accepted the hand-over"),
            "declined": _("declined the hand-over"),
            "withdrawn": _("withdrew the hand-over"),
        }
        return said.get(self.answer, self.answer)


@register("case_snoozed")
class CaseSnoozed(Fact):
    until: str

    def sentence(self) -> str:
        return _("set the case aside until a date")


@register("case_woken")
class CaseWoken(Fact):
    why: str

    def sentence(self) -> str:
        return _("brought the case back")


@register("case_ended")
class CaseEnded(Fact):
    ending: int
    kind: str

    def sentence(self) -> str:
        from tenir.cases.words import ending_name

        return _("ended the case: %(ending)s") % {"ending": ending_name(self.kind)}


@register("case_reopened")
class CaseReopened(Fact):
    why: str

    def sentence(self) -> str:
        return _("reopened the case")


@register("ending_answered")
class EndingAnswered(Fact):
    """The customer's own answer; `ending` is None when they answered before the desk had ended the case."""

    ending: int | None
    solved: bool

    def sentence(self) -> str:
        return _("confirmed that it is solved") if self.solved else _("said that it is not solved")


@register("case_described")
class CaseDescribed(Fact):
    """The subject, category, remedy sought or given, or the customer of a case was corrected: `what` names which."""

    what: str

    def sentence(self) -> str:
        from tenir.cases.words import field_name

        return _("corrected: %(what)s") % {"what": field_name(self.what)}


@register("case_tagged")
class CaseTagged(Fact):
    tag: str
    added: bool

    def sentence(self) -> str:
        words = _("added the tag “%(tag)s”") if self.added else _("removed the tag “%(tag)s”")
        return words % {"tag": self.tag}


@register("case_linked")
class CaseLinked(Fact):
    other: int
    added: bool

    def sentence(self) -> str:
        return _("linked the case to another") if self.added else _("removed a link to another case")


@register("participant_changed")
class ParticipantChanged(Fact):
    participant: int
    added: bool

    def sentence(self) -> str:
        return _("added a participant") if self.added else _("removed a participant")


@register("checklist_changed")
class ChecklistChanged(Fact):
    step: int
    change: str

    def sentence(self) -> str:
        said = {
            "added": _("added a step to the checklist"),
            "done": _("did a step of the checklist"),
            "undone": _("reopened a step of the checklist"),
            "removed": _("removed a step from the checklist"),
        }
        return said.get(self.change, self.change)


@register("case_rearranged")
class CaseRearranged(Fact):
    """A merge or a split, or its undoing: `other` is the other case."""

    rearrangement: int
    kind: str
    other: int
    undone: bool = False

    def sentence(self) -> str:
        said = {
            ("merge", False): _("merged two cases"),
            ("merge", True): _("undid the merge of two cases"),
            ("split", False): _("split the case in two"),
            ("split", True): _("undid the split of the case"),
        }
        return said.get((self.kind, self.undone), self.kind)


@register("bulk_done")
class BulkDone(Fact):
    action: int
    what: str
    cases: list[int]
    undone: bool = False

    def sentence(self) -> str:
        return _("undid an action on several cases") if self.undone else _("acted on several cases at once")


@register("callback_asked")
class CallbackAsked(Fact):
    message: int

    def sentence(self) -> str:
        return _("asked to be called back")


@register("category_kept")
class CategoryKept(Fact):
    """A category was added, renamed or removed: `what` says which."""

    category: int
    what: str

    def sentence(self) -> str:
        said = {"added": _("added a category"), "renamed": _("renamed a category")}
        return said.get(self.what, _("removed a category"))
