"""A letter is read again as it was written, by Python's own parser, whatever is in it."""

import email
import email.policy
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import getaddresses, parsedate_to_datetime, unquote
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tenir.channels.email.wires import markup
from tenir.channels.email.wires.addresses import Address, on_the_wire, one_line
from tenir.channels.email.wires.compose import (
    Attached,
    Automatic,
    HeaderRefused,
    Inline,
    Letter,
    Quoted,
    attribution,
    compose,
    to_html,
    to_text,
)
from tenir.channels.email.wires.flowed import flow, quote

PARIS = timezone(timedelta(hours=1))
CHLOE = Address("desk@example.org", "Chloé — Service clients")
EMILE = Address("emile@example.test", "Émile")
LETTER = Letter(
    sender=CHLOE,
    to=[EMILE],
    subject="Votre bac vert",
    date=datetime(2026, 11, 3, 14, 5, tzinfo=PARIS),
    message_id="<abc.k7m2qx.def@example.org>",
    body="Bonjour,\n\nLe couvercle part **demain**.",
    language="fr",
    signature="Chloé\nService clients",
)
LINES = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=200)
NASTY = st.text(st.sampled_from(list(' abc,.;:<>@"\\()[]=?_-é€\u00a0\u202f')), max_size=300)
HEADER = LINES | NASTY
PIECES = ["mot", "Où ça ?", "x" * 80, " ", "  ", "\n", "\n\n", "\r", "> ", ">", "- ", "-- ", "1. ", "**", "*", "From "]
PROSE = (
    st.lists(st.sampled_from(PIECES), max_size=60).map("".join)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=300)
    | NASTY
)


def parsed(letter: Letter) -> EmailMessage:
    raw = compose(letter)
    assert raw.isascii()
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert b"\r" not in raw.replace(b"\r\n", b"")
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert not any(part.defects for part in message.walk())
    return message


