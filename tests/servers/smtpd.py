"""A real SMTP server on loopback in a process of its own: `with smtpd(folder) as server:`.

It writes every mail that it takes to disk, synced, before it says so, and can be told at any time to defer, refuse,
hang or cut the line (`server.behave(...)`): the order is read again from its folder at each command, so it can be
given from any process.
"""

import argparse
import asyncio
import base64
import contextlib
import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, cast

from aiosmtpd import smtp as aio

from tests.servers.dovecot import Dovecot
from tests.servers.loopback import deliver, dies_with_us, listens, stop, wait_until
from tests.servers.tls import Certificate, certificates
from tests.servers.token_server import TokenServer


class Mode(StrEnum):
    """What the server does with those who come."""

    ACCEPT = "accept"
    BUSY = "busy"  # 421 instead of a greeting
    HANG_GREETING = "hang-greeting"
    GARBAGE = "garbage"  # a greeting that is not SMTP
    DEFER_MAIL = "defer-mail"
    REFUSE_MAIL = "refuse-mail"
    DROP_MAIL = "drop-mail"
    HANG_RCPT = "hang-rcpt"
    DEFER_RCPT = "defer-rcpt"
    REFUSE_RCPT = "refuse-rcpt"
    DEFER_DATA = "defer-data"  # at the command DATA
    REFUSE_DATA = "refuse-data"
    DEFER_END = "defer-end"  # after the mail was transferred
    REFUSE_END = "refuse-end"
    HANG_END = "hang-end"  # never answers the final dot; the mail is not kept
    DROP_END = "drop-end"  # cuts the line after the final dot; the mail is not kept
    DROP_REPLY = "drop-reply"  # keeps the mail, cuts the line before saying so


_REPLIES = {
    Mode.DEFER_MAIL: "451 4.3.0 Try again later",
    Mode.REFUSE_MAIL: "550 5.7.1 Sender refused",
    Mode.DEFER_RCPT: "450 4.2.1 Greylisted, come back later",
    Mode.REFUSE_RCPT: "550 5.1.1 No such person here",
    Mode.DEFER_DATA: "451 4.3.1 No room at the moment",
    Mode.REFUSE_DATA: "554 5.7.1 No",
    Mode.DEFER_END: "451 4.3.0 Could not be kept, try again",
    Mode.REFUSE_END: "554 5.6.0 Content refused",
}
_RECIPIENT = {"defer": "450 4.2.1 This one later", "refuse": "550 5.1.1 This one never"}


@dataclass(frozen=True)
class Behaviour:
    """An order to the server. `recipients` says of one address `defer` or `refuse`, whatever the mode."""

    mode: Mode = Mode.ACCEPT
    recipients: Mapping[str, str] = field(default_factory=dict)
    #: The most that SIZE announces and DATA takes, in bytes.
    size: int = 50_000_000


@dataclass(frozen=True)
class Received:
    """One mail that the server said it has, or cut the line instead of saying so."""

    envelope_from: str
    recipients: tuple[str, ...]
    options: tuple[str, ...]
    user: str | None
    encrypted: bool
    raw: bytes
    path: Path


