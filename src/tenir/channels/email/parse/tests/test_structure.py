# ruff: noqa: E501 (a mail is easier to read in one piece)
"""MIME as it comes: nested, broken, mislabelled; files, calendars, Outlook's container, signed and encrypted mails."""

from __future__ import annotations

import base64
import binascii
import datetime as dt

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import NameOID

from tenir.channels.email.parse import Limits, read, tnef
from tenir.channels.email.parse.tests import outlook
from tenir.channels.email.parse.tests.outlook import container
from tenir.channels.email.parse.tests.scenes import head, mail, nothing_is_lost, part, several

PDF = "Content-Disposition: attachment; filename=facture.pdf"


def codes(raw: bytes) -> set[str]:
    return {trouble.code for trouble in read(raw).troubles}


def test_date_and_identifiers() -> None:
    found = read(mail("x", fields="References: <a@x> <b@x>\n\t<c@x>\nIn-Reply-To: Message of Monday <c@x>"))
    assert found.message_id == "<m1@poste.example>"
    assert found.sent_at == dt.datetime(2024, 3, 5, 9, 20, tzinfo=dt.UTC)
    assert found.references[:2] == ("<a@x>", "<b@x>")
    assert found.in_reply_to == ("<c@x>",)


@pytest.mark.parametrize(
    "date", ["", "yesterday", "Tue, 99 Mar 2024 99:99:99 +9999", "Tue, 5 Mar 99999999999 10:00", "5" * 5000]
)
def test_dates_that_are_none(date: str) -> None:
    assert read(f"From: a@b.example\nDate: {date}\n\nx".encode()).sent_at is None


def test_a_date_without_zone_is_aware() -> None:
    sent = read(b"From: a@b.example\nDate: Tue, 5 Mar 2024 10:20:00\n\nx").sent_at
    assert sent is not None
    assert sent.tzinfo is not None


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_every_end_of_line(end: bytes) -> None:
    raw = mail("Bonjour\nligne deux", subject="Bac").replace(b"\r\n", b"\n").replace(b"\n", end)
    found = read(raw)
    assert found.subject == "Bac"
    assert found.new_text == "Bonjour\nligne deux"


def test_mbox_line_and_blank_lines_before_the_header() -> None:
    raw = mail("Bonjour")
    for before in (
        b"From emile@roux.example Tue Mar  5 10:20:00 2024\n",
        b"\r\n\r\n",
        b"\xef\xbb\xbf",
        b">From x Tue\n",
    ):
        found = read(before + raw)
        assert found.subject == "Mon bac vert"
        assert found.sender is not None
        assert found.new_text == "Bonjour"


def test_the_blank_line_after_the_header_is_missing() -> None:
    raw = b"From: a@b.example\r\nSubject: Bac\r\nBonjour, mon bac\r\nest cass\xc3\xa9.\r\n"
    found = read(raw)
    assert found.subject == "Bac"
    assert found.new_text == "Bonjour, mon bac\nest cassé."
    assert "header_without_end" in codes(raw)


def test_a_broken_line_in_the_header_hides_nothing() -> None:
    raw = b"From: a@b.example\r\nSubject: Bac\r\nthis line is broken\r\nContent-Type: text/html\r\n\r\n<b>gras</b>"
    found = read(raw)
    assert found.new_text == "gras"
    assert "broken_header" in codes(raw)


def test_no_header_at_all_is_all_body() -> None:
    found = read("Bonjour, où est mon bac ?\n\nÉmile".encode())
    assert found.new_text == "Bonjour, où est mon bac ?\n\nÉmile"
    assert found.sender is None


def test_nothing_at_all() -> None:
    for raw in (b"", b"\n", b"\r\n\r\n", b"\0"):
        found = read(raw)
        assert found.new_text == ""
        assert {t.code for t in found.troubles} >= {"empty_mail"} or raw == b"\0"


def test_the_last_boundary_is_missing() -> None:
    raw = head() + several("mixed", part("Bonjour", "text/plain"), part("suite", "text/plain")).rsplit(b"\r\n--", 1)[0]
    found = read(raw)
    assert found.new_text == "Bonjour\n\nsuite"
    assert "boundary_not_closed" in codes(raw)


def test_the_boundary_of_the_header_is_another_one() -> None:
    raw = head() + several("mixed", part("Bonjour", "text/plain"), part(b"%PDF", "application/pdf", fields=PDF))
    raw = raw.replace(b'boundary="', b'boundary="wrong', 1)
    found = read(raw)
    assert found.new_text == "Bonjour"
    assert [a.name for a in found.attachments] == ["facture.pdf"]
    assert "broken_boundary" in codes(raw)


