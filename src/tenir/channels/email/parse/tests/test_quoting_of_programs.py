# ruff: noqa: E501 (a mail is easier to read in one piece)
"""What is new in a mail, program by program: French and English, plain and HTML."""

from __future__ import annotations

import pytest

from tenir.channels.email.parse.tests.scenes import Expected, mail

REPLY = "In-Reply-To: <tenir.1@bacs.example>"
OURS = "Bonjour,\n\nVotre bac sera livré mardi.\n\nAmina, service client"
QUOTED = "> Bonjour,\n>\n> Votre bac sera livré mardi.\n>\n> Amina, service client"
ASK = "Le couvercle manque toujours."


def answer(body: str, subject: str = "Re: Mon bac vert", html: str | None = None) -> bytes:
    return mail(body, subject=subject, html=html, fields=REPLY)


def outlook_block(colon: str = " :") -> str:
    return (
        f"De{colon} Service client <contact@bacs.example>\nEnvoyé{colon} mardi 5 mars 2024 09:12\n"
        f"À{colon} Émile Roux <emile.roux@poste.example>\nObjet{colon} Mon bac vert\n\n{OURS}"
    )


PLAIN = [
    Expected(
        "gmail, French, the attribution broken over two lines",
        answer(f"{ASK}\n\nLe mar. 5 mars 2024 à 09:12, Service client <contact@bacs.example> a\nécrit :\n\n{QUOTED}\n"),
        new=ASK,
        history=("Le mar. 5 mars", "Votre bac sera livré mardi."),
        only=("history",),
    ),
    Expected(
        "gmail, English",
        answer(
            f"Still no lid.\n\nOn Tue, Mar 5, 2024 at 9:12 AM Service client <contact@bacs.example>\nwrote:\n\n{QUOTED}"
        ),
        new="Still no lid.",
        history=("On Tue",),
    ),
    Expected(
        "gmail of ten years ago",
        answer(f"{ASK}\n\n2014-03-05 9:12 GMT+01:00 Service client <contact@bacs.example>:\n\n{QUOTED}"),
        new=ASK,
        history=("2014-03-05",),
    ),
    Expected(
        "gmail, the attribution broken over four lines",
        answer(
            f"{ASK}\n\nLe mardi 5 mars 2024 à 09:12,\nService client de la société des bacs et des couvercles\n"
            f"<contact@bacs.example> a\nécrit :\n\n{QUOTED}"
        ),
        new=ASK,
        history=("Le mardi 5 mars",),
    ),
    Expected(
        "outlook, French, plain",
        answer(f"Bonjour,\n\n{ASK}\n\n-----Message d'origine-----\n{outlook_block()}", subject="RE: Mon bac vert"),
        new=f"Bonjour,\n\n{ASK}",
        history=("Message d'origine", "Votre bac sera livré"),
        only=("history",),
    ),
    Expected(
        "outlook, typographic apostrophe in the separator",
        answer(f"{ASK}\n\n-----Message d’origine-----\n{outlook_block(' :')}"),
        new=ASK,
    ),
    Expected(
        "outlook, English",
        answer(
            "Still no lid.\n\n-----Original Message-----\nFrom: Service client [mailto:contact@bacs.example]\n"
            f"Sent: Tuesday, March 5, 2024 9:12 AM\nTo: Emile\nSubject: Mon bac\n\n{OURS}"
        ),
        new="Still no lid.",
    ),
    Expected("outlook without separator", answer(f"{ASK}\n\n{outlook_block()}"), new=ASK, history=("Envoyé", "Amina")),
    Expected(
        "outlook.com, a ruler above the header",
        answer(f"{ASK}\n\n________________________________\n{outlook_block()}"),
        new=ASK,
        history=("____", "Amina"),
    ),
    Expected(
        "outlook on a telephone",
        answer(
            f"{ASK}\n\nTélécharger Outlook pour iOS<https://aka.ms/o0ukef>\n________________________________\n{outlook_block()}"
        ),
        new=ASK,
        signature=("Outlook pour iOS",),
        history=("Amina",),
    ),
    Expected(
        "outlook for Android, English",
        answer(f"{ASK}\n\nGet Outlook for Android<https://aka.ms/AAb9ysg>\n\n{outlook_block()}"),
        new=ASK,
        signature=("Get Outlook",),
    ),
    Expected(
        "outlook on a Mac, bold labels",
        answer(
            f"{ASK}\n\n*De : *Service client <contact@bacs.example>\n*Date : *mardi 5 mars 2024 à 09:12\n"
            f"*À : *Émile Roux <emile.roux@poste.example>\n*Objet : *Re: Mon bac\n\n{OURS}"
        ),
        new=ASK,
    ),
    Expected(
        "windows mail",
        answer(
            f"{ASK}\n\nEnvoyé à partir de Courrier pour Windows\n\nDe : Service client\nEnvoyé le :mardi 5 mars 2024 09:12\n"
            f"À : Émile\nObjet :Re: Mon bac\n\n{OURS}"
        ),
        new=ASK,
        signature=("Courrier pour Windows",),
        history=("Amina",),
    ),
    Expected(
        "outlook, German header, for courtesy",
        answer(
            f"{ASK}\n\nVon: Service client <contact@bacs.example>\nGesendet: Dienstag, 5. März 2024 09:12\nAn: E\nBetreff: Bac\n\n{OURS}"
        ),
        new=ASK,
    ),
    Expected(
        "outlook, Spanish header, for courtesy",
        answer(
            f"{ASK}\n\nDe: Service client <contact@bacs.example>\nEnviado: martes, 5 de marzo de 2024 9:12\nPara: E\nAsunto: Bac\n\n{OURS}"
        ),
        new=ASK,
    ),
    Expected(
        "apple mail, French",
        answer(f"{ASK}\n\n> Le 5 mars 2024 à 09:12, Service client <contact@bacs.example> a écrit :\n> \n{QUOTED}"),
        new=ASK,
        only=("history",),
    ),
    Expected(
        "iphone, French",
        answer(
            f"{ASK}\n\nEnvoyé de mon iPhone\n\n> Le 5 mars 2024 à 09:12, Service client <contact@bacs.example> a écrit :\n> \n{QUOTED}"
        ),
        new=ASK,
        signature=("Envoyé de mon iPhone",),
        history=("Le 5 mars",),
    ),
    Expected(
        "iphone, English",
        answer(
            "Still no lid.\n\nSent from my iPhone\n\n> On 5 Mar 2024, at 09:12, Service client <contact@bacs.example> wrote:\n> \n> Hi"
        ),
        new="Still no lid.",
        signature=("Sent from my iPhone",),
    ),
    Expected(
        "thunderbird, French, answering on top",
        answer(f"{ASK}\n\nLe 05/03/2024 à 09:12, Service client a écrit :\n{QUOTED}\n"),
        new=ASK,
        history=("Le 05/03/2024",),
    ),
    Expected(
        "thunderbird, answering below",
        answer(
            f"Le 05/03/2024 à 09:12, Service client a écrit :\n{QUOTED}\n\n{ASK}\n\n-- \nÉmile Roux\n06 12 34 56 78"
        ),
        new=ASK,
        history=("Le 05/03/2024", "Amina"),
        signature=("Émile Roux", "06 12 34 56 78"),
    ),
    Expected(
        "thunderbird, answering between the lines",
        answer(
            "Bonjour Amina,\n\nLe 05/03/2024 à 09:12, Service client a écrit :\n> Votre bac sera livré mardi.\n\nParfait, merci.\n\n"
            "> Quelle est votre adresse ?\n\n12 rue des Lilas.\n\n> Et la couleur ?\nVert.\n"
        ),
        new="Bonjour Amina,\n\nParfait, merci.\n\n12 rue des Lilas.\n\nVert.",
        history=("Votre bac sera livré mardi.", "Quelle est votre adresse ?", "Et la couleur ?"),
    ),
    Expected(
        "short answers glued to the quotation",
        answer(
            "Le 05/03/2024 à 09:12, Service client a écrit :\n> Le couvercle est-il arrivé avec le bac que nous avons livré hier\noui\n> Est-il vert ?\nnon"
        ),
        new="oui\n\nnon",
    ),
    Expected(
        "orange, everything quoted",
        answer(
            f'{ASK}\n\n> Message du 05/03/24 09:12\n> De : "Service client"\n> A : "Emile"\n> Copie à : \n> Objet : Mon bac\n>\n{QUOTED}'
        ),
        new=ASK,
        history=("Message du 05/03/24",),
        only=("history",),
    ),
    Expected(
        "orange on a telephone",
        answer(f"{ASK}\n\nEnvoyé depuis l'application Mail Orange\n\n{outlook_block()}"),
        new=ASK,
        signature=("Mail Orange",),
    ),
    Expected(
        "free, zimbra, French",
        answer(
            f'{ASK}\n\n----- Mail original -----\nDe: "Service client" <contact@bacs.example>\nÀ: "Émile" <emile.roux@poste.example>\n'
            f"Envoyé: Mardi 5 Mars 2024 09:12:13\nObjet: Mon bac\n\n{OURS}"
        ),
        new=ASK,
    ),
    Expected(
        "zimbra without separator, English",
        answer(
            'Still no lid.\n\nFrom: "Service client" <contact@bacs.example>\nTo: "Emile" <emile.roux@poste.example>\n'
            f"Sent: Tuesday, March 5, 2024 9:12:13 AM\nSubject: Mon bac\n\n{OURS}"
        ),
        new="Still no lid.",
    ),
    Expected(
        "sfr",
        answer(
            f'{ASK}\n\n========================================\n\nMessage du : 05/03/2024 09:12\nDe : "Service client" <contact@bacs.example>\n'
            f"A : emile.roux@poste.example\nCopie à : \nSujet : Re: Mon bac\n\n{OURS}"
        ),
        new=ASK,
        history=("Message du", "Amina"),
    ),
    Expected(
        "la poste",
        answer(
            f'{ASK}\n\n> De : "Service client" <contact@bacs.example>\n> A : emile\n> Envoyé: mardi 5 Mars 2024 09:12\n> Objet : Mon bac\n>\n{QUOTED}'
        ),
        new=ASK,
    ),
    Expected(
        "yahoo, French, not quoted",
        answer(
            f"{ASK}\n\n    Le mardi 5 mars 2024 à 09:12:13 UTC+1, Service client <contact@bacs.example> a écrit :  \n \n {OURS}"
        ),
        new=ASK,
        history=("Votre bac sera livré",),
    ),
    Expected(
        "yahoo on Android",
        answer(
            f"{ASK}\n\nEnvoyé à partir de Yahoo Mail sur Android \n \n  Le mar., mars 5, 2024 à 9:12, Service client<contact@bacs.example> a écrit :   {OURS}"
        ),
        has=(ASK,),
        lacks=("Yahoo Mail",),
        signature=("Yahoo Mail",),
    ),
    Expected(
        "roundcube, French",
        answer(f"{ASK}\n\nLe 2024-03-05 09:12, Service client a écrit :\n\n{QUOTED}"),
        new=ASK,
        history=("Le 2024-03-05",),
    ),
    Expected(
        "roundcube, answering below",
        answer(f"Le 2024-03-05 09:12, Service client a écrit :\n\n{QUOTED}\n\n{ASK}"),
        new=ASK,
    ),
    Expected(
        "k-9",
        answer(
            f"{ASK}\n\nLe 5 mars 2024 09:12:13 GMT+01:00, Service client <contact@bacs.example> a écrit :\n{QUOTED}\n\n"
            "-- \nEnvoyé de mon appareil Android avec Courriel K-9 Mail. Veuillez excuser ma brièveté."
        ),
        new=ASK,
        signature=("K-9",),
    ),
    Expected(
        "samsung, French",
        answer(
            f"{ASK}\n\n\nEnvoyé depuis mon smartphone Samsung Galaxy.\n\n-------- Message d'origine --------\nDe : Service client <contact@bacs.example>\n"
            f"Date : 05/03/2024 09:12 (GMT+01:00)\nÀ : emile.roux@poste.example\nObjet : Mon bac\n\n{OURS}"
        ),
        new=ASK,
        signature=("Samsung Galaxy",),
        history=("Amina",),
    ),
    Expected(
        "samsung, English",
        answer(
            "Still no lid.\n\nSent from my Galaxy\n\n\n-------- Original message --------\nFrom: Service client <contact@bacs.example>\n"
            f"Date: 05/03/2024 09:12 (GMT+01:00)\nTo: emile\nSubject: Mon bac\n\n{OURS}"
        ),
        new="Still no lid.",
        signature=("Galaxy",),
    ),
    Expected(
        "proton, French",
        answer(
            f"{ASK}\n\nEnvoyé avec la messagerie sécurisée Proton Mail.\n\nLe mardi 5 mars 2024 à 09:12, Service client <contact@bacs.example> a écrit :\n\n{QUOTED}"
        ),
        new=ASK,
        signature=("Proton Mail",),
    ),
    Expected(
        "proton, English, old",
        answer(
            f"Still no lid.\n\nSent with ProtonMail Secure Email.\n\n------- Original Message -------\nOn Tuesday, March 5th, 2024 at 9:12 AM, Service <contact@bacs.example> wrote:\n\n{QUOTED}"
        ),
        new="Still no lid.",
    ),
    Expected(
        "lotus notes, French",
        answer(f"{ASK}\n\n\n\nService client <contact@bacs.example> a écrit sur 05/03/2024 09:12:13 :\n\n{QUOTED}"),
        new=ASK,
    ),
    Expected(
        "lotus notes, header with tabs",
        answer(
            f"{ASK}\n\n\nDe :\tService client <contact@bacs.example>\nA :\tÉmile\nDate :\t05/03/2024 09:12\nObjet :\tMon bac\n\n\n{OURS}"
        ),
        new=ASK,
    ),
    Expected(
        "thunderbird, English, other order",
        answer(f"Still no lid.\n\nService client wrote on 05/03/2024 09:12:\n{QUOTED}"),
        new="Still no lid.",
    ),
    Expected(
        "blackberry",
        answer(
            f"{ASK}\n\nEnvoyé depuis mon BlackBerry 10\n\nDe: contact@bacs.example\nEnvoyé: mardi 5 mars 2024 09:12\nÀ: emile\nObjet: Mon bac\n\n{OURS}"
        ),
        new=ASK,
    ),
    Expected(
        "a quotation within a quotation",
        answer(
            f"{ASK}\n\nLe 06/03/2024 à 10:00, Service client a écrit :\n> D'accord.\n>\n> Le 05/03/2024 à 09:12, Émile a écrit :\n>> Où est mon bac ?\n>>\n"
        ),
        new=ASK,
        only=("history",),
    ),
    Expected(
        "German, for courtesy",
        answer(f"Der Deckel fehlt.\n\nAm 05.03.24 um 09:12 schrieb Service client <contact@bacs.example>:\n{QUOTED}"),
        new="Der Deckel fehlt.",
    ),
    Expected(
        "Spanish, for courtesy",
        answer(
            f"Falta la tapa.\n\nEl mar, 5 mar 2024 a las 9:12, Service client (<contact@bacs.example>) escribió:\n\n{QUOTED}"
        ),
        new="Falta la tapa.",
    ),
]

