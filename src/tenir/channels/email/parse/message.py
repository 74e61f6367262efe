"""Raw bytes to `ParsedMail`: the order of the reading."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import IO, Any

from tenir.channels.email.parse import (
    addresses,
    authentication,
    bodies,
    bounce,
    calendar,
    folding,
    headers,
    machine,
    markup,
    structure,
)
from tenir.channels.email.parse.values import Address, Bounce, Fold, Limits, ParsedMail, Trouble
from tenir.text.language import detect

_FORWARD_SUBJECT = re.compile(
    r"\s{0,9}(?:\[[^\]]{0,60}\]\s{0,9})?(?:tr|fwd?|wg|rv|enc|trans|transfert|i)\s?:", re.IGNORECASE
)
_REPLY_SUBJECT = re.compile(
    r"\s{0,9}(?:\[[^\]]{0,60}\]\s{0,9})?(?:r[ée]|aw|sv|antw|ref|rép)\s?(?:\[\d+\])?:", re.IGNORECASE
)
_PLACEHOLDER = re.compile(
    r"\s{0,99}(?:(?:your|this|votre|ce|le|un) [^.\n]{0,60}(?:html|multi-?part|mime)|(?:to|pour) (?:view|read|voir"
    r"|visualiser|lire|afficher)"
    r"|si (?:vous|ce message) [^.\n]{0,60}(?:cliquez|affiche|html)|if you (?:cannot|can't|are unable)|html (?:only"
    r"|message))",
    re.IGNORECASE,
)
_DELIVERED = (
    "delivered-to",
    "x-original-to",
    "envelope-to",
    "x-delivered-to",
    "x-envelope-to",
    "x-real-to",
    "apparently-to",
)
_CLAIMED = ("x-original-from", "x-original-sender", "x-google-original-from")
_VIA = re.compile(r"^[\"']?(.{1,200}?)[\"']? (?:via|par) .{1,200}$", re.IGNORECASE)
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_MARKED_AS: dict[str, str] = {
    "attribution": "history",
    "history": "history",
    "forwarded": "forwarded",
    "signature": "signature",
}
_STANDARD = Limits()


def read(
    raw: bytes,
    *,
    own_addresses: Collection[str] = (),
    trusted_authserv: str | None = None,
    limits: Limits = _STANDARD,
) -> ParsedMail:
    """What the mail says. Never raises, whatever the bytes; time and memory are bounded by `limits`."""
    digest = hashlib.sha256(raw).hexdigest()
    try:
        return _Reading(raw, limits).mail(digest, own_addresses, trusted_authserv)
    except Exception as error:  # noqa: BLE001 a mistake of ours must not stop the mailbox: the raw mail is kept, and this says so
        return _unread(raw, digest, error)


def as_json(mail: ParsedMail) -> dict[str, Any]:
    """The mail as plain values that `json` can write, for `tenir read`; the bytes of files stay out."""
    participants = [
        {"role": role, "name": person.name, "address": person.address}
        for role, people in (
            ("from", [author for author in mail.authors if author != mail.sender]),
            ("to", mail.to),
            ("cc", mail.cc),
            ("reply_to", mail.reply_to),
        )
        for person in people
    ]
    return {
        "sha256": mail.sha256,
        "message_id": mail.message_id,
        "in_reply_to": list(mail.in_reply_to),
        "references": list(mail.references),
        "sent_at": mail.sent_at.isoformat() if mail.sent_at else None,
        "sender": _person(mail.sender),
        "claimed_author": _person(mail.claimed_author),
        "participants": participants,
        "delivered_to": [_person(person) for person in mail.delivered_to],
        "subject": mail.subject,
        "language": mail.language,
        "new_text": mail.new_text,
        "folded": [{"kind": fold.kind, "text": fold.text} for fold in mail.folded],
        "text": mail.text,
        "html": mail.html,
        "has_remote_images": mail.has_remote_images,
        "attachments": [
            {"name": a.name, "type": a.content_type, "size": a.size, "inline": a.inline, "content_id": a.content_id}
            for a in mail.attachments
        ],
        "events": [
            {"summary": e.summary, "when": e.when, "where": e.where, "organiser": e.organiser, "method": e.method}
            for e in mail.events
        ],
        "machine": {"kind": mail.machine.kind, "reason": mail.machine.reason} if mail.machine else None,
        "bounce": _bounce_json(mail.bounce),
        "authentication": [{"method": r.method, "result": r.result} for r in mail.authentication],
        "troubles": [{"code": t.code, "detail": t.detail} for t in mail.troubles],
    }


def main_read(stdin: IO[bytes]) -> dict[str, Any]:
    """One raw mail from `stdin`, read, as plain values."""
    return as_json(read(stdin.read()))


def _person(person: Address | None) -> dict[str, str] | None:
    return {"name": person.name, "address": person.address} if person else None


def _bounce_json(found: Bounce | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "original_message_id": found.original_message_id,
        "recipient": found.recipient,
        "status": found.status,
        "diagnostic": found.diagnostic,
        "permanent": found.permanent,
    }


@dataclass(slots=True)
class _Body:
    """What the body gives."""

    text: str = ""
    new_text: str = ""
    folds: tuple[Fold, ...] = ()
    markup: markup.Markup | None = None


class _Reading:
    """One mail being read."""

    def __init__(self, raw: bytes, limits: Limits) -> None:
        self.limits = limits
        whole = len(raw)
        raw = _readable(raw[: limits.bytes])
        self.tree = structure.Tree(raw, limits)
        if whole > limits.bytes:
            self.tree.trouble("mail_too_large", str(whole))
        self.headers = self.tree.root.headers
        if not self.headers.fields:
            self.tree.trouble("no_header" if raw.strip() else "empty_mail")
        self.subject = _clean(self.headers.text("subject"))[:2_000]

    def mail(self, digest: str, own: Collection[str], trusted: str | None, nested: bool = False) -> ParsedMail:
        fields = self.headers
        contents = bodies.Walk(self.tree, self.limits).contents()
        authors = self._people("from")
        sender = self._sender(authors)
        in_reply_to = headers.identifiers(fields.first("in-reply-to"))
        body = self._body(contents, sender, bool(in_reply_to))
        if not body.text.strip() and contents.nested and not nested:
            body = self._nested_body(contents.nested[0], body)
        body = self._with_events(body, contents)
        spoken, report_type = self._report(contents, sender, body.text)
        judged = machine.judge(
            headers=fields,
            sender=sender,
            subject=self.subject,
            text=body.new_text or body.text,
            report=spoken,
            report_type=report_type,
            own_addresses=own,
        )
        found = spoken.bounce if spoken and judged and judged.kind == "bounce" else None
        references = headers.identifiers(" ".join(fields.all("references"))) if "references" in fields else ()
        named = headers.identifiers(fields.first("message-id"))
        shown = body.markup
        return ParsedMail(
            sha256=digest,
            message_id=named[0] if named else None,
            in_reply_to=in_reply_to,
            references=references,
            sent_at=headers.date(fields.first("date")) if "date" in fields else None,
            sender=sender,
            authors=authors,
            claimed_author=self._claimed(sender),
            reply_to=self._people("reply-to"),
            to=self._people("to"),
            cc=self._people("cc"),
            delivered_to=self._people(*_DELIVERED),
            subject=self.subject,
            language=self._language(body),
            new_text=body.new_text,
            folded=body.folds,
            text=body.text,
            html=shown.html if shown and shown.html else None,
            has_remote_images=bool(shown and shown.has_remote_images),
            attachments=bodies.attachments(contents.files, shown.cids if shown else set()),
            events=tuple(contents.events),
            machine=judged,
            bounce=found,
            authentication=authentication.results(fields, trusted),
            troubles=tuple(self.tree.troubles.values()),
            auto_submitted=machine.keyword(fields),
            list_id=fields.text("list-id") or None,
            our_tokens=self._tokens(contents, (*in_reply_to, *references)),
        )

    # -- people --------------------------------------------------------------------------------------------------------

    def _people(self, *names: str) -> tuple[Address, ...]:
        found: dict[tuple[str, str], Address] = {}
        for name in names:
            if name not in self.headers:
                continue
            for value in self.headers.all(name)[:50]:
                for person in addresses.parse(_clean(value), self.limits.addresses):
                    found.setdefault((person.name, person.address.lower()), person)
        people = tuple(found.values())
        if len(people) > self.limits.addresses:
            self.tree.trouble("too_many_addresses", str(len(people)))
            people = people[: self.limits.addresses]
        return people

    def _sender(self, authors: tuple[Address, ...]) -> Address | None:
        """The one author; of several, the one who also sent; without any, whoever the other fields name."""
        senders = self._people("sender")
        if len(authors) > 1:
            self.tree.trouble("several_authors", str(len(authors)))
            sending = {person.address.lower() for person in senders}
            return next((a for a in authors if a.address.lower() in sending), authors[0])
        if authors and authors[0].address:
            if "@" not in authors[0].address:
                self.tree.trouble("broken_sender", authors[0].address)
            return authors[0]
        self.tree.trouble("no_sender")
        for person in (*senders, *self._people("reply-to"), *self._people("return-path")):
            if "@" in person.address:
                return replace(person, name=person.name or authors[0].name) if authors else person
        return authors[0] if authors else None

    def _claimed(self, sender: Address | None) -> Address | None:
        """Who a list or a form says has written. Anybody can write it: show it, do not believe it."""
        for name in _CLAIMED:
            for person in self._people(name):
                if "@" in person.address:
                    return person
        via = _VIA.match(sender.name) if sender and " " in sender.name else None
        answers = self._people("reply-to")
        if via and sender and len(answers) == 1 and answers[0].address.lower() != sender.address.lower():
            return Address(answers[0].name or via[1], answers[0].address)
        return None

    # -- the body ------------------------------------------------------------------------------------------------------

    def _body(self, contents: bodies.Contents, sender: Address | None, answers: bool) -> _Body:
        plain, html = bodies.joined(contents.pieces)
        shown = None
        if html and html.strip():
            shown = markup.read(html, self.limits)
            if shown.hostile:
                self.tree.trouble("hostile_html", str(len(html)))
            for cid, kind, data in shown.images:
                contents.files.append(bodies.File("", kind, data, cid, "inline"))
        forward = _FORWARD_SUBJECT.match(self.subject) is not None
        reply = not forward and (answers or _REPLY_SUBJECT.match(self.subject) is not None)
        name = sender.name if sender else ""
        lines, folded = folding.Lines(), folding.Folded("", ())
        if plain is not None and not (shown and _says_nothing(plain, shown)):
            lines, cut = folding.from_plain(plain, self.limits.lines)
            if cut:
                self.tree.trouble("body_too_long", str(self.limits.lines))
            folded = folding.fold(lines, forward=forward, reply=reply, sender_name=name)
            if not (shown and _knows_more(shown, folded)):
                return _Body(lines.text(), folded.new_text, folded.folds, shown)
        if shown:
            lines = shown.lines
            folded = folding.fold(lines, forward=forward, reply=reply, sender_name=name)
        return _Body(lines.text(), folded.new_text, folded.folds, shown)

    def _nested_body(self, content: bytes, body: _Body) -> _Body:
        """Somebody sent a mail as a file and wrote nothing: that mail is what they have to say."""
        inner = _Reading(content, self.limits).mail("", (), None, nested=True)
        if not inner.text.strip():
            return body
        who = f"{inner.sender.name} <{inner.sender.address}>".strip() if inner.sender else ""
        head = "\n".join(line for line in (who, inner.subject) if line)
        return _Body(
            f"{head}\n\n{inner.text}".strip(),
            inner.new_text or inner.text,
            (Fold("forwarded", head), *(inner.folded if inner.new_text else ())) if head else inner.folded,
            body.markup,
        )

    def _with_events(self, body: _Body, contents: bodies.Contents) -> _Body:
        """The appointment in words, unless the mail already says them."""
        for event in contents.events:
            said = calendar.as_text(event)
            if said and not (event.summary and event.summary in body.text and event.where in body.text):
                text = f"{body.text}\n\n{said}".strip()
                body = replace(body, text=text, new_text=f"{body.new_text}\n\n{said}".strip())
        return body

    def _language(self, body: _Body) -> str | None:
        found = detect(body.new_text)
        if found.sure or not (self.subject or body.text):
            return found.code
        wider = detect(f"{self.subject}\n{body.new_text}\n{body.text[:2_000]}")
        return wider.code if wider.sure or found.code is None else found.code

    # -- machines ------------------------------------------------------------------------------------------------------

    def _report(self, contents: bodies.Contents, sender: Address | None, text: str) -> tuple[bounce.Report | None, str]:
        root = self.tree.root
        report_type = ""
        if root.kind == "multipart/report":
            report_type = root.parameters.get(
                "report-type", "delivery-status" if contents.status else "unknown"
            ).lower()
        found = bounce.Found(
            headers=self.headers,
            sender=sender,
            subject=self.subject,
            is_report=root.kind == "multipart/report",
            status=contents.status,
            returned=contents.returned,
            text=text,
        )
        return bounce.report(found), report_type[:60]

    def _tokens(self, contents: bodies.Contents, ids: Iterable[str]) -> tuple[str, ...]:
        tokens: dict[str, None] = {}
        sources = [self.headers]
        if contents.returned:
            sources.append(headers.split_headers(contents.returned[:200_000].lstrip(), self.limits)[0])
        for source in sources:
            for name, value in source.fields:
                if name.startswith("x-tenir-"):
                    tokens.setdefault(headers.raw_text(value)[:500])
        for identifier in ids:
            local = identifier.strip("<>").rpartition("@")[0]
            if local.lower().startswith("tenir"):
                tokens.setdefault(local)
        return tuple(tokens)


def _readable(raw: bytes) -> bytes:
    """Without what stands before the first header, and with lines when the mail knows only carriage returns."""
    if raw[:3] == b"\xef\xbb\xbf":
        raw = raw[3:]
    elif raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raw = raw.decode("utf-16", "replace").encode("utf-8", "replace")
    if raw[:1] in (b"\r", b"\n", b" ", b"\0"):
        stripped = raw.lstrip(b"\r\n \0")
        raw = stripped if headers.split_headers(stripped[:65_536], _STANDARD)[0].fields else raw
    if b"\n" not in raw[:65_536] and b"\r" in raw:
        raw = raw.replace(b"\r", b"\n")
    return raw


def _says_nothing(plain: str, shown: markup.Markup) -> bool:
    """Is the plain form only "this mail is in HTML", or a small piece of what the HTML says?"""
    if len(plain) > 600:
        return False
    words = len(plain.split())
    if not words:
        return True
    rich = sum(len(text.split()) for text in shown.lines.texts)
    return rich > words and (_PLACEHOLDER.match(plain) is not None or rich > 4 * words + 20)


def _knows_more(shown: markup.Markup, folded: folding.Folded) -> bool:
    """Does the structure of the HTML show a fold that the plain text did not give away?"""
    if not shown.marked:
        return False
    known = {fold.kind for fold in folded.folds}
    wanted = {_MARKED_AS[mark] for mark in shown.marked}
    if known & {"history", "forwarded"}:
        wanted -= {"history", "forwarded"}
        if "disclaimer" in known:
            wanted -= {"signature"}
    return bool(wanted - known) and len(shown.lines.texts) > 0


def _clean(text: str) -> str:
    return _SURROGATE.sub("\ufffd", text) if not text.isprintable() else text


def _unread(raw: bytes, digest: str, error: Exception) -> ParsedMail:
    text = bodies.tidy(raw[:100_000].decode("utf-8", "replace"))
    return ParsedMail(
        sha256=digest, message_id=None, in_reply_to=(), references=(), sent_at=None, sender=None, authors=(),
        claimed_author=None, reply_to=(), to=(), cc=(), delivered_to=(), subject="", language=None, new_text=text,
        folded=(), text=text, html=None, has_remote_images=False, attachments=(), events=(), machine=None, bounce=None,
        authentication=(), troubles=(Trouble("reader_failed", f"{type(error).__name__}: {error}"[:300]),),
        auto_submitted=None, list_id=None, our_tokens=(),
    )  # fmt: skip
