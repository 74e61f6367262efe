"""One SMTP connection, signed in: it gives replies, or raises a `MailError` in bounded time and memory."""

import base64
import re
import smtplib
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from tenir.channels.email.wires import sasl
from tenir.channels.email.wires.accounts import OAuth, Password, Security, Server, one_line
from tenir.channels.email.wires.oauth import with_token
from tenir.channels.email.wires.sockets import Patience, TooMuch, connect, tls_context
from tenir.channels.email.wires.trouble import MailError, Trouble, of_connection, of_words, printable

_PIECE = 64 * 1024
#: How many times the usual silence is allowed before the answer to a whole mail: a server scans it first, and to give
#: up early is what makes a mail arrive twice (RFC 5321 4.5.3.2.6 asks for ten minutes).
_FINAL = 10


@dataclass(frozen=True, kw_only=True)
class SmtpAccount(Server):
    """A server that takes letters. Without `user` and `auth` nobody signs in (a relay that knows this machine)."""

    user: str | None = None
    auth: Password | OAuth | None = None
    #: What the desk calls itself at EHLO; the address of its end of the connection when empty.
    helo: str = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        if (self.user is None) is not (self.auth is None):
            raise ValueError("user: goes with a password or a token")
        if self.user is not None:
            one_line("user", self.user)
        if self.helo:
            one_line("helo", self.helo)


@dataclass(frozen=True)
class Reply:
    """A server's answer: its code, its words, and its enhanced status (RFC 3463) when it gave one."""

    code: int
    text: str
    enhanced: str = ""

    @property
    def good(self) -> bool:
        return 200 <= self.code < 300

    @property
    def permanent(self) -> bool:
        return 500 <= self.code < 600

    def __str__(self) -> str:
        return f"{self.code} {self.text}"


def reply(code: int, text: bytes) -> Reply:
    """A server's answer, from its code and lines."""
    # On an answer of several lines, each begins with the status.
    found = re.match(rb"\s*([245]\.\d{1,3}\.\d{1,3})\b", text)
    return Reply(code, printable(text), found[1].decode() if found else "")


class _Smtp(smtplib.SMTP):
    """The standard library's connection over a watched socket."""

    def __init__(self, account: SmtpAccount, patience: Patience) -> None:
        self._account, self._patience = account, patience
        super().__init__(local_hostname=account.helo or "localhost", timeout=account.timeout)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        plain = connect(self._account, self._patience)
        if not self._account.helo:
            self.local_hostname = _literal(plain.getsockname()[0])
        if self._account.security is not Security.TLS:
            return plain
        try:
            return self._wrapped(plain)
        except BaseException:
            plain.close()
            raise

    def _wrapped(self, plain: socket.socket) -> socket.socket:
        context = tls_context(self._account, self._patience)
        return context.wrap_socket(plain, server_hostname=self._account.host)

    def encrypt(self) -> None:
        """What follows an accepted STARTTLS; whatever the server said before it is forgotten (RFC 3207 4.2)."""
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected("the line was cut at STARTTLS")
        self.sock = self._wrapped(self.sock)
        self.file = None
        self.ehlo_resp = self.helo_resp = None
        self.esmtp_features = {}
        self.does_esmtp = False


def open_line(account: SmtpAccount) -> "SmtpLine":
    """A connection that may send. Raises MailError."""
    return with_token(account.auth, lambda token: SmtpLine(account, token))


