# ruff: noqa: E501 (a mail is easier to read in one piece)
"""Signatures, notices, forwarded words, and what looks like them and is the person's own matter."""

from __future__ import annotations

import pytest

from tenir.channels.email.parse import read
from tenir.channels.email.parse.tests.scenes import EMILE, Expected, mail

REPLY = "In-Reply-To: <tenir.1@bacs.example>"
ASK = "Le couvercle manque toujours. Pouvez-vous m'en envoyer un ?"
FR_NOTICE = (
    "Ce message et toutes les pièces jointes (ci-après le « message ») sont établis à l'intention exclusive de ses\n"
    "destinataires et sont confidentiels. Si vous recevez ce message par erreur, merci de le détruire et d'en avertir\n"
    "immédiatement l'expéditeur. L'internet ne permettant pas d'assurer l'intégrité de ce message, la société décline\n"
    "toute responsabilité au titre de ce message."
)
EN_NOTICE = (
    "This email and any files transmitted with it are confidential and intended solely for the use of the individual or\n"
    "entity to whom they are addressed. If you have received this email in error please notify the sender and delete it."
)

SIGNATURES = [
    Expected(
        "two dashes", mail(f"{ASK}\n\n-- \nÉmile Roux\nClub de pétanque"), new=ASK, signature=("Émile Roux", "pétanque")
    ),
    Expected(
        "two dashes whose blank was lost",
        mail(f"{ASK}\n\n--\nÉmile Roux\n06 12 34 56 78"),
        new=ASK,
        signature=("06 12",),
    ),
    Expected(
        "two dashes above the history",
        mail(f"{ASK}\n\n-- \nÉmile Roux\n\nLe 05/03/2024 à 09:12, Amina a écrit :\n> Bonjour", fields=REPLY),
        new=ASK,
        signature=("Émile",),
        history=("Bonjour",),
    ),
    Expected(
        "telephone, nothing else", mail(f"{ASK}\n\nEnvoyé de mon iPhone"), new=ASK, signature=("Envoyé de mon iPhone",)
    ),
    Expected("telephone without accents", mail(f"{ASK}\n\nEnvoye depuis mon mobile"), new=ASK),
    Expected("tablet", mail(f"{ASK}\n\nEnvoyé de mon iPad"), new=ASK),
    Expected("huawei", mail(f"{ASK}\n\nEnvoyé de mon téléphone Huawei"), new=ASK),
    Expected("operator", mail(f"{ASK}\n\nEnvoyé depuis mon mobile Orange"), new=ASK),
    Expected("bouygues", mail(f"{ASK}\n\nEnvoyé depuis mon appareil mobile Bouygues Telecom"), new=ASK),
    Expected("outlook for Android", mail(f"{ASK}\n\nEnvoyé à partir de Outlook pour Android"), new=ASK),
    Expected("windows", mail("Still no lid.\n\nSent from Mail for Windows 10"), new="Still no lid."),
    Expected("yahoo", mail("Still no lid.\n\nSent from Yahoo Mail for iPhone"), new="Still no lid."),
    Expected("German telephone", mail("Der Deckel fehlt.\n\nVon meinem iPhone gesendet"), new="Der Deckel fehlt."),
    Expected(
        "telephone line, then the person goes on",
        mail(f"Bonjour,\n\nEnvoyé de mon iPhone\n\n{ASK}"),
        new=f"Bonjour,\n\n{ASK}",
    ),
    Expected(
        "business card below a closing formula",
        mail(
            f"Bonjour,\n\n{ASK}\n\nCordialement,\n\nÉmile Roux\nResponsable des achats\nSociété Roux et fils\n12 rue des Lilas\n75011 Paris\n"
            "Tél. : 01 23 45 67 89\nMob. : 06 12 34 56 78\nwww.roux.example"
        ),
        has=("Bonjour", ASK, "Cordialement"),
        lacks=("01 23 45 67 89", "Responsable des achats", "www.roux.example"),
        signature=("Responsable des achats", "Tél. : 01 23 45 67 89", "75011 Paris"),
    ),
    Expected(
        "English business card",
        mail(
            "Hello,\n\nStill no lid.\n\nKind regards,\nJane Miller\nPurchasing Manager | Miller Ltd\nT: +44 20 7946 0958\njane@miller.example"
        ),
        has=("Still no lid.",),
        lacks=("7946", "Purchasing Manager"),
        signature=("Purchasing Manager",),
    ),
    Expected(
        "name and telephone of the sender, no formula",
        mail(f"{ASK}\n\nÉmile Roux\n06 12 34 56 78", sender=EMILE),
        new=ASK,
        signature=("06 12 34 56 78",),
    ),
    Expected(
        "international number and address",
        mail(f"{ASK}\n\nBien à vous,\nMaître Léa Blanc\nAvocate au barreau\n+33 (0)1 23 45 67 89\nlea@blanc.example"),
        lacks=("+33",),
        signature=("+33 (0)1",),
    ),
    Expected(
        "only a name below the formula stays",
        mail(f"{ASK}\n\nCordialement,\nÉmile Roux"),
        new=f"{ASK}\n\nCordialement,\nÉmile Roux",
        only=(),
    ),
    Expected(
        "French notice",
        mail(f"{ASK}\n\nÉmile\n\n{FR_NOTICE}"),
        new=f"{ASK}\n\nÉmile",
        disclaimer=("intention exclusive", "responsabilité"),
    ),
    Expected(
        "English notice", mail(f"Still no lid.\n\n{EN_NOTICE}"), new="Still no lid.", disclaimer=("intended solely",)
    ),
    Expected(
        "both notices below a ruler",
        mail(f"{ASK}\n\n_________________________________\n{FR_NOTICE}\n\n{EN_NOTICE}"),
        new=ASK,
        disclaimer=("intention exclusive", "intended solely"),
    ),
    Expected(
        "environment, French",
        mail(f"{ASK}\n\nAvant d'imprimer ce mail, pensez à l'environnement !"),
        new=ASK,
        disclaimer=("environnement",),
    ),
    Expected(
        "environment, English",
        mail("No lid.\n\nPlease consider the environment before printing this email."),
        new="No lid.",
    ),
    Expected("antivirus", mail(f"{ASK}\n\nGaranti sans virus. www.avast.com"), new=ASK),
    Expected(
        "antivirus, English",
        mail("No lid.\n\nThis email has been checked for viruses by Avast antivirus software.\nwww.avast.com"),
        new="No lid.",
    ),
    Expected(
        "banner above",
        mail(
            "CAUTION: This email originated from outside of the organization. Do not click links or open attachments.\n\nStill no lid."
        ),
        new="Still no lid.",
        disclaimer=("originated from outside",),
    ),
    Expected(
        "company line",
        mail("No lid.\n\nMiller Ltd, registered in England number 1234567. Registered office: 1 High Street."),
        new="No lid.",
    ),
]

