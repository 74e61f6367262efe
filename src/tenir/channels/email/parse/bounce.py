"""A mail server's word that a message of ours did not arrive: RFC 3464, and the dialects that came before or beside it.

Without a machine-readable report, three things are asked together, since people also write about bounces: a sender
that is a mail system (or no return path), a subject or a sentence that only a mail system writes, and no human reply.
The original message is the one whose Message-ID is in what was returned; else in the text; else in In-Reply-To, which
Exchange fills in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tenir.channels.email.parse.headers import Headers, decode_words, identifiers, split_headers
from tenir.channels.email.parse.phrases import flat
from tenir.channels.email.parse.values import Address, Bounce, Limits

_DAEMON = re.compile(
    r"(?:mailer|mail|mailerd|m)?-?daemon|postmaster|post_?master|microsoftexchange[0-9a-f]{8,40}|mail-?delivery"
    r"|mail\.delivery|mailerdaemon|bounces?|mail-?system|noreply-dsn|administrateur-?systeme|mailsystem|mdaemon"
)
_DAEMON_NAME = re.compile(
    r"mail delivery (?:sub)?system|mailer-?daemon|mail delivery|mail administrator|system administrator"
    r"|administrateur systeme|postmaster"
)
_SUBJECT = re.compile(
    r"undeliver|non[ -]?remis|non[ -]?distribu|non[ -]?delivr|nondeliver|non-deliver"
    r"|delivery (?:status notification|status|failure|has failed|failed|error|problem|incomplete|delay|report"
    r"|notification)"
    r"|mail delivery|mail system error|mail failure|failure notice|failed (?:mail|delivery)|returned mail"
    r"|mail returned"
    r"|returned to sender|echec (?:de |d'|du |lors de |dans )|notification d'echec|impossible de (?:remettre"
    r"|distribuer|delivrer)"
    r"|remise (?:retardee|differee|impossible|echouee)|avis de non|could not (?:be delivered|send)"
    r"|cannot be delivered"
    r"|notification d'etat de remise|etat de (?:la )?remise|delayed (?:mail|delivery)|warning: (?:message|could not)"
    r"|message (?:delayed|retarde|non envoye|not delivered|undelivered|rejected|blocked)|unzustellbar|unzustellbar"
    r"|rejected mail|message status|rapport de remise|erreur de (?:remise|distribution|livraison)|no entregado"
)
_SENTENCE = re.compile(
    r"could(?: not|n't) be delivered|(?:was|were) not delivered|unable to deliver|wasn't able to deliver"
    r"|not able to deliver"
    r"|cannot be delivered|delivery (?:has failed|to the following|failed|is delayed)|message (?:wasn't"
    r"|not) delivered"
    r"|n'a (?:pas )?(?:pu|ete) (?:etre )?(?:remis|distribue|delivre|livre|achemine|envoye)|pas pu etre (?:remis"
    r"|distribue|delivre|livre)"
    r"|impossible de (?:remettre|distribuer|delivrer|livrer|acheminer)|echec de (?:la )?(?:remise|distribution"
    r"|livraison)"
    r"|permanent(?: fatal)? error|qmail-send|created automatically by mail delivery software"
    r"|this is the mail system at host"
    r"|transcript of session|user unknown|unknown user|utilisateur inconnu|no such user|no mailbox here"
    r"|mailbox (?:is )?full"
    r"|mailbox (?:unavailable|not found)|boite (?:aux lettres|mail|de reception) (?:pleine|inconnue|saturee)"
    r"|address rejected"
    r"|address not found|adresse (?:introuvable|inconnue)|recipient address|does not exist|n'existe pas"
    r"|quota exceeded"
    r"|over quota|mail server permanently rejected|delivery failure|non[- ]?delivery|returned as undeliverable"
    r"|still trying"
    r"|will (?:be retried|keep trying|continue)|has not (?:yet )?been delivered|n'a pas encore (?:ete|pu)"
    r"|remise (?:retardee|differee)"
    r"|undelivered|undeliverable|following addresses? had|destinataires? suivants?"
)
_DELAY = re.compile(
    r"still trying|will (?:be|keep|continue)[^.]{0,30}(?:retr|try)|not yet been delivered|delivery (?:is "
    r"|has been )?(?:temporarily )?"
    r"(?:delayed|deferred)|n'a pas encore (?:ete|pu)|nouvelles? tentatives?|(?:remise|distribution"
    r"|livraison) (?:est )?(?:retardee|differee)"
    r"|warning: (?:message|could not send)|do not need to resend|vous n'avez pas (?:besoin"
    r"|a) de? ?(?:le )?renvoyer|delivery delayed"
    r"|message delayed|message retarde|(?:mail|delivery) delayed|\(delay\)"
)
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?!\.?\d)")
_CODE = re.compile(r"(?<![\d.:])(?:4[2-5]\d|5[0-5]\d)(?=[ -]\S)")
_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_ID_LINE = re.compile(r"(?im)^[> \t]{0,4}message-id:\s{0,80}(<[^<>\s]{1,990}>)")
_NEAR = re.compile(
    r"\b(?:[45]\d\d[ -]|error|erreur|unknown|inconnu|rejected|rejete|full|pleine|exceeded|exist|introuvable|not found"
    r"|unavailable|indisponible|disabled|denied|refuse|timed? ?out|sorry|remote server|host)"
)
_COPY = re.compile(
    r"(?im)^.{0,20}(?:below this line is a copy|this is a copy of (?:the|your) message"
    r"|original message (?:headers?|follows)"
    r"|en-?t.tes? (?:du|de) message d.origine|unsent message follows|message header follows|copie du message"
    r"|ci-dessous.{0,30}copie|forwarded message|-+ ?message d.origine|-+ ?original message).{0,80}$"
)


@dataclass(frozen=True, slots=True)
class Report:
    """What a mail says of a delivery: a bounce, or a success (`bounce` is None)."""

    bounce: Bounce | None
    reason: str


@dataclass(frozen=True, slots=True)
class Found:
    """The parts of a mail that may speak of a delivery."""

    headers: Headers
    sender: Address | None
    subject: str
    is_report: bool  # multipart/report
    status: str | None  # the text of message/delivery-status
    returned: bytes | None  # message/rfc822 or text/rfc822-headers
    text: str


def daemon(sender: Address | None) -> bool:
    """Is the sender's address one that only mail systems use?"""
    return sender is not None and _DAEMON.fullmatch(sender.address.rpartition("@")[0].lower()) is not None


