# ruff: noqa: E501 (a mail is easier to read in one piece)
"""Bounces: the standard form, and what real servers send instead."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tenir.channels.email.parse import Bounce, read
from tenir.channels.email.parse.tests.scenes import head, mail, part, several

ORIGINAL = "<tenir.AB12.77@bacs.example>"
RETURNED = f"From: contact@bacs.example\r\nTo: emile@roux.example\r\nSubject: Votre bac\r\nMessage-ID: {ORIGINAL}\r\nX-Tenir-Message: 77-token\r\n\r\nBonjour, votre bac arrive."
DAEMON = "Mail Delivery System <MAILER-DAEMON@mx.roux.example>"


def report(
    text: str,
    status: str,
    *,
    subject: str = "Undelivered Mail Returned to Sender",
    sender: str = DAEMON,
    returned: bytes | None = None,
    fields: str = "Auto-Submitted: auto-replied",
) -> bytes:
    back = part(RETURNED, "message/rfc822") if returned is None else returned
    return head(subject, sender, fields) + several(
        "report",
        part(text, "text/plain"),
        part(status, "message/delivery-status"),
        *([back] if back else []),
        parameters="; report-type=delivery-status",
    )


def status(
    action: str = "failed", code: str = "5.1.1", diagnostic: str = "smtp; 550 5.1.1 <emile@roux.example>: user unknown"
) -> str:
    return (
        "Reporting-MTA: dns; mx.roux.example\nArrival-Date: Tue, 5 Mar 2024 10:20:00 +0100\n\n"
        f"Final-Recipient: rfc822; emile@roux.example\nAction: {action}\nStatus: {code}\nDiagnostic-Code: {diagnostic}\n"
    )


@dataclass(frozen=True)
class Returned:
    name: str
    raw: bytes
    code: str | None = "5.1.1"
    permanent: bool = True
    original: str | None = ORIGINAL
    recipient: str | None = "emile@roux.example"
    says: str = ""


CASES = [
    Returned("postfix", report("This is the mail system at host mx.roux.example.", status()), says="user unknown"),
    Returned(
        "postfix, only the header is returned",
        report(
            "This is the mail system at host mx.",
            status(),
            returned=part(RETURNED.split("\r\n\r\n")[0], "text/rfc822-headers"),
        ),
    ),
    Returned(
        "delayed",
        report("Delivery delayed", status("delayed", "4.4.1", "smtp; connection timed out"), subject="Delayed Mail"),
        "4.4.1",
        False,
    ),
    Returned("given up after delays", report("Message expired", status("failed", "4.4.7", "smtp; expired")), "4.4.7"),
    Returned(
        "office 365, French",
        report(
            "Échec de la remise à ces destinataires ou groupes :\n\nemile@roux.example\nL’adresse est introuvable.",
            status("failed", "5.1.10", "smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found"),
            subject="Non remis : Votre bac",
            sender="Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@roux.example>",
        ),
        "5.1.10",
        says="RecipientNotFound",
    ),
    Returned(
        "office 365, nothing returned, In-Reply-To tells",
        report(
            "Delivery has failed to these recipients or groups:",
            status(),
            subject="Undeliverable: Votre bac",
            sender="postmaster@roux.example",
            returned=b"",
            fields=f"In-Reply-To: {ORIGINAL}\nReferences: <x@y.example> {ORIGINAL}",
        ),
    ),
    Returned(
        "gmail",
        report(
            "Address not found\n\nYour message wasn't delivered to emile@roux.example because the address couldn't be found.",
            status("failed", "5.1.1", "smtp; 550-5.1.1 The email account that you tried to reach does not exist."),
            subject="Delivery Status Notification (Failure)",
            sender="Mail Delivery Subsystem <mailer-daemon@googlemail.example>",
            fields="X-Failed-Recipients: emile@roux.example\nAuto-Submitted: auto-replied",
        ),
        says="does not exist",
    ),
    Returned(
        "two recipients, one delivered",
        report(
            "x",
            "Reporting-MTA: dns; x\n\nFinal-Recipient: rfc822;ok@roux.example\nAction: delivered\nStatus: 2.1.5\n\n"
            "Final-Recipient: rfc822;emile@roux.example\nAction: failed\nStatus: 5.2.2\nDiagnostic-Code: smtp; 552 5.2.2 mailbox full",
        ),
        "5.2.2",
    ),
    Returned(
        "exim",
        mail(
            "This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or more of its\n"
            "recipients. This is a permanent error. The following address(es) failed:\n\n  emile@roux.example\n    host mx.roux.example [192.0.2.1]\n"
            "    SMTP error from remote mail server after RCPT TO:<emile@roux.example>:\n    550 5.1.1 No such user here\n\n"
            f"------ This is a copy of the message, including all the headers. ------\n\n{RETURNED}",
            subject="Mail delivery failed: returning message to sender",
            sender=DAEMON,
            fields="X-Failed-Recipients: emile@roux.example\nAuto-Submitted: auto-replied",
        ),
        says="No such user here",
    ),
    Returned(
        "exim, a delay",
        mail(
            "This message was created automatically by mail delivery software.\nA message that you sent has not yet been delivered to one or more of its\n"
            f"recipients after more than 24 hours on the queue.\n\nThe message identifier is: x\nMessage-ID: {ORIGINAL}\n\nThe address to which the message has not yet been\n"
            "delivered is:\n\n  emile@roux.example\n\nNo action is required on your part. Delivery attempts will continue.",
            subject="Warning: message 1abc delayed 24 hours",
            sender=DAEMON,
        ),
        None,
        False,
    ),
    Returned(
        "qmail",
        mail(
            "Hi. This is the qmail-send program at roux.example.\nI'm afraid I wasn't able to deliver your message to the following addresses.\n"
            "This is a permanent error; I've given up. Sorry it didn't work out.\n\n<emile@roux.example>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n"
            f"--- Below this line is a copy of the message.\n\nReturn-Path: <contact@bacs.example>\n{RETURNED}",
            subject="failure notice",
            sender="MAILER-DAEMON@roux.example",
        ),
        says="no mailbox here",
    ),
    Returned(
        "yahoo",
        mail(
            "Sorry, we were unable to deliver your message to the following address.\n\n<emile@roux.example>:\n554: delivery error: dd This user doesn't have an account\n\n"
            f"--- Below this line is a copy of the message.\n\n{RETURNED}",
            subject="Failure Notice",
            sender="MAILER-DAEMON@yahoo.example",
        ),
        None,
    ),
    Returned(
        "sendmail, without report",
        mail(
            "The original message was received at Tue, 5 Mar 2024\n\n   ----- The following addresses had permanent fatal errors -----\n<emile@roux.example>\n    (reason: 550 5.1.1 User unknown)\n\n"
            f"   ----- Transcript of session follows -----\n550 5.1.1 <emile@roux.example>... User unknown\n\n   ----- Original message follows -----\n{RETURNED}",
            subject="Returned mail: see transcript for details",
            sender="Mail Delivery Subsystem <MAILER-DAEMON@roux.example>",
        ),
    ),
    Returned(
        "exchange, French, plain",
        mail(
            "Échec de la remise à ces destinataires ou groupes :\n\nemile@roux.example\nL’adresse de courrier que vous avez entrée est introuvable.\n\n"
            "Informations de diagnostic pour les administrateurs :\nServeur de génération : x\n\nemile@roux.example\nRemote Server returned '550 5.1.1 RESOLVER.ADR'\n\n"
            f"En-têtes du message d'origine :\n\n{RETURNED}",
            subject="Non remis : Votre bac",
            sender="postmaster@roux.example",
        ),
    ),
    Returned(
        "orange-like",
        mail(
            f"Votre message n'a pas pu être remis au destinataire suivant :\n\n<emile@roux.example>: 550 5.1.1 Adresse d'au moins un destinataire invalide.\n\nMessage-ID: {ORIGINAL}",
            subject="Échec de la remise de votre message",
            sender="postmaster@fai.example",
        ),
        says="invalide",
    ),
    Returned(
        "mailbox full, null return path, human-looking sender",
        mail(
            f"La boîte aux lettres pleine de emile@roux.example empêche la remise : 552 5.2.2 quota exceeded.\nMessage-ID: {ORIGINAL}",
            subject="Message non délivré : Votre bac",
            sender="systeme@roux.example",
            fields="Return-Path: <>",
        ),
        "5.2.2",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.name)
def test_bounces(case: Returned) -> None:
    found = read(case.raw)
    assert found.machine is not None
    assert found.machine.kind == "bounce", found.machine
    assert isinstance(found.bounce, Bounce)
    assert found.bounce.original_message_id == case.original
    assert found.bounce.recipient == case.recipient
    assert found.bounce.status == case.code
    assert found.bounce.permanent is case.permanent, found.bounce
    assert case.says in found.bounce.diagnostic


def test_the_token_of_the_returned_mail_is_told() -> None:
    assert "77-token" in read(CASES[0].raw).our_tokens


def test_a_person_who_attaches_a_bounce_is_a_person() -> None:
    bounce = CASES[0].raw
    raw = head("Regardez") + several(
        "mixed", part("Voici ce que je reçois.", "text/plain"), part(bounce, "message/rfc822")
    )
    found = read(raw)
    assert found.machine is None
    assert found.bounce is None
    assert found.new_text == "Voici ce que je reçois."
