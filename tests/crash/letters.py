"""The mails that pour in: people's, answers, copies of the same mail, broken ones, machines'. All from one seed."""

import hashlib
import random
from dataclasses import dataclass
from email.message import EmailMessage

from tests.servers import Received

DESK = "desk@example.test"
WORDS = ["bac", "couvercle", "livraison", "panier", "vélo", "carton", "facture", "camion", "jardin", "mardi"]


@dataclass(frozen=True)
class Posted:
    """A mail that was put into the mailbox. `answers` is the Message-ID of ours that it answers; `token` is a word
    that no other mail has, empty in those that cannot be read."""

    kind: str
    raw: bytes
    token: str = ""
    answers: str = ""

    @property
    def sha(self) -> str:
        return fingerprint(self.raw)


def fingerprint(raw: bytes) -> str:
    """Of the bytes with the line ends of the wire, which an IMAP server always gives."""
    return hashlib.sha256(raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")).hexdigest()


class Post:
    """Writes one mail after the other."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._count = 0
        self._people: list[Posted] = []

    def write(self) -> Posted:
        """The next mail of somebody who has not written yet, of a machine, or a copy of one that has come."""
        kind = self._chance.choices(
            ["person", "with a file", "broken", "machine", "copy"], [60, 15, 7, 8, 10 if self._people else 0]
        )[0]
        if kind == "copy":
            known = self._chance.choice(self._people)
            return Posted("copy", b"Received: from another.example by way of a list\r\n" + known.raw, known.token)
        if kind == "broken":
            return self._broken()
        posted = self._mail(kind)
        if kind != "machine":
            self._people.append(posted)
        return posted

    def answer(self, sent: Received) -> Posted:
        """The reader of a reply of ours answers it."""
        mail, token = self._begin(sent.recipients[0])
        known = next(line for line in sent.raw.split(b"\r\n") if line.lower().startswith(b"message-id:"))
        answered = known.partition(b":")[2].strip().decode()
        mail["In-Reply-To"] = answered
        mail.set_content(f"Merci beaucoup {token} pour votre réponse.\n")
        return Posted("answer", mail.as_bytes(), token, answered.strip("<>"))

    def _begin(self, sender: str = "") -> tuple[EmailMessage, str]:
        self._count += 1
        token = f"jeton{self._chance.getrandbits(48):012x}"
        mail = EmailMessage()
        mail["From"] = sender or f"Client {self._count} <client{self._count}@clients.example>"
        mail["To"] = DESK
        mail["Subject"] = " ".join(self._chance.sample(WORDS, 3))
        mail["Message-ID"] = f"<{token}@clients.example>"
        mail["Date"] = "Mon, 02 Mar 2026 09:59:00 +0100"
        return mail, token

    def _mail(self, kind: str) -> Posted:
        mail, token = self._begin()
        if kind == "machine":
            mail["Auto-Submitted"] = "auto-replied"
        mail.set_content(f"Bonjour, {' '.join(self._chance.choices(WORDS, k=20))} {token}.\n\nMerci\n")
        if kind == "with a file":
            size = self._chance.randrange(1, 200_000)
            mail.add_attachment(
                self._chance.randbytes(size), maintype="application", subtype="octet-stream", filename=f"{token}.bin"
            )
        return Posted(kind, mail.as_bytes(), token)

    def _broken(self) -> Posted:
        self._count += 1
        junk = bytes(b for b in self._chance.randbytes(400) if b not in b"\r\n\0")
        ways = [
            b"From: client\r\nContent-Type: multipart/mixed; boundary=\r\n\r\n--\r\n" + junk + b"\r\n",
            b"From: =?utf-9?q?" + junk[:40] + b"?= <x@clients.example>\r\nContent-Type: text/plain; charset=klingon\r\n"
            b"Content-Transfer-Encoding: base64\r\n\r\n" + junk + b"\r\n",
            b"Subject: " + junk[:60] + b"\r\n\r\n" + junk + b"\r\n",
        ]
        return Posted("broken", self._chance.choice(ways))
