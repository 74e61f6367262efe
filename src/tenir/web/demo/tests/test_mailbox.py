"""The customers' mailboxes: letters are kept, read, written as by a mail program, and only in a demonstration."""

from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from django.http import Http404
from django.test import Client, RequestFactory
from pytest_django import Settings

from tenir.channels.email import parse
from tenir.web.demo import doors, views
from tenir.web.demo.postbox import Postbox, addresses
from tenir.web.demo.writing import File, compose

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
FROM_THE_DESK = (
    "From: Amina (Val-de-Lune) <bonjour@val-de-lune.example>\r\nTo: emile@courriel.example\r\n"
    "Subject: Re: Le bac\r\nMessage-ID: <desk.1@val-de-lune.example>\r\nReferences: <first@courriel.example>\r\n"
    "Date: Sun, 22 Nov 2026 10:00:00 +0100\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nVotre bac est là.\r\n"
).encode()


@pytest.fixture(autouse=True)
def _own_folder(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    settings.DEMO = True


def test_a_letter_that_came_is_there_unread_and_then_read() -> None:
    box = Postbox("Emile@Courriel.example")
    box.deliver(FROM_THE_DESK)
    (came,) = box.letters()
    assert (came.mail.subject, came.unread, box.unread()) == ("Re: Le bac", True, 1)
    assert box.letter(came.key) is not None
    (read,) = box.letters()
    assert (read.unread, box.unread(), read.key) == (False, 0, came.key)
    assert list(addresses()) == ["emile@courriel.example"]


def test_what_was_sent_stands_beside_what_came_newest_first() -> None:
    box = Postbox("emile@courriel.example")
    box.deliver_read(FROM_THE_DESK)
    box.keep_sent(FROM_THE_DESK.replace(b"10:00", b"11:00"))
    assert [(letter.own, letter.unread) for letter in box.letters()] == [(True, False), (False, False)]


@pytest.mark.parametrize("address", ["", "emile", "@", "a@" + "é" * 100, "@@"])
def test_what_is_no_address_has_no_mailbox(address: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        Postbox(address)


@pytest.mark.parametrize("address", ["../../etc@passwd", "a/b@c.example", "..@.."])
def test_no_address_leads_out_of_the_folder(address: str, tmp_path: Path) -> None:
    Postbox(address).deliver(FROM_THE_DESK)
    (made,) = (tmp_path / "customers-mail").iterdir()
    assert (made / "new").is_dir()
    assert [folder.name for folder in tmp_path.iterdir()] == ["customers-mail"]


def test_an_answer_is_threaded_and_quoted_so_that_the_reader_finds_what_is_new() -> None:
    letter = compose(
        sender=("Émile Martin", "emile@courriel.example"),
        to="bonjour@val-de-lune.example",
        subject="",
        text="Merci Amina !\n<b>Émile</b>",
        at=NOON,
        answers=parse.read(FROM_THE_DESK),
        files=[File("photo.png", b"\x89PNG")],
    )
    mail = parse.read(letter.as_bytes())
    assert mail.in_reply_to == ("<desk.1@val-de-lune.example>",)
    assert mail.references == ("<first@courriel.example>", "<desk.1@val-de-lune.example>")
    assert mail.subject == "Re: Le bac"
    assert mail.new_text.strip() == "Merci Amina !\n<b>Émile</b>"
    assert any("Votre bac est là." in fold.text for fold in mail.folded)
    assert [one.name for one in mail.attachments] == ["photo.png"]
    html = message_from_bytes(letter.as_bytes(), policy=policy.default).get_body(("html",))
    assert html is not None
    assert "&lt;b&gt;Émile" in html.get_content()


def test_a_door_opens_once_and_new_doors_close_the_old(tmp_path: Path) -> None:
    first = doors.make(tmp_path, ["amina@val-de-lune.example"])["amina@val-de-lune.example"]
    second = doors.make(tmp_path, ["amina@val-de-lune.example"])["amina@val-de-lune.example"]
    assert doors.go_through(tmp_path, first) is None
    assert doors.go_through(tmp_path, second) == "amina@val-de-lune.example"
    assert doors.go_through(tmp_path, second) is None
    assert doors.go_through(tmp_path, "../../serve.lock") is None


def test_a_real_desk_has_none_of_these_pages(settings: Settings, client: Client) -> None:
    settings.DEMO = False
    assert client.get("/demo/mailbox/").status_code == 404
    with pytest.raises(Http404):
        views.people(RequestFactory().get("/demo/mailbox/"))
    with pytest.raises(Http404):
        views.enter(RequestFactory().get("/"), "token")
