"""The kinds of promise: what each is called, how long it usually is, its colour, and whether the record proves it."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import TextChoices
from django.utils.functional import Promise as Words
from django.utils.translation import gettext_lazy as _

HOUR = timedelta(hours=1)


class Kind(TextChoices):
    DELIVERY = "delivery"
    ACTION = "action"
    CALLBACK = "callback"
    FIND_OUT = "find_out"
    ACKNOWLEDGEMENT = "acknowledgement"
    REVIEW = "review"
    TELL = "tell"
    FIRST_ANSWER = "first_answer"
    NEXT_ANSWER = "next_answer"
    KEEP_INFORMED = "keep_informed"
    END = "end"


@dataclass(frozen=True)
class Custom:
    """What is usual for a kind: its name, words to begin with, a length in open hours or in working days, and a colour
    by its name in the style sheet. `self_evident` kinds are kept as soon as they are delivered, because the record
    shows it; the others ask the customer."""

    name: Words
    words: Words
    hours: float = 0
    working_days: int = 0
    colour: str = ""
    self_evident: bool = False


CUSTOMS: dict[str, Custom] = {
    Kind.DELIVERY: Custom(_("delivery"), _("We will deliver "), working_days=2, colour="leaf"),
    Kind.ACTION: Custom(_("action"), _("We will "), working_days=2, colour="leaf"),
    Kind.CALLBACK: Custom(_("call back"), _("We will call you back"), hours=4, colour="sky", self_evident=True),
    Kind.FIND_OUT: Custom(_("find out"), _("We will find out and tell you"), working_days=1, colour="sky"),
    Kind.ACKNOWLEDGEMENT: Custom(
        _("acknowledgement"), _("We will confirm that we received it"), working_days=1, colour="sand", self_evident=True
    ),
    Kind.REVIEW: Custom(
        _("review"), _("A supervisor will review it"), working_days=5, colour="plum", self_evident=True
    ),
    Kind.TELL: Custom(_("tell the customer"), _("Tell the customer"), hours=2, colour="clay", self_evident=True),
    Kind.FIRST_ANSWER: Custom(_("first answer"), _("First answer"), colour="sand", self_evident=True),
    Kind.NEXT_ANSWER: Custom(_("next answer"), _("Next answer"), colour="sand", self_evident=True),
    Kind.KEEP_INFORMED: Custom(_("news"), _("Keep the customer informed"), colour="sand", self_evident=True),
    Kind.END: Custom(_("ending"), _("Bring it to an end"), colour="sand", self_evident=True),
}

STANDING = (Kind.FIRST_ANSWER, Kind.NEXT_ANSWER, Kind.KEEP_INFORMED, Kind.END)
"""Made by a policy, not by a person."""
MADE_BY_PEOPLE = tuple(kind for kind in Kind if kind not in (*STANDING, Kind.TELL))
"""What somebody can choose when they promise."""


def kind_name(kind: str) -> str:
    """The name of a kind in the reader's language."""
    return str(CUSTOMS[kind].name) if kind in CUSTOMS else kind


def usual_words(kind: str) -> str:
    """The words that a promise of this kind begins with, in the reader's language."""
    return str(CUSTOMS[kind].words) if kind in CUSTOMS else ""