def body(message: EmailMessage, kind: str) -> str:
    part = message.get_body(preferencelist=(kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def unflowed(text: str) -> list[str]:
    """The paragraphs of format=flowed text (RFC 3676 4), as another program would read them."""
    paragraphs: list[str] = []
    open_ = False
    for line in text.split("\n"):
        content = line.removeprefix(" ")
        if open_:
            paragraphs[-1] += content
        else:
            paragraphs.append(content)
        open_ = content.endswith(" ") and content != "-- "
    return paragraphs


def headers_of(letter: Letter, name: str) -> str:
    """A header as written, unfolded, not decoded."""
    head = compose(letter).split(b"\r\n\r\n")[0].decode()
    value: str
    [value] = re.findall(rf"(?m)^{name}:((?:.|\r\n )*?)\r\n(?! )", head + "\r\n")
    return value.replace("\r\n", "").removeprefix(" ")


class TestFields:
    @settings(deadline=None)
    @given(HEADER)
    @example("a" * 2000)
    @example("=?utf-8?q?a?=")
    @example(" ")
    def test_any_subject_comes_back_exactly(self, subject: str) -> None:
        told = headers_of(replace(LETTER, subject=subject), "Subject")
        decoded = str(make_header(decode_header(told))) if "=?" in told else told
        assert decoded == subject

    @settings(deadline=None)
    @given(st.lists(HEADER, min_size=1, max_size=6), HEADER)
    @example(["é" * 150, "b, c <x@y.z>", 'quote " and \\'], "é, è")
    def test_any_names_come_back_and_no_recipient_is_lost(self, names: list[str], sender: str) -> None:
        people = [Address(f"p{number}@example.test", name) for number, name in enumerate(names)]
        letter = replace(LETTER, sender=Address("desk@example.org", sender), to=people, cc=people[:2])
        told = headers_of(letter, "To")
        found = getaddresses([told])
        assert [address for _, address in found] == [person.email for person in people]
        for (name, _), person in zip(found, people, strict=True):
            assert str(make_header(decode_header(name))) == person.name.strip() or _same(name, person.name)
        message = parsed(letter)
        assert [one.addr_spec for one in message["to"].addresses] == [person.email for person in people]
        assert [one.addr_spec for one in message["from"].addresses] == ["desk@example.org"]
        assert len(message["cc"].addresses) == len(people[:2])

    @settings(deadline=None)
    @given(st.lists(st.from_regex(r"[!-;=?-~]{1,300}", fullmatch=True), max_size=40))
    def test_references_are_never_encoded_and_their_number_is_bounded(self, words: list[str]) -> None:
        known = [f"<{word}@x>" for word in dict.fromkeys(words)]
        letter = replace(LETTER, references=known, in_reply_to="<last@example.test>")
        told = headers_of(letter, "References").split()
        assert told[-1] == "<last@example.test>"
        assert told[0] == [*known, "<last@example.test>"][0]
        assert len(told) <= 20
        assert set(told) <= {*known, "<last@example.test>"}
        assert headers_of(letter, "In-Reply-To") == "<last@example.test>"

    def test_a_malformed_reference_is_left_out(self) -> None:
        message = parsed(replace(LETTER, references=["<good@x>", "bad", "<a b@x>", ""], in_reply_to="not an id"))
        assert message["references"] == "<good@x>"
        assert message["in-reply-to"] is None

    def test_the_date_and_the_marks(self) -> None:
        message = parsed(replace(LETTER, case="K7M2-QX", reply_to=Address("desk+abc@example.org")))
        assert parsedate_to_datetime(message["date"]) == LETTER.date
        assert message["message-id"] == LETTER.message_id
        assert message["x-tenir-case"] == "K7M2-QX"
        assert message["reply-to"].addresses[0].addr_spec == "desk+abc@example.org"
        for name in ("auto-submitted", "x-auto-response-suppress", "list-id", "list-unsubscribe", "cc"):
            assert message[name] is None

    def test_an_automatic_letter_says_so(self) -> None:
        message = parsed(replace(LETTER, automatic=Automatic.REPLIED, list_id="news.example.org"))
        assert message["auto-submitted"] == "auto-replied"
        assert message["x-auto-response-suppress"] == "All"
        assert message["list-id"] == "<news.example.org>"
        asked = parsed(replace(LETTER, list_unsubscribe="https://example.org/stop?x=1"))
        assert asked["list-unsubscribe"] == "<https://example.org/stop?x=1>"

    def test_a_domain_with_accents_is_written_in_ascii_and_a_local_part_with_accents_as_it_is(self) -> None:
        assert "nina@xn--bcher-kva.example" in headers_of(replace(LETTER, to=[Address("nina@bücher.example")]), "To")
        assert "émile@example.test".encode() in compose(replace(LETTER, to=[Address("émile@example.test")]))

    @pytest.mark.parametrize("evil", ["a\r\nBcc: x@y.z", "a\nb", "a\rb", "a\x00b", "a\u2028b", "a\x85b", "a\ud800b"])
    @pytest.mark.parametrize(
        "name",
        ["subject", "message_id", "in_reply_to", "references", "case", "list_id", "list_unsubscribe", "file", "cid"],
    )
    def test_no_field_can_add_a_header(self, name: str, evil: str) -> None:
        fields: dict[str, dict[str, Any]] = {
            "message_id": {"message_id": f"<{evil}@x>"},
            "references": {"references": [f"<{evil}@x>"]},
            "file": {"attachments": [Attached(name=evil, content_type="text/plain", content=b"")]},
            "cid": {"inlines": [Inline(cid=evil, name="x", content_type="image/png", content=b"")]},
        }
        with pytest.raises(HeaderRefused):
            compose(replace(LETTER, **fields.get(name, {name: evil})))

    @pytest.mark.parametrize("evil", ["a\r\nBcc: x@y.z", "a\u2028b"])
    def test_no_name_or_address_can_add_a_header(self, evil: str) -> None:
        with pytest.raises(ValueError, match="not one line"):
            Address("a@b.example", evil)
        with pytest.raises(ValueError, match="not a mail address"):
            Address(f"{evil}@b.example")
        assert "\n" not in one_line(evil)

    def test_what_makes_no_letter(self) -> None:
        several: list[dict[str, Any]] = [
            {"to": []},
            {"date": datetime(2026, 1, 1)},  # noqa: DTZ001
            {"message_id": "abc"},
        ]
        for wrong in several:
            with pytest.raises(ValueError, match=r"nobody|aware|Message-ID"):
                compose(replace(LETTER, **wrong))


class TestBody:
    def test_the_same_words_in_both_forms(self) -> None:
        message = parsed(LETTER)
        assert message.get_content_type() == "multipart/alternative"
        assert body(message, "plain") == ("Bonjour,\n\nLe couvercle part *demain*.\n\n-- \nChloé\nService clients\n")
        page = body(message, "html")
        assert '<html lang="fr">' in page
        assert "<p>Bonjour,</p>\n<p>Le couvercle part <strong>demain</strong>.</p>" in page
        assert "<p>-- <br>\nChloé<br>\nService clients</p>" in page

    def test_the_history_in_french_and_english(self) -> None:
        quoted = Quoted(author="Émile", at=datetime(2026, 11, 3, 14, 5, tzinfo=PARIS), text="Où est-il ?\n> avant")
        french = parsed(replace(LETTER, quoted=quoted))
        assert "Le 3 nov. 2026 à 14:05, Émile a écrit\u00a0:\n> Où est-il ?\n>> avant\n" in body(french, "plain")
        assert "<p>Le 3 nov. 2026 à 14:05, Émile a écrit\u00a0:</p>" in body(french, "html")
        assert "<p>Où est-il ?<br>\n&gt; avant</p>\n</blockquote>" in body(french, "html")
        assert attribution(quoted, "en") == "On 3 Nov 2026 at 14:05, Émile wrote:"
        first = replace(quoted, at=datetime(2026, 8, 1, 9, 0, tzinfo=UTC), author="a\r\nb")
        assert attribution(first, "fr") == "Le 1er août 2026 à 09:00, a b a écrit\u00a0:"

    @settings(deadline=None)
    @given(PROSE, PROSE, PROSE)
    @example("x" * 5000, "-- \n-- " + "y" * 80, "From here\n>quoted\n " + "z " * 900)
    @example("\f\x0b\x1c\x85", "\ud800".encode("utf-8", "replace").decode(), "\t")
    def test_any_text_makes_a_letter_that_is_read_again(self, words: str, signature: str, history: str) -> None:
        letter = replace(
            LETTER,
            body=words,
            signature=signature,
            quoted=Quoted(author="Émile", at=LETTER.date, text=history),
        )
        message = parsed(letter)
        text = body(message, "plain")
        assert text.startswith("\n".join(flow(to_text(words))))
        assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
        assert unflowed("\n".join(flow(to_text(words)))) == [one.rstrip(" ") for one in to_text(words).split("\n")]

    @settings(deadline=None)
    @given(PROSE)
    def test_a_quotation_flows_back(self, words: str) -> None:
        said = markup.clean(words)
        lines = quote(said)
        assert all(line.startswith(">") for line in lines)
        again = unflowed("\n".join(line.lstrip(">") for line in lines))
        wanted = [re.sub(r"^(?:> ?)+", "", one).rstrip(" ") for one in said.split("\n")]
        assert [one.rstrip(" ") for one in again] == wanted or "> " in said

    def test_half_a_character_is_replaced(self) -> None:
        assert "a?b" in body(parsed(replace(LETTER, body="a\ud800b")), "plain")

    def test_the_bytes_depend_only_on_the_letter(self) -> None:
        file = Attached(name="a.pdf", content_type="application/pdf", content=b"x")
        letter = replace(LETTER, attachments=[file])
        assert compose(letter) == compose(letter)

    def test_a_long_history_in_one_line_is_wrapped(self) -> None:
        text = "mot " * 500_000
        assert len(flow(text)) == pytest.approx(len(text) / 72, rel=0.1)


class TestFiles:
    @settings(deadline=None)
    @given(
        st.lists(st.tuples(HEADER, st.binary(max_size=500)), min_size=1, max_size=4),
        st.sampled_from(["application/pdf", "text/csv; charset=x", "message/rfc822", "multipart/mixed", "", "a b/c"]),
    )
    @example([("/etc/passwd", b"x"), ("..\\a.exe", b"\r\n.\r\n--=_")], "image/png")
    @example([("<>", b""), ("<a>.pdf", b"x"), ('"b"', b"y")], "application/pdf")
    def test_any_file_comes_back(self, files: list[tuple[str, bytes]], told: str) -> None:
        attachments = [Attached(name=name, content_type=told, content=data) for name, data in files]
        message = parsed(replace(LETTER, attachments=attachments))
        found = list(message.iter_attachments())
        assert [part.get_payload(decode=True) for part in found] == [data for _, data in files]
        for part, (name, _) in zip(found, files, strict=True):
            wanted = re.split(r"[/\\]", name)[-1].strip()[:200].strip() or "file"
            # Python's reader takes quotes and angle brackets around a whole name away, twice.
            assert part.get_filename() == unquote(unquote(wanted)).strip()
            assert part.get_content_disposition() == "attachment"
            assert not part.is_multipart()

    def test_an_image_is_shown_in_the_text_and_only_when_it_travels_with_it(self) -> None:
        image = Inline(cid="plan.1@desk", name="plan.png", content_type="image/png", content=b"\x89PNG")
        words = "Ici ![le plan](cid:plan.1@desk) et ![rien](cid:other)"
        message = parsed(replace(LETTER, body=words, inlines=[image], attachments=[
            Attached(name="b.pdf", content_type="application/pdf", content=b"%PDF")
        ]))  # fmt: skip
        kinds = [part.get_content_type() for part in message.walk()]
        assert kinds == [
            "multipart/mixed",
            "multipart/alternative",
            "text/plain",
            "multipart/related",
            "text/html",
            "image/png",
            "application/pdf",
        ]
        page = body(message, "html")
        assert 'Ici <img src="cid:plan.1@desk" alt="le plan"> et ![rien](cid:other)' in page
        assert "Ici [le plan] et ![rien](cid:other)" in body(message, "plain")
        [shown] = [part for part in message.walk() if part.get_content_type() == "image/png"]
        assert shown["content-id"] == "<plan.1@desk>"


class TestMarkup:
    @pytest.mark.parametrize(
        ("source", "page", "text"),
        [
            ("a\nb\n\n\nc", "<p>a<br>\nb</p>\n<p>c</p>", "a\nb\n\nc"),
            ("**gras** et *penché*", "<p><strong>gras</strong> et <em>penché</em></p>", "*gras* et _penché_"),
            ("2*3*4 = 24 ** x", "<p>2*3*4 = 24 ** x</p>", "2*3*4 = 24 ** x"),
            ("- un\n- **deux**", "<ul>\n<li>un</li>\n<li><strong>deux</strong></li>\n</ul>", "- un\n- *deux*"),
            ("2. b\n3) c", '<ol start="2">\n<li>b</li>\n<li>c</li>\n</ol>', "2. b\n3. c"),
            ("Liste :\n- a\nfin", "<p>Liste :</p>\n<ul>\n<li>a</li>\n</ul>\n<p>fin</p>", "Liste :\n\n- a\n\nfin"),
            (
                "Voir https://x.example/a?b=1&c=(d).",
                '<p>Voir <a href="https://x.example/a?b=1&amp;c=(d)">https://x.example/a?b=1&amp;c=(d)</a>.</p>',
                "Voir https://x.example/a?b=1&c=(d).",
            ),
            ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>", "<script>alert(1)</script>"),
            ("javascript:alert(1)", "<p>javascript:alert(1)</p>", "javascript:alert(1)"),
            ("", "", ""),
        ],
    )
    def test_what_it_becomes(self, source: str, page: str, text: str) -> None:
        assert to_html(source) == page
        assert to_text(source) == text

    @settings(deadline=None)
    @given(PROSE | st.text(st.sampled_from(list("*-1.[]()!:/<>\"'& \nhtps&;=acid")), max_size=200))
    @example('https://x/"onmouseover="a')
    @example('!["><script>](cid:a)')
    def test_nothing_but_its_own_tags_can_come_out(self, source: str) -> None:
        allowed: dict[str, set[str]] = {"p": set(), "br": set(), "strong": set(), "em": set(), "ul": set(), "li": set(),
                   "ol": {"start"}, "a": {"href"}, "img": {"src", "alt"}}  # fmt: skip

        class Reader(HTMLParser):
            opened: list[str]

            def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
                assert {name for name, _ in attrs} <= allowed[tag]
                for name, value in attrs:
                    if name == "href":
                        assert str(value).startswith(("http://", "https://"))
                    if name == "src":
                        assert value == "cid:a"
                if tag not in ("br", "img"):
                    self.opened.append(tag)

            def handle_endtag(self, tag: str) -> None:
                assert self.opened.pop() == tag

            def handle_comment(self, data: str) -> None:
                raise AssertionError(data)

        reader = Reader()
        reader.opened = []
        reader.feed(to_html(source, images=["a"]))
        reader.close()
        assert reader.opened == []

    def test_a_hostile_source_is_read_to_its_end(self) -> None:
        for source in (
            "*" * 100_000,
            "**a" * 30_000,
            "*a " * 30_000,
            "![" * 50_000,
            "https://" * 10_000,
            "\n " * 50_000,
        ):
            to_html(source)
            to_text(source)


@pytest.mark.parametrize(
    "wrong",
    ["", "a", "@b.example", "a@", "a b@c.example", "a@b..example", '"a"@b.example', "a@-b.example", "a@b>", "a@b\r\n"],
)
def test_what_is_not_an_address(wrong: str) -> None:
    with pytest.raises(ValueError, match="not a"):
        on_the_wire(wrong)


def _same(written: str, name: str) -> bool:
    """Python's old address reader drops what stands in brackets of an unquoted phrase; ours are quoted or encoded."""
    return " ".join(str(make_header(decode_header(written))).split()) == " ".join(name.split())
