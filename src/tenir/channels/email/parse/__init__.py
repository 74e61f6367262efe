"""The mail reader: raw bytes in, one frozen value out; no database, no network, no clock.

`read` never raises and ends in bounded time and memory whatever the bytes; what it could not read is in `troubles`.
Nothing here has a state, so nobody may change it: read the same bytes again to get the same value.
"""

from tenir.channels.email.parse.message import as_json, main_read, read
from tenir.channels.email.parse.values import (
    Address,
    Attachment,
    AuthResult,
    Bounce,
    Event,
    Fold,
    Limits,
    Machine,
    ParsedMail,
    Part,
    Trouble,
)

LIMITS = Limits()

__all__ = [
    "LIMITS",
    "Address",
    "Attachment",
    "AuthResult",
    "Bounce",
    "Event",
    "Fold",
    "Limits",
    "Machine",
    "ParsedMail",
    "Part",
    "Trouble",
    "as_json",
    "main_read",
    "read",
]
