# ruff: noqa: E501 (a mail is easier to read in one piece)
"""Any bytes give a mail, in bounded work: generated, broken, and built to be expensive."""

from __future__ import annotations

import dataclasses
import json
import random
import tracemalloc
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenir.channels.email.parse import Limits, as_json, fuzz, read, structure
from tenir.channels.email.parse.structure import Tree
from tenir.channels.email.parse.tests import outlook, test_quoting_of_people, test_quoting_of_programs
from tenir.channels.email.parse.tests.scenes import TIGHT, head, mail, nothing_is_lost, part, several

REAL = [
    expected.raw
    for group in (
        test_quoting_of_people.SIGNATURES,
        test_quoting_of_people.FORWARDS,
        test_quoting_of_people.NOT_FOLDED,
        test_quoting_of_programs.PLAIN,
        test_quoting_of_programs.HTML,
    )
    for expected in group
]


def holds(raw: bytes, limits: Limits = TIGHT) -> None:
    """What is true of every mail."""
    found = read(raw, own_addresses=("contact@bacs.example",), trusted_authserv="mx.example", limits=limits)
    assert not [t for t in found.troubles if t.code == "reader_failed"], found.troubles
    nothing_is_lost(found)
    json.dumps(as_json(found), ensure_ascii=False).encode("utf-8")
    assert sum(a.size for a in found.attachments) <= limits.attachments
    assert found == read(raw, own_addresses=("contact@bacs.example",), trusted_authserv="mx.example", limits=limits)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=3_000))
def test_any_bytes(raw: bytes) -> None:
    holds(raw)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(REAL), st.randoms(use_true_random=False))
def test_real_mails_that_were_broken(raw: bytes, chance: random.Random) -> None:
    holds(fuzz.mutated(raw, REAL, chance))


_LINES = st.lists(
    st.sampled_from(
        [
            "Bonjour,", "", "> cité", ">> cité deux fois", "Le 5 mars 2024 à 10:20, X <x@y.example> a écrit :", "On Monday X wrote:", "-- ", "--",
            "-----Message d'origine-----", "De : X <x@y.example>", "Envoyé : mardi 5 mars 2024 09:12", "À : Y", "Objet : Bac", "Envoyé de mon iPhone",
            "Cordialement,", "Émile Roux", "Tél : 06 12 34 56 78", "---------- Forwarded message ---------", "________________", "Date : hier",
            "Si vous avez reçu ce message par erreur, merci de le détruire et d'avertir l'expéditeur.", "begin 644 x", "end", "Le couvercle manque.",
            "écrit :", "PS : merci", "a@b.example", "<p>", "Merci", "www.x.example",
        ]
    )
    | st.text(max_size=80),
    max_size=30,
)  # fmt: skip


@settings(max_examples=500, deadline=None)
@given(_LINES, st.sampled_from(["Bac", "Re: Bac", "TR: Bac", "Fwd: Bac"]), st.booleans())
def test_no_word_is_lost_between_new_text_and_folds(lines: list[str], subject: str, html: bool) -> None:
    body = "\n".join(line.encode("utf-8", "ignore").decode() for line in lines)
    if html:
        marked = body.replace("> cité", "<blockquote type=cite>cité</blockquote>").replace("\n", "<br>")
        holds(mail(html=marked, subject=subject))
    else:
        holds(mail(body, subject=subject))


def _trees() -> st.SearchStrategy[bytes]:
    kinds = st.sampled_from(
        ["text/plain", "text/html", "text/calendar", "application/pdf", "message/rfc822", "application/ms-tnef", "text/plain; format=flowed",
         "image/png", "message/delivery-status", "multipart/mixed", "text/rfc822-headers", "application/pkcs7-mime", "text/enriched"]
    )  # fmt: skip
    encodings = st.sampled_from(["8bit", "base64", "quoted-printable", "7bit"])
    bodies = st.binary(max_size=200) | st.sampled_from(
        [b"<b>x</b>", b"Bonjour", b"BEGIN:VEVENT\nSUMMARY:x\nEND:VEVENT"]
    )
    fields = st.sampled_from(
        ["", "Content-Disposition: attachment; filename=x.txt", "Content-ID: <a@b>", "Content-Disposition: inline"]
    )
    leaf = st.builds(part, bodies, kinds, st.just("utf-8"), encodings, fields)
    families = st.sampled_from(
        ["mixed", "alternative", "related", "report", "signed", "encrypted", "digest", "appledouble", "x"]
    )
    return st.recursive(
        leaf,
        lambda inner: st.lists(inner, max_size=4).flatmap(lambda p: families.map(lambda f: several(f, *p))),
        max_leaves=12,
    )


@settings(max_examples=200, deadline=None)
@given(_trees())
def test_every_tree_of_parts(tree: bytes) -> None:
    holds(head() + tree)


# -- built to be expensive ---------------------------------------------------------------------------------------------


