"""Real servers for the tests and for trying failures by hand: each starts on loopback in a folder of its own.

    with dovecot(folder, users={"desk@example.test": "secret"}) as mailboxes, smtpd(folder) as smtp: ...

A server is stopped when its block ends, or when the thread or program that started it dies. The Debian packages that
they need are named in `debian-packages.txt`.
"""

from tests.servers.dovecot import Dovecot, Mail, dovecot
from tests.servers.loopback import ServerMissing, free_port, wait_until
from tests.servers.smtpd import Mode, Received, Smtpd, smtpd
from tests.servers.tls import Certificate, Certificates, certificates
from tests.servers.token_server import TokenServer, token_server

__all__ = [
    "Certificate",
    "Certificates",
    "Dovecot",
    "Mail",
    "Mode",
    "Received",
    "ServerMissing",
    "Smtpd",
    "TokenServer",
    "certificates",
    "dovecot",
    "free_port",
    "smtpd",
    "token_server",
    "wait_until",
]
