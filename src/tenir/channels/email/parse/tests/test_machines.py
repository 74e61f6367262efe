# ruff: noqa: E501 (a mail is easier to read in one piece)
"""Machines and people told apart, on both sides of the line."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tenir.channels.email.parse import read
from tenir.channels.email.parse.tests.scenes import head, mail, part, several

OWN = ("contact@bacs.example",)


@dataclass(frozen=True)
class Judged:
    name: str
    raw: bytes
    kind: str | None


ABSENT = "Bonjour,\n\nJe suis absente jusqu'au 12 mars. En cas d'urgence, écrivez à accueil@roux.example."
SHOP = "boutique@shop.example"

MACHINES = [
    Judged("RFC 3834", mail(ABSENT, subject="Re: Votre bac", fields="Auto-Submitted: auto-replied"), "auto_reply"),
    Judged("RFC 3834 with a comment", mail(ABSENT, fields="Auto-Submitted: auto-replied (vacation)"), "auto_reply"),
    Judged(
        "exchange, French",
        mail(
            ABSENT,
            subject="Réponse automatique : Votre bac",
            fields="Auto-Submitted: auto-generated\nX-Auto-Response-Suppress: All\nIn-Reply-To: <tenir.1@bacs.example>",
        ),
        "auto_reply",
    ),
    Judged(
        "exchange, English, without RFC 3834",
        mail("I am out of the office.", subject="Automatic reply: Your bin", fields="X-Auto-Response-Suppress: All"),
        "auto_reply",
    ),
    Judged("subject and words, no header", mail(ABSENT, subject="Absence du bureau"), "auto_reply"),
    Judged(
        "out of office",
        mail("I am currently on annual leave and will be back on Monday.", subject="Out of Office: Your bin"),
        "auto_reply",
    ),
    Judged("message d'absence", mail(ABSENT, subject="Message d'absence"), "auto_reply"),
    Judged("vacation with Precedence", mail("Hello", subject="Out of office", fields="Precedence: bulk"), "auto_reply"),
    Judged("precedence auto_reply", mail("Hello", fields="Precedence: auto_reply"), "auto_reply"),
    Judged("X-Autoreply", mail("Bonjour", fields="X-Autoreply: yes"), "auto_reply"),
    Judged("X-Autorespond", mail("Bonjour", fields="X-Autorespond: Votre bac"), "auto_reply"),
    Judged("X-Vacation", mail("Bonjour", fields="X-Vacation: yes"), "auto_reply"),
    Judged(
        "an acknowledgement by another desk",
        mail(
            "Nous avons bien reçu votre demande. Ceci est une réponse automatique.",
            subject="[#123] Votre bac",
            fields="Auto-Submitted: auto-generated\nIn-Reply-To: <tenir.1@bacs.example>",
        ),
        "auto_reply",
    ),
    Judged(
        "German",
        mail("Ich bin nicht im Büro.", subject="Abwesenheitsnotiz: Bac", fields="X-Auto-Response-Suppress: All"),
        "auto_reply",
    ),
    Judged(
        "free, null return path",
        mail(ABSENT, subject="Réponse automatique : bac", fields="Return-Path: <>"),
        "auto_reply",
    ),
    Judged("a list", mail("Bonjour à tous", fields="List-Id: <voisins.liste.example>\nPrecedence: list"), "list"),
    Judged(
        "a newsletter",
        mail("Nos offres. Se désabonner", fields="List-Unsubscribe: <https://x.example/u>\nPrecedence: bulk"),
        "list",
    ),
    Judged(
        "a newsletter, one-click",
        mail(
            "Nos offres",
            fields="List-Unsubscribe: <https://x.example/u>\nList-Unsubscribe-Post: List-Unsubscribe=One-Click",
        ),
        "list",
    ),
    Judged(
        "a newsletter without precedence",
        mail(
            "Nos offres du mois.\n\nPour vous désabonner, cliquez ici.", fields="List-Unsubscribe: <mailto:u@x.example>"
        ),
        "list",
    ),
    Judged("our own mail", mail("Bonjour", fields="X-Tenir-Case: AB12-C"), "own"),
    Judged("our own address", mail("Bonjour", sender="Contact@Bacs.example"), "own"),
    Judged("cron", mail("done", sender="root@server.example", fields="Auto-Submitted: auto-generated"), "other"),
    Judged("precedence bulk alone", mail("hello", fields="Precedence: bulk"), "other"),
    Judged(
        "DMARC report",
        mail("see attached", subject="Report Domain: bacs.example Submitter: x.example Report-ID: 1"),
        "other",
    ),
    Judged(
        "read receipt",
        head("Lu : Votre bac")
        + several(
            "report",
            part("Votre message a été lu.", "text/plain"),
            part(
                "Final-Recipient: rfc822;a@b.example\nDisposition: manual-action/MDN-sent-manually; displayed",
                "message/disposition-notification",
            ),
            parameters="; report-type=disposition-notification",
        ),
        "receipt",
    ),
    Judged(
        "abuse report",
        head("complaint")
        + several(
            "report",
            part("This is an abuse report", "text/plain"),
            part("Feedback-Type: abuse", "message/feedback-report"),
            parameters="; report-type=feedback-report",
        ),
        "other",
    ),
    Judged(
        "delivery succeeded",
        head("Delivered: Votre bac", sender="postmaster@x.example")
        + several(
            "report",
            part("Delivered.", "text/plain"),
            part(
                "Reporting-MTA: dns; x\n\nFinal-Recipient: rfc822;a@b.example\nAction: delivered\nStatus: 2.0.0",
                "message/delivery-status",
            ),
            parameters="; report-type=delivery-status",
        ),
        "receipt",
    ),
]

PEOPLE = [
    Judged("a plain mail", mail("Bonjour, où est mon bac ?"), None),
    Judged(
        "about an automatic reply",
        mail("J'ai reçu votre réponse automatique, mais personne ne répond.", subject="Réponse automatique"),
        None,
    ),
    Judged(
        "answering an automatic reply",
        mail("Merci, mais où est mon bac ?", subject="Re: Réponse automatique : votre bac"),
        None,
    ),
    Judged(
        "automatic reply in the subject, among words",
        mail("Bonjour", subject="Votre réponse automatique ne m'aide pas"),
        None,
    ),
    Judged("absence in the subject", mail("Je signale l'absence de couvercle.", subject="Absence de couvercle"), None),
    Judged("absence, one word", mail("Le livreur était absent et mon bac n'est pas arrivé.", subject="Absence"), None),
    Judged(
        "away during delivery",
        mail("Je serai en congés du 3 au 12, merci de livrer après.", subject="Livraison de mon bac"),
        None,
    ),
    Judged(
        "exchange header on a person's mail",
        mail("Bonjour, où est mon bac ?", fields="X-Auto-Response-Suppress: DR, OOF, AutoReply"),
        None,
    ),
    Judged("auto-submitted no", mail("Bonjour", fields="Auto-Submitted: no"), None),
    Judged(
        "a form without a header, reply-to the person",
        mail(
            "Nom : Léa\nMessage : où est mon bac ?", sender=f"Boutique <{SHOP}>", fields="Reply-To: lea@blanc.example"
        ),
        None,
    ),
    Judged(
        "a form from no-reply",
        mail(
            "Nom : Léa\nMessage : où est mon bac ?", sender="noreply@shop.example", fields="Reply-To: lea@blanc.example"
        ),
        None,
    ),
    Judged(
        "a form through a sending service that adds List-Unsubscribe",
        mail(
            "Message : où est mon bac ?",
            sender="noreply@shop.example",
            fields="Reply-To: lea@blanc.example\nList-Unsubscribe: <mailto:u@esp.example>\nList-Unsubscribe-Post: List-Unsubscribe=One-Click",
        ),
        None,
    ),
    Judged("forwarding a newsletter", mail("Est-ce vrai ?\n\nUnsubscribe here", subject="Fwd: Offers"), None),
    Judged(
        "our own group",
        mail(
            "Où est mon bac ?",
            fields="List-Id: <contact.bacs.example>\nPrecedence: list\nList-Post: <mailto:contact@bacs.example>",
        ),
        None,
    ),
    Judged(
        "a person about a bounce",
        mail(
            "Mon message m'est revenu : Undelivered Mail Returned to Sender, user unknown.",
            subject="Undelivered Mail Returned to Sender",
        ),
        None,
    ),
    Judged(
        "forwarding a bounce",
        mail(
            "Que faire ?\n\nThis is the mail system at host x. could not be delivered",
            subject="TR: Undelivered Mail Returned to Sender",
        ),
        None,
    ),
    Judged("a postmaster who writes", mail("Bonjour, où est notre bac ?", sender="postmaster@roux.example"), None),
    Judged(
        "forwarded by a rule of Exchange",
        mail(
            "Où est mon bac ?",
            fields="X-MS-Exchange-Inbox-Rules-Loop: a@b.example\nX-MS-Exchange-Generated-Message-Source: Antispam Agent",
        ),
        None,
    ),
    Judged("normal priority precedence", mail("Bonjour", fields="Precedence: normal"), None),
    Judged("declares that it is not automatic", mail("Bonjour", fields="X-Autoreply: no"), None),
    Judged("a person quoting our headers in the text", mail("X-Tenir-Case: AB12\nAuto-Submitted: auto-replied"), None),
    Judged(
        "a person who received out of office",
        mail("I got an out of office from you. Who can help?", subject="out of office from Amina"),
        None,
    ),
    Judged("unsubscribe, please", mail("Please unsubscribe me. Unsubscribe!", subject="unsubscribe"), None),
]


@pytest.mark.parametrize("judged", [*MACHINES, *PEOPLE], ids=lambda j: j.name)
def test_machine_or_person(judged: Judged) -> None:
    found = read(judged.raw, own_addresses=OWN)
    assert (found.machine.kind if found.machine else None) == judged.kind, found.machine
    assert found.machine is None or found.machine.reason


def test_the_trusted_server_s_word_only() -> None:
    fields = (
        "Authentication-Results: mx.bacs.example; spf=pass smtp.mailfrom=a@b.example;\n"
        "Authentication-Results: mx.bacs.example; spf=fail\nAuthentication-Results: evil.example; dkim=pass"
    )
    raw = mail("x", fields=fields).replace(
        b"b.example;\r\n", b"b.example;\r\n\tdkim=fail (bad; signature) header.d=b.example; dmarc=fail\r\n", 1
    )
    assert [(r.method, r.result) for r in read(raw, trusted_authserv="MX.bacs.example").authentication] == [
        ("spf", "pass"),
        ("dkim", "fail"),
        ("dmarc", "fail"),
    ]
    assert read(raw).authentication == ()
    assert read(raw, trusted_authserv="other.example").authentication == ()
    assert [r.result for r in read(raw, trusted_authserv="evil.example").authentication] == ["pass"]


def test_our_tokens_come_back_in_ids_and_returned_mails() -> None:
    found = read(
        mail(
            "Merci",
            fields="In-Reply-To: <tenir.AB12.xyz@bacs.example>\nReferences: <a@b> <tenir.AB12.xyz@bacs.example>",
        )
    )
    assert found.our_tokens == ("tenir.AB12.xyz",)
    assert found.in_reply_to == ("<tenir.AB12.xyz@bacs.example>",)
    assert found.references == ("<a@b>", "<tenir.AB12.xyz@bacs.example>")
