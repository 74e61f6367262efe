"""What these screens change: organisation, categories, work tried again, letters made cases, people and teams."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from tenir.cases.models import Case, Category
from tenir.channels.email.models import Mail, Mailbox
from tenir.channels.email.receive import Desk, receive
from tenir.channels.email.tests.test_receive import letter
from tenir.ledger.models import Event
from tenir.outbox.models import Task
from tenir.people.access import organisation_name
from tenir.people.models import Agent, Organisation, Team
from tenir.people.tests.scenes import alix, amina, bruno, denise
from tenir.web.settings.letters import PAGE

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def signed_in(agent: Agent) -> Client:
    client = Client()
    client.force_login(agent)
    return client


def events() -> list[str]:
    return list(Event.objects.order_by("id").values_list("name", flat=True))


def test_the_organisation_has_a_name_and_languages() -> None:
    client = signed_in(alix())
    client.post("/settings/", {"name": " Les  Bacs ", "languages": "en-fr"})
    client.post("/settings/", {"name": "Les Bacs du Canal", "languages": "fr"})
    assert organisation_name() == "Les Bacs du Canal"
    assert [row.languages for row in Organisation.objects.all()] == [["fr"]]
    assert events() == ["organisation_set", "organisation_set"]
    for wrong in ({"name": "", "languages": "fr"}, {"name": "x", "languages": "de"}, {"name": "x"}):
        client.post("/settings/", wrong)
    assert organisation_name() == "Les Bacs du Canal"


def test_categories_are_kept_and_their_cases_stay() -> None:
    client = signed_in(alix())
    client.post("/settings/categories/", {"name": "Bacs"})
    client.post("/settings/categories/", {"name": "Bacs"})
    client.post("/settings/categories/", {"name": "  "})
    [category] = Category.objects.all()
    client.post(f"/settings/categories/{category.pk}/name/", {"name": "Bacs et couvercles"})
    box = Mailbox.objects.create(name="Desk", address="bonjour@desk.example")
    message = receive(letter(), at=AT, desk=Desk.at(box)).message
    assert message is not None
    Case.objects.filter(pk=message.case_id).update(category=category)
    assert "Bacs et couvercles" in client.get("/settings/categories/").text
    client.post(f"/settings/categories/{category.pk}/removal/")
    assert Case.objects.get().category is None
    assert [name for name in events() if name == "category_kept"] == ["category_kept"] * 3


def test_what_was_given_up_is_tried_again() -> None:
    client = signed_in(alix())
    dead = Task.objects.create(
        kind="email.send", key="x", due_at=AT, set_at=AT, created_at=AT, ended_at=AT, state="dead", reason="550 no"
    )
    assert "550 no" in client.get("/settings/undelivered/").text
    client.post(f"/settings/undelivered/{dead.pk}/retry/")
    client.post(f"/settings/undelivered/{dead.pk}/retry/")
    dead.refresh_from_db()
    assert dead.state == Task.State.WAITING
    assert events() == ["task_revived"]


def test_a_letter_taken_for_a_machines_becomes_a_case_once() -> None:
    client = signed_in(amina())
    mail = receive(letter("Je suis là.", Auto_Submitted="auto-replied"), at=AT, desk=Desk.at(None))
    page = client.get(f"/letters/{mail.pk}/")
    assert "Je suis l" in page.text
    raw = client.get(f"/letters/{mail.pk}/raw/")
    assert raw["Content-Type"] == "application/octet-stream"
    assert b"Auto-Submitted" in raw.content
    for _press in range(2):
        assert client.post(f"/letters/{mail.pk}/case/")["Location"] == f"/cases/{Case.objects.get()}/"
    assert events().count("mail_rescued") == 1
    assert client.get(f"/letters/{mail.pk}/").status_code == 404


def test_letters_are_leafed_through_without_loss() -> None:
    rows = [
        Mail(fingerprint=f"{n:064}", sha256="0" * 64, received_at=AT + timedelta(seconds=n // 3), outcome="machine",
             sender=f"robot{n:03}@client.example")
        for n in range(2 * PAGE + 5)
    ]  # fmt: skip
    Mail.objects.bulk_create(rows)
    client = signed_in(bruno())
    seen: list[int] = []
    page = client.get("/letters/")
    while True:
        seen += [row["pk"] for row in page.context["rows"]]
        if not page.context["older_url"]:
            break
        page = client.get(page.context["older_url"])
    assert seen == sorted(seen, reverse=True)
    assert len(seen) == len(rows)
    back = client.get(page.context["newer_url"])
    assert [row["pk"] for row in back.context["rows"]] == seen[PAGE : 2 * PAGE]
    for odd in ("?before=x", "?before=2026-03-02,1", "?after=2026-03-02T09:00:00%2B00:00,x", "?before=9999-99-99,1"):
        assert client.get(f"/letters/{odd}").status_code == 200


def test_teams_are_made_led_and_closed() -> None:
    client = signed_in(denise())
    where = client.post("/teams/", {"name": "Bacs"})["Location"]
    client.post(f"{where}members/", {"person": amina().pk})
    client.post(f"{where}members/", {"person": "x"})
    client.post(f"{where}privacy/", {"private": "yes"})
    client.post(f"{where}name/", {"name": "Bacs bleus"})
    client.post(f"{where}signatures/", {"french": "Les Bacs", "english": "The Bins"})
    crew = Team.objects.get()
    assert (crew.name, crew.is_private, crew.signature_en) == ("Bacs bleus", True, "The Bins")
    assert list(crew.members.all()) == [amina()]
    assert client.get(where).status_code == 200
    client.post(f"{where}members/{amina().pk}/removal/")
    assert not crew.members.exists()


def test_an_identity_is_read_with_a_reason_that_the_person_sees() -> None:
    client, person = signed_in(alix()), amina()
    where = f"/people/{person.pk}/"
    client.post(f"{where}identity/", {"legal_name": "Amina Exemple"})
    assert "Amina Exemple" not in client.get(where).text
    assert "Amina Exemple" not in client.post(f"{where}identity/readings/", {"reason": " "}, follow=True).text
    assert "Amina Exemple" in client.post(f"{where}identity/readings/", {"reason": "paie de mars"}).text
    assert "paie de mars" in signed_in(person).get("/me/").text
    assert signed_in(denise()).post(f"{where}identity/readings/", {"reason": "x"}).status_code == 404


def test_the_last_administrator_stays() -> None:
    client, person = signed_in(alix()), alix()
    for path, data in (("departure/", {}), ("role/", {"role": "agent"})):
        client.post(f"/people/{person.pk}/{path}", data)
        person.refresh_from_db()
        assert (person.is_active, person.role) == (True, "administrator")


def test_an_invitation_shows_its_link_once_and_a_new_one_ends_it() -> None:
    client = signed_in(alix())
    asked = {"given_name": "Zoé", "email": "zoe@desk.example", "role": "supervisor", "language": "fr"}
    first = client.post("/people/invitations/", asked).context["link"]
    zoe = Agent.objects.get(email="zoe@desk.example")
    assert first not in client.get(f"/people/{zoe.pk}/").text
    second = client.post(f"/people/{zoe.pk}/invitations/").context["link"]
    path = first[first.index("/invitation/") :]
    assert Client().get(path).status_code == 404
    assert Client().get(second[second.index("/invitation/") :]).status_code == 200
