"""What can go wrong between the desk and a mail server, in few kinds, each with a sentence for the administrator."""

import re
import socket
import ssl
from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class Trouble(StrEnum):
    """The kind of a failure: what somebody has to look at."""

    NAME_UNKNOWN = "name-unknown"
    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    CONNECTION_LOST = "connection-lost"
    CERTIFICATE_EXPIRED = "certificate-expired"
    CERTIFICATE_NOT_YET = "certificate-not-yet"
    CERTIFICATE_NAME = "certificate-name"
    CERTIFICATE_UNKNOWN = "certificate-unknown"
    ENCRYPTION_MISSING = "encryption-missing"
    ENCRYPTION_FAILED = "encryption-failed"
    ENCRYPTION_REQUIRED = "encryption-required"
    WRONG_PASSWORD = "wrong-password"  # noqa: S105 (a kind of failure)
    TOKEN_REVOKED = "token-revoked"  # noqa: S105
    TOKEN_SERVICE = "token-service"  # noqa: S105
    FOLDER_MISSING = "folder-missing"
    THROTTLED = "throttled"
    TOO_MANY_CONNECTIONS = "too-many-connections"
    UNAVAILABLE = "unavailable"
    REFUSED = "refused"
    NOT_UNDERSTOOD = "not-understood"


#: Waiting does not help with these: somebody has to change something.
LASTING = frozenset(
    {
        Trouble.NAME_UNKNOWN,
        Trouble.CERTIFICATE_EXPIRED,
        Trouble.CERTIFICATE_NOT_YET,
        Trouble.CERTIFICATE_NAME,
        Trouble.CERTIFICATE_UNKNOWN,
        Trouble.ENCRYPTION_MISSING,
        Trouble.ENCRYPTION_FAILED,
        Trouble.ENCRYPTION_REQUIRED,
        Trouble.WRONG_PASSWORD,
        Trouble.TOKEN_REVOKED,
        Trouble.TOKEN_SERVICE,
        Trouble.FOLDER_MISSING,
    }
)

_SENTENCES = {
    Trouble.NAME_UNKNOWN: _(
        "No server is called %(host)s. Check the spelling of the host, and this machine’s network and DNS."
    ),
    Trouble.UNREACHABLE: _("%(host)s does not accept connections. Check the host, the port and the firewall."),
    Trouble.TIMEOUT: _("%(host)s did not answer in time. It may be overloaded, or a firewall swallows the connection."),
    Trouble.CONNECTION_LOST: _("%(host)s cut the connection. Tenir connects again by itself."),
    Trouble.CERTIFICATE_EXPIRED: _(
        "The certificate of %(host)s has expired. Whoever runs that server has to renew it."
    ),
    Trouble.CERTIFICATE_NOT_YET: _("The certificate of %(host)s is not valid yet. Check the date of this machine."),
    Trouble.CERTIFICATE_NAME: _(
        "The certificate shown is not made for %(host)s. Use the name that is in the certificate."
    ),
    Trouble.CERTIFICATE_UNKNOWN: _(
        "The certificate of %(host)s comes from an authority that this machine does not know."
        " If it is your own authority, give its certificate file in the settings."
    ),
    Trouble.ENCRYPTION_MISSING: _(
        "%(host)s does not offer STARTTLS, so nothing was sent to it. Check the port, or choose TLS."
    ),
    Trouble.ENCRYPTION_FAILED: _(
        "No encrypted connection with %(host)s could be made. Check that the port goes with TLS or STARTTLS."
    ),
    Trouble.ENCRYPTION_REQUIRED: _(
        "%(host)s takes no password over an unencrypted connection. Choose TLS or STARTTLS."
    ),
    Trouble.WRONG_PASSWORD: _(
        "%(host)s refuses this user name and password. Check both; some services want an application password."
    ),
    Trouble.TOKEN_REVOKED: _(
        "The permission to use this mailbox has ended or was withdrawn. Connect the mailbox again."
    ),
    Trouble.TOKEN_SERVICE: _(
        "The service that gives access to this mailbox refuses Tenir’s registration or answers nonsense."
        " Check the client identifier, its secret and the addresses."
    ),
    Trouble.FOLDER_MISSING: _("There is no folder %(folder)s in this mailbox, or it cannot be opened."),
    Trouble.THROTTLED: _("%(host)s asks to come less often. Tenir waits and tries again."),
    Trouble.TOO_MANY_CONNECTIONS: _(
        "Too many programs are connected to this mailbox. Close some, or raise the limit of %(host)s."
    ),
    Trouble.UNAVAILABLE: _("%(host)s says that it cannot serve for the moment. Tenir tries again by itself."),
    Trouble.REFUSED: _("%(host)s refused what was asked of it."),
    Trouble.NOT_UNDERSTOOD: _(
        "What answers at %(host)s does not speak as a mail server does. Check the host and the port."
    ),
}


