"""The names of a promise's states and of how a customer was told, in the reader's language."""

from django.utils.translation import pgettext


def state_name(state: str) -> str:
    return {
        "open": pgettext("promise", "open"),
        "delivered": pgettext("promise", "delivered"),
        "kept": pgettext("promise", "kept"),
        "partly_kept": pgettext("promise", "partly kept"),
        "unconfirmed": pgettext("promise", "unconfirmed"),
        "broken": pgettext("promise", "broken"),
        "withdrawn": pgettext("promise", "withdrawn"),
    }.get(state, state)


def told_name(told: str) -> str:
    return {
        "not_yet": pgettext("told", "not yet"),
        "by_letter": pgettext("told", "in writing"),
        "by_call": pgettext("told", "by telephone"),
        "in_person": pgettext("told", "in person"),
    }.get(told, told)