def no_return_path(headers: Headers) -> bool:
    """An empty return path: a mail that must not be answered by a machine."""
    return "return-path" in headers and headers.first("return-path").strip("<> ") == ""


def report(found: Found) -> Report | None:
    """The delivery report that this mail is, or None when it is none."""
    system = daemon(found.sender) or no_return_path(found.headers)
    if found.status is not None and (found.is_report or system):
        return _from_status(found)
    failed = found.headers.first("x-failed-recipients")
    if not (system or failed or _named_as_system(found.sender)):
        return None
    subject, text = flat(found.subject)[:300], flat(found.text[:20_000])
    if subject.startswith(("re:", "re :", "tr:", "fw")):
        return None
    spoken = _SENTENCE.search(text)
    titled = _SUBJECT.search(subject)
    if not (failed or (titled and (spoken or daemon(found.sender))) or (spoken and daemon(found.sender))):
        return None
    return _from_dialect(found, failed, f"{subject} {text}")


def _named_as_system(sender: Address | None) -> bool:
    return sender is not None and _DAEMON_NAME.match(flat(sender.name)) is not None


# -- RFC 3464 ----------------------------------------------------------------------------------------------------------


def _groups(status: str) -> list[dict[str, str]]:
    groups: list[dict[str, str]] = []
    for block in re.split(r"\n[ \t]*\n", status.replace("\r\n", "\n").strip()[:100_000])[:200]:
        fields: dict[str, str] = {}
        name = ""
        for line in block.split("\n"):
            if line[:1] in " \t" and name:
                if len(fields[name]) < 4_000:
                    fields[name] += " " + line.strip()
            elif ":" in line:
                name, _, value = line.partition(":")
                name = name.strip().lower()
                fields[name] = value.strip()
        groups.append(fields)
    return groups