class SmtpLine:
    """A connection that may send. When `broken`, make another."""

    def __init__(self, account: SmtpAccount, token: str = "") -> None:
        """Connect, greet, encrypt, sign in: with `token` where the account has no password. Raises MailError."""
        self.account = account
        self.broken = False
        self._patience = Patience(account.timeout)
        self._smtp = _Smtp(account, self._patience)
        try:
            self._greet()
            if account.security is Security.STARTTLS:
                self._encrypt()
            if account.user is not None and account.auth is not None:
                self._sign_in(account.user, account.auth, token)
        except BaseException:
            self.cut()
            raise

    # ---- connecting -----------------------------------------------------------------------------------------------

    def _greet(self) -> None:
        with self._step():
            greeting = reply(*self._smtp.connect(self.account.host, self.account.port))
        if not greeting.good:
            kind = Trouble.REFUSED if greeting.permanent else Trouble.UNAVAILABLE
            raise self._error(
                Trouble.NOT_UNDERSTOOD if greeting.code < 400 else of_words(greeting.text, kind), greeting
            )
        self._hello()

    def _hello(self) -> None:
        with self._step():
            hello = reply(*self._smtp.ehlo())
            if not hello.good:
                hello = reply(*self._smtp.helo())
        if not hello.good:
            raise self._error(of_words(hello.text, Trouble.REFUSED), hello)

    def _encrypt(self) -> None:
        if not self.offers("starttls"):
            raise self._error(Trouble.ENCRYPTION_MISSING, "no STARTTLS")
        answer = self.say("STARTTLS")
        if answer.code != 220:
            raise self._error(Trouble.ENCRYPTION_MISSING, answer)
        with self._step():
            self._smtp.encrypt()
        self._hello()

    def _sign_in(self, user: str, auth: Password | OAuth, token: str) -> None:
        offered = set(self._smtp.esmtp_features.get("auth", "").upper().split())
        if not offered:
            without = self.account.security is Security.PLAIN and self.offers("starttls")
            raise self._error(Trouble.ENCRYPTION_REQUIRED if without else Trouble.REFUSED, "the server offers no AUTH")
        if isinstance(auth, Password):
            self._judge(self._with_password(user, auth, offered), Trouble.WRONG_PASSWORD)
        else:
            self._judge(self._with_token(user, token, offered), Trouble.TOKEN_REVOKED)

    def _with_password(self, user: str, auth: Password, offered: set[str]) -> Reply:
        if "PLAIN" in offered or "LOGIN" not in offered:
            return self.say(f"AUTH PLAIN {_b64(sasl.plain(user, auth.secret))}")
        answer = self.say("AUTH LOGIN")
        for word in (user, auth.secret):
            if answer.code != 334:
                break
            answer = self.say(_b64(word.encode()))
        return answer

    def _with_token(self, user: str, token: str, offered: set[str]) -> Reply:
        mechanism = "OAUTHBEARER" if "OAUTHBEARER" in offered and "XOAUTH2" not in offered else "XOAUTH2"
        account = self.account
        if mechanism == "XOAUTH2":
            first = sasl.xoauth2(user, token)
        else:
            first = sasl.oauthbearer(user, token, host=account.host, port=account.port)
        answer = self.say(f"AUTH {mechanism} {_b64(first)}")
        if answer.code == 334:  # the server explains its refusal, and refuses once it knows that we heard
            answer = self.say(_b64(sasl.AFTER_FAILURE[mechanism]))
        return answer

    def _judge(self, answer: Reply, refusal: Trouble) -> None:
        if answer.code == 235:
            return
        kind = refusal if answer.permanent else Trouble.UNAVAILABLE
        raise self._error(of_words(answer.text, kind), answer)

    # ---- speaking -------------------------------------------------------------------------------------------------

    def offers(self, extension: str) -> bool:
        return self._smtp.has_extn(extension)

    def largest(self) -> int | None:
        """The most bytes that the server takes, None when it does not say (or says 0: no limit, RFC 1870)."""
        told = self._smtp.esmtp_features.get("size", "").split()
        return int(told[0]) or None if told and told[0].isdecimal() and len(told[0]) < 19 else None

    def say(self, command: str) -> Reply:
        """Send one command and hear its answer. Raises MailError when there is none."""
        with self._step():
            # Only an address can be other than ASCII here, and only when the server takes that.
            self._smtp.command_encoding = "utf-8"
            answer = reply(*self._smtp.docmd(command))
        if not 200 <= answer.code < 600:
            self.broken = True
            raise self._error(Trouble.NOT_UNDERSTOOD, answer)
        if answer.code == 421:
            self.broken = True
        return answer

    def transfer(self, stuffed: bytes) -> None:
        """Send the mail itself, already dot-stuffed, without its final dot. Raises MailError."""
        with self._step():
            for start in range(0, len(stuffed), _PIECE):
                self._smtp.send(stuffed[start : start + _PIECE])

    def finish(self) -> Reply:
        """Send the final dot and wait long for the answer. A MailError here means: nobody knows."""
        self._patience.silence = self.account.timeout * _FINAL
        try:
            answer = self.say(".")
        finally:
            self._patience.silence = self.account.timeout
        if answer.code < 400 and not answer.good:
            self.broken = True
            raise self._error(Trouble.NOT_UNDERSTOOD, answer)
        return answer

    def reset(self) -> None:
        """Forget the present mail; a server that cannot is left."""
        try:
            self.broken = self.broken or not self.say("RSET").good
        except MailError:
            self.broken = True

    def close(self) -> None:
        if not self.broken:
            self._patience.silence = min(2.0, self.account.timeout)
            with suppress(MailError):
                self.say("QUIT")
        self.cut()

    def cut(self) -> None:
        self.broken = True
        self._smtp.close()

    @contextmanager
    def _step(self) -> Iterator[None]:
        self._patience.renew()
        if self._smtp.sock is not None:
            self._smtp.sock.settimeout(self.account.timeout)
        try:
            yield
        except (smtplib.SMTPException, TooMuch, OSError, ValueError) as error:
            self.broken = True
            raise self._error(_kind(error), error.__context__ or error) from error

    def _error(self, trouble: Trouble, said: object) -> MailError:
        return MailError(trouble, host=self.account.host, said=said)


def _kind(error: Exception) -> Trouble:
    """smtplib calls every failure to read a disconnection; what failed is behind it."""
    cause = error.__context__ if isinstance(error, smtplib.SMTPServerDisconnected) else error
    if cause is None:
        return Trouble.CONNECTION_LOST
    if isinstance(cause, smtplib.SMTPException):
        return Trouble.NOT_UNDERSTOOD
    return of_connection(cause) or Trouble.NOT_UNDERSTOOD


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _literal(address: str) -> str:
    """This machine as RFC 5321 4.1.3 lets one without a name call itself."""
    bare = address.partition("%")[0]
    return f"[IPv6:{bare}]" if ":" in bare else f"[{bare}]"