@dataclass
class Smtpd:
    """The server's address, what it received, and orders to it."""

    home: Path
    ca_file: Path
    host: str = "127.0.0.1"
    port: int = 0
    _process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        """Start, or start again on the same port with the same mails."""
        told = self.home / "port"
        told.unlink(missing_ok=True)
        with (self.home / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [*dies_with_us(), sys.executable, "-m", "tests.servers.smtpd"]  # noqa: RUF005
                + [str(self.home), "--port", str(self.port)],
                cwd=Path(__file__).parents[2],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        wait_until(lambda: told.exists() or self._ended(), what="the start of the SMTP server")
        if self._ended():
            raise RuntimeError(f"the SMTP server ended at once: {(self.home / 'log').read_text()}")
        self.port = int(told.read_text())

    def stop(self) -> None:
        if self._process is not None:
            stop(self._process)
            self._process = None

    def kill(self) -> None:
        """SIGKILL: what it said it has, it has; the rest is as it may be."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self._process = None
            wait_until(lambda: not listens(self.port), what="the end of the SMTP server")

    def behave(
        self, mode: Mode = Mode.ACCEPT, *, recipients: Mapping[str, str] | None = None, size: int = 50_000_000
    ) -> None:
        """From the next command on: this mode; `recipients={"a@example.test": "defer"}` for single addresses."""
        written = self.home / f"behaviour.{os.getpid()}"
        written.write_text(json.dumps(asdict(Behaviour(mode, recipients or {}, size))))
        written.replace(self.home / "behaviour.json")

    def received(self) -> list[Received]:
        """The mails in the order in which they were kept."""
        mails = []
        for path in sorted((self.home / "mails").glob("*.json")):
            told = json.loads(path.read_text())
            raw = path.with_suffix(".eml").read_bytes()
            mails.append(
                Received(
                    told["from"],
                    tuple(told["to"]),
                    tuple(told["options"]),
                    told["user"],
                    told["encrypted"],
                    raw,
                    path.with_suffix(".eml"),
                )
            )
        return mails

    def clear(self) -> None:
        """Forget what was received."""
        for path in (self.home / "mails").iterdir():
            path.unlink()

    def _ended(self) -> bool:
        return self._process is None or self._process.poll() is not None


@contextmanager
def smtpd(
    folder: Path,
    *,
    security: str = "plain",
    users: Mapping[str, str] | None = None,
    tokens: TokenServer | None = None,
    certificate: Certificate = Certificate.GOOD,
    deliver_to: Dovecot | None = None,
    smtputf8: bool = True,
    mode: Mode = Mode.ACCEPT,
) -> Iterator[Smtpd]:
    """Start an SMTP server: `security` is "plain", "starttls" (demanded before anything else) or "tls".

    With `users` (address: password) or `tokens` it wants a sign-in: PLAIN, LOGIN, or XOAUTH2 with `tokens`. With
    `deliver_to`, a mail to one of that Dovecot's users is also put into their mailbox.
    """
    made = certificates(folder)
    home = folder / f"smtpd-{os.urandom(4).hex()}"
    (home / "mails").mkdir(parents=True)
    options: dict[str, Any] = {
        "security": security,
        "users": dict(users or {}),
        "introspect": tokens.introspect_url if tokens else None,
        "certificate": [str(path) for path in made.files(certificate)],
        "mailboxes": {},
        "owner": None,
        "smtputf8": smtputf8,
    }
    if deliver_to is not None:
        options["mailboxes"] = {user: str(deliver_to.maildir(user)) for user in deliver_to.users}
        options["owner"] = list(deliver_to.owner)
        for user in deliver_to.users:
            root = deliver_to.maildir(user).parent
            root.mkdir(parents=True, exist_ok=True, mode=0o700)
            os.chown(root, *deliver_to.owner)
    (home / "options.json").write_text(json.dumps(options))
    server = Smtpd(home, made.ca_file)
    server.behave(mode)
    try:
        server.start()
        yield server
    finally:
        server.stop()


# ---- the process itself -------------------------------------------------------------------------------------------


class _Handler:
    """Decides on each command and keeps what is accepted."""

    def __init__(self, home: Path, options: dict[str, Any]) -> None:
        self.home, self.options = home, options
        self.count = len(list((home / "mails").glob("*.json")))

    def behaviour(self) -> Behaviour:
        told = json.loads((self.home / "behaviour.json").read_text())
        return Behaviour(Mode(told["mode"]), told["recipients"], told["size"])

    async def handle_MAIL(  # noqa: N802 (aiosmtpd's name)
        self,
        server: aio.SMTP,
        session: aio.Session,
        envelope: aio.Envelope,
        address: str,
        options: list[str],
    ) -> str:
        order = self.behaviour()
        if order.mode is Mode.DROP_MAIL:
            _cut(server)
        if order.mode in (Mode.DEFER_MAIL, Mode.REFUSE_MAIL):
            return _REPLIES[order.mode]
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(  # noqa: N802
        self,
        server: aio.SMTP,
        session: aio.Session,
        envelope: aio.Envelope,
        address: str,
        options: list[str],
    ) -> str:
        order = self.behaviour()
        if order.mode is Mode.HANG_RCPT:
            await asyncio.sleep(3600)
        if address in order.recipients:
            return _RECIPIENT[order.recipients[address]]
        if order.mode in (Mode.DEFER_RCPT, Mode.REFUSE_RCPT):
            return _REPLIES[order.mode]
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(  # noqa: N802
        self, server: aio.SMTP, session: aio.Session, envelope: aio.Envelope
    ) -> str:
        mode = self.behaviour().mode
        if mode is Mode.HANG_END:
            await asyncio.sleep(3600)
        if mode in _REPLIES:
            return _REPLIES[mode]
        if mode is Mode.DROP_END:
            _cut(server)
            return "250 never heard"
        name = self._keep(session, envelope)
        if mode is Mode.DROP_REPLY:
            _cut(server)
        return f"250 2.0.0 kept as {name}"

    def _keep(self, session: aio.Session, envelope: aio.Envelope) -> str:
        self.count += 1
        name = f"{self.count:06d}"
        raw = cast("bytes", envelope.original_content)
        sender = "" if envelope.mail_from == "<>" else envelope.mail_from
        told = {
            "from": sender,
            "to": envelope.rcpt_tos,
            "options": envelope.mail_options,
            "user": session.auth_data if session.authenticated else None,
            "encrypted": session.ssl is not None or self.options["security"] == "tls",
        }
        _write(self.home / "mails" / f"{name}.eml", raw)
        _write(self.home / "mails" / f"{name}.json", json.dumps(told).encode())
        for person in envelope.rcpt_tos:
            maildir = self.options["mailboxes"].get(person.lower())
            if maildir:
                top = f"Return-Path: <{sender}>\r\nDelivered-To: {person}\r\n"
                owner = cast("tuple[int, int]", tuple(self.options["owner"])) if os.geteuid() == 0 else None
                deliver(Path(maildir), top.encode() + raw, owner=owner)
        return name

    def sign_in(
        self, server: aio.SMTP, session: aio.Session, envelope: aio.Envelope, mechanism: str, data: object
    ) -> aio.AuthResult:
        """PLAIN and LOGIN."""
        asked = cast("aio.LoginPassword", data)
        user = asked.login.decode()
        known = self.options["users"].get(user)
        good = known is not None and known.encode() == asked.password
        return aio.AuthResult(success=good, handled=False, auth_data=user)


class _WithTokens(_Handler):
    async def auth_XOAUTH2(  # noqa: N802
        self, server: aio.SMTP, args: list[str]
    ) -> aio.AuthResult:
        """Google's mechanism: a refusal comes as a JSON challenge that the client answers with an empty line."""
        given = base64.b64decode(args[1]) if len(args) > 1 else await server.challenge_auth("")
        if not isinstance(given, bytes):
            return aio.AuthResult(success=False)
        fields = dict(part.split("=", 1) for part in given.decode().split("\x01") if "=" in part)
        token = fields.get("auth", "").removeprefix("Bearer ")
        owner = await asyncio.to_thread(self._owner, token)
        if owner is not None and owner == fields.get("user"):
            return aio.AuthResult(success=True, auth_data=owner)
        await server.challenge_auth('{"status":"401","schemes":"bearer"}')
        await server.push("535 5.7.8 Authentication credentials invalid")
        return aio.AuthResult(success=False, handled=True)

    def _owner(self, token: str) -> str | None:
        body = urllib.parse.urlencode({"token": token}).encode()
        with urllib.request.urlopen(self.options["introspect"], body, timeout=5) as answer:
            told = json.loads(answer.read())
        return told["username"] if told["active"] else None


class _Server(aio.SMTP):
    """aiosmtpd with a rude greeting or a refused DATA when so ordered."""

    async def _handle_client(self) -> None:
        mode = self.event_handler.behaviour().mode
        self.data_size_limit = self.event_handler.behaviour().size
        if mode is Mode.HANG_GREETING:
            await asyncio.sleep(3600)
        if mode in (Mode.BUSY, Mode.GARBAGE):
            await self.push("421 4.3.2 Too busy" if mode is Mode.BUSY else "\x00\xff HTTP/1.1 \x07 nothing")
            cast("asyncio.Transport", self.transport).close()
            return
        await super()._handle_client()

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        mode = self.event_handler.behaviour().mode
        if mode in (Mode.DEFER_DATA, Mode.REFUSE_DATA):
            await self.push(_REPLIES[mode])
            return
        await super().smtp_DATA(arg)

    async def push(self, status: Any) -> None:
        """A reply to somebody whose line was just cut goes nowhere, quietly."""
        with contextlib.suppress(ConnectionError):
            await super().push(status)


def _cut(server: aio.SMTP) -> None:
    """As when the machine loses its power: what was written but not sent is gone."""
    cast("asyncio.Transport", server.transport).abort()


def _write(path: Path, data: bytes) -> None:
    """On the disk when it returns, complete or absent."""
    part = path.with_suffix(path.suffix + ".part")
    with part.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.rename(path)
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


async def _serve(home: Path, port: int) -> None:
    options = json.loads((home / "options.json").read_text())
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*options["certificate"])
    handler = (_WithTokens if options["introspect"] else _Handler)(home, options)
    wanted = bool(options["users"] or options["introspect"])
    loop = asyncio.get_running_loop()

    def session() -> _Server:
        return _Server(
            handler,
            hostname="smtp.example.test",
            data_size_limit=handler.behaviour().size,
            enable_SMTPUTF8=options["smtputf8"],
            tls_context=context if options["security"] == "starttls" else None,
            require_starttls=options["security"] == "starttls",
            auth_required=wanted,
            auth_require_tls=options["security"] == "starttls",
            auth_callback=None,
            authenticator=handler.sign_in,
            loop=loop,
        )

    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    server = await loop.create_server(session, sock=listener, ssl=context if options["security"] == "tls" else None)
    ended = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, ended.set)
    _write(home / "port", str(listener.getsockname()[1]).encode())
    await ended.wait()
    server.close()


def main() -> None:
    words = argparse.ArgumentParser(description="the test SMTP server; started by smtpd()")
    words.add_argument("home", type=Path)
    words.add_argument("--port", type=int, default=0)
    asked = words.parse_args()
    asyncio.run(_serve(asked.home, asked.port))


if __name__ == "__main__":
    main()