class MailError(Exception):
    """A failure with its kind. `said` is what the server said about it, shortened and made printable."""

    def __init__(self, trouble: Trouble, *, host: str, said: object = "", folder: str = "") -> None:
        self.trouble = trouble
        self.host = host
        self.said = printable(said)
        self.folder = folder
        super().__init__(trouble, host, self.said, folder)

    def __str__(self) -> str:
        about = f"{self.host} {self.folder}".strip()
        return f"{self.trouble}: {about}" + (f": {self.said}" if self.said else "")

    @property
    def lasting(self) -> bool:
        """Whether somebody has to do something; otherwise trying again may be enough."""
        return self.trouble in LASTING

    def sentence(self) -> str:
        """What happened and what to do, in the reader's language, with the server's own words behind it."""
        told = str(_SENTENCES[self.trouble]) % {"host": self.host, "folder": self.folder}
        return f"{told} [{self.said}]" if self.said else told


def printable(said: object) -> str:
    """A server's words on one line of at most 300 characters, without control characters."""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    return " ".join("".join(c if c.isprintable() else " " for c in text[:2000]).split())[:300]


_CERTIFICATE = {
    9: Trouble.CERTIFICATE_NOT_YET,
    10: Trouble.CERTIFICATE_EXPIRED,
    62: Trouble.CERTIFICATE_NAME,
    64: Trouble.CERTIFICATE_NAME,
}


def of_connection(error: BaseException) -> Trouble | None:
    """The kind of a failure below the mail protocol; None when it is not one."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return _CERTIFICATE.get(error.verify_code, Trouble.CERTIFICATE_UNKNOWN)
    if isinstance(error, TimeoutError):
        return Trouble.TIMEOUT
    if isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        return Trouble.CONNECTION_LOST
    if isinstance(error, ssl.SSLError):
        return Trouble.ENCRYPTION_FAILED
    if isinstance(error, socket.gaierror):
        # A resolver that does not answer is the network's trouble, not a spelling mistake.
        return Trouble.UNREACHABLE if error.errno == socket.EAI_AGAIN else Trouble.NAME_UNKNOWN
    if isinstance(error, ConnectionRefusedError):
        return Trouble.UNREACHABLE
    if isinstance(error, ConnectionError):
        return Trouble.CONNECTION_LOST
    if isinstance(error, OSError):
        return Trouble.UNREACHABLE
    return None


#: What servers are seen to say, from the plainest sign to the vaguest. Response codes: RFC 5530 and RFC 3463.
_WORDS = [
    (Trouble.TOO_MANY_CONNECTIONS, r"too many (\w+ ){0,3}(connections|sessions)|maximum number of connections"),
    (Trouble.TOO_MANY_CONNECTIONS, r"connections? (limit|exceeded)"),
    (Trouble.THROTTLED, r"throttl|rate limit|too (fast|often|many (requests|commands|login|auth))|\bbackoff\b"),
    (Trouble.THROTTLED, r"(command|bandwidth)( or (command|bandwidth))? limits?|\[LIMIT\]|user is authenticated but"),
    (Trouble.UNAVAILABLE, r"\[(UNAVAILABLE|INUSE|SERVERBUG|CONTACTADMIN)\]|temporar|try (again )?later|unavailable"),
    (Trouble.ENCRYPTION_REQUIRED, r"\[PRIVACYREQUIRED\]|must issue a starttls|encryption (is )?required"),
    (Trouble.FOLDER_MISSING, r"\[(NONEXISTENT|TRYCREATE)\]"),
]


def of_words(said: str, otherwise: Trouble) -> Trouble:
    """The kind of a refusal, from what the server says about it."""
    found = (trouble for trouble, words in _WORDS if re.search(words, said, re.IGNORECASE))
    return next(found, otherwise)
