"""The names of states, endings, channels and fields, in the reader's language."""

from django.utils.translation import gettext as _


def state_name(state: str) -> str:
    return {
        "waiting": _("to take"),
        "open": _("open"),
        "waiting_for_customer": _("waiting for the customer"),
        "ended": _("ended"),
    }.get(state, state)


def ending_name(kind: str) -> str:
    return {
        "happy": _("happy"),
        "solved": _("solved"),
        "could_not": _("could not help"),
        "withdrawn": _("withdrawn"),
    }.get(kind, kind)


def channel_name(channel: str) -> str:
    return {
        "email": _("by e-mail"),
        "form": _("by the form"),
        "phone": _("by telephone"),
        "chat": _("by chat"),
        "social": _("in public"),
        "letter": _("by letter"),
    }.get(channel, channel)


def field_name(field: str) -> str:
    return {
        "subject": _("the subject"),
        "category": _("the category"),
        "remedy_sought": _("what the person wants"),
        "remedy_given": _("what was done"),
        "customer": _("the customer"),
        "language": _("the language"),
    }.get(field, field)
