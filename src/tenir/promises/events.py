"""What can happen to a promise, each with its sentence after the doer's name."""

from django.utils.translation import gettext as _

from tenir.ledger.events import Fact, register


@register("promise_made")
class PromiseMade(Fact):
    """`due` is ISO 8601; `counted` says how it was reached; `follows` is the promise that this one continues."""

    promise: int
    kind: str
    due: str
    counted: str
    owner: int | None = None
    message: int | None = None
    follows: int | None = None
    policy: int | None = None

    def sentence(self) -> str:
        if self.kind == "tell":
            return _("put it on the list to tell the customer")
        if self.policy is not None:
            return _("set a date by the desk's own rule")
        return _("promised what was still missing") if self.follows else _("made a promise")


@register("promise_part_delivered")
class PromisePartDelivered(Fact):
    promise: int
    parts: list[int]

    def sentence(self) -> str:
        return _("delivered a part of what was promised")


@register("promise_delivered")
class PromiseDelivered(Fact):
    promise: int
    early: bool

    def sentence(self) -> str:
        return _("delivered what was promised, early") if self.early else _("delivered what was promised")


@register("promise_kept")
class PromiseKept(Fact):
    """`proof` is who says so: the customer, or the record."""

    promise: int
    kind: str
    proof: str
    early: bool
    on_time: bool

    def sentence(self) -> str:
        if self.proof == "record":
            return _("kept the desk's word") if self.on_time else _("did, after its date, what was promised")
        if self.early:
            return _("confirmed that the promise was kept, early")
        return _("confirmed that the promise was kept")


@register("promise_partly_kept")
class PromisePartlyKept(Fact):
    promise: int
    missing: list[int]
    continued_in: int

    def sentence(self) -> str:
        return _("said that something is missing")


@register("promise_not_yet")
class PromiseNotYet(Fact):
    promise: int

    def sentence(self) -> str:
        return _("said that it is not done yet")


@register("promise_renegotiated")
class PromiseRenegotiated(Fact):
    promise: int
    before: str
    after: str
    counted: str
    told: str

    def sentence(self) -> str:
        return _("agreed on another date for a promise")


@register("promise_broken")
class PromiseBroken(Fact):
    promise: int
    told: str

    def sentence(self) -> str:
        return _("said that a promise cannot be kept")


@register("promise_withdrawn")
class PromiseWithdrawn(Fact):
    promise: int
    told: str = ""
    why: str = ""

    def sentence(self) -> str:
        return _("withdrew a promise")


@register("promise_unconfirmed")
class PromiseUnconfirmed(Fact):
    promise: int

    def sentence(self) -> str:
        return _("left a promise unconfirmed: the customer did not answer")


@register("promise_given")
class PromiseGiven(Fact):
    promise: int
    owner: int | None
    before: int | None

    def sentence(self) -> str:
        return _("gave a promise an owner")


@register("promise_deputy_named")
class PromiseDeputyNamed(Fact):
    promise: int
    deputy: int | None

    def sentence(self) -> str:
        return _("named who stands in for a promise") if self.deputy else _("took the deputy off a promise")


@register("promise_warned")
class PromiseWarned(Fact):
    """Three quarters of the time of a promise are over. `holder` is who answers for it now."""

    promise: int
    due: str
    holder: int | None

    def sentence(self) -> str:
        return _("recalled a promise that will soon be due")


@register("promise_fell_due")
class PromiseFellDue(Fact):
    """The date has passed. `tell` is the row that puts the call or letter to the customer on somebody's list."""

    promise: int
    due: str
    holder: int | None
    tell: int | None = None

    def sentence(self) -> str:
        return _("noticed that the date of a promise has passed")


@register("promise_late")
class PromiseLate(Fact):
    """A while after its date a promise is still open: supervisors see it."""

    promise: int
    due: str
    holder: int | None

    def sentence(self) -> str:
        return _("brought a promise that is late before the supervisors")


@register("promise_alarm_failed")
class PromiseAlarmFailed(Fact):
    """The alarm of a promise could not be given; it is tried again in an hour, and the log has the reason."""

    promise: int

    def sentence(self) -> str:
        return _("could not give the alarm of a promise, and will try again")


@register("promise_asked_about")
class PromiseAskedAbout(Fact):
    """The customer is to be asked, for the `number`-th time, whether what was delivered is right."""

    promise: int
    number: int

    def sentence(self) -> str:
        return _("planned to ask whether it was done")


@register("promise_to_decide")
class PromiseToDecide(Fact):
    """The customer was asked often enough: a person decides."""

    promise: int
    holder: int | None

    def sentence(self) -> str:
        return _("asked a person to decide about a promise that was never confirmed")


@register("promise_paused")
class PromisePaused(Fact):
    """The customer has the ball: a standing promise stops counting."""

    promise: int

    def sentence(self) -> str:
        return _("stopped counting while the customer has the ball")


@register("promise_resumed")
class PromiseResumed(Fact):
    promise: int
    due: str

    def sentence(self) -> str:
        return _("went on counting")


@register("absence_noted")
class AbsenceNoted(Fact):
    absence: int
    agent: int
    deputy: int
    begins: str
    ends: str

    def sentence(self) -> str:
        return _("said who stands in during an absence")


@register("absence_over")
class AbsenceOver(Fact):
    absence: int
    agent: int

    def sentence(self) -> str:
        return _("ended an absence")


@register("calendar_kept")
class CalendarKept(Fact):
    """A calendar was added or changed: `what` says which."""

    calendar: int
    what: str

    def sentence(self) -> str:
        return _("wrote when the desk is open")


@register("policy_kept")
class PolicyKept(Fact):
    policy: int
    kind: str
    minutes: int

    def sentence(self) -> str:
        return _("wrote a standing promise of the desk")


@register("policy_retired")
class PolicyRetired(Fact):
    policy: int

    def sentence(self) -> str:
        return _("retired a standing promise of the desk")
