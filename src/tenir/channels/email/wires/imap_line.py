"""One signed-in IMAP connection: it speaks, or raises a `MailError` in bounded time and memory.

imapclient does the protocol. Added here: the bounds of `sockets`, names for what fails, sign-in as servers want it
today, and an IDLE that loses no word that came together with another.
"""

import imaplib
import select
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from imapclient import IMAPClient
from imapclient.exceptions import (
    CapabilityError,
    LoginError,
    ProtocolError,
)

from tenir.channels.email.wires import sasl
from tenir.channels.email.wires.accounts import OAuth, Password, Security, Server, one_line
from tenir.channels.email.wires.oauth import with_token
from tenir.channels.email.wires.sockets import ALLOWANCE, Patience, connect, tls_context
from tenir.channels.email.wires.trouble import MailError, Trouble, of_connection, of_words, printable

STORED = "$TenirStored"


@dataclass(frozen=True, kw_only=True)
class Account(Server):
    """A mailbox: where, who, and which of its folders are read. The first folder is the one listened to."""

    user: str
    auth: Password | OAuth
    folders: tuple[str, ...] = ("INBOX",)

    def __post_init__(self) -> None:
        super().__post_init__()
        one_line("user", self.user)
        if not self.folders:
            raise ValueError("folders: name at least one")
        for folder in self.folders:
            one_line("folder", folder)


@dataclass(frozen=True)
class Opened:
    """What the server says of a folder when it is opened. `uid_next` is None when it does not say."""

    folder: str
    uidvalidity: int
    uid_next: int | None
    messages: int
    keywords: bool
    writable: bool


class _Imap4(imaplib.IMAP4):
    """The standard library's connection over a watched socket."""

    def __init__(self, account: Account, patience: Patience) -> None:
        self._account, self._patience = account, patience
        super().__init__(account.host, account.port, timeout=account.timeout)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        plain = connect(self._account, self._patience)
        if self._account.security is not Security.TLS:
            return plain
        try:
            context = tls_context(self._account, self._patience)
            return context.wrap_socket(plain, server_hostname=self._account.host)
        except BaseException:
            plain.close()
            raise

    def read(self, size: int) -> bytes:
        # The announced size is reserved at once by what reads it.
        if size > ALLOWANCE:
            raise self.abort(f"unexpected response: a literal of {size} bytes")
        return super().read(size)


class _Client(IMAPClient):  # type: ignore[misc]
    def __init__(self, account: Account, patience: Patience) -> None:
        self._account, self._patience = account, patience
        super().__init__(account.host, account.port, ssl=account.security is Security.TLS, timeout=account.timeout)
        self.normalise_times = False
        self._imap.debug = 0  # what imapclient would format for its log is passwords and mails

    def _create_IMAP4(self) -> imaplib.IMAP4:  # noqa: N802 (imapclient's name)
        return _Imap4(self._account, self._patience)

    @property
    def signed_in(self) -> bool:
        return bool(self._imap.state != "NONAUTH")

    def begin_idle(self) -> bool:
        """Start IDLE; True when the server tells of new mail before it says that it listens.

        imapclient's own `idle` takes such an early word for an error.
        """
        imap = self._imap
        tag = self._idle_tag = imap._command("IDLE")  # noqa: SLF001 (as imapclient does)
        early = False
        while (line := imap._get_response()) is not None:  # noqa: SLF001
            if imap.tagged_commands.get(tag):
                raise imap.error(f"IDLE: {printable(line)}")
            early = early or b" EXISTS" in line.upper()
        return early

    def has_word(self) -> bool:
        """Whether something that the server said is already read into a buffer, where poll() cannot see it."""
        sock = self._imap.sock
        if getattr(self._imap, "_readbuf", None):  # Python 3.14 keeps a buffer of its own
            return True
        peek = getattr(getattr(self._imap, "file", None), "peek", None)
        if peek is None:
            return False
        sock.settimeout(0)
        try:
            return bool(peek(1))
        except (ssl.SSLWantReadError, BlockingIOError):
            return False
        except OSError:
            return True  # a broken line shows itself when the IDLE is ended
        finally:
            sock.settimeout(self._account.timeout)

    def readable(self, seconds: float) -> bool:
        """Whether the server says something within `seconds`."""
        poller = select.poll()
        poller.register(self._imap.sock, select.POLLIN)
        return bool(poller.poll(seconds * 1000))


def open_line(account: Account) -> "Line":
    """A signed-in connection. Raises MailError."""
    return with_token(account.auth, lambda token: Line(account, token))


