"""How one signs in: what reading a mailbox and sending have in common."""

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Protocol


class Security(StrEnum):
    """How the connection is encrypted. STARTTLS that is not offered is an error, never plain text instead."""

    TLS = "tls"
    STARTTLS = "starttls"
    PLAIN = "plain"


@dataclass(frozen=True)
class Password:
    """A secret that is never shown in a traceback or a log."""

    secret: str = field(repr=False)


class TokenSource(Protocol):
    """Gives access tokens; `tenir.channels.email.wires.oauth.TokenKeeper` is one."""

    def token(self) -> str:
        """A token that should be good now. Raises `MailError`."""

    def renewed(self, rejected: str) -> str:
        """Another token than the one that the server just refused. Raises `MailError`."""


@dataclass(frozen=True)
class OAuth:
    """Sign-in with OAuth 2 (XOAUTH2 or OAUTHBEARER)."""

    source: TokenSource = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Server:
    """Where to connect. `ca_file`: the only authorities trusted (PEM); the machine's own when None.

    `timeout` is the longest silence in seconds; a whole command may take four times as long.
    """

    host: str
    port: int
    security: Security = Security.TLS
    ca_file: Path | None = None
    timeout: float = 30.0

    def __post_init__(self) -> None:
        one_line("host", self.host)
        if not 0 < self.port < 65536:
            raise ValueError(f"port: {self.port} is not between 1 and 65535")
        if self.timeout <= 0:
            raise ValueError("timeout: must be more than 0 seconds")


def one_line(name: str, value: str) -> str:
    """The value again; ValueError when it is empty or holds a control character, which could add a command."""
    if not value or not value.isprintable():
        raise ValueError(f"{name}: must be one line of printable characters")
    return value