SIGNATURES += [
    Expected(
        "a notice glued to the person's words",
        mail(
            "Le couvercle manque.\nSi vous avez reçu ce message par erreur, merci de le détruire et d'avertir l'expéditeur."
        ),
        new="Le couvercle manque.",
        disclaimer=("par erreur",),
    ),
    Expected(
        "a banner glued above the person's words",
        mail("[EXTERNAL] This email originated from outside of the organization.\nHello, still no lid.\nThanks"),
        new="Hello, still no lid.\nThanks",
        disclaimer=("originated from outside",),
    ),
    Expected(
        "a business card glued to a notice",
        mail(
            f"{ASK}\n\nCordialement,\n\nÉmile Roux\nDirecteur\nTél : 01 23 45 67 89\nCe message est confidentiel. Si vous n'êtes pas le destinataire,"
            "\nmerci de le supprimer et d'avertir l'expéditeur."
        ),
        new=f"{ASK}\n\nCordialement,",
        signature=("01 23 45 67 89",),
        disclaimer=("confidentiel",),
    ),
    Expected(
        "hotmail, the date first",
        mail(
            f"{ASK}\n\nDate: Tue, 5 Mar 2024 10:20:00 +0100\nFrom: contact@bacs.example\nTo: x@y.example\nSubject: Bac\n\nVotre bac arrive.",
            fields=REPLY,
        ),
        new=ASK,
        history=("Tue, 5 Mar", "arrive"),
    ),
]

