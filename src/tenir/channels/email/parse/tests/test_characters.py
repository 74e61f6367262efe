"""Charsets that lie, encoded words, addresses, names of files."""

from __future__ import annotations

import base64

import pytest

from tenir.channels.email.parse import Address, charset, files, headers, read
from tenir.channels.email.parse.addresses import parse
from tenir.channels.email.parse.tests.scenes import head, mail, part, several

SAID = "Été : l’œuf à 5 €"


@pytest.mark.parametrize(
    ("data", "label", "text"),
    [
        (SAID.encode(), "utf-8", SAID),
        (SAID.encode(), "iso-8859-1", SAID),
        (SAID.encode(), "us-ascii", SAID),
        (SAID.encode(), "", SAID),
        (SAID.encode(), "x-unknown", SAID),
        (SAID.encode(), "unknown-8bit", SAID),
        (SAID.encode(), "charset-of-mars", SAID),
        (SAID.encode("cp1252"), "utf-8", SAID),
        (SAID.encode("cp1252"), "iso-8859-1", SAID),
        (SAID.encode("cp1252"), "windows-1252", SAID),
        (SAID.encode("cp1252"), "", SAID),
        (SAID.encode("cp1252"), "us-ascii", SAID),
        ("Été à 5 €".encode("iso-8859-15"), "iso-8859-15", "Été à 5 €"),
        (b"\xef\xbb\xbf" + SAID.encode(), "iso-8859-1", SAID),
        (SAID.encode("utf-16"), "utf-16", SAID),
        (SAID.encode("utf-16-le"), "utf-16le", SAID),
        ("Été".encode("utf-7"), "utf-7", "Été"),
        (SAID.encode(), "utf-7", SAID),
        ("你好，包裹".encode("gb2312"), "gb2312", "你好，包裹"),
        ("你好，包裹".encode("gb18030"), "gb2312", "你好，包裹"),
        ("こんにちは".encode("iso2022_jp"), "iso-2022-jp", "こんにちは"),
        ("Привет".encode("koi8-r"), "koi8-r", "Привет"),
        ("Été".encode("mac_roman"), "macintosh", "Été"),
        ("Été".encode("cp850"), "ibm850", "Été"),
        (SAID.encode(), '"utf-8"', SAID),
        (SAID.encode(), "UTF8", SAID),
        (SAID.encode().decode("cp1252").encode(), "utf-8", SAID),  # encoded twice on its way
        ("moitié ".encode() + "moitié".encode("cp1252"), "utf-8", "moitié moitié"),
        (b"plain", "zlib", "plain"),
        (b"plain", "unicode_escape", "plain"),
        (b"plain", "idna", "plain"),
    ],
)
def test_charsets(data: bytes, label: str, text: str) -> None:
    assert charset.decode(data, label)[0] == text


def test_a_lie_and_an_unknown_label_are_told() -> None:
    assert charset.decode(SAID.encode("cp1252"), "utf-8")[1] == "lying_charset"
    assert charset.decode(SAID.encode(), "charset-of-mars")[1] == "unknown_charset"
    assert charset.decode(SAID.encode(), "utf-8")[1] is None


