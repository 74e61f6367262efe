"""A real Dovecot on loopback: `with dovecot(folder) as server:`.

It runs without privileges: as the person who starts it, or as `nobody` when that is root. It offers plain text and
STARTTLS on one port, TLS on another, password and (with a token server) XOAUTH2 and OAUTHBEARER sign-in.
"""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.servers.loopback import deliver, dies_with_us, free_port, listens, program, wait_until
from tests.servers.tls import Certificate, certificates
from tests.servers.token_server import TokenServer

_PACKAGE = "dovecot-imapd"

_CONFIGURATION = """\
protocols = imap
listen = 127.0.0.1
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/log
default_login_user = {user}
default_internal_user = {user}
default_internal_group = {group}
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:~/Maildir
mail_max_userip_connections = {connections}
mailbox_idle_check_interval = 1 secs
ssl = {ssl}
ssl_cert = <{cert}
ssl_key = <{key}
disable_plaintext_auth = no
auth_mechanisms = plain login{oauth_mechanisms}
auth_failure_delay = 0 secs
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
passdb {{
  driver = passwd-file
  mechanisms = plain login
  args = scheme=PLAIN username_format=%u {home}/users
}}
{oauth_passdb}
userdb {{
  driver = static
  args = uid={user} gid={group} home={home}/mail/%u allow_all_users=yes
}}
namespace inbox {{
  inbox = yes
  separator = /
}}
{capability}
{rights}
"""

_OAUTH_PASSDB = """\
passdb {{
  driver = oauth2
  mechanisms = {mechanisms}
  args = {home}/oauth2.conf
}}
"""

_OAUTH = """\
introspection_mode = post
introspection_url = {introspect}
force_introspection = yes
username_attribute = username
active_attribute = active
active_value = true
timeout_msecs = 5000
"""

_RIGHTS = """\
mail_plugins = acl
plugin {{
  acl = vfile:{home}/acl
}}
"""

_WITHOUT_IDLE = "IMAP4rev1 LITERAL+ UIDPLUS MOVE"


@dataclass(frozen=True)
class Mail:
    """One mail in a mailbox as the server lists it."""

    uid: int
    flags: tuple[str, ...]
    raw: bytes


@dataclass
class Dovecot:
    """The server's address and what a test may do to it behind the client's back."""

    home: Path
    ca_file: Path
    users: Mapping[str, str]
    owner: tuple[int, int]
    offers_tls: bool = True
    host: str = "127.0.0.1"
    port: int = field(default_factory=free_port)
    tls_port: int = field(default_factory=free_port)
    _process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        """Start, or start again on the same ports with the same mailboxes."""
        master = [program("dovecot", package=_PACKAGE), "-F", "-c", str(self.home / "dovecot.conf")]
        self._process = subprocess.Popen(
            [*dies_with_us(), *self._demoted(), *master],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C in the terminal is for the tests; they stop the server
        )
        try:
            wait_until(self._answers, what=f"the start of Dovecot (its log: {self.home / 'log'})")
        except TimeoutError:
            self.stop()
            raise

    def stop(self) -> None:
        """End it; every connection is cut. The mailboxes stay."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """SIGKILL to it and all its children: nobody says goodbye."""
        self._end(signal.SIGKILL)

    def _end(self, way: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, way)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(0.3)
            # Its helpers are in its session; it would wait some seconds for the one that writes the log.
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        wait_until(lambda: not listens(self.port), what="the end of Dovecot")

    def restart(self) -> None:
        self.stop()
        self.start()

    def maildir(self, user: str, folder: str = "INBOX") -> Path:
        """The Maildir of one folder (Maildir++: sub-folders are siblings whose name begins with a dot)."""
        home = self.home / "mail" / user / "Maildir"
        return home if folder.upper() == "INBOX" else home / f".{folder.replace('/', '.')}"

    def deliver(self, user: str, raw: bytes, *, folder: str = "INBOX") -> Path:
        """Put a mail into a folder, as the delivery agent does; works while the server is down."""
        root = self.home / "mail" / user
        root.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.chown(root, *self.owner)
        return deliver(self.maildir(user, folder), raw, owner=self.owner)

    def mails(self, user: str, folder: str = "INBOX") -> list[Mail]:
        """What the folder holds, by UID."""
        listed = self.doveadm("-f", "tab", "fetch", "-u", user, "uid flags", "mailbox", folder, "all")
        rows = [line.split("\t") for line in listed.decode().splitlines()[1:]]
        return [
            Mail(int(uid), tuple(flags.split()), self._raw(user, folder, uid))
            for uid, flags in sorted(rows, key=lambda row: int(row[0]))
        ]

    def _raw(self, user: str, folder: str, uid: str) -> bytes:
        fetched = self.doveadm("-f", "pager", "fetch", "-u", user, "text", "mailbox", folder, "uid", uid)
        return fetched.removeprefix(b"text:\n").removesuffix(b"\n\x0c\n").removesuffix(b"\x0c\n")

    def folders(self, user: str) -> list[str]:
        return self.doveadm("mailbox", "list", "-u", user).decode().splitlines()

    def make_folder(self, user: str, folder: str) -> None:
        self.doveadm("mailbox", "create", "-u", user, folder)

    def delete_folder(self, user: str, folder: str) -> None:
        self.doveadm("mailbox", "delete", "-u", user, folder)

    def remove(self, user: str, uid: int, *, folder: str = "INBOX") -> None:
        """Somebody deletes a mail with another program."""
        self.doveadm("expunge", "-u", user, "mailbox", folder, "uid", str(uid))

    def uidvalidity(self, user: str, folder: str = "INBOX") -> int:
        status = self.doveadm("mailbox", "status", "-u", user, "uidvalidity", folder).decode()
        return int(status.rsplit("=", 1)[1])

    def change_uidvalidity(self, user: str, folder: str = "INBOX") -> int:
        """As after a mailbox was made anew from a backup: same mails, new UIDVALIDITY. Returns the new one."""
        new = self.uidvalidity(user, folder) + 1000
        self.doveadm("mailbox", "update", "-u", user, "--uid-validity", str(new), folder)
        return self.uidvalidity(user, folder)

    def doveadm(self, *arguments: str) -> bytes:
        """Run Dovecot's own administration program on this server; returns what it printed."""
        tool = program("doveadm", package=_PACKAGE)
        done = subprocess.run(
            [*self._demoted(), tool, "-c", str(self.home / "dovecot.conf"), *arguments],
            capture_output=True,
            timeout=30,
        )
        if done.returncode:
            said = done.stderr.decode(errors="replace")
            raise RuntimeError(f"doveadm {' '.join(arguments)}: {said}\n{self.log()}")
        return done.stdout

    def log(self) -> str:
        """What the server wrote into its log."""
        path = self.home / "log"
        return path.read_text(errors="replace") if path.exists() else ""

    def _answers(self) -> bool:
        if self._process is None or self._process.poll() is not None:
            raise RuntimeError(f"Dovecot ended at once: {self.log() or self._said()}")
        if not (listens(self.port) and (listens(self.tls_port) or not self.offers_tls)):
            return False
        with socket.create_connection(("127.0.0.1", self.port), timeout=5) as line:
            return line.recv(4) == b"* OK"

    def _said(self) -> str:
        """What `doveconf` thinks of the configuration, when the log has nothing."""
        checked = subprocess.run(
            [program("doveconf", package=_PACKAGE), "-n", "-c", str(self.home / "dovecot.conf")],
            capture_output=True,
            timeout=30,
        )
        return checked.stderr.decode(errors="replace") or "its configuration is in order, its log is empty"

    def _demoted(self) -> list[str]:
        if os.geteuid() != 0:
            return []
        uid, gid = self.owner
        return ["setpriv", "--reuid", str(uid), "--regid", str(gid), "--clear-groups", "--pdeathsig", "keep"]


