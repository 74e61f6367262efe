"""Marks in the desk’s own letters that nobody can make up: a Message-ID and a reply address that lead to a case."""

import hashlib

from django.conf import settings

from tenir.cases.models import Case
from tenir.channels.email.wires import tokens


def mark_key() -> bytes:
    """The key of the marks, derived from the desk's secret key."""
    return hashlib.sha256(b"tenir marks in mail " + settings.SECRET_KEY.encode()).digest()


def reply_address(desk_address: str, case: Case) -> str:
    """The desk's address with the case's mark in it (plus addressing, RFC 5233)."""
    return tokens.reply_address(desk_address, case.reference, key=mark_key())


def message_id(desk_address: str, case: Case) -> str:
    """A new Message-ID with the case's mark in it."""
    return tokens.new_message_id(case.reference, key=mark_key(), domain=desk_address.rpartition("@")[2])


def reference_in(text: str) -> str | None:
    """The reference of the case that a genuine mark names, in an address or a header; None when there is none."""
    mark = tokens.read_token(text, key=mark_key())
    return mark.case.upper() if mark else None
