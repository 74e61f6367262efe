"""E-mail addresses as keys."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email


def address_key(address: str) -> str:
    """The address as it is compared: lower case, without the blanks and brackets around it.

    Any text gives a key, because mail arrives from senders that no rule foresees; `is_address` judges what is typed.
    """
    return address.strip().strip("<>").strip().lower()[:254]


def is_address(text: str) -> bool:
    """Whether somebody could be written to at `text`."""
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= 254