def _nested(depth: int) -> bytes:
    """Parts within parts, each with its own boundary, never closed."""
    return (
        head()
        + b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (i, i) for i in range(depth))
        + b"\r\nBonjour"
    )


def _same_boundary(count: int) -> bytes:
    return head() + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * count


def _nested_mails(depth: int) -> bytes:
    return b"From: a@b.example\r\nContent-Type: message/rfc822\r\n\r\n" * depth + b"From: c@d.example\r\n\r\nBonjour"


EXPENSIVE: dict[str, Callable[[], bytes]] = {
    "parts within parts, ten thousand deep": lambda: _nested(10_000),
    "a hundred thousand parts": lambda: _same_boundary(100_000),
    "mails within mails": lambda: _nested_mails(5_000),
    "one line of two million characters": lambda: mail("a" * 2_000_000),
    "one line of blanks": lambda: mail("a" + " " * 1_000_000 + "b"),
    "a million line ends": lambda: mail("\n" * 1_000_000),
    "lines that look like boundaries": lambda: (
        head() + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--bx\r\n" * 200_000
    ),
    "a flood of header fields": lambda: b"".join(b"X-A%d: b\r\n" % i for i in range(100_000)) + b"\r\nx",
    "one endless header": lambda: b"From: a@b.example\r\nSubject: " + b"a " * 1_000_000 + b"\r\n\r\nx",
    "an endless folded header": lambda: b"From: a@b.example\r\nSubject: x" + b"\r\n y" * 300_000 + b"\r\n\r\nx",
    "broken header lines": lambda: b"From: a@b.example\r\n" + b"junk\r\n" * 100_000 + b"Subject: x\r\n\r\nx",
    "blanks in the address": lambda: b"From: " + b" " * 200_000 + b"x\r\n\r\nx",
    "angles": lambda: b"From: " + b"<" * 100_000 + b"\r\n\r\nx",
    "parentheses": lambda: b"From: " + b"(" * 100_000 + b"\r\n\r\nx",
    "quotes": lambda: b"From: " + b'"a' * 60_000 + b"\r\n\r\nx",
    "colons": lambda: b"From: " + b"a@:" * 40_000 + b"\r\n\r\nx",
    "at signs": lambda: b"From: " + b"a@" * 60_000 + b"\r\n\r\nx",
    "commas": lambda: b"To: " + b"a@b.example," * 10_000 + b"\r\n\r\nx",
    "encoded words without end": lambda: b"From: a@b.example\r\nSubject: " + b"=?utf-8?Q?a" * 10_000 + b"\r\n\r\nx",
    "encoded words": lambda: b"From: a@b.example\r\nSubject: " + b"=?utf-8?Q?=C3?= " * 7_000 + b"\r\n\r\nx",
    "parameters": lambda: head() + b"Content-Type: text/plain" + b"; a*0*=b" * 15_000 + b"\r\n\r\nx",
    "semicolons": lambda: head() + b"Content-Type: text/plain" + b"; " * 60_000 + b"\r\n\r\nx",
    "references": lambda: mail("x", fields="References: " + "<a@b.example> " * 8_000),
    "attributions without quotation": lambda: mail("On 5 Mar 2024 10:20 you wrote\n" * 30_000),
    "attribution lines": lambda: mail("a écrit :\n" * 60_000),
    "header blocks": lambda: mail("De : a@b.example\nDate : x 10:20\nObjet : y\n> z\n" * 15_000),
    "lines like From": lambda: mail("De : x\n" * 60_000),
    "separators": lambda: mail("-----Message d'origine-----\n> x\n" * 30_000),
    "quotation, one line in two": lambda: mail("> a\nb\n" * 60_000),
    "quotation marks": lambda: mail(">" * 900_000),
    "dashes": lambda: mail("-- \nx\n> y\n" * 50_000),
    "dashes that only look like a signature's": lambda: mail("---\nun deux\n" * 30_000),
    "dashes above nothing": lambda: mail("--\n" * 60_000),
    "names and telephones": lambda: mail("Cordialement\nÉmile\n06 12 34 56 78\n\n" * 9_000),
    "telephone lines": lambda: mail("Envoyé de mon iPhone\n> x\n" * 9_000),
    "rulers": lambda: mail("____________\n\n" * 20_000),
    "arrows of one's own": lambda: mail("> a\n\nb\n" * 30_000),
    "notices": lambda: mail(("confidentiel destinataire " * 40 + "\n\n") * 900),
    "figures and dots": lambda: mail("5.1.1" * 150_000, sender="MAILER-DAEMON@x.example", subject="Undelivered"),
    "addresses in a bounce": lambda: mail("a@b.c" * 150_000, sender="MAILER-DAEMON@x.example", subject="Undelivered"),
    "uuencoded beginnings": lambda: mail("begin 644 a\n" * 60_000 + "\nend"),
    "html, angles": lambda: mail(html="<" * 900_000),
    "html, comments": lambda: mail(html="<!--" * 200_000),
    "html, attributes": lambda: mail(html="<p " + "a=b " * 200_000 + ">x"),
    "html, one enormous attribute": lambda: mail(html=f'<p style="{"x:y;" * 200_000}">x</p>'),
    "html, elements": lambda: mail(html="<b>x</b><br>" * 80_000),
    "html, not closed": lambda: mail(html="<div><b><p>" * 80_000),
    "html, formatting across blocks": lambda: mail(html="<b><div></b>" * 30_000),
    "html, tables": lambda: mail(html="<table><tr><td>" * 30_000),
    "html, selects and options": lambda: mail(html="<select><option>" * 50_000),
    "html, entities": lambda: mail(html="&amp;&#x41;" * 90_000),
    "html, links": lambda: mail(html='<a href="https://x.example/a">y</a>' * 25_000),
    "html, hidden": lambda: mail(html='<p style="display:none">y</p>' * 30_000),
    "calendar": lambda: head() + part("BEGIN:VEVENT\n" * 60_000, "text/calendar"),
    "calendar, one line": lambda: head() + part("BEGIN:VEVENT\nSUMMARY:" + "a" * 390_000, "text/calendar"),
    "an archive that unpacks endlessly (TNEF)": lambda: (
        head()
        + part(
            outlook.container()
            + outlook._attribute(1, 0x00069003, b"\1\0\0\0" + outlook._property(0x0102, 0x1009, outlook.bomb(500_000))),
            "application/ms-tnef",
            encoding="base64",
        )
    ),
    "TNEF properties": lambda: (
        head()
        + part(
            outlook.container() + outlook._attribute(1, 0x00069003, b"\xff" * 100_000),
            "application/ms-tnef",
            encoding="base64",
        )
    ),
    "delivery status": lambda: (
        head("Undelivered", "MAILER-DAEMON@x.example")
        + several("report", part("x", "text/plain"), part("Action: failed\n\n" * 20_000, "message/delivery-status"))
    ),
    "quoted-printable": lambda: head() + part("=" * 900_000, "text/plain").replace(b"8bit", b"quoted-printable"),
    "nothing but carriage returns": lambda: b"\r" * 1_000_000,
    "zeros": lambda: b"\0" * 1_000_000,
    "stray bytes": lambda: head() + b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + b"\xe9a\xc3\xa9" * 200_000,
    "authentication results": lambda: mail("x", fields="Authentication-Results: mx.example;" + " spf=pass (((" * 2_000),
}