def test_one_broken_word_quoted_by_a_person_is_left_alone() -> None:
    assert charset.decode("vos mails affichent Ã© partout".encode())[0] == "vos mails affichent Ã© partout"


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("=?UTF-8?Q?Caf=C3=A9?=", "Café"),
        ("=?utf-8?b?Q2Fmw6k=?=", "Café"),
        ("=?utf-8?B?Q2Fmw6k?=", "Café"),
        ("=?ISO-8859-1?Q?Caf=E9_cr=E8me?=", "Café crème"),
        ("=?utf-8?Q?Ca?= =?utf-8?Q?f=C3=A9?=", "Café"),
        ("=?utf-8?Q?Caf=C3?= =?utf-8?Q?=A9_noir?=", "Café noir"),
        (
            "=?utf-8?B?"
            + base64.b64encode("é".encode()[:1]).decode()
            + "?= =?utf-8?B?"
            + base64.b64encode("é".encode()[1:]).decode()
            + "?=",
            "é",
        ),
        ("Re: =?utf-8?Q?Caf=C3=A9?= noir", "Re: Café noir"),
        ("=?utf-8?Q?Caf=C3=A9 cr=C3=A8me?=", "Café crème"),
        ("=?utf-8?Q?=C3=A9?=t=?utf-8?Q?=C3=A9?=", "été"),
        ('"=?utf-8?Q?Caf=C3=A9?="', '"Café"'),
        ("=?x-unknown?Q?Caf=E9?=", "Café"),
        ("=?utf-8?Q?Caf=E9?=", "Café"),
        ("=?utf-8*fr?Q?Caf=C3=A9?=", "Café"),
        ("=?utf-8?X?abc?=", "=?utf-8?X?abc?="),
        ("=?utf-8?Q?never closed", "=?utf-8?Q?never closed"),
        ("a =?b c", "a =?b c"),
        ("=?utf-8?Q??=", ""),
        ("1 + 1 =? 2", "1 + 1 =? 2"),
        ("=?iso-8859-1?Q?Un?= =?utf-8?Q?_caf=C3=A9?=", "Un café"),
    ],
)
def test_encoded_words(written: str, read_as: str) -> None:
    assert headers.decode_words(written) == read_as


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_raw_subject(encoding: str) -> None:
    raw = (
        b"From: a@b.example\r\nSubject: Bac cass\xc3\xa9 \r\n  deux\r\n\r\nx"
        if encoding == "utf-8"
        else b"From: a@b.example\nSubject: Bac cass\xe9\n\tdeux\n\nx"
    )
    assert read(raw).subject == "Bac cassé deux"


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("emile@roux.example", [("", "emile@roux.example")]),
        ("Émile Roux <Emile@ROUX.example>", [("Émile Roux", "Emile@roux.example")]),
        ('"Roux, Émile" <emile@roux.example>', [("Roux, Émile", "emile@roux.example")]),
        ("=?utf-8?Q?Roux=2C_=C3=89mile?= <emile@roux.example>", [("Roux, Émile", "emile@roux.example")]),
        ("=?utf-8?Q?=C3=89mile_=3Cemile=40roux.example=3E?=", [("Émile", "emile@roux.example")]),
        ("emile@roux.example (Émile Roux)", [("Émile Roux", "emile@roux.example")]),
        ("Émile (le grand (vraiment)) Roux <emile@roux.example>", [("Émile Roux", "emile@roux.example")]),
        ("undisclosed-recipients:;", []),
        (
            "Équipe: a@b.example, Léa <c@d.example>;, e@f.example",
            [("", "a@b.example"), ("Léa", "c@d.example"), ("", "e@f.example")],
        ),
        ("a@b.example; c@d.example", [("", "a@b.example"), ("", "c@d.example")]),
        ("a@b.example,,c@d.example,", [("", "a@b.example"), ("", "c@d.example")]),
        ("Émile Roux", [("Émile Roux", "")]),
        ("Émile <emile chez roux>", [("Émile", "emile chez roux")]),
        ('"Banque <alerte@banque.example>" <x@evil.example>', [("Banque <alerte@banque.example>", "x@evil.example")]),
        ("<<emile@roux.example>>", [("", "emile@roux.example")]),
        ("Émile emile@roux.example", [("Émile", "emile@roux.example")]),
        ("mailto:emile@roux.example", [("", "emile@roux.example")]),
        ("'emile@roux.example' <emile@roux.example>", [("", "emile@roux.example")]),
        ("'Émile' <emile@roux.example>", [("Émile", "emile@roux.example")]),
        ('"Émile <emile@roux.example>', [("Émile", "emile@roux.example")]),
        ("Émile <emile@roux.example", [("Émile", "emile@roux.example")]),
        ("léa@société.example", [("", "léa@société.example")]),
        ("Léa <lea@xn--socit-esab.example>", [("Léa", "lea@xn--socit-esab.example")]),
        ('"a b"@roux.example', [("", '"a b"@roux.example')]),
        ("<@relay.example:emile@roux.example>", [("", "emile@roux.example")]),
        ("Émile Roux <emile@roux.example> (bureau)", [("Émile Roux", "emile@roux.example")]),
        ("O'Brien, Pat <pat@x.example>", [("O'Brien", ""), ("Pat", "pat@x.example")]),
        (
            "Roux Émile <emile@roux.example>, Léa\t<lea@x.example>",
            [("Roux Émile", "emile@roux.example"), ("Léa", "lea@x.example")],
        ),
        ("", []),
    ],
)
def test_addresses(value: str, found: list[tuple[str, str]]) -> None:
    assert [(a.name, a.address) for a in parse(value)] == found


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("facture.pdf", "facture.pdf"),
        ("Facture n° 12 (été).pdf", "Facture n° 12 (été).pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\lea\\facture.pdf", "facture.pdf"),
        ("facture 03/2024.pdf", "facture 03-2024.pdf"),
        ("fac\x00ture\r\n.pdf", "facture.pdf"),
        ("gpj.\u202efdp.exe", "gpj.fdp.exe"),
        ("CON.txt", "_CON.txt"),
        ("nul", "_nul"),
        (".htaccess", "_htaccess"),
        ('a<b>:"|?*.txt', "a_b______.txt"),
        ("facture.pdf. . ", "facture.pdf"),
        ("x" * 300 + ".pdf", "x" * 146 + ".pdf"),
        ("...", ""),
        ("", ""),
        ("e\u0301te\u0301.txt", "été.txt"),
    ],
)
def test_names_of_files(sent: str, kept: str) -> None:
    assert files.safe_name(sent) == kept