class Line:
    """A connection that is signed in. When `broken`, make another."""

    def __init__(self, account: Account, token: str = "") -> None:
        """Connect, encrypt, sign in: with `token` where the account has no password. Raises MailError."""
        self.account = account
        self.broken = False
        self._patience = Patience(account.timeout)
        self._opened: Opened | None = None
        with self._at_greeting():
            self.client = _Client(account, self._patience)
        try:
            self._encrypt()
            self._sign_in(token)
        except BaseException:
            self.cut()
            raise

    # ---- connecting -----------------------------------------------------------------------------------------------

    @contextmanager
    def _at_greeting(self) -> Iterator[None]:
        with self.step():
            try:
                yield
            except (imaplib.IMAP4.abort, ProtocolError):
                raise
            except imaplib.IMAP4.error as error:
                said = _words(error)
                kind = Trouble.UNAVAILABLE if "* BYE" in said.upper() else Trouble.NOT_UNDERSTOOD
                raise self._error(of_words(said, kind), said) from error

    def _encrypt(self) -> None:
        if self.account.security is not Security.STARTTLS:
            return
        if self.client.signed_in:
            # A greeting that signs us in before encryption is how STARTTLS is stripped.
            raise self._error(Trouble.ENCRYPTION_MISSING, "signed in before STARTTLS")
        with self.step():
            try:
                self.client.starttls(tls_context(self.account, self._patience))
            except (CapabilityError, ssl.SSLError):
                raise
            except imaplib.IMAP4.abort:
                raise
            except imaplib.IMAP4.error as error:
                raise self._error(Trouble.ENCRYPTION_MISSING, _words(error)) from error

    def _sign_in(self, token: str) -> None:
        if self.client.signed_in:
            return
        with self.step():
            known = {bytes(word).decode("ascii", "replace").upper() for word in self.client.capabilities()}
        auth = self.account.auth
        if isinstance(auth, Password):
            self._with_password(auth, known)
        else:
            self._with_token(token, known)
        with self.step():
            self.client.capabilities()  # remembered from here on: nothing may be asked within an IDLE

    def _with_password(self, auth: Password, known: set[str]) -> None:
        if "LOGINDISABLED" in known and "AUTH=PLAIN" not in known:
            raise self._error(Trouble.ENCRYPTION_REQUIRED, "LOGINDISABLED")
        with self.step():
            try:
                if "AUTH=PLAIN" in known or not (self.account.user + auth.secret).isascii():
                    self.client.sasl_login("PLAIN", lambda _: sasl.plain(self.account.user, auth.secret))
                else:
                    self.client.login(self.account.user, auth.secret)
            except LoginError as error:
                raise self._refused(error, Trouble.WRONG_PASSWORD) from None  # its context may quote the secret

    def _with_token(self, token: str, known: set[str]) -> None:
        mechanism = "OAUTHBEARER" if "AUTH=OAUTHBEARER" in known and "AUTH=XOAUTH2" not in known else "XOAUTH2"
        account, told = self.account, []
        if mechanism == "XOAUTH2":
            first = sasl.xoauth2(account.user, token)
        else:
            first = sasl.oauthbearer(account.user, token, host=account.host, port=account.port)

        def speak(challenge: bytes) -> bytes:
            told.append(challenge)
            return first if len(told) == 1 else sasl.AFTER_FAILURE[mechanism]

        with self.step():
            try:
                self.client.sasl_login(mechanism, speak)
            except LoginError as error:
                said = b" ".join(told[1:]).decode("utf-8", "replace")
                raise self._refused(error, Trouble.TOKEN_REVOKED, said) from None

    def _refused(self, error: Exception, otherwise: Trouble, more: str = "") -> BaseException:
        """imapclient calls everything that fails during a sign-in a refusal: a cut line is not one."""
        if isinstance(error.__context__, imaplib.IMAP4.abort):
            return error.__context__
        said = f"{_words(error)} {more}"
        kind = Trouble.REFUSED if "command error: BAD" in said else otherwise
        return self._error(of_words(said, kind), said)

    # ---- speaking -------------------------------------------------------------------------------------------------

    @contextmanager
    def step(self, *, folder: str = "", refusal: Trouble = Trouble.REFUSED) -> Iterator[None]:
        """One exchange with the server: whatever the library raises leaves as a MailError.

        A plain refusal (NO, BAD) is `refusal` unless the words say better, and leaves the connection usable.
        """
        self._patience.renew()
        try:
            yield
        except MailError as error:
            self.broken = self.broken or error.trouble in _BREAKING
            raise
        except Exception as error:  # on garbage the library raises whatever its parser stumbles over
            kind = self._kind(error, refusal)
            self.broken = self.broken or kind in _BREAKING or not _is_refusal(error)
            raise self._error(kind, _words(error), folder) from error

    def _kind(self, error: Exception, refusal: Trouble) -> Trouble:
        said = _words(error)
        if isinstance(error, CapabilityError):
            return Trouble.ENCRYPTION_MISSING if "STARTTLS" in said else Trouble.REFUSED
        if isinstance(error, imaplib.IMAP4.abort):
            if "unexpected" in said or "unterminated" in said:
                return Trouble.NOT_UNDERSTOOD
            return of_words(said, Trouble.CONNECTION_LOST)
        if _is_refusal(error):
            return of_words(said, refusal)
        return of_connection(error) or Trouble.NOT_UNDERSTOOD

    def _error(self, trouble: Trouble, said: str, folder: str = "") -> MailError:
        return MailError(trouble, host=self.account.host, said=said, folder=folder)

    def can(self, capability: str) -> bool:
        with self.step():
            return bool(self.client.has_capability(capability))

    def folders(self) -> list[str]:
        """The names of all folders that can be opened."""
        with self.step():
            listed = self.client.list_folders()
            return [str(name) for flags, _, name in listed if b"\\Noselect" not in flags]

    def open(self, folder: str) -> Opened:
        """Open a folder and hear its present state, also when it is open already. Raises MailError."""
        self._opened = None
        with self.step(folder=folder, refusal=Trouble.FOLDER_MISSING):
            try:
                told, writable = self.client.select_folder(folder), True
            except imaplib.IMAP4.readonly:
                told, writable = self.client.select_folder(folder, readonly=True), False
            self._opened = _opened(folder, told, writable)
        return self._opened

    def opened(self, folder: str) -> Opened:
        """The folder, opened now if another one is."""
        if self._opened is None or self._opened.folder != folder:
            return self.open(folder)
        return self._opened

    def close(self) -> None:
        """Say goodbye, then cut."""
        if not self.broken:
            self._patience.silence = min(2.0, self.account.timeout)
            self._patience.renew()
            with suppress(Exception):  # the end is not worth an error
                self.client.logout()
        self.cut()

    def cut(self) -> None:
        self.broken = True
        with suppress(Exception):
            self.client.shutdown()

    # ---- listening ------------------------------------------------------------------------------------------------

    def idle(self, seconds: float, *, stop: threading.Event | None = None) -> bool:
        """Listen to the open folder for at most `seconds` (the caller keeps them under 29 min): whether mail came."""
        with self.step():
            early = bool(self.client.begin_idle())
            heard = early or self.client.has_word()
        ends = time.monotonic() + seconds
        while not heard and not (stop is not None and stop.is_set()):
            left = ends - time.monotonic()
            if left <= 0:
                break
            heard = self.client.readable(min(left, 0.5) if stop is not None else left)
        with self.step():
            _, told = self.client.idle_done()
            return early or any(_is_news(line) for line in told)

    def ask(self) -> bool:
        """NOOP: whether the open folder has new mail, for servers without IDLE."""
        with self.step():
            _, told = self.client.noop()
            return any(_is_news(line) for line in told)


