"""The names of reasons, outcomes and kinds of change, in the reader's language."""

from django.utils.translation import gettext as _


def reason_name(reason: str) -> str:
    return {
        "broken": _("a promise was broken"),
        "late": _("a promise is late"),
        "unconfirmed": _("nobody confirmed it"),
        "repeat": _("the customer had to come back"),
    }.get(reason, reason)


def outcome_name(outcome: str) -> str:
    return {
        "well_handled": _("well handled"),
        "put_right": _("put right"),
        "change": _("something to change"),
    }.get(outcome, outcome)


def kind_name(kind: str) -> str:
    return {
        "training": _("training"),
        "process": _("how we work"),
        "stock": _("stock"),
    }.get(kind, kind)