def test_a_long_name_fits_a_file_system() -> None:
    name = files.safe_name("é" * 300 + ".pdf")
    assert len(name.encode()) <= 240
    assert name.endswith(".pdf")


@pytest.mark.parametrize(
    ("field", "name"),
    [
        ('attachment; filename="facture été.pdf"', "facture été.pdf"),
        ("attachment; filename*=UTF-8''facture%20%C3%A9t%C3%A9.pdf", "facture été.pdf"),
        ("attachment; filename*=iso-8859-1'fr'%E9t%E9.pdf", "été.pdf"),
        ("attachment; filename*0=fact; filename*1=ure.pdf", "facture.pdf"),
        ("attachment; filename*0*=UTF-8''fact%C3%A9; filename*1*=%20deux; filename*2=.pdf", "facté deux.pdf"),
        ("attachment; filename*1=ure.pdf; filename*0=fact", "facture.pdf"),
        ('attachment; filename="=?utf-8?Q?=C3=A9t=C3=A9.pdf?="', "été.pdf"),
        ("attachment; filename=\"a.pdf\"; filename*=UTF-8''%C3%A9.pdf", "é.pdf"),
        ("attachment; filename=sans guillemets.pdf", "sans guillemets.pdf"),
        ('attachment; filename="a;b.pdf"', "a;b.pdf"),
        ('attachment; filename="never closed.pdf', "never closed.pdf"),
        ("attachment; FILENAME=A.PDF", "A.PDF"),
    ],
)
def test_names_in_parameters(field: str, name: str) -> None:
    raw = head() + several(
        "mixed", part("x", "text/plain"), part(b"data", "application/pdf", fields=f"Content-Disposition: {field}")
    )
    assert [a.name for a in read(raw).attachments] == [name]


def test_who_wrote_and_who_is_in_copy() -> None:
    raw = mail(
        "x",
        sender="Émile <emile@roux.example>",
        to="contact@bacs.example, Léa <lea@x.example>",
        fields="Cc: paul@x.example\nReply-To: emile@maison.example\nDelivered-To: boite@bacs.example",
    )
    found = read(raw)
    assert found.sender == Address("Émile", "emile@roux.example")
    assert [a.address for a in found.to] == ["contact@bacs.example", "lea@x.example"]
    assert [a.address for a in found.cc] == ["paul@x.example"]
    assert [a.address for a in found.reply_to] == ["emile@maison.example"]
    assert [a.address for a in found.delivered_to] == ["boite@bacs.example"]


def test_of_several_authors_the_one_who_sent() -> None:
    found = read(mail("x", sender="a@x.example, b@x.example", fields="Sender: b@x.example"))
    assert found.sender == Address("", "b@x.example")
    assert len(found.authors) == 2


def test_without_from_somebody_is_named() -> None:
    assert read(b"Sender: s@x.example\nSubject: hi\n\nx").sender == Address("", "s@x.example")
    assert read(b"Return-Path: <r@x.example>\nSubject: hi\n\nx").sender == Address("", "r@x.example")
    assert read(b"Subject: hi\n\nx").sender is None


def test_a_list_that_rewrote_the_sender() -> None:
    found = read(
        mail(
            "x",
            sender="'Émile Roux' via Contact <contact@bacs.example>",
            fields="Reply-To: Émile Roux <emile@roux.example>",
        )
    )
    assert found.sender == Address("'Émile Roux' via Contact", "contact@bacs.example")
    assert found.claimed_author == Address("Émile Roux", "emile@roux.example")
    assert read(mail("x", fields="X-Original-From: Léa <lea@x.example>")).claimed_author == Address(
        "Léa", "lea@x.example"
    )
