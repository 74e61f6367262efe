"""A letter as bytes, ready for the wire: pure, the same bytes for the same letter.

Plain text and HTML come from the same source. No field can add a header (`HeaderRefused`), no line passes 998
characters, everything is 7-bit except the headers of a letter to an address with UTF-8 before its @.
"""

import hashlib
import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from enum import StrEnum
from typing import Literal, cast

from tenir.channels.email.wires import headers, markup
from tenir.channels.email.wires.addresses import Address
from tenir.channels.email.wires.flowed import flow, quote
from tenir.channels.email.wires.headers import HeaderRefused, checked
from tenir.channels.email.wires.markup import to_html, to_text

__all__ = [
    "Address",
    "Attached",
    "Automatic",
    "HeaderRefused",
    "Inline",
    "Letter",
    "Quoted",
    "attribution",
    "compose",
    "to_html",
    "to_text",
]

Language = Literal["fr", "en"]

#: References keep the first and the latest ones: programs find the thread by either (RFC 5322 3.6.4 sets no limit).
_REFERENCES = 20
_MONTHS = {
    "fr": ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."],
    "en": ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
}
_CID = re.compile(r"[A-Za-z0-9._@+-]{1,120}")
_TYPE = re.compile(r"([a-z0-9][a-z0-9!#$&^_.+-]{0,60})/([a-z0-9][a-z0-9!#$&^_.+-]{0,100})")
_QUOTE_STYLE = "margin:0 0 0 0.8ex;border-left:1px solid #ccc;padding-left:1ex"


class Automatic(StrEnum):
    """A letter that no person wrote (RFC 3834): an answer to a letter, or news of its own accord."""

    REPLIED = "auto-replied"
    GENERATED = "auto-generated"


@dataclass(frozen=True, kw_only=True)
class Quoted:
    """The message that is answered. `at` is shown in its own time zone: give the reader's."""

    author: str
    at: datetime
    text: str


@dataclass(frozen=True, kw_only=True)
class Attached:
    """A file that goes with the letter."""

    name: str
    content_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Inline:
    """An image shown where the body says `![…](cid:…)`."""

    cid: str
    name: str
    content_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Letter:
    """All that a letter says. `body` is the small markup of `markup`; `signature` is plain text."""

    sender: Address
    to: Sequence[Address]
    subject: str
    date: datetime
    message_id: str
    body: str
    language: Language
    cc: Sequence[Address] = ()
    reply_to: Address | None = None
    in_reply_to: str = ""
    references: Sequence[str] = ()
    signature: str = ""
    quoted: Quoted | None = None
    attachments: Sequence[Attached] = ()
    inlines: Sequence[Inline] = ()
    automatic: Automatic | None = None
    case: str = ""
    list_id: str = ""
    list_unsubscribe: str = ""


def compose(letter: Letter) -> bytes:
    """The letter's bytes. Raises HeaderRefused (a ValueError) when a field could not be a header."""
    return b"".join(_head(letter)) + _tree(letter)


# ---- the head ---------------------------------------------------------------------------------------------------


def _head(letter: Letter) -> list[bytes]:
    if not headers.message_id(letter.message_id):
        raise HeaderRefused(f"Message-ID: {letter.message_id[:80]!r}")
    if letter.date.tzinfo is None:
        raise ValueError("date: must be aware")
    if not letter.to:
        raise ValueError("to: nobody")
    head = [
        headers.plain_header("Date", format_datetime(letter.date)),
        headers.address_header("From", [letter.sender]),
        headers.address_header("To", letter.to),
        headers.text_header("Subject", letter.subject),
        headers.id_header("Message-ID", [letter.message_id]),
    ]
    if letter.cc:
        head.append(headers.address_header("Cc", letter.cc))
    if letter.reply_to is not None:
        head.append(headers.address_header("Reply-To", [letter.reply_to]))
    return head + _threading(letter) + _marks(letter)


def _threading(letter: Letter) -> list[bytes]:
    """In-Reply-To and References; identifiers that came in malformed are left out."""
    checked("In-Reply-To", letter.in_reply_to)
    answered = headers.message_id(letter.in_reply_to)
    known = [headers.message_id(checked("References", one)) for one in letter.references]
    chain = list(dict.fromkeys(one for one in [*known, answered] if one))
    if answered:  # the one answered stands last
        chain = [one for one in chain if one != answered] + [answered]
    if len(chain) > _REFERENCES:
        chain = [chain[0], *chain[1 - _REFERENCES :]]
    lines = [headers.id_header("In-Reply-To", [answered])] if answered else []
    return lines + ([headers.id_header("References", chain)] if chain else [])


