"""Trying a mailbox before it is saved: what reading and sending said, in words for whoever typed it."""

import uuid
from dataclasses import dataclass, field

from django.conf import settings
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from tenir import clock
from tenir.channels.email.accounts import reading, sending
from tenir.channels.email.models import Mailbox
from tenir.channels.email.wires import compose as wire
from tenir.channels.email.wires import imap, smtp
from tenir.people.access import organisation_name
from tenir.people.models import Agent


@dataclass(frozen=True)
class Line:
    """One thing that was tried."""

    good: bool
    words: str


@dataclass
class Trial:
    """What came of it. `folders`: those that the server offers. `ends`: where each read folder ends now."""

    lines: list[Line] = field(default_factory=list)
    folders: tuple[str, ...] = ()
    ends: dict[str, imap.Position] = field(default_factory=dict)

    @property
    def good(self) -> bool:
        return bool(self.lines) and all(line.good for line in self.lines)

    def say(self, words: str, *, good: bool) -> None:
        self.lines.append(Line(good, words))


def try_mailbox(box: Mailbox, *, letter_to: Agent | None) -> Trial:
    """Connects, signs in, opens the folders, asks whether it may send; with `letter_to`, sends a letter to them."""
    trial = Trial()
    if box.incoming.get("host"):
        _read(box, trial)
    if box.outgoing.get("host"):
        _send(box, trial, letter_to)
    return trial


def _read(box: Mailbox, trial: Trial) -> None:
    try:
        found = imap.check(reading(box))
    except ValueError as wrong:
        trial.say(_("Reading: this setting cannot be used: %(what)s") % {"what": wrong}, good=False)
        return
    if found.error is not None:
        trial.say(_("Reading: %(what)s") % {"what": found.error.sentence()}, good=False)
        return
    trial.folders = found.available
    for folder in found.folders:
        if folder.error is not None:
            trial.say(_("Reading: %(what)s") % {"what": folder.error.sentence()}, good=False)
            continue
        words = ngettext(
            "Reading works: “%(folder)s” holds %(count)s letter.",
            "Reading works: “%(folder)s” holds %(count)s letters.",
            folder.messages,
        )
        trial.say(words % {"folder": folder.name, "count": folder.messages}, good=True)
        if not folder.writable:
            trial.say(
                _("“%(folder)s” cannot be written to: letters stay unmarked there.") % {"folder": folder.name},
                good=True,
            )
        if folder.end is not None:
            trial.ends[folder.name] = folder.end
    move_to = box.after_reading.removeprefix("move:")
    if move_to and move_to not in found.available:
        trial.say(_("There is no folder “%(folder)s” to move letters to.") % {"folder": move_to}, good=False)


def _send(box: Mailbox, trial: Trial, letter_to: Agent | None) -> None:
    try:
        account = sending(box)
        found = smtp.check(account, envelope_from=box.address)
    except ValueError as wrong:
        trial.say(_("Sending: this setting cannot be used: %(what)s") % {"what": wrong}, good=False)
        return
    if found.error is not None:
        trial.say(_("Sending: %(what)s") % {"what": found.error.sentence()}, good=False)
        return
    if found.refusal is not None:
        said = f"{found.refusal.code} {found.refusal.text}"
        words = _("Sending: the server does not let this address write. It says: %(said)s")
        trial.say(words % {"said": " ".join(said.split())}, good=False)
        return
    if letter_to is None:
        trial.say(_("Sending works: the server lets this address write."), good=True)
        return
    _send_letter(box, account, trial, letter_to)


def _send_letter(box: Mailbox, account: smtp.SmtpAccount, trial: Trial, to: Agent) -> None:
    letter = wire.Letter(
        sender=wire.Address(box.address, organisation_name()),
        to=[wire.Address(to.email, to.given_name)],
        subject=_("The desk can write"),
        date=clock.local(clock.now()),
        message_id=f"<{uuid.uuid4().hex}@{box.address.rpartition('@')[2]}>",
        body=_("This letter was sent from %(address)s to see that sending works. It does.") % {"address": box.address},
        language="en" if (get_language() or settings.DEFAULT_LANGUAGE).startswith("en") else "fr",
        automatic=wire.Automatic.GENERATED,
    )
    outcome = smtp.send(account, box.address, [to.email], wire.compose(letter), before_data=lambda: None)
    if outcome.delivered:
        words = _("Sending works: a letter is on its way to %(address)s.")
        trial.say(words % {"address": to.email}, good=True)
        return
    reply = outcome.recipients[to.email].reply or outcome.final
    said = f"{reply.code} {reply.text}" if reply else (outcome.error.sentence() if outcome.error else "")
    words = _("Sending: the letter to %(address)s was not taken. The server says: %(said)s")
    trial.say(words % {"address": to.email, "said": " ".join(said.split())}, good=False)