FORWARD_HEAD = "De : Paul Noir <paul@voisin.example>\nDate: mar. 5 mars 2024 à 09:12\nSubject: Bac\nTo: Émile <emile.roux@poste.example>"
FORWARDS = [
    Expected(
        "gmail, a word and forwarded words",
        mail(
            f"Pour information.\n\n---------- Forwarded message ---------\n{FORWARD_HEAD}\n\n\nLe bac est cassé.",
            subject="Fwd: Bac",
        ),
        new="Pour information.",
        forwarded=("Paul Noir", "Le bac est cassé."),
        only=("forwarded",),
    ),
    Expected(
        "gmail, nothing written: the forwarded words are the matter",
        mail(f"---------- Forwarded message ---------\n{FORWARD_HEAD}\n\n\nLe bac est cassé.", subject="Fwd: Bac"),
        new="Le bac est cassé.",
        forwarded=("Paul Noir",),
    ),
    Expected(
        "gmail in French, nothing but a telephone's line",
        mail(
            f"Envoyé de mon iPhone\n\n---------- Message transféré ---------\n{FORWARD_HEAD}\n\nLe bac est cassé.",
            subject="Fwd: Bac",
        ),
        new="Le bac est cassé.",
    ),
    Expected(
        "outlook TR:",
        mail(
            "Voyez ci-dessous.\n\nDe : Paul Noir <paul@voisin.example>\nEnvoyé : mardi 5 mars 2024 09:12\nÀ : Émile\nObjet : Bac\n\nLe bac est cassé.",
            subject="TR: Bac",
            fields=REPLY,
        ),
        new="Voyez ci-dessous.",
        forwarded=("Le bac est cassé.",),
    ),
    Expected(
        "outlook TR: without a word",
        mail(
            "De : Paul Noir <paul@voisin.example>\nEnvoyé : mardi 5 mars 2024 09:12\nÀ : Émile\nObjet : Bac\n\nLe bac est cassé.",
            subject="TR: Bac",
        ),
        new="Le bac est cassé.",
        forwarded=("Paul Noir",),
    ),
    Expected(
        "apple",
        mail(
            "Voir dessous.\n\nDébut du message réexpédié :\n\nDe: Paul Noir <paul@voisin.example>\nObjet: Bac\nDate: 5 mars 2024 à 09:12\nÀ: Émile\n\nLe bac est cassé."
        ),
        new="Voir dessous.",
        forwarded=("Le bac est cassé.",),
    ),
    Expected(
        "apple, English, quoted",
        mail(
            "See below.\n\n> Begin forwarded message:\n> \n> From: Paul <paul@voisin.example>\n> Subject: Bin\n> \n> The bin is broken.",
            subject="Fwd: Bin",
        ),
        new="See below.",
        forwarded=("The bin is broken.",),
    ),
    Expected(
        "thunderbird",
        mail(
            "Bonjour, voici.\n\n-------- Message transféré --------\nSujet : \tBac\nDate : \tTue, 5 Mar 2024 09:12:00 +0100\nDe : \tPaul Noir <paul@voisin.example>\n"
            "Pour : \temile.roux@poste.example\n\n\nLe bac est cassé."
        ),
        new="Bonjour, voici.",
        forwarded=("Le bac est cassé.",),
    ),
    Expected(
        "gmail, HTML, nothing written",
        mail(
            html='<div dir="ltr"><br><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">---------- Forwarded message ---------<br>De : <b>Paul Noir</b> '
            "<span>&lt;paul@voisin.example&gt;</span><br>Date: mar. 5 mars 2024<br>Subject: Bac<br>To: Émile<br></div><br><br><div>Le bac est cassé.</div></div></div>",
            subject="Fwd: Bac",
        ),
        new="Le bac est cassé.",
        forwarded=("Paul Noir",),
    ),
    Expected(
        "outlook.com, HTML, only a signature above",
        mail(
            html='<div><br></div><div id="Signature"><p>Émile</p></div><div id="appendonsend"></div><hr><div id="divRplyFwdMsg"><b>De :</b> Paul &lt;p@x.example&gt;<br>'
            "<b>Envoyé :</b> mardi 5 mars 2024 10:20<br><b>À :</b> Émile<br><b>Objet :</b> Bac</div><div><p>Le bac est cassé.</p></div>",
            subject="TR: Bac",
        ),
        new="Le bac est cassé.",
        signature=("Émile",),
        forwarded=("Paul",),
    ),
    Expected(
        "thunderbird, HTML",
        mail(
            html='<p>Voici.</p><div class="moz-forward-container">-------- Message transféré --------<table class="moz-email-headers-table"><tr><th>Sujet : </th><td>Bac</td></tr>'
            "<tr><th>De : </th><td>Paul</td></tr></table><p>Le bac est cassé.</p></div>",
            subject="Fwd: Bac",
        ),
        new="Voici.",
        forwarded=("Le bac est cassé.",),
    ),
    Expected(
        "zimbra",
        mail(
            'Voici.\n\n----- Mail transféré -----\nDe: "Paul" <paul@voisin.example>\nÀ: "Émile"\nEnvoyé: Mardi 5 Mars 2024\nObjet: Bac\n\nLe bac est cassé.',
            subject="Fwd: Bac",
        ),
        new="Voici.",
        forwarded=("Le bac est cassé.",),
    ),
]

