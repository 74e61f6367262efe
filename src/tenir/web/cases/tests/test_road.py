"""The desk's road through its pages: a letter is there, it is taken, answered, undone, ended."""

import re
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from django.test import Client

from tenir.cases.models import Case, Message
from tenir.channels.email.models import Mailbox
from tenir.channels.email.receive import Desk, receive
from tenir.channels.email.tests.test_receive import letter
from tenir.people.tests.scenes import amina, bruno, denise, outsider, team

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def case() -> Case:
    box = Mailbox.objects.create(name="Desk", address="bonjour@desk.example")
    message = receive(letter(), at=AT, desk=Desk.at(box)).message
    assert message is not None
    return message.case


def signed_in(agent: object) -> Client:
    client = Client()
    client.force_login(agent)  # type: ignore[arg-type]
    return client


def url(case: Case, *more: str) -> str:
    return "/".join((f"/cases/{case}", *more, ""))


def test_the_waiting_list_shows_the_letter_and_the_case_page_its_words(case: Case) -> None:
    client = signed_in(amina())
    rows = client.get("/cases/?list=waiting")
    assert rows.status_code == 200
    assert "Bac sans couvercle" in rows.text
    page = client.get(url(case))
    assert page.status_code == 200
    assert "mon bac n’a pas de couvercle" in page.text
    for part in ("top", "timeline", "aside"):
        assert client.get(url(case, "parts", part)).status_code == 200
    assert client.get(url(case, "parts", "nothing")).status_code == 404


def test_a_reference_typed_another_way_leads_to_the_page(case: Case) -> None:
    answer = signed_in(amina()).get(f"/cases/{str(case).lower()}/")
    assert answer.status_code == 302
    assert answer["Location"] == url(case)


def test_taken_by_one_the_other_is_told(case: Case) -> None:
    signed_in(amina()).post(url(case, "owner"))
    answer = signed_in(bruno()).post(url(case, "owner"), follow=True)
    assert "Amina" in answer.text
    case.refresh_from_db()
    assert case.owner == amina()


def test_a_reply_is_held_and_undone_into_the_draft(case: Case) -> None:
    client = signed_in(amina())
    said = {"text": "Bonjour, il arrive.", "to": "emile@client.example", "seen": case.last_inbound_id}
    page = client.post(url(case, "replies"), said, follow=True)
    reply = Message.objects.get(kind="reply")
    assert reply.delivery == "held"
    assert "il arrive" in page.text
    page = client.post(f"/messages/{reply.pk}/undoing/", follow=True)
    reply.refresh_from_db()
    assert reply.delivery == "withdrawn"
    assert client.get(url(case)).text.count("Bonjour, il arrive.") >= 2  # the withdrawn one, and the draft


def test_a_reply_to_words_not_seen_is_refused_and_kept(case: Case) -> None:
    client = signed_in(amina())
    seen = case.last_inbound_id
    more = letter("Encore ceci.", message_id="<two@client.example>", In_Reply_To="<one@client.example>")
    receive(more, at=AT, desk=Desk.at(None))
    said = {"text": "Ma réponse à moi.", "to": "emile@client.example", "seen": seen}
    page = client.post(url(case, "replies"), said, follow=True)
    assert not Message.objects.filter(kind="reply").exists()
    assert "Ma réponse à moi." in page.text
    assert "Encore ceci." in page.text


def test_every_change_of_the_page_works(case: Case) -> None:
    client = signed_in(denise())
    bins = team("Bacs", denise())
    posts = [
        ("owner", {}),
        ("notes", {"text": "À voir. @Bruno"}),
        ("calls", {"text": "A appelé.", "cut": "on"}),
        ("words", {"subject": "Le couvercle", "remedy_sought": "un couvercle"}),
        ("tags", {"name": "Couvercle"}),
        ("steps", {"text": "trouver un couvercle"}),
        ("participants", {"address": "zoe@client.example"}),
        ("team", {"team": bins.pk}),
        ("handover", {"to": bruno().pk, "story": "Le couvercle manque."}),
        ("snooze", {"until": "2099-01-01T09:00"}),
        ("waking", {}),
        ("ending", {"kind": "could_not", "because": "plus en stock"}),
        ("reopening", {}),
    ]
    for noun, data in posts:
        page = client.post(url(case, noun), data, follow=True, headers={"referer": f"http://testserver{url(case)}"})
        assert page.status_code == 200, noun
    case.refresh_from_db()
    assert (case.subject, case.state, case.cut_lines) == ("Le couvercle", "open", 1)
    assert client.get(url(case)).status_code == 200


def test_the_outsider_sees_404_and_the_stranger_the_sign_in(case: Case) -> None:
    private = team("Fermée", denise(), is_private=True)
    Case.objects.filter(pk=case.pk).update(team=private)
    assert signed_in(amina()).get(url(case)).status_code == 404
    assert signed_in(amina()).post(url(case, "notes"), {"text": "x"}).status_code == 404
    assert Client().get(url(case)).status_code == 302
    assert signed_in(outsider()).get(url(case)).status_code in (302, 404)


def test_search_finds_it_and_the_palette_too(case: Case) -> None:
    client = signed_in(amina())
    assert "<mark>" in client.get("/search/", {"q": "couvercles"}).text
    assert str(case) in client.get("/palette/", {"q": str(case)}).text
    assert client.get("/search/", {"q": "zzzz"}).status_code == 200


def test_bulk_and_its_undo(case: Case) -> None:
    client = signed_in(amina())
    page = client.post("/cases/bulk/", {"case": str(case), "what": "take"}, follow=True)
    assert "/undoing/" in page.text
    case.refresh_from_db()
    assert case.owner == amina()


def test_an_image_inside_a_letter_shows_without_a_cookie_and_nothing_else_does(case: Case) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "emile@client.example", "bonjour@desk.example", "Photo"
    mail["Message-ID"], mail["In-Reply-To"] = "<p@client.example>", "<one@client.example>"
    mail.set_content("Voir la photo.")
    mail.add_alternative('<p>Voir <img src="cid:photo"> et <img src="http://spy.example/x.png"></p>', subtype="html")
    mail.get_payload()[1].add_related(PIXEL, "image", "png", cid="<photo>")  # type: ignore[union-attr, index]
    message = receive(mail.as_bytes(), at=AT, desk=Desk.at(None)).message
    assert message is not None
    client = signed_in(amina())
    page = client.get(f"/messages/{message.pk}/html/")
    assert "spy.example" not in page["Content-Security-Policy"]
    assert ' src="http://spy.example' not in page.text
    (address,) = re.findall(r'src="(/inline/[^"]+)"', page.text)
    image = Client().get(address)
    assert (image.status_code, image["Content-Type"], image.getvalue()) == (200, "image/png", PIXEL)
    assert Client().get(address[:-3] + "xx/").status_code == 404
    assert ' src="http://spy.example' in client.get(f"/messages/{message.pk}/html/?images=1").text


PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360000002000001"
    "e221bc330000000049454e44ae426082"
)