def _from_status(found: Found) -> Report:
    groups = _groups(found.status or "")
    recipients = [g for g in groups if "action" in g or "status" in g or "final-recipient" in g]
    order = {"failed": 0, "delayed": 2}
    ranked = sorted(recipients, key=lambda g: order.get(_word(g.get("action", "")), _rank(g)))
    first = ranked[0] if ranked else {}
    action = _word(first.get("action", ""))
    status = _STATUS.search(first.get("status", ""))
    code = status[1] if status else None
    if action in ("delivered", "relayed", "expanded") or (not action and code and code.startswith("2")):
        return Report(None, f"multipart/report: {action or code}")
    diagnostic = re.sub(r"(?i)^\s*(?:smtp|x-[\w-]{1,40})\s*;\s*", "", first.get("diagnostic-code", ""))
    if code is None:
        spoken = _STATUS.search(diagnostic)
        code = spoken[1] if spoken else None
    delayed = action == "delayed" or (not action and bool(code) and str(code).startswith("4"))
    recipient = _mailbox(first.get("original-recipient", "")) or _mailbox(first.get("final-recipient", ""))
    general = groups[0] if groups else {}
    named = identifiers(general.get("x-original-message-id", "") or general.get("original-message-id", ""))
    return Report(
        Bounce(
            original_message_id=_original(found) or (named[0] if named else None),
            recipient=recipient or _recipient(found, ""),
            status=code,
            diagnostic=decode_words(diagnostic)[:2_000] or _diagnostic(found.text),
            permanent=not delayed,
        ),
        f"multipart/report: {action or 'delivery-status'}",
    )


def _rank(group: dict[str, str]) -> int:
    return {"5": 0, "4": 2}.get(group.get("status", "")[:1], 3)


def _word(value: str) -> str:
    words = value.lower().split()
    return words[0].strip(";,(") if words else ""


def _mailbox(value: str) -> str | None:
    match = _ADDRESS.search(value.partition(";")[2] or value)
    return match[0] if match else None


# -- The dialects ------------------------------------------------------------------------------------------------------


def _from_dialect(found: Found, failed: str, everything: str) -> Report:
    own_words, _ = _own_words(found.text)
    status = _STATUS.search(own_words)
    code = status[1] if status else None
    smtp = _CODE.search(own_words)
    delayed = bool(_DELAY.search(everything[:6_000])) and not (code or "").startswith("5")
    if delayed and code is None and smtp and smtp[0].startswith("5"):
        delayed = False
    return Report(
        Bounce(
            original_message_id=_original(found),
            recipient=_recipient(found, failed),
            status=code,
            diagnostic=_diagnostic(own_words),
            permanent=not delayed,
        ),
        f"bounce without report: {found.subject[:120]}",
    )


def _own_words(text: str) -> tuple[str, str]:
    """What the mail system says, and the copy of the message that it gives back."""
    copy = _COPY.search(text)
    return (text[: copy.start()], text[copy.start() :]) if copy else (text, text)


def _original(found: Found) -> str | None:
    if found.returned:
        headers, _ = split_headers(found.returned.lstrip()[:200_000], Limits())
        named = identifiers(headers.first("message-id"))
        if named:
            return named[0]
    line = _ID_LINE.search(_own_words(found.text)[1]) or _ID_LINE.search(found.text)
    if line:
        return line[1]
    answered = identifiers(found.headers.first("in-reply-to"))
    if answered:
        return answered[0]
    chain = identifiers(found.headers.first("references"))
    return chain[-1] if chain else None


def _recipient(found: Found, failed: str) -> str | None:
    named = _ADDRESS.search(failed)
    if named:
        return named[0]
    own = found.sender.address.lower() if found.sender else ""
    ours = {a.lower() for a in _ADDRESS.findall(found.headers.first("to"))}
    for match in _ADDRESS.finditer(_ID_LINE.sub("", _own_words(found.text)[0][:20_000])):
        address = match[0].strip(".'")
        if (
            address.lower() != own
            and address.lower() not in ours
            and not _DAEMON.fullmatch(address.split("@")[0].lower())
        ):
            return address
    if found.returned:
        headers, _ = split_headers(found.returned.lstrip()[:200_000], Limits())
        sent_to = _ADDRESS.search(headers.first("to"))
        return sent_to[0] if sent_to else None
    return None


def _diagnostic(text: str) -> str:
    """The line of a dialect that says why, with the two that follow it; else the first lines."""
    lines = [line.strip() for line in text[:20_000].splitlines() if line.strip()]
    for pattern in (_STATUS, _CODE, _NEAR):
        for index, line in enumerate(lines):
            if pattern.search(line if pattern is not _NEAR else flat(line)):
                return " ".join(lines[index : index + 3])[:1_000]
    return " ".join(lines[:4])[:1_000]
