"""Mail addresses as they go over a wire: checked, so that none can add a command or a header."""

import re
import unicodedata
from dataclasses import dataclass

#: What an unquoted local part may hold (RFC 5322 3.2.3), and with SMTPUTF8 anything beyond ASCII (RFC 6531 3.3).
_LOCAL = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\x80-\U0010ffff-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~\x80-\U0010ffff-]+)*"
)
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?", re.IGNORECASE)
_LITERAL = re.compile(r"\[[A-Za-z0-9.:]+\]")


@dataclass(frozen=True)
class Address:
    """A mailbox with the name shown before it. Raises ValueError when either could not be a header."""

    email: str
    name: str = ""

    def __post_init__(self) -> None:
        on_the_wire(self.email)
        if not plain_line(self.name):
            raise ValueError(f"not one line: {self.name!r}")


def plain_line(text: str) -> bool:
    """Whether a header may hold this text: no line break of any kind, no control character, no half character."""
    return not any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in text)


def one_line(text: str) -> str:
    """Any text made fit for a header: breaks and control characters become single spaces."""
    return " ".join("".join(c if plain_line(c) else " " for c in text).split())


def on_the_wire(email: str) -> str:
    """The address as SMTP takes it: its domain in ASCII (IDNA). Raises ValueError when it is not an address.

    Quoted local parts ("a b"@example.org) are refused: what they are good for is confusing mail software.
    """
    local, at, domain = email.rpartition("@")
    if not at or not plain_line(email) or len(local.encode()) > 64 or not _fits(_LOCAL, local):
        raise ValueError(f"not a mail address: {email!r}")
    ascii_domain = domain if domain.isascii() else _idna(domain)
    labels = ascii_domain.split(".")
    good = _fits(_LITERAL, ascii_domain) or (len(ascii_domain) <= 253 and all(_fits(_LABEL, one) for one in labels))
    if not good:
        raise ValueError(f"not a mail address: {email!r}")
    return f"{local}@{ascii_domain}"


def is_address(email: str) -> bool:
    """Whether a letter could go there."""
    try:
        on_the_wire(email)
    except ValueError:
        return False
    return True


def needs_smtputf8(email: str) -> bool:
    """Whether only a server with SMTPUTF8 can take it (RFC 6531): its local part is not ASCII."""
    return not email.rpartition("@")[0].isascii()


def _fits(pattern: re.Pattern[str], text: str) -> bool:
    return pattern.fullmatch(text) is not None


def _idna(domain: str) -> str:
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        raise ValueError(f"not a domain: {domain!r}") from None
