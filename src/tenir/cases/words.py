"""The names of states, endings, channels and fields, in the reader's language."""

from functools import lru_cache

from django.utils.translation import get_language
from django.utils.translation import gettext as _


def state_name(state: str) -> str:
    return _state_names(get_language() or "").get(state, state)


@lru_cache(maxsize=8)
def _state_names(_language: str) -> dict[str, str]:
    return {
        "waiting": _("to take"),
        "open": _("open"),
        "waiting_for_customer": _("waiting for the customer"),
        "ended": _("ended"),
    }


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


_TOO_LARGE = frozenset({
    "mail_too_large", "header_too_large", "too_many_parts", "nested_too_deep", "part_too_large",
    "attachments_too_large", "body_too_large", "body_too_long", "too_many_addresses",
})  # fmt: skip


def trouble_words(code: str) -> str:
    """What could not be read in a letter (the codes of the mail reader); its raw form is attached."""
    if code in _TOO_LARGE:
        return _("This letter holds more than the desk reads: the rest is in the attached original.")
    said = {
        "encrypted": _("This letter is encrypted: only the attached original holds it."),
        "empty_mail": _("This letter is empty."),
        "no_sender": _("This letter does not say who sent it."),
        "broken_sender": _("The sender of this letter could not be read whole."),
        "several_authors": _("Several people signed this letter as its senders."),
        "hostile_html": _("Something dangerous was taken out of the formatting of this letter."),
        "unreadable": _("This letter could not be read: the attached original is as it came."),
        "reader_failed": _("This letter could not be read: the attached original is as it came."),
    }
    return said.get(code, _("Part of this letter was malformed: the attached original is as it came."))
