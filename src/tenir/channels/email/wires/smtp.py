"""Handing letters to a server, and knowing for each recipient what became of it.

    outcome = send(account, "desk@example.org", ["emile@example.org"], raw, before_data=record_that_it_leaves)

`send` does not raise for what servers do: the `Outcome` says accepted, temporary, permanent or unknown. Unknown is the
one case where nobody can tell: the line was cut between the last byte and the answer. Then send the same bytes again,
with the same Message-ID, by which receiving servers and people recognise the second copy.
"""

import re
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self

from tenir.channels.email.wires.addresses import needs_smtputf8, on_the_wire
from tenir.channels.email.wires.smtp_line import Reply, SmtpAccount, SmtpLine, open_line
from tenir.channels.email.wires.trouble import MailError

__all__ = ["Fate", "Outcome", "Recipient", "Reply", "Sender", "SenderCheck", "SmtpAccount", "check", "send"]


class Fate(StrEnum):
    """What became of a letter for one recipient."""

    ACCEPTED = "accepted"
    TEMPORARY = "temporary"
    PERMANENT = "permanent"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Recipient:
    """`reply` is the answer that decided, None when none came."""

    fate: Fate
    reply: Reply | None = None


@dataclass(frozen=True)
class Outcome:
    """What became of one letter. `final` is the answer to the whole mail; `error` why the talk ended early."""

    recipients: Mapping[str, Recipient]
    final: Reply | None = None
    error: MailError | None = None

    def those(self, fate: Fate) -> list[str]:
        """The recipients for whom it ended so."""
        return [person for person, one in self.recipients.items() if one.fate is fate]

    @property
    def delivered(self) -> bool:
        """Whether every recipient was accepted."""
        return bool(self.recipients) and all(one.fate is Fate.ACCEPTED for one in self.recipients.values())


def send(
    sender: SmtpAccount,
    envelope_from: str,
    recipients: Sequence[str],
    raw: bytes,
    *,
    before_data: Callable[[], None],
) -> Outcome:
    """Hand one letter over on a connection of its own.

    `before_data` is called once, when at least one recipient is accepted and before any byte of the letter leaves;
    what it raises leaves this function and nothing was sent. Raises ValueError when `envelope_from` is no address
    ("" is: nobody, for automatic letters).
    """
    with Sender(sender) as one:
        return one.send(envelope_from, recipients, raw, before_data=before_data)