def test_no_boundary_parameter() -> None:
    raw = head() + several("mixed", part("Bonjour", "text/plain"))
    start, _, rest = raw.partition(b"; boundary=")
    assert read(start + b"\r\n" + rest.partition(b"\r\n")[2]).new_text == "Bonjour"


def test_parts_after_the_closing_boundary_are_not_lost() -> None:
    one = several("mixed", part("Bonjour", "text/plain"), part("suite", "text/plain"))
    line = one.partition(b'boundary="')[2].partition(b'"')[0]
    first, second = one.split(b"\r\n--" + line + b"\r\n")[1:]
    raw = (
        head()
        + one.partition(b"\r\n\r\n")[0]
        + b"\r\n\r\n--"
        + line
        + b"\r\n"
        + first
        + b"\r\n--"
        + line
        + b"--\r\n--"
        + line
        + b"\r\n"
        + second
    )
    assert "suite" in read(raw).text


def test_a_boundary_that_begins_like_another() -> None:
    raw = (
        b'From: a@b.example\nContent-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: multipart/alternative; boundary="bb"\n\n'
        b"--bb\nContent-Type: text/plain\n\nBonjour\n--bb--\n--b\nContent-Type: application/pdf; name=x.pdf\n\nPDF\n--b--\n"
    )
    found = read(raw)
    assert found.new_text == "Bonjour"
    assert [a.content for a in found.attachments] == [b"PDF"]


def test_base64_with_junk_and_without_padding() -> None:
    data = base64.b64encode("Où est mon bac ?".encode()).rstrip(b"=")
    raw = (
        head()
        + b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + data[:9]
        + b"!\r\n *"
        + data[9:]
    )
    assert read(raw).new_text == "Où est mon bac ?"
    assert "damaged_base64" in codes(raw)


def test_quoted_printable_that_is_damaged() -> None:
    raw = (
        head()
        + b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nO=C3=B9 est=20=\r\nmon=ZZ bac =3F=\r\n=3"
    )
    assert read(raw).new_text.startswith("Où est mon=ZZ bac ?")


def test_unknown_transfer_encoding_is_told() -> None:
    raw = head() + b"Content-Type: text/plain\r\nContent-Transfer-Encoding: x-mars\r\n\r\nBonjour"
    assert read(raw).new_text == "Bonjour"
    assert "unknown_transfer_encoding" in codes(raw)


def test_uuencoded_file_in_the_text() -> None:
    lines = b"".join(binascii.b2a_uu(b"contenu du fichier"[i : i + 45]) for i in range(0, 18, 45)).decode()
    found = read(mail(f"Voici.\n\nbegin 644 note.txt\n{lines}`\nend\n\nMerci"))
    assert found.new_text == "Voici.\n\nMerci"
    assert [(a.name, a.content) for a in found.attachments] == [("note.txt", b"contenu du fichier")]


def test_somebody_who_writes_the_word_begin() -> None:
    text = "I want to\nbegin 644 things that are all far longer than what a line of an encoded file could possibly ever be in truth\nend"
    assert read(mail(text)).new_text == text


def test_alternatives() -> None:
    assert read(mail("Version simple", html="<p>Version <b>riche</b></p>")).new_text == "Version simple"
    found = read(
        mail(
            "Votre logiciel de messagerie ne sait pas afficher le HTML.",
            html="<p>Où est mon bac ? Il manque le couvercle depuis lundi.</p>",
        )
    )
    assert found.new_text == "Où est mon bac ? Il manque le couvercle depuis lundi."
    assert read(mail(" \n", html="<p>Riche</p>")).new_text == "Riche"


def test_alternative_with_files_between_as_apple_does() -> None:
    inner = several(
        "mixed",
        part("<p>avant</p>", "text/html"),
        part(b"%PDF", "application/pdf", fields="Content-Disposition: inline; filename=f.pdf"),
        part("<p>après</p>", "text/html"),
    )
    found = read(head() + several("alternative", part("avant\n\naprès", "text/plain"), inner))
    assert found.new_text == "avant\n\naprès"
    assert found.html is not None
    assert found.html.index("avant") < found.html.index("après")
    assert [(a.name, a.inline) for a in found.attachments] == [("f.pdf", False)]