NOT_FOLDED = [
    Expected(
        "arrows as bullets, answering nothing",
        mail("Mes demandes :\n> un couvercle\n> une roue\nMerci"),
        new="Mes demandes :\n> un couvercle\n> une roue\nMerci",
        only=(),
    ),
    Expected("one line", mail("Merci !"), new="Merci !", only=()),
    Expected("empty", mail(""), new="", only=()),
    Expected(
        "a traveller's fields",
        mail("De : Paris\nÀ : Lyon\nDate : 12 mars\n\nJe voudrais être remboursé."),
        has=("De : Paris", "remboursé"),
        only=(),
    ),
    Expected(
        "a traveller with a time",
        mail("De : Paris\nÀ : Lyon\nDate : 12 mars 10:30\n\nTrain supprimé."),
        has=("De : Paris", "supprimé"),
        only=(),
    ),
    Expected(
        "a web form of a common kind, French",
        mail(
            "De : Léa Blanc <lea@blanc.example>\nObjet : Ma commande\n\nCorps du message :\nOù est mon bac ?\n\n--\nCet e-mail a été envoyé via le formulaire de contact de Bacs"
        ),
        has=("Léa Blanc", "Où est mon bac ?"),
    ),
    Expected(
        "a web form with labels",
        mail(
            "Nom : Blanc\nPrénom : Léa\nE-mail : lea@blanc.example\nTéléphone : 06 12 34 56 78\nSujet : Bac\nMessage : Où est mon bac ?"
        ),
        has=("Nom : Blanc", "06 12 34 56 78", "Où est mon bac ?"),
        only=(),
    ),
    Expected(
        "an address that is the matter",
        mail(
            "Bonjour,\n\nVoici ma nouvelle adresse :\n\nÉmile Roux\n12 rue des Lilas\n75011 Paris\n06 12 34 56 78",
            sender=EMILE,
        ),
        has=("75011 Paris", "06 12 34 56 78"),
        only=(),
    ),
    Expected(
        "an order number below the name",
        mail(f"{ASK}\n\nCordialement,\nÉmile Roux\nN° de commande : 20240305-77\nTél : 06 12 34 56 78"),
        has=("20240305-77",),
    ),
    Expected(
        "a postscript",
        mail(f"{ASK}\n\nCordialement,\nÉmile\n\nPS : le bac est vert."),
        has=("PS : le bac est vert.",),
        only=(),
    ),
    Expected(
        "someone who writes of a telephone",
        mail("Envoyé de mon iPhone hier, mon message est resté sans réponse. Pourquoi ?"),
        has=("sans réponse",),
        only=(),
    ),
    Expected(
        "sent from Paris",
        mail("Sent from Paris on Monday, the parcel has not arrived."),
        has=("has not arrived",),
        only=(),
    ),
    Expected(
        "quoting what somebody wrote, in one's own words",
        mail("Votre collègue m'a écrit :\nvous aurez votre bac lundi.\n\nNous sommes jeudi."),
        has=("vous aurez votre bac lundi.", "Nous sommes jeudi."),
        only=(),
    ),
    Expected(
        "he wrote, with a date",
        mail("Le 5 mars 2024, votre collègue m'a écrit : le bac arrive.\nRien n'est arrivé."),
        has=("votre collègue m'a écrit", "Rien n'est arrivé."),
        only=(),
    ),
    Expected(
        "on Monday you wrote",
        mail("On Monday you wrote:\nit will come tomorrow.\nIt did not."),
        has=("It did not.",),
        only=(),
    ),
    Expected(
        "a line that ends with a colon",
        mail("Il me manque :\n- le couvercle\n- une roue"),
        has=("- le couvercle", "- une roue"),
        only=(),
    ),
    Expected(
        "dashes between paragraphs",
        mail("Premier point : le bac est arrivé.\n\n-----\n\nSecond point : le couvercle manque."),
        has=("Premier", "Second point"),
        only=(),
    ),
    Expected(
        "a received message by mistake",
        mail("J'ai reçu ce message par erreur, je ne suis pas client. Merci de me supprimer de vos listes."),
        has=("J'ai reçu",),
        only=(),
    ),
    Expected("a figure after a greater-than sign", mail("Le bac pèse\n>From here on\nrien."), has=("From here on",)),
    Expected(
        "a mail that only quotes",
        mail("Le 05/03/2024 à 09:12, Amina a écrit :\n> Bonjour\n", subject="Re: Bac", fields=REPLY),
        new="",
        only=("history",),
    ),
    Expected(
        "confidential, said by a person",
        mail("Ma situation médicale est confidentielle, merci de ne pas la communiquer au destinataire de la facture."),
        has=("médicale",),
        only=(),
    ),
]


@pytest.mark.parametrize("expected", SIGNATURES, ids=lambda e: e.name)
def test_signatures_and_notices(expected: Expected) -> None:
    expected.check()


@pytest.mark.parametrize("expected", FORWARDS, ids=lambda e: e.name)
def test_forwarded_words(expected: Expected) -> None:
    expected.check()


@pytest.mark.parametrize("expected", NOT_FOLDED, ids=lambda e: e.name)
def test_own_words_stay(expected: Expected) -> None:
    expected.check()


def test_format_flowed_is_put_together() -> None:
    raw = mail("Le couvercle manque \ntoujours.\n> Votre bac \n> arrive.\n-- \nÉmile", fields=REPLY).replace(
        b"Content-Type: text/plain; charset=utf-8", b"Content-Type: text/plain; charset=utf-8; format=flowed"
    )
    found = read(raw)
    assert found.new_text == "Le couvercle manque toujours."
    assert [fold.text for fold in found.folded] == ["Votre bac arrive.", "-- \nÉmile"]