_BREAKING = frozenset(
    {
        Trouble.TIMEOUT,
        Trouble.CONNECTION_LOST,
        Trouble.UNREACHABLE,
        Trouble.ENCRYPTION_FAILED,
        Trouble.NOT_UNDERSTOOD,
    }
)


def _is_refusal(error: Exception) -> bool:
    """Whether the server understood and said no; then the connection is still good."""
    known = isinstance(error, imaplib.IMAP4.error)
    return known and not isinstance(error, imaplib.IMAP4.abort | ProtocolError) and "more than" not in str(error)


def _words(error: BaseException) -> str:
    told = error.args[0] if error.args else error
    return printable(told) if not isinstance(error, OSError) else printable(error)


def _is_news(line: Any) -> bool:
    return isinstance(line, tuple) and len(line) > 1 and line[1] in (b"EXISTS", b"RECENT") and line[0] != 0


def _opened(folder: str, told: dict[bytes, Any], writable: bool) -> Opened:
    permanent = told.get(b"PERMANENTFLAGS")
    # RFC 3501 7.1: when the server does not say, every flag may be kept.
    words = {bytes(flag).decode("ascii", "replace").lower() for flag in permanent or ()}
    return Opened(
        folder,
        int(told[b"UIDVALIDITY"]),
        int(told[b"UIDNEXT"]) if told.get(b"UIDNEXT") else None,
        int(told.get(b"EXISTS", 0)),
        keywords=permanent is None or "\\*" in words or STORED.lower() in words,
        writable=writable,
    )
