"""What a mail is once read: frozen values, without behaviour."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

FoldKind = Literal["history", "signature", "disclaimer", "forwarded"]
MachineKind = Literal["bounce", "auto_reply", "list", "own", "receipt", "other"]


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of one mail is read; what is beyond a limit is left in the raw bytes and told as a Trouble."""

    bytes: int = 64 * 1024 * 1024  # of the raw mail
    parts: int = 500
    depth: int = 24  # of parts within parts
    headers: int = 1_000  # of one part
    header_length: int = 128 * 1024  # characters of one header, and four times that for all of a part
    addresses: int = 2_000  # of one header
    attachment: int = 40 * 1024 * 1024  # bytes of one attachment once decoded
    attachments: int = 64 * 1024 * 1024  # bytes of all attachments once decoded
    text: int = 1024 * 1024  # characters of a body that are looked at
    markup: int = 2 * 1024 * 1024  # characters of an HTML body that are looked at
    elements: int = 60_000  # of an HTML body; beyond, only its words are taken
    markup_depth: int = 1_500  # elements within elements: the HTML parser is quadratic in it
    lines: int = 20_000  # of a body that are looked at for quoted history
    decompressed: int = 2 * 1024 * 1024  # of what a TNEF container compresses


@dataclass(frozen=True, slots=True)
class Address:
    """`name` as shown by the sender, decoded; `address` as written, domain in lower case, or "" when there is none."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """One file that came with the mail. `name` is safe to show and to save; `content_id` is without brackets."""

    name: str
    content_type: str
    size: int
    content: bytes
    content_id: str | None
    inline: bool


Part = Attachment


@dataclass(frozen=True, slots=True)
class Fold:
    """Words of the mail that are kept but not shown at first."""

    kind: FoldKind
    text: str


@dataclass(frozen=True, slots=True)
class Machine:
    """Why this mail is held to come from a machine: a code, and the words or header that say so."""

    kind: MachineKind
    reason: str


@dataclass(frozen=True, slots=True)
class Bounce:
    """What a mail server says of a message of ours. `permanent` is False while it still tries."""

    original_message_id: str | None
    recipient: str | None
    status: str | None  # enhanced status code, "5.1.1", or None when the dialect gives none
    diagnostic: str
    permanent: bool


@dataclass(frozen=True, slots=True)
class AuthResult:
    """One line of the trusted server's Authentication-Results, in lower case."""

    method: str
    result: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that could not be read as it should: a code to be translated, and a detail for a technician."""

    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Event:
    """One appointment of a text/calendar part, dates as readable text in the zone that they name."""

    summary: str
    when: str
    where: str
    organiser: str
    method: str


@dataclass(frozen=True, slots=True)
class ParsedMail:
    """A mail, read.

    Message identifiers keep their angle brackets. `new_text` and `folded` together hold every word of `text`.
    `machine` is None when a person wrote.
    """

    sha256: str
    message_id: str | None
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    sent_at: datetime | None
    sender: Address | None
    authors: tuple[Address, ...]  # every address of From; more than one is legal and rare
    claimed_author: Address | None  # who a list or a form says wrote (X-Original-From, or "X via Y"); unproved
    reply_to: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    delivered_to: tuple[Address, ...]
    subject: str
    language: str | None
    new_text: str
    folded: tuple[Fold, ...]
    text: str
    html: str | None
    has_remote_images: bool
    attachments: tuple[Attachment, ...]
    events: tuple[Event, ...]
    machine: Machine | None
    bounce: Bounce | None
    authentication: tuple[AuthResult, ...]
    troubles: tuple[Trouble, ...]
    auto_submitted: str | None  # the keyword of the header, in lower case
    list_id: str | None
    our_tokens: tuple[str, ...]  # values of X-Tenir-* here or in a returned original, then the local parts of our ids
