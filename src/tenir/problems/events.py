"""What can happen to a shared cause, each with its sentence after the doer's name."""

from django.utils.translation import gettext as _

from tenir.ledger.events import Fact, register


@register("cause_noted")
class CauseNoted(Fact):
    cause: int
    owner: int

    def sentence(self) -> str:
        return _("noted a shared cause")


@register("cause_changed")
class CauseChanged(Fact):
    cause: int

    def sentence(self) -> str:
        return _("corrected a shared cause")


@register("case_tied")
class CaseTied(Fact):
    cause: int
    added: bool

    def sentence(self) -> str:
        return _("tied the case to a shared cause") if self.added else _("untied the case from a shared cause")


@register("cause_fixed")
class CauseFixed(Fact):
    """`cases` customers are to be told, `promises` got another date."""

    cause: int
    cases: int
    promises: int

    def sentence(self) -> str:
        return _("fixed a shared cause")