class Sender:
    """A connection kept for bursts: used again while it is young and good, made anew when not. Safe for threads."""

    def __init__(self, account: SmtpAccount, *, keep: float = 20.0, most: int = 50) -> None:
        """`keep`: seconds a silent connection is used again; `most`: letters on one connection."""
        self.account = account
        self._keep, self._most = keep, most
        self._line: SmtpLine | None = None
        self._used_at, self._letters = 0.0, 0
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        with self._lock:
            self._drop()

    def send(
        self, envelope_from: str, recipients: Sequence[str], raw: bytes, *, before_data: Callable[[], None]
    ) -> Outcome:
        """As the function `send`."""
        letter = _letter(envelope_from, recipients, raw)
        if not letter.people:
            return Outcome(letter.malformed)
        with self._lock:
            try:
                return self._send(letter, before_data)
            except BaseException:
                self._cut()  # `before_data` failed: the server must not go on waiting for this letter
                raise

    def _send(self, letter: "_Letter", before_data: Callable[[], None]) -> Outcome:
        used = self._line is not None and self._still_good()
        try:
            talk = _Talk(self._ready(), letter)
            mail = talk.mail_from()
        except MailError as error:
            # A kept connection may have been closed behind our back; nothing was said on it yet.
            return self._send(letter, before_data) if used else letter.all(Fate.TEMPORARY, error=error)
        if used and mail.code == 421:
            return self._send(letter, before_data)
        outcome = talk.rest(mail, before_data)
        self._used_at = time.monotonic()
        self._letters += 1
        return outcome

    def _still_good(self) -> bool:
        line = self._line
        young = time.monotonic() - self._used_at < self._keep and self._letters < self._most
        return line is not None and not line.broken and young

    def _ready(self) -> SmtpLine:
        if self._line is not None and self._still_good():
            return self._line
        self._drop()
        self._line = open_line(self.account)
        self._letters, self._used_at = 0, time.monotonic()
        return self._line

    def _drop(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None

    def _cut(self) -> None:
        if self._line is not None:
            self._line.cut()
            self._line = None


@dataclass(frozen=True)
class _Letter:
    """What is to be sent, in the form in which it goes over the wire."""

    envelope_from: str
    people: Mapping[str, str]  # as given: on the wire
    malformed: Mapping[str, Recipient]
    stuffed: bytes = field(repr=False)
    size: int
    eight_bit: bool

    def all(self, fate: Fate, *, reply: Reply | None = None, error: MailError | None = None) -> Outcome:
        """The same for everybody."""
        return Outcome({**self.malformed, **dict.fromkeys(self.people, Recipient(fate, reply))}, None, error)


def _letter(envelope_from: str, recipients: Sequence[str], raw: bytes) -> _Letter:
    people: dict[str, str] = {}
    malformed: dict[str, Recipient] = {}
    for person in dict.fromkeys(recipients):
        try:
            people[person] = on_the_wire(person)
        except ValueError:
            malformed[person] = Recipient(Fate.PERMANENT, Reply(553, "not sent: not a mail address", "5.1.3"))
    # A bare CR or LF is a line end to some servers and not to others: what is one to neither can smuggle nothing.
    lines = re.sub(rb"\r\n|\r|\n", b"\r\n", raw)
    if not lines.endswith(b"\r\n"):
        lines += b"\r\n"
    stuffed = re.sub(rb"(?m)^\.", b"..", lines)
    sender = on_the_wire(envelope_from) if envelope_from else ""
    return _Letter(sender, people, malformed, stuffed, len(lines), not lines.isascii())


class _Talk:
    """One letter on one connection."""

    def __init__(self, line: SmtpLine, letter: _Letter) -> None:
        self.line, self.letter = line, letter
        self.found: dict[str, Recipient] = dict(letter.malformed)
        utf8 = line.offers("smtputf8")
        for person in [] if utf8 else letter.people:
            if needs_smtputf8(letter.people[person]):
                refusal = Reply(553, "not sent: the server takes only ASCII before the @", "5.6.7")
                self.found[person] = Recipient(Fate.PERMANENT, refusal)
        self.people = [person for person in letter.people if person not in self.found]
        wide = needs_smtputf8(letter.envelope_from) or any(needs_smtputf8(letter.people[p]) for p in self.people)
        # Headers in UTF-8, which only a letter to such an address has, need it as well.
        self.smtputf8 = utf8 and (wide or not letter.stuffed.partition(b"\r\n\r\n")[0].isascii())

    def mail_from(self) -> Reply:
        """Announce the letter. What this server cannot take is refused here, before it is asked."""
        letter, largest = self.letter, self.line.largest()
        if not self.people:
            return Reply(553, "not sent: no recipient that this server could take", "5.1.3")
        if largest is not None and letter.size > largest:
            return Reply(552, f"not sent: {letter.size} bytes, the server takes {largest}", "5.3.4")
        if letter.eight_bit and not self.line.offers("8bitmime"):
            return Reply(554, "not sent: the server takes only 7-bit mail", "5.6.3")
        words = f"MAIL FROM:<{letter.envelope_from}>"
        words += f" SIZE={letter.size}" if self.line.offers("size") else ""
        words += " BODY=8BITMIME" if letter.eight_bit else ""
        return self.line.say(words + (" SMTPUTF8" if self.smtputf8 else ""))

    def rest(self, mail: Reply, before_data: Callable[[], None]) -> Outcome:
        """From the answer to MAIL to the end."""
        try:
            if not mail.good:
                return self._refused(mail)
            accepted = self._recipients()
        except MailError as error:
            return self._interrupted(Fate.TEMPORARY, error)
        if not accepted:
            return self._leave()
        before_data()
        return self._data(accepted)

    def _recipients(self) -> list[str]:
        for person in self.people:
            answer = self.line.say(f"RCPT TO:<{self.letter.people[person]}>")
            self.found[person] = Recipient(_fate(answer), answer)
            if self.line.broken:  # 421: the server leaves; nobody is accepted any more
                self._everybody_else(Fate.TEMPORARY, answer)
                return []
        return [person for person in self.people if self.found[person].fate is Fate.ACCEPTED]

    def _data(self, accepted: list[str]) -> Outcome:
        try:
            go = self.line.say("DATA")
            if go.code != 354:
                return self._decided(accepted, go)
            self.line.transfer(self.letter.stuffed)
        except MailError as error:
            # Without its final dot no server may keep the letter (RFC 5321 4.1.1.4).
            return self._interrupted(Fate.TEMPORARY, error, accepted)
        try:
            end = self.line.finish()
        except MailError as error:
            return self._interrupted(Fate.UNKNOWN, error, accepted)
        return self._decided(accepted, end)

    def _decided(self, accepted: list[str], answer: Reply) -> Outcome:
        fate = _fate(answer)
        self.found.update(dict.fromkeys(accepted, Recipient(fate, answer)))
        return self._leave(answer)

    def _refused(self, mail: Reply) -> Outcome:
        self._everybody_else(_fate(mail), mail)
        return self._leave()

    def _leave(self, final: Reply | None = None) -> Outcome:
        if not self.line.broken and (final is None or not final.good):
            self.line.reset()
        return Outcome(self.found, final)

    def _interrupted(self, fate: Fate, error: MailError, accepted: Sequence[str] = ()) -> Outcome:
        """The line was lost: whoever was accepted, or not asked yet, shares `fate`; a refusal stands."""
        self._everybody_else(fate, None)
        for person in self.people:
            if person in accepted or self.found[person].fate is Fate.ACCEPTED:
                self.found[person] = Recipient(fate)
        return Outcome(self.found, None, error)

    def _everybody_else(self, fate: Fate, answer: Reply | None) -> None:
        for person in self.people:
            before = self.found.get(person)
            if before is None or before.fate is Fate.ACCEPTED:
                self.found[person] = Recipient(fate, answer)


#: Permanent by their number, but about this connection or its sign-in, not about the letter or its reader: once the
#: administrator has put it right, the same letter passes (RFC 4954 6, RFC 5321 4.2.3).
_OF_THE_DESK = frozenset({503, 530, 534, 535, 538})


def _fate(answer: Reply) -> Fate:
    if answer.good:
        return Fate.ACCEPTED
    lasting = answer.permanent and answer.code not in _OF_THE_DESK
    return Fate.PERMANENT if lasting else Fate.TEMPORARY


@dataclass(frozen=True)
class SenderCheck:
    """What a first connection found. `largest` is the most bytes of one letter, None when the server does not say."""

    error: MailError | None = None
    refusal: Reply | None = None
    largest: int | None = None
    smtputf8: bool = False

    @property
    def good(self) -> bool:
        return self.error is None and self.refusal is None


def check(account: SmtpAccount, *, envelope_from: str = "") -> SenderCheck:
    """Connect and sign in; with `envelope_from` also ask whether this sender may write. Sends nothing."""
    try:
        line = open_line(account)
    except MailError as error:
        return SenderCheck(error)
    try:
        answer = line.say(f"MAIL FROM:<{on_the_wire(envelope_from)}>") if envelope_from else None
        refusal = answer if answer is not None and not answer.good else None
        return SenderCheck(None, refusal, line.largest(), line.offers("smtputf8"))
    except MailError as error:
        return SenderCheck(error)
    finally:
        line.close()
