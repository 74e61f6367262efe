"""Raw bytes to `ParsedMail`."""

from __future__ import annotations

import email
import email.policy
import email.utils
import hashlib
from collections.abc import Collection
from typing import IO, Any

from tenir.channels.email.parse.values import Address, Limits, ParsedMail


def read(
    raw: bytes,
    *,
    own_addresses: Collection[str] = (),
    trusted_authserv: str | None = None,
    limits: Limits = Limits(),  # noqa: B008 (a frozen value)
) -> ParsedMail:
    """What the mail says. Never raises, whatever the bytes."""
    mail = email.message_from_bytes(raw)
    name, address = email.utils.parseaddr(mail.get("From", ""))
    payload = mail.get_payload(decode=True) or b""
    text = payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
    to = tuple(Address(n, a) for n, a in email.utils.getaddresses(mail.get_all("To", [])))
    return ParsedMail(
        sha256=hashlib.sha256(raw).hexdigest(),
        message_id=mail.get("Message-ID"),
        in_reply_to=tuple(mail.get("In-Reply-To", "").split()),
        references=tuple(mail.get("References", "").split()),
        sent_at=None,
        sender=Address(name, address) if address else None,
        authors=(),
        claimed_author=None,
        reply_to=(),
        to=to,
        cc=(),
        delivered_to=(),
        subject=mail.get("Subject", ""),
        language=None,
        new_text=text,
        folded=(),
        text=text,
        html=None,
        has_remote_images=False,
        attachments=(),
        events=(),
        machine=None,
        bounce=None,
        authentication=(),
        troubles=(),
        auto_submitted=None,
        list_id=None,
        our_tokens=(),
    )


def as_json(mail: ParsedMail) -> dict[str, Any]:
    """The mail as plain values, for `tenir read`."""
    return {"subject": mail.subject, "new_text": mail.new_text}


def main_read(stdin: IO[bytes]) -> dict[str, Any]:
    """One raw mail from `stdin`, read, as plain values."""
    return as_json(read(stdin.read()))