@pytest.mark.parametrize("name", EXPENSIVE)
def test_expensive_mails_cost_no_more_than_their_size_allows(
    name: str, work: Callable[[Callable[[], object]], int]
) -> None:
    raw = EXPENSIVE[name]()
    steps = work(lambda: read(raw, own_addresses=("a@b.example",), trusted_authserv="mx.example"))
    # Lines of Python executed: with limits and linear patterns, a few for each byte at the very most.
    assert steps < 2_000_000 + 6 * len(raw), f"{steps} lines for {len(raw)} bytes"


@pytest.mark.parametrize(
    "name",
    [
        "parts within parts, ten thousand deep",
        "a hundred thousand parts",
        "an archive that unpacks endlessly (TNEF)",
        "html, elements",
    ],
)
def test_memory_is_bounded(name: str) -> None:
    raw = EXPENSIVE[name]()
    tracemalloc.start()
    try:
        read(raw)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 60_000_000 + 12 * len(raw), f"{peak} bytes for {len(raw)}"


def test_the_tree_is_never_deeper_or_larger_than_its_limits() -> None:
    for raw in (_nested(10_000), _same_boundary(100_000)):
        tree = Tree(raw, Limits())
        assert tree.parts <= Limits().parts
        deepest, stack = 0, [tree.root]
        while stack:
            node = stack.pop()
            deepest = max(deepest, node.depth)
            stack += node.children
        assert deepest <= Limits().depth


# -- the fuzzer --------------------------------------------------------------------------------------------------------


def test_a_short_run_of_the_fuzzer() -> None:
    assert fuzz.run(rounds=300, seed=3) == ""
    assert fuzz.main(["--rounds", "20", "--seed", "5"]) == 0


def test_the_fuzzer_sees_a_lost_word_and_a_failure() -> None:
    found = read(mail("Le couvercle manque."))
    assert "lost words" in fuzz.complaint(b"x" * 1000, dataclasses.replace(found, new_text="Le couvercle"))
    failed = dataclasses.replace(
        found, troubles=(dataclasses.replace(read(b"").troubles[0], code="reader_failed", detail="boum"),)
    )
    assert fuzz.complaint(b"x" * 1000, failed) == "boum"


def test_a_mistake_of_the_reader_is_told_and_the_words_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RecursionError("too deep")

    monkeypatch.setattr(structure, "Tree", broken)
    found = read("Subject: x\n\nOù est mon bac ?".encode())
    assert [t.code for t in found.troubles] == ["reader_failed"]
    assert "Où est mon bac ?" in found.new_text