def test_related_images_are_inline() -> None:
    raw = head() + several(
        "related",
        part('<p>Voyez <img src="cid:image001@x" alt=""></p>', "text/html"),
        part(b"\x89PNG", "image/png; name=image001.png", encoding="base64", fields="Content-ID: <image001@x>"),
        part(b"\x89PNG", "image/png; name=other.png", encoding="base64", fields="Content-ID: <other@x>"),
    )
    found = read(raw)
    assert [(a.name, a.inline, a.content_id) for a in found.attachments] == [
        ("image001.png", True, "image001@x"),
        ("other.png", False, "other@x"),
    ]
    assert found.html is not None
    assert 'data-cid="image001@x"' in found.html
    assert found.attachments[0].content == b"\x89PNG"


def test_a_mail_as_a_file() -> None:
    inner = mail("Le bac de Paul est cassé.", subject="Bac de Paul", sender="Paul <paul@voisin.example>")
    found = read(head("Voir") + several("mixed", part("Voici.", "text/plain"), part(inner, "message/rfc822")))
    assert found.new_text == "Voici."
    assert [(a.name, a.content_type) for a in found.attachments] == [("Bac de Paul.eml", "message/rfc822")]
    assert read(found.attachments[0].content).new_text == "Le bac de Paul est cassé."
    alone = read(head("Fwd: Bac") + several("mixed", part("", "text/plain"), part(inner, "message/rfc822")))
    assert alone.new_text == "Le bac de Paul est cassé."
    assert [(f.kind, f.text) for f in alone.folded] == [("forwarded", "Paul <paul@voisin.example>\nBac de Paul")]
    nothing_is_lost(alone)


CALENDAR = (
    "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nSUMMARY:Livraison\\, bac vert et son\r\n  couvercle\r\n"
    "DTSTART;TZID=Europe/Paris:20240312T100000\r\nDTEND;TZID=Europe/Paris:20240312T113000\r\nLOCATION:12 rue des Lilas\r\n"
    'ORGANIZER;CN="Léa Blanc":mailto:lea@blanc.example\r\nBEGIN:VALARM\r\nSUMMARY:alarme\r\nEND:VALARM\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n'
)


def test_a_calendar_part_is_said_in_words_and_kept() -> None:
    found = read(
        head("Livraison")
        + several("alternative", part("Bonjour", "text/plain"), part(CALENDAR, "text/calendar; method=REQUEST"))
    )
    assert found.new_text == (
        "Bonjour\n\nLivraison, bac vert et son couvercle\n2024-03-12 10:00 – 11:30 (Europe/Paris)\n12 rue des Lilas\nLéa Blanc <lea@blanc.example>"
    )
    assert found.events[0].method == "request"
    assert [a.content_type for a in found.attachments] == ["text/calendar"]
    nothing_is_lost(found)


def test_winmail_dat() -> None:
    raw = head() + several(
        "mixed",
        part("Bonjour", "text/plain"),
        part(
            container(files=[("facture été.pdf", b"%PDF-1.4")], body="Bonjour"),
            "application/ms-tnef",
            encoding="base64",
            fields="Content-Disposition: attachment; filename=winmail.dat",
        ),
    )
    found = read(raw)
    assert found.new_text == "Bonjour"
    assert [(a.name, a.content) for a in found.attachments] == [("facture été.pdf", b"%PDF-1.4")]


def test_winmail_dat_with_compressed_text_only() -> None:
    raw = head() + part(
        container(rtf=rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}Le couvercle\par manque \'e9galement.}"),
        "application/ms-tnef",
        encoding="base64",
    )
    found = read(raw)
    assert found.new_text == "Le couvercle\nmanque également."
    assert [a.name for a in found.attachments] == ["message.rtf"]


@pytest.mark.parametrize(
    ("packed", "rtf"),
    [  # the two examples of MS-OXRTFCP
        (
            "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0",
            b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n",
        ),
        ("1a0000001c0000004c5a4675e2d44b51410004205758595a0d6e7d010eb0", b"{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}"),
    ],
)
def test_compressed_rtf_of_the_specification(packed: str, rtf: bytes) -> None:
    assert tnef.decompress_rtf(bytes.fromhex(packed), 1_000) == rtf


def test_compressed_rtf_stops_at_its_limit() -> None:
    assert len(tnef.decompress_rtf(outlook.bomb(100_000), 5_000)) == 5_000


def test_winmail_dat_that_is_cut_stays_a_file() -> None:
    data = container(files=[("a.pdf", b"%PDF" * 50)])
    raw = head() + several(
        "mixed",
        part("x", "text/plain"),
        part(
            data[:-60],
            "application/ms-tnef",
            encoding="base64",
            fields="Content-Disposition: attachment; filename=winmail.dat",
        ),
    )
    found = read(raw)
    assert "winmail.dat" in [a.name for a in found.attachments]
    assert "damaged_tnef" in codes(raw)