def _marks(letter: Letter) -> list[bytes]:
    """What tells machines about this letter. Never "Auto-Submitted" on a person's words."""
    lines = []
    if letter.automatic is not None:
        lines.append(headers.plain_header("Auto-Submitted", letter.automatic))
        lines.append(headers.plain_header("X-Auto-Response-Suppress", "All"))
    if letter.case:
        lines.append(headers.plain_header("X-Tenir-Case", letter.case))
    if letter.list_id:
        lines.append(headers.plain_header("List-Id", f"<{_bare('List-Id', letter.list_id)}>"))
    if letter.list_unsubscribe:
        where = _bare("List-Unsubscribe", letter.list_unsubscribe)
        lines.append(headers.plain_header("List-Unsubscribe", f"<{where}>"))
    return lines


def _bare(name: str, value: str) -> str:
    if re.search(r"[<>\s]", checked(name, value)):
        raise HeaderRefused(f"{name}: {value[:80]!r}")
    return value


# ---- the body ---------------------------------------------------------------------------------------------------


def _tree(letter: Letter) -> bytes:
    """The MIME tree; Python's library writes it, with boundaries that depend on nothing but the Message-ID."""
    message = EmailMessage(policy=SMTP)
    plain, rich = _plain(letter), _rich(letter)
    message.set_content(plain, cte="quoted-printable", params={"format": "flowed"})
    message.add_alternative(rich, subtype="html", cte="quoted-printable")
    page = cast("list[EmailMessage]", message.get_payload())[1]
    for image in letter.inlines:
        if not _CID.fullmatch(image.cid):
            raise HeaderRefused(f"Content-ID: {image.cid[:80]!r}")
        kind, sub = _media_type(image.content_type)
        page.add_related(
            image.content,
            maintype=kind,
            subtype=sub,
            cid=f"<{image.cid}>",
            disposition="inline",
            filename=_file_name(image.name),
        )
    for file in letter.attachments:
        kind, sub = _media_type(file.content_type)
        message.add_attachment(file.content, maintype=kind, subtype=sub, filename=_file_name(file.name))
    _set_boundaries(message, letter.message_id)
    return message.as_bytes()


def _set_boundaries(message: EmailMessage, seed: str) -> None:
    """ "=_" occurs neither in base64 nor in quoted-printable, so no content can hold a boundary."""
    word = hashlib.sha256(seed.encode()).hexdigest()[:24]
    for number, part in enumerate(message.walk()):
        if part.is_multipart():
            part.set_boundary(f"=_{word}_{number}")


def _plain(letter: Letter) -> str:
    lines = flow(to_text(letter.body, images=_cids(letter)))
    if letter.signature:
        lines += ["", "-- ", *flow(markup.clean(letter.signature).strip("\n"))]
    if letter.quoted is not None:
        lines += ["", *flow(attribution(letter.quoted, letter.language))]
        lines += quote(markup.clean(letter.quoted.text).strip("\n"))
    return "\n".join(lines) + "\n"


def _rich(letter: Letter) -> str:
    parts = [to_html(letter.body, images=_cids(letter))]
    if letter.signature:
        signed = html.escape(markup.clean(letter.signature).strip("\n")).replace("\n", "<br>\n")
        parts.append(f"<p>-- <br>\n{signed}</p>")
    if letter.quoted is not None:
        words = html.escape(markup.clean(letter.quoted.text).strip("\n")).replace("\n", "<br>\n")
        parts.append(f"<p>{html.escape(attribution(letter.quoted, letter.language))}</p>")
        parts.append(f'<blockquote type="cite" style="{_QUOTE_STYLE}">\n<p>{words}</p>\n</blockquote>')
    head = f'<!DOCTYPE html>\n<html lang="{letter.language}">\n<head><meta charset="utf-8"></head>\n<body>\n'
    return head + "\n".join(parts) + "\n</body>\n</html>\n"


def attribution(quoted: Quoted, language: Language) -> str:
    """The line above a quotation, which mail programs also read: «Le 3 nov. 2026 à 14:05, … a écrit :»."""
    at, who = quoted.at, " ".join(markup.clean(quoted.author).split())
    month = _MONTHS[language][at.month - 1]
    if language == "fr":
        day = "1er" if at.day == 1 else str(at.day)
        return f"Le {day} {month} {at.year} à {at:%H:%M}, {who} a écrit\u00a0:"
    return f"On {at.day} {month} {at.year} at {at:%H:%M}, {who} wrote:"


def _cids(letter: Letter) -> frozenset[str]:
    return frozenset(image.cid for image in letter.inlines)


def _media_type(told: str) -> tuple[str, str]:
    """The type as a header may say it; what is none, or would be read as part of this mail, is plain bytes."""
    found = _TYPE.fullmatch(told.partition(";")[0].strip().lower())
    if found is None or found[1] in ("multipart", "message"):
        return "application", "octet-stream"
    return found[1], found[2]


def _file_name(name: str) -> str:
    """The name without folders; never empty."""
    bare = re.split(r"[/\\]", checked("file name", name))[-1].strip()
    return bare[:200] or "file"
