"""What an invented customer writes, as an ordinary mail program would write it, and its way to the desk."""

import html
import mimetypes
import smtplib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tenir import clock
from tenir.channels.email.models import Mailbox
from tenir.channels.email.parse import ParsedMail
from tenir.web.demo.postbox import Postbox

PATIENCE_SECONDS = 20


class NotSent(Exception):
    """The demonstration's mail server did not take the letter; the words are its own."""


@dataclass(frozen=True)
class File:
    """A file that goes with a letter."""

    name: str
    content: bytes


def desk_mailbox() -> Mailbox | None:
    """The desk's own mailbox in the demonstration."""
    return Mailbox.objects.order_by("pk").first()


def compose(
    *,
    sender: tuple[str, str],
    to: str,
    subject: str,
    text: str,
    at: datetime,
    answers: ParsedMail | None = None,
    files: Sequence[File] = (),
) -> EmailMessage:
    """A letter in text and HTML from `sender` (name and address); the letter that it answers is quoted below."""
    name, address = sender
    letter = EmailMessage(policy=SMTP)
    letter["From"] = Address(name, addr_spec=address)
    letter["To"] = to
    letter["Subject"] = subject or (_reply_subject(answers) if answers else "")
    letter["Date"] = format_datetime(clock.local(at))
    letter["Message-ID"] = make_msgid(domain=address.rpartition("@")[2])
    if answers is not None and answers.message_id:
        letter["In-Reply-To"] = answers.message_id
        letter["References"] = " ".join([*answers.references[-20:], answers.message_id])
    plain, marked = _quoted(answers) if answers is not None else ("", "")
    letter.set_content(text.strip() + "\n" + plain)
    letter.add_alternative(f"<html><body><div>{_marked(text.strip())}</div>{marked}</body></html>", subtype="html")
    for file in files:
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        main, _slash, sub = kind.partition("/")
        letter.add_attachment(file.content, maintype=main, subtype=sub, filename=file.name)
    return letter


def _reply_subject(mail: ParsedMail) -> str:
    return mail.subject if mail.subject.lower().startswith("re:") else f"Re: {mail.subject}"


def _quoted(mail: ParsedMail) -> tuple[str, str]:
    """The letter that is answered, quoted in text and in HTML, below the line that mail programs put above it."""
    said = clock.local(mail.sent_at or clock.now())
    who = (mail.sender.name or mail.sender.address) if mail.sender else ""
    day = date_format(said, "DATE_FORMAT")
    above = _("On %(day)s at %(time)s, %(who)s wrote:") % {"day": day, "time": f"{said:%H:%M}", "who": who}
    plain = "\n".join(f"> {line}".rstrip() for line in mail.text.strip().splitlines())
    cited = f'<blockquote type="cite">{_marked(mail.text.strip())}</blockquote>'
    return f"\n{above}\n{plain}\n", f'<div class="moz-cite-prefix">{html.escape(above)}</div>{cited}'


def _marked(text: str) -> str:
    return html.escape(text).replace("\n", "<br>\n")


def send(letter: EmailMessage, *, sender: str, to: str) -> None:
    """Hands the letter to the demonstration's mail server, then keeps it among those sent. Raises `NotSent`."""
    box = desk_mailbox()
    if box is None:
        raise NotSent(_("This desk has no mailbox yet."))
    raw = letter.as_bytes()
    try:
        with smtplib.SMTP(box.outgoing["host"], box.outgoing["port"], timeout=PATIENCE_SECONDS) as server:
            server.sendmail(sender, [to], raw)
    except smtplib.SMTPRecipientsRefused as refused:
        raise NotSent(_words(next(iter(refused.recipients.values()))[1])) from refused
    except smtplib.SMTPResponseException as refused:
        raise NotSent(_words(refused.smtp_error)) from refused
    except OSError as failure:
        raise NotSent(str(failure)) from failure
    Postbox(sender).keep_sent(raw)


def _words(said: bytes | str) -> str:
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else said
