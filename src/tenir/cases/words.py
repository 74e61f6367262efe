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


def link_reason(because: str) -> str:
    """Why two cases are linked: what an agent wrote, or what the desk found."""
    return {
        "split": _("split from one another"),
        "named_by_a_stranger": _("named by somebody from outside"),
    }.get(because, because)


def trouble_words(code: str) -> str:
    """What could not be read in a letter; its raw form is attached."""
    said = {
        "too_large": _("This letter is larger than the desk reads: the rest is in the attached original."),
        "encrypted": _("This letter is encrypted: only the attached original holds it."),
        "unreadable": _("This letter could not be read: the attached original is as it came."),
    }
    return said.get(code, _("Part of this letter was malformed: the attached original is as it came."))