GMAIL_HTML = (
    '<div dir="ltr"><div>{ask}</div></div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">Le mar. 5 mars 2024 à 09:12, '
    'Service client &lt;<a href="mailto:contact@bacs.example">contact@bacs.example</a>&gt; a écrit :<br></div><blockquote class="gmail_quote" '
    'style="margin:0 0 0 .8ex;border-left:1px #ccc solid;padding-left:1ex"><div>Votre bac sera livré mardi.</div></blockquote></div>'
)
OUTLOOK_HEAD = (
    "<b>De&nbsp;:</b> Service client &lt;contact@bacs.example&gt;<br><b>Envoyé&nbsp;:</b> mardi 5 mars 2024 09:12<br>"
    "<b>À&nbsp;:</b> Émile<br><b>Objet&nbsp;:</b> Mon bac"
)
HTML = [
    Expected(
        "gmail", answer("", html=GMAIL_HTML.format(ask=ASK)), new=ASK, history=("Votre bac sera livré", "a écrit")
    ),
    Expected(
        "gmail, answering between the lines",
        answer(
            "",
            html='<div>Bonjour,</div><div class="gmail_quote"><div class="gmail_attr">On Tue, X wrote:<br></div><blockquote class="gmail_quote">'
            'Quelle adresse ?</blockquote><div>12 rue des Lilas.</div><blockquote class="gmail_quote">Et la couleur ?</blockquote><div>Vert.</div></div>',
        ),
        new="Bonjour,\n\n12 rue des Lilas.\n\nVert.",
        history=("Quelle adresse ?", "Et la couleur ?"),
    ),
    Expected(
        "outlook.com, divRplyFwdMsg",
        answer(
            "",
            html=f'<div>{ASK}</div><div id="appendonsend"></div><hr style="display:inline-block;width:98%" tabindex="-1">'
            f'<div id="divRplyFwdMsg" dir="ltr"><font face="Calibri">{OUTLOOK_HEAD}</font><div>&nbsp;</div></div><div><p>Votre bac sera livré mardi.</p></div>',
        ),
        new=ASK,
        history=("Envoyé", "Votre bac sera livré mardi."),
    ),
    Expected(
        "outlook on a desk, a border above the header",
        answer(
            "",
            html=f'<div class="WordSection1"><p class="MsoNormal">{ASK}<o:p></o:p></p><p class="MsoNormal"><o:p>&nbsp;</o:p></p>'
            '<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm">'
            f'<p class="MsoNormal">{OUTLOOK_HEAD}<o:p></o:p></p></div><p class="MsoNormal">Votre bac sera livré mardi.</p></div>',
        ),
        new=ASK,
        history=("Votre bac sera livré mardi.",),
    ),
    Expected(
        "outlook, each header line a paragraph",
        answer(
            "",
            html=f"<p>{ASK}</p><p><b>From:</b> Service client</p><p><b>Sent:</b> Tuesday, March 5, 2024 9:12 AM</p><p><b>To:</b> E</p>"
            "<p><b>Subject:</b> Bac</p><p>Votre bac sera livré mardi.</p>",
        ),
        new=ASK,
    ),
    Expected(
        "old outlook express",
        answer(
            "",
            html=f'<div>{ASK}</div><blockquote style="BORDER-LEFT: #000000 2px solid; PADDING-LEFT: 5px"><div>----- Original Message -----</div><div>From: x</div><div>Votre bac sera livré mardi.</div></blockquote>',
        ),
        new=ASK,
    ),
    Expected(
        "apple mail",
        answer(
            "",
            html=f'<html><head></head><body>{ASK}<br><div><br><blockquote type="cite"><div>Le 5 mars 2024 à 09:12, Service client &lt;contact@bacs.example&gt; a écrit :</div><br><div>Votre bac sera livré mardi.</div></blockquote></div></body></html>',
        ),
        new=ASK,
        only=("history",),
    ),
    Expected(
        "iphone",
        answer(
            "",
            html=f'<html><body dir="auto">{ASK}<br><br><div dir="ltr">Envoyé de mon iPhone</div><div dir="ltr"><br><blockquote type="cite">Le 5 mars 2024 à 09:12, Service client a écrit :<br><br></blockquote></div><blockquote type="cite"><div dir="ltr">Votre bac sera livré mardi.</div></blockquote></body></html>',
        ),
        new=ASK,
        signature=("Envoyé de mon iPhone",),
        history=("Votre bac sera livré",),
    ),
    Expected(
        "thunderbird",
        answer(
            "",
            html=f'<p>{ASK}</p><div class="moz-cite-prefix">Le 05/03/2024 à 09:12, Service client a écrit&nbsp;:<br></div><blockquote type="cite" cite="mid:x@y"><p>Votre bac sera livré mardi.</p></blockquote><pre class="moz-signature" cols="72">-- \nÉmile Roux\n06 12 34 56 78</pre>',
        ),
        new=ASK,
        signature=("06 12 34 56 78",),
        history=("Votre bac",),
    ),
    Expected(
        "yahoo",
        answer(
            "",
            html=f'<div><div>{ASK}</div><br></div><div id="yahoo_quoted_1234567890" class="yahoo_quoted"><div style="font-size:13px"><div>Le mardi 5 mars 2024, Service client a écrit :</div><div>Votre bac sera livré mardi.</div></div></div>',
        ),
        new=ASK,
    ),
    Expected(
        "zimbra",
        answer(
            "",
            html=f'<div style="font-family: arial">{ASK}<br><hr id="zwchr" data-marker="__DIVIDER__"><div data-marker="__HEADERS__"><b>De: </b>"Service client"<br><b>À: </b>E<br><b>Envoyé: </b>Mardi 5 Mars 2024 09:12<br><b>Objet: </b>Bac</div><div data-marker="__QUOTED_TEXT__">Votre bac sera livré mardi.</div></div>',
        ),
        new=ASK,
        history=("Votre bac sera livré mardi.",),
    ),
    Expected(
        "orange webmail",
        answer(
            "",
            html=f'<p>{ASK}</p><blockquote style="padding-left:5px;margin-left:5px;border-left:2px solid #ff6600;">&gt; Message du 05/03/24 09:12<br>&gt; De : "Service client"<br>&gt; A : emile<br>&gt; Objet : Bac<br>&gt; <br>Votre bac sera livré mardi.</blockquote>',
        ),
        new=ASK,
    ),
    Expected(
        "roundcube",
        answer(
            "",
            html=f'<p>{ASK}</p><p id="reply-intro">Le 2024-03-05 09:12, Service client a écrit&nbsp;:</p><blockquote type="cite" style="padding: 0 0.4em; border-left: #1010ff 2px solid; margin: 0"><div>Votre bac sera livré mardi.</div></blockquote>',
        ),
        new=ASK,
        history=("Le 2024-03-05", "Votre bac"),
    ),
    Expected(
        "proton",
        answer(
            "",
            html=f'<div>{ASK}</div><div class="protonmail_signature_block"><div class="protonmail_signature_block-proton">Envoyé avec la messagerie sécurisée Proton Mail.</div></div><div class="protonmail_quote">Le mardi 5 mars 2024 à 09:12, Service &lt;contact@bacs.example&gt; a écrit :<br><blockquote class="protonmail_quote" type="cite">Votre bac sera livré mardi.</blockquote></div>',
        ),
        new=ASK,
        signature=("Proton",),
        history=("Votre bac",),
    ),
    Expected(
        "samsung",
        answer(
            "",
            html=f"<div>{ASK}</div><div id='composer_signature'><div>Envoyé depuis mon smartphone Samsung Galaxy.</div></div><div><br></div><div style=\"font-size:100%\"><!-- originalMessage --><div>-------- Message d'origine --------</div><div>De : Service client &lt;contact@bacs.example&gt; </div><div>Date : 05/03/2024  09:12  (GMT+01:00) </div><div>À : emile </div><div>Objet : Bac </div><div><br></div></div>Votre bac sera livré mardi.",
        ),
        new=ASK,
        signature=("Samsung",),
        history=("Votre bac",),
    ),
    Expected(
        "new outlook on a telephone",
        answer(
            "",
            html=f'<div>{ASK}</div><div id="ms-outlook-mobile-signature"><div>Obtenir <a href="https://aka.ms/o0ukef">Outlook pour iOS</a></div></div><div id="mail-editor-reference-message-container"><hr><div id="divRplyFwdMsg">{OUTLOOK_HEAD}</div><div>Votre bac sera livré mardi.</div></div>',
        ),
        new=ASK,
        signature=("Outlook pour iOS",),
    ),
    Expected(
        "an indentation of the person's own is not a quotation",
        answer(
            "",
            html='<div>Voici mon texte :</div><blockquote style="margin:0 0 0 40px;border:none;padding:0px"><div>Le couvercle manque.</div></blockquote>',
        ),
        has=("Voici mon texte :", "Le couvercle manque."),
        only=(),
    ),
    Expected(
        "both forms, the signature only visible in HTML",
        answer(
            f"{ASK}\n\nÉmile\nClub de pétanque",
            html=f'<div>{ASK}</div><div class="gmail_signature">Émile<br>Club de pétanque</div>',
        ),
        new=ASK,
        signature=("Club de pétanque",),
    ),
    Expected(
        "written inside what the program holds for the signature",
        answer("", html=f'<div class="gmail_signature"><div>{ASK}</div><div>Émile</div></div>'),
        has=(ASK,),
    ),
]


@pytest.mark.parametrize("expected", PLAIN, ids=lambda e: e.name)
def test_plain_mails(expected: Expected) -> None:
    expected.check()


@pytest.mark.parametrize("expected", HTML, ids=lambda e: e.name)
def test_html_mails(expected: Expected) -> None:
    expected.check()
