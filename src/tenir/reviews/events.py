"""What can happen to a review and to what it changes, each with its sentence after the doer's name."""

from django.utils.translation import gettext as _

from tenir.ledger.events import Fact, register


@register("review_opened")
class ReviewOpened(Fact):
    """`reason` is broken, late, unconfirmed or repeat; `due` is ISO 8601."""

    review: int
    reason: str
    due: str
    promise: int | None = None

    def sentence(self) -> str:
        return _("brought a supervisor in")


@register("review_taken")
class ReviewTaken(Fact):
    review: int

    def sentence(self) -> str:
        return _("took a review")


@register("review_ended")
class ReviewEnded(Fact):
    """`outcome` is well_handled, put_right or change."""

    review: int
    outcome: str

    def sentence(self) -> str:
        said = {
            "well_handled": _("reviewed it: well handled"),
            "put_right": _("reviewed it: put right"),
        }
        return said.get(self.outcome, _("reviewed it: something is to change"))


@register("improvement_asked")
class ImprovementAsked(Fact):
    improvement: int
    kind: str
    owner: int
    due: str

    def sentence(self) -> str:
        return _("asked for something to change")


@register("improvement_done")
class ImprovementDone(Fact):
    improvement: int

    def sentence(self) -> str:
        return _("changed what a review had asked for")


@register("improvement_published")
class ImprovementPublished(Fact):
    improvement: int
    published: bool

    def sentence(self) -> str:
        return _("published what was changed") if self.published else _("took back what was published")
