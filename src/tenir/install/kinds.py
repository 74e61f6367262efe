"""The kinds of value that a setting can have: each reads what was typed, and says what it accepts."""

import ipaddress
import zoneinfo
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar
from urllib.parse import unquote, urlsplit

from tenir.install.tongue import say

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
T = TypeVar("T")


class NotAccepted(Exception):
    """What was typed is not of this kind."""


@dataclass(frozen=True)
class Kind(Generic[T]):
    """Reads what was typed; `accepted` is the sentence shown when that is refused."""

    read: Callable[[str], T]
    accepted: Callable[[], str]


@dataclass(frozen=True)
class Database:
    """Where the desk's tables are: SQLite (`path` None means "in the data folder") or PostgreSQL."""

    engine: str
    path: Path | None = None
    name: str = ""
    user: str = ""
    password: str = ""
    host: str = ""
    port: str = ""


def text() -> Kind[str]:
    return Kind(lambda typed: typed.strip(), lambda: say("any text", "un texte quelconque"))


def secret_text(least: int) -> Kind[str]:
    """Nothing at all, or at least so many characters: a short key is a guessable key."""

    def read(typed: str) -> str:
        if typed and len(typed) < least:
            raise NotAccepted
        return typed

    return Kind(read, lambda: say(f"at least {least} characters, or nothing",
                                  f"au moins {least} caractères, ou rien"))  # fmt: skip


def integer(least: int, most: int) -> Kind[int]:
    def read(typed: str) -> int:
        try:
            number = int(typed.strip())
        except ValueError:
            raise NotAccepted from None
        if not least <= number <= most:
            raise NotAccepted
        return number

    return Kind(read, lambda: say(f"a whole number from {least} to {most}",
                                  f"un nombre entier de {least} à {most}"))  # fmt: skip


def yes_or_no() -> Kind[bool]:
    words = {"yes": True, "true": True, "on": True, "1": True, "oui": True,
             "no": False, "false": False, "off": False, "0": False, "non": False}  # fmt: skip

    def read(typed: str) -> bool:
        try:
            return words[typed.strip().lower()]
        except KeyError:
            raise NotAccepted from None

    return Kind(read, lambda: say("yes or no", "oui ou non (yes ou no)"))


def one_of(*choices: str) -> Kind[str]:
    def read(typed: str) -> str:
        if typed.strip().lower() not in choices:
            raise NotAccepted
        return typed.strip().lower()

    return Kind(read, lambda: say("one of ", "au choix : ") + ", ".join(choices))


def folder() -> Kind[Path]:
    def read(typed: str) -> Path:
        if not typed.strip():
            raise NotAccepted
        return Path(typed.strip()).expanduser().absolute()

    return Kind(read, lambda: say("the path of a folder", "le chemin d'un dossier"))


def web_address(*, optional: bool = False) -> Kind[str]:
    def read(typed: str) -> str:
        typed = typed.strip().rstrip("/")
        if optional and not typed:
            return ""
        try:
            parts = urlsplit(typed)
            host, _port = parts.hostname, parts.port
        except ValueError:
            raise NotAccepted from None
        if parts.scheme not in ("http", "https") or not host or parts.query or parts.fragment or parts.username:
            raise NotAccepted
        return typed

    return Kind(read, lambda: say("an address that begins with http:// or https://",
                                  "une adresse qui commence par http:// ou https://"))  # fmt: skip


def ip_address() -> Kind[str]:
    def read(typed: str) -> str:
        try:
            return str(ipaddress.ip_address(typed.strip()))
        except ValueError:
            raise NotAccepted from None

    return Kind(read, lambda: say("an IP address, such as 127.0.0.1, 0.0.0.0 or ::",
                                  "une adresse IP, comme 127.0.0.1, 0.0.0.0 ou ::"))  # fmt: skip


def networks() -> Kind[tuple[Network, ...]]:
    def read(typed: str) -> tuple[Network, ...]:
        try:
            return tuple(ipaddress.ip_network(part.strip()) for part in typed.split(",") if part.strip())
        except ValueError:
            raise NotAccepted from None

    return Kind(read, lambda: say("IP addresses or networks separated by commas, such as 127.0.0.1, 10.0.0.0/8",
                                  "des adresses IP ou des réseaux séparés par des virgules, comme 127.0.0.1, "
                                  "10.0.0.0/8"))  # fmt: skip


def time_zone() -> Kind[str]:
    def read(typed: str) -> str:
        try:
            return zoneinfo.ZoneInfo(typed.strip()).key
        except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
            raise NotAccepted from None

    return Kind(read, lambda: say("the name of a time zone, such as Europe/Paris",
                                  "le nom d'un fuseau horaire, comme Europe/Paris"))  # fmt: skip


def database() -> Kind[Database]:
    def read(typed: str) -> Database:
        typed = typed.strip()
        if typed in ("sqlite", "sqlite:", "sqlite://"):
            return Database("sqlite")
        try:
            parts = urlsplit(typed)
            port = parts.port
        except ValueError:
            raise NotAccepted from None
        if parts.scheme == "sqlite" and not parts.netloc and len(parts.path) > 1:
            return Database("sqlite", path=Path(unquote(parts.path.removeprefix("/"))).expanduser().absolute())
        if parts.scheme in ("postgresql", "postgres") and len(parts.path) > 1:
            return _postgresql(parts.path, parts.username, parts.password, parts.hostname, port)
        raise NotAccepted

    return Kind(read, lambda: say("sqlite, sqlite:////a/file or postgresql://user:password@host:5432/name",
                                  "sqlite, sqlite:////un/fichier ou "
                                  "postgresql://utilisateur:motdepasse@hôte:5432/nom"))  # fmt: skip


def _postgresql(path: str, user: str | None, password: str | None, host: str | None, port: int | None) -> Database:
    # A host written as %2Frun%2Fpostgresql is the folder of a Unix socket, as libpq itself has it.
    return Database(
        "postgresql",
        name=unquote(path.removeprefix("/")),
        user=unquote(user or ""),
        password=unquote(password or ""),
        host=unquote(host or ""),
        port=str(port or ""),
    )
