"""What is owed, on the case's page: promised, delivered part by part, moved, withdrawn, given, and the lid."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tenir import clock
from tenir.cases.models import Case
from tenir.cases.tests.scenes import bin_without_lid
from tenir.people.models import Agent
from tenir.people.tests.scenes import amina, bruno, chloe, denise, outsider, team
from tenir.promises import verbs
from tenir.promises.models import Promise
from tenir.promises.tests.scenes import a_bin, fresh, plain

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def case() -> Case:
    return bin_without_lid(at=clock.now() - timedelta(hours=2))


def signed_in(agent: Agent) -> Client:
    client = Client()
    client.force_login(agent)
    return client


def url(case: Case, *more: str) -> str:
    return "/".join((f"/cases/{case}", *more, ""))


def promised(case: Case, **changes: Any) -> Promise:
    return a_bin(case, at=clock.now(), **changes)


def test_a_promise_is_made_with_its_parts_and_stands_on_the_page(case: Case) -> None:
    client = signed_in(amina())
    form = client.get(url(case, "promises"))
    assert "Promettre" in form.text
    typed = {
        "kind": "delivery", "what": "Livrer le bac vert", "parts": "le bac\n\nle couvercle\n", "how": "clock",
        "amount": "48", "customer_does": "laisser le portail ouvert", "owner": str(chloe().pk),
    }  # fmt: skip
    answer = client.post(url(case, "promises"), typed)
    assert answer.status_code == 302
    made = Promise.objects.get()
    assert (made.counted, made.amount, made.owner) == ("clock", 48 * 60, chloe())
    assert [part.text for part in made.parts.order_by("pk")] == ["le bac", "le couvercle"]
    page = client.get(url(case)).text
    assert "Livrer le bac vert" in page
    assert "Chloé en répond" in page
    assert "laisser le portail ouvert" in page
    assert "le couvercle" in page


@pytest.mark.parametrize(("agent", "words"), [(amina, "Une promesse a une date"), (bruno, "A promise has a date")])
def test_without_a_date_it_is_refused_and_nothing_typed_is_lost(case: Case, agent: object, words: str) -> None:
    client = signed_in(agent())  # type: ignore[operator]
    typed = {"kind": "action", "what": "Apporter le couvercle", "parts": "le couvercle", "how": "days", "amount": ""}
    answer = client.post(url(case, "promises"), typed | {"deliverer": "Dépôt de Lyon"}, headers=HTMX)
    assert answer.status_code == 422
    assert words in answer.text
    for kept in ("Apporter le couvercle", "Dépôt de Lyon", "le couvercle</textarea>"):
        assert kept in answer.text
    assert not Promise.objects.exists()


@pytest.mark.parametrize("amount", ["0", "-3", "x", "99999999", "²"])
def test_nonsense_instead_of_a_number_is_no_date(case: Case, amount: str) -> None:
    typed = {"kind": "action", "what": "x", "how": "clock", "amount": amount}
    assert signed_in(amina()).post(url(case, "promises"), typed, headers=HTMX).status_code == 422


def test_the_full_date_is_shown_before_anything_is_kept(case: Case) -> None:
    client = signed_in(amina())
    shown = client.get("/promises/date/?how=date&date=2031-06-03T14:30").text
    assert "mardi 3 juin 2031, 14:30" in shown
    assert "passé" in client.get("/promises/date/?how=date&date=2001-06-03T14:30").text
    usual = client.get("/promises/date/?usual=1&kind=callback").text
    assert 'value="4"' in usual
    assert 'value="hours" selected' in usual
    assert client.get("/promises/date/?how=nonsense&date=%00&amount=1e9").status_code == 200


def test_delivered_part_by_part_then_the_customer_is_asked(case: Case) -> None:
    made = promised(case)
    client = signed_in(amina())
    bin_, lid = made.parts.order_by("pk")
    where = f"/promises/{made.pk}/delivery/"
    assert client.post(where, {"seen": "0", "has_parts": "1"}, headers=HTMX).status_code == 422
    client.post(where, {"seen": "0", "has_parts": "1", "part": [bin_.pk]})
    assert fresh(made).state == "open"
    assert "apporté" in client.get(url(case)).text
    client.post(where, {"seen": "1", "has_parts": "1", "part": [lid.pk]})
    assert fresh(made).state == "delivered"
    assert "à confirmer par le client" in client.get(url(case)).text


def test_yes_but_makes_what_is_missing_a_promise_of_the_same_chain(case: Case) -> None:
    made = promised(case)
    lid = made.parts.get(text="couvercle")
    where = f"/promises/{made.pk}/answer/"
    client = signed_in(amina())
    assert client.post(where, {"answer": "partly"}, headers=HTMX).status_code == 422
    client.post(where, {"answer": "partly", "missing": [lid.pk]})
    assert fresh(made).state == "partly_kept"
    assert Promise.objects.get(follows=made).what == "couvercle"
    assert "Ce qui manquait à «\u00a0Livrer le bac vert et son couvercle\u00a0»" in client.get(url(case)).text


def test_a_new_date_needs_its_reason_and_the_first_one_stays(case: Case) -> None:
    made = promised(case)
    client = signed_in(amina())
    where = f"/promises/{made.pk}/date/"
    typed = {"seen": "0", "how": "date", "date": "2027-06-03T14:30", "told": "by_call", "because": ""}
    answer = client.post(where, typed, headers=HTMX)
    assert answer.status_code == 422
    assert "2027-06-03T14:30" in answer.text
    client.post(where, typed | {"because": "plus de couvercles"})
    assert fresh(made).renegotiated == 1
    assert "D’abord promis pour le" in client.get(url(case)).text


def test_who_acts_on_an_older_one_sees_the_new_one_first(case: Case) -> None:
    made = promised(case)
    verbs.give(made, seen=0, to=chloe(), by=amina(), at=clock.now())
    client = signed_in(amina())
    answer = client.post(
        f"/promises/{made.pk}/withdrawal/", {"seen": "0", "because": "x", "told": "by_call"}, headers=HTMX
    )
    assert answer.status_code == 422
    assert 'name="seen" value="1"' in answer.text
    client.post(f"/promises/{made.pk}/withdrawal/", {"seen": "1", "because": "x", "told": "by_call"})
    assert fresh(made).state == "withdrawn"


def test_given_and_broken(case: Case) -> None:
    made, other = promised(case), plain(case, at=clock.now())
    client = signed_in(amina())
    assert client.post(f"/promises/{made.pk}/owner/", {"seen": "0", "to": ""}, headers=HTMX).status_code == 422
    client.post(f"/promises/{made.pk}/owner/", {"seen": "0", "to": str(chloe().pk)})
    assert fresh(made).owner == chloe()
    said = {"seen": "0", "because": "perdu", "told": "not_yet"}
    client.post(f"/promises/{other.pk}/breaking/", said)
    assert fresh(other).state == "broken"
    page = client.get(url(case)).text
    assert "Nous le regrettons" in page
    assert "Écrire au client\u00a0: Rembourser 20 €" in page


def test_the_deputy_stands_there_by_name_while_the_owner_is_away(case: Case) -> None:
    promised(case)
    at = clock.now()
    verbs.note_absence(
        amina(), deputy=chloe(), begins_at=at - timedelta(days=1), ends_at=at + timedelta(days=1), by=denise(), at=at
    )
    assert "Chloé, en relais pour Amina," in signed_in(amina()).get(url(case)).text


def test_the_ending_says_what_is_owed_and_offers_the_way(case: Case) -> None:
    made = promised(case)
    client = signed_in(amina())
    dialogs = client.get(url(case, "dialogs")).text
    ending = dialogs[dialogs.index('id="ending-owed"') : dialogs.index("snooze-dialog")]
    assert "Livrer le bac vert" in ending
    assert f"/promises/{made.pk}/delivery/" in ending
    refused = client.post(url(case, "ending"), {"kind": "solved"}, follow=True)
    assert "Il reste une promesse en cours" in refused.text
    verbs.withdraw(made, seen=0, because="x", told="by_call", by=amina(), at=clock.now())
    dialogs = client.get(url(case, "dialogs")).text
    assert "Livrer le bac vert" not in dialogs[dialogs.index('id="ending-owed"') : dialogs.index("snooze-dialog")]


def test_in_place_only_the_panel_is_renewed(case: Case) -> None:
    made = promised(case)
    here = HTMX | {"HX-Current-URL": f"http://testserver{url(case)}?list=mine"}
    said = {"seen": "0", "because": "x", "told": "by_call"}
    answer = signed_in(amina()).post(f"/promises/{made.pk}/withdrawal/", said, headers=here)
    assert re.search(r'id="aside-owed"[^>]*hx-swap-oob="true"', answer.text)
    assert re.search(r'id="ending-owed"[^>]*hx-swap-oob="true"', answer.text)
    assert "retirée" in answer.text


@pytest.mark.parametrize("action", ["delivery", "date", "withdrawal", "breaking", "owner", "answer", "unconfirmed"])
@pytest.mark.parametrize("agent", [amina, bruno])
def test_every_form_opens_over_the_page_and_as_a_page(case: Case, action: str, agent: object) -> None:
    made = promised(case)
    client = signed_in(agent())  # type: ignore[operator]
    assert "<dialog" in client.get(f"/promises/{made.pk}/{action}/", headers=HTMX).text
    page = client.get(f"/promises/{made.pk}/{action}/")
    assert page.status_code == 200
    assert "Livrer le bac vert" in page.text
    assert client.post(f"/promises/{made.pk}/{action}/", {"seen": "7"}, headers=HTMX).status_code == 422


def test_a_promise_of_a_closed_case_does_not_exist_for_others(case: Case) -> None:
    made = promised(case)
    Case.objects.filter(pk=case.pk).update(team=team("Secret", denise(), is_private=True))
    for who in (bruno(), outsider()):
        answer = signed_in(who).get(f"/promises/{made.pk}/delivery/")
        assert answer.status_code in (302, 404)
    assert signed_in(bruno()).post(f"/promises/{made.pk}/delivery/", {"seen": "0"}).status_code == 404
    assert signed_in(bruno()).get("/promises/999999999/delivery/").status_code == 404


def test_what_is_owed_costs_the_page_one_query(case: Case) -> None:
    from django.db import connection

    client = signed_in(amina())
    client.get(url(case))
    with CaptureQueriesContext(connection) as without:
        client.get(url(case))
    for _ in range(5):
        promised(case)
    with CaptureQueriesContext(connection) as full:
        client.get(url(case))
    about = [query["sql"] for query in full.captured_queries if "promises_promise" in query["sql"]]
    assert len(about) == 1
    assert len(full.captured_queries) == len(without.captured_queries)