def _account() -> tuple[str, str, tuple[int, int]]:
    """Whom the server runs as: (user, group, ids)."""
    import grp

    who = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    return who.pw_name, grp.getgrgid(who.pw_gid).gr_name, (who.pw_uid, who.pw_gid)


@contextmanager
def dovecot(
    folder: Path,
    *,
    users: Mapping[str, str] | None = None,
    tokens: TokenServer | None = None,
    mechanisms: str = "xoauth2 oauthbearer",
    certificate: Certificate = Certificate.GOOD,
    offers_tls: bool = True,
    idle: bool = True,
    capability: str | None = None,
    keywords: bool = True,
    connections: int = 100,
) -> Iterator[Dovecot]:
    """Start a Dovecot with these mailboxes (address: password); `desk@example.test` with `secret` when not given.

    `mechanisms` are those offered when there is a token server.
    `idle=False` hides the IDLE capability, `capability` is all that it claims, `keywords=False` permits no flag but
    \\Seen and \\Deleted, `connections` is the most that one person may hold. Its files are in a short folder under
    /tmp (the names of Unix sockets are limited, and pytest's folders are closed to `nobody`), shown in `folder` as a
    link; they are removed at the end.
    """
    capability = capability or (None if idle else _WITHOUT_IDLE)
    people = {"desk@example.test": "secret"} if users is None else dict(users)
    user, group, owner = _account()
    made = certificates(folder)
    home = Path(tempfile.mkdtemp(prefix="tenir-dovecot-"))
    server = Dovecot(home, made.ca_file, people, owner, offers_tls)
    try:
        for part in ("run", "state", "mail"):
            (home / part).mkdir()
        for kept, name in zip(made.files(certificate), ("cert.pem", "key.pem"), strict=True):
            shutil.copy(kept, home / name)
        (home / "users").write_text("".join(f"{name}:{{PLAIN}}{word}\n" for name, word in people.items()))
        if tokens is not None:
            (home / "oauth2.conf").write_text(_OAUTH.format(introspect=tokens.introspect_url))
        (home / "acl").write_text("* owner lrstei\n")
        (home / "dovecot.conf").write_text(
            _CONFIGURATION.format(
                home=home,
                user=user,
                group=group,
                connections=connections,
                ssl="yes" if offers_tls else "no",
                cert=home / "cert.pem",
                key=home / "key.pem",
                port=server.port,
                tls_port=server.tls_port if offers_tls else 0,
                oauth_mechanisms=f" {mechanisms}" if tokens else "",
                oauth_passdb=_OAUTH_PASSDB.format(home=home, mechanisms=mechanisms) if tokens else "",
                capability=f"imap_capability = {capability}" if capability else "",
                rights="" if keywords else _RIGHTS.format(home=home),
            )
        )
        for path in (home, *home.rglob("*")):
            os.chown(path, *owner)
        link = folder / f"dovecot-{server.port}"
        link.symlink_to(home)
        server.start()
        yield server
    finally:
        server.kill()  # its files go with it, so it has nothing to finish
        shutil.rmtree(home, ignore_errors=True)