def test_signatures_are_no_matter() -> None:
    raw = head() + several(
        "signed",
        part("Bonjour", "text/plain"),
        part(b"\x30\x80", "application/pkcs7-signature; name=smime.p7s", encoding="base64"),
    )
    found = read(raw)
    assert found.new_text == "Bonjour"
    assert found.attachments == ()


def _signed(mime: bytes, *, chunked: bool) -> bytes:
    """A SignedData around a MIME entity, by the library that others use to sign."""
    now = dt.datetime.now(dt.UTC)
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Émile")])
    certificate = x509.CertificateBuilder(
        name, name, key.public_key(), 1, now - dt.timedelta(1), now + dt.timedelta(9)
    ).sign(key, hashes.SHA256())
    builder = pkcs7.PKCS7SignatureBuilder().set_data(mime).add_signer(certificate, key, hashes.SHA256())
    der = builder.sign(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary])
    if chunked:
        start = der.find(mime) - 4
        pieces = b"".join(
            b"\x04" + bytes([len(mime[i : i + 100])]) + mime[i : i + 100] for i in range(0, len(mime), 100)
        )
        der = der[: start - 4] + b"\xa0\x80\x24\x80" + pieces + b"\0\0\0\0" + der[start + 4 + len(mime) :]
    return der


@pytest.mark.parametrize("chunked", [False, True])
def test_a_mail_within_its_signature_is_read(chunked: bool) -> None:
    inner = several(
        "mixed", part("Où est mon bac ?" + " " * 400, "text/plain"), part(b"%PDF", "application/pdf", fields=PDF)
    )
    raw = head() + part(
        _signed(inner, chunked=chunked),
        "application/pkcs7-mime; smime-type=signed-data; name=smime.p7m",
        encoding="base64",
    )
    found = read(raw)
    assert found.new_text == "Où est mon bac ?"
    assert [a.name for a in found.attachments] == ["facture.pdf"]


def test_what_is_encrypted_is_said_so() -> None:
    pgp = head() + several(
        "encrypted",
        part("Version: 1", "application/pgp-encrypted"),
        part("-----BEGIN PGP MESSAGE-----", "application/octet-stream; name=encrypted.asc"),
    )
    assert "encrypted" in codes(pgp)
    assert "encrypted" in codes(mail("-----BEGIN PGP MESSAGE-----\n\nabc\n-----END PGP MESSAGE-----"))
    assert "encrypted" in codes(
        head() + part(b"\x30", "application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m", encoding="base64")
    )
    assert [a.name for a in read(pgp).attachments] == ["encrypted.asc"]


def test_a_body_with_a_file_name_is_still_the_body() -> None:
    raw = head() + part("Bonjour", "text/plain; name=body.txt")
    assert read(raw).new_text == "Bonjour"
    assert read(raw).attachments == ()


def test_a_text_file_beside_a_body_is_a_file() -> None:
    raw = head() + several("mixed", part("Bonjour", "text/plain"), part("contenu", "text/plain; name=note.txt"))
    found = read(raw)
    assert found.new_text == "Bonjour"
    assert [a.name for a in found.attachments] == ["note.txt"]


def test_html_called_plain() -> None:
    assert read(head() + part("<html><body><p>Bonjour</p></body></html>", "text/plain")).new_text == "Bonjour"


def test_content_types_that_are_none() -> None:
    for kind in ("text", "TEXT/PLAIN", "text/plain/utf8", "", ";;;", "plain"):
        assert read(head() + f"Content-Type: {kind}\r\n\r\nBonjour".encode()).new_text == "Bonjour", kind


def test_limits_are_told_and_kept() -> None:
    tight = Limits(parts=5, depth=3, attachment=10, text=20, bytes=5_000)
    many = head() + several("mixed", *(part("x", "text/plain") for _ in range(20)))
    assert "too_many_parts" in {t.code for t in read(many, limits=tight).troubles}
    deep = part("x", "text/plain")
    for _ in range(10):
        deep = several("mixed", deep)
    assert "nested_too_deep" in {t.code for t in read(head() + deep, limits=tight).troubles}
    long = read(mail("a" * 100), limits=tight)
    assert len(long.text) == 20
    assert "body_too_large" in {t.code for t in long.troubles}
    big = head() + several("mixed", part("x", "text/plain"), part(b"x" * 100, "application/pdf", fields=PDF))
    assert [a.size for a in read(big, limits=tight).attachments] == [10]
    assert "mail_too_large" in {t.code for t in read(mail("a" * 10_000), limits=tight).troubles}
    assert read(mail("a" * 10_000), limits=tight).sha256 == read(mail("a" * 10_000)).sha256
