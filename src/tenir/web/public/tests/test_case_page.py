"""The customer's own page: what it shows, what it does, and what it never does."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import get_resolver

from tenir import clock
from tenir.cases import verbs
from tenir.cases.links import customer_token
from tenir.cases.models import Case, Message
from tenir.cases.tests import scenes as cases
from tenir.cases.verbs import KeptFile
from tenir.customers import verbs as customers
from tenir.ledger import files
from tenir.ledger.models import Event
from tenir.people import verbs as people
from tenir.people.tests.scenes import MONDAY, amina, bruno, denise
from tenir.web.public.tests.scenes import answered, case_of_emile, hidden, page_of, photo, planned

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def browser() -> Client:
    return Client(enforce_csrf_checks=True, headers={"accept-language": "fr", "origin": "null"})


def words(response: Any) -> str:
    """What the page says; the token against forged requests differs each time."""
    if response.streaming:
        said = b"".join(response.streaming_content)
        response.close()
        return said.decode("utf-8", "replace")
    return re.sub(r'name="csrf-token" content="\w+"', "", response.content.decode())


def test_it_tells_the_case_in_plain_words(browser: Client) -> None:
    case = case_of_emile()
    people.choose_public_name(amina(), name="Aude", by=amina(), at=MONDAY)
    answered(case)
    shown = words(browser.get(page_of(case)))
    assert str(case) in shown
    assert "Aude" in shown
    assert "Amina" not in shown
    assert cases.BIN.partition(",")[0] in shown
    assert "Nous apportons le couvercle demain." in shown


def test_it_never_shows_what_is_not_theirs_to_see(browser: Client) -> None:
    case = case_of_emile()
    verbs.write_note(case, by=amina(), at=cases.minutes(1), text="SECRET-NOTE")
    cases.other_writes(case, "supplier@private.example", "SECRET-SUPPLIER", at=cases.minutes(2))
    cases.delivered(
        case, amina(), at=cases.minutes(3), text="SECRET-TO-SUPPLIER", recipients={"to": ["supplier@private.example"]}
    )
    cases.reply(case, amina(), "SECRET-HELD", at=cases.minutes(4))
    verbs.log_call(
        case, by=amina(), at=cases.minutes(5), said_at=cases.minutes(5), direction="out", text="SECRET-CALL", cut=False
    )
    undone = cases.reply(case, amina(), "SECRET-UNDONE", at=cases.minutes(6))
    verbs.undo_reply(undone, by=amina(), at=cases.minutes(6))
    shown = words(browser.get(page_of(case)))
    assert "SECRET" not in shown
    assert "private.example" not in shown
    assert "Nous nous sommes parlé au téléphone" in shown


def test_reading_changes_nothing(browser: Client) -> None:
    case = case_of_emile()
    answered(case)
    before = Event.objects.count(), Case.objects.values().get()
    here = page_of(case)
    for path in ("", "reply/", "solved/", "not-solved/", "callback/", "details/"):
        assert browser.get(here + path).status_code in (200, 302)
        browser.head(here + path)
    assert (Event.objects.count(), Case.objects.values().get()) == before


def test_they_write_with_a_file_and_a_double_click_is_one_message(browser: Client) -> None:
    case = case_of_emile()
    here = page_of(case)
    given = {"key": hidden(browser.get(here), "key")[0], "text": "Toujours pas de couvercle."}
    answer = browser.post(here + "reply/", given | {"files": [photo()]}, follow=True)
    browser.post(here + "reply/", given | {"files": [photo()]})
    assert "Votre message est arrivé" in words(answer)
    message = Message.objects.latest("pk")
    assert (message.text, message.customer, message.kind) == (given["text"], case.customer, "inbound")
    assert message.attachments.get().name == "bac.png"
    assert Case.objects.get().contacts == 2
    assert Message.objects.count() == 2


def test_an_answer_that_was_empty_or_too_large_keeps_the_rest(browser: Client, settings: Any) -> None:
    case = case_of_emile()
    here = page_of(case)
    assert browser.post(here + "reply/", {"key": "k", "text": "  "}).status_code == 422
    settings.MAX_ATTACHMENT_MB = 1
    large = photo("vidéo.mov", b"x" * 1_500_000)
    answer = browser.post(here + "reply/", {"key": "k", "text": "Voyez la vidéo.", "files": [photo(), large]})
    assert answer.status_code == 422
    assert "Voyez la vidéo." in words(answer)
    (slip,) = hidden(answer, "kept")
    browser.post(here + "reply/", {"key": "k", "text": "Voyez la photo.", "kept": slip})
    assert Message.objects.latest("pk").attachments.count() == 1


def test_solved_is_asked_once_more_then_noted(browser: Client) -> None:
    case = case_of_emile()
    answered(case)
    here = page_of(case)
    assert 'method="post"' in words(browser.get(here + "solved/"))
    answer = browser.post(here + "solved/", follow=True)
    assert Case.objects.get().state == "ended"
    assert case.endings.get().confirmed is True
    assert Event.objects.filter(name="ending_answered", actor_kind="customer").count() == 1
    assert "Merci de nous l’avoir dit" in words(answer)
    browser.post(here + "solved/")
    assert case.endings.count() == 1


def test_not_solved_opens_the_case_again_with_what_is_missing(browser: Client) -> None:
    case = case_of_emile()
    answered(case)
    verbs.end(case, kind="solved", by=amina(), at=cases.minutes(50))
    here = page_of(case)
    browser.post(here + "not-solved/", {"text": "Il manque la charnière.", "key": "k"})
    case.refresh_from_db()
    assert (case.state, case.reopenings) == ("open", 1)
    assert case.endings.get().confirmed is False
    assert Message.objects.latest("pk").text == "Il manque la charnière."


def test_they_ask_to_be_called(browser: Client) -> None:
    case = case_of_emile()
    here = page_of(case)
    answer = browser.post(here + "callback/", {"phone": "06 12 34 56 7", "when": "après 17 h", "key": "k"})
    assert answer.status_code == 422
    assert "06 12 34 56 7" in words(answer)
    assert "après 17 h" in words(answer)
    for _ in range(2):
        browser.post(here + "callback/", {"phone": "06 12 34 56 78", "when": "après 17 h", "key": "k"})
    (event,) = Event.objects.filter(name="callback_asked")
    message = Message.objects.get(pk=event.data["message"])
    assert (event.actor_kind, event.actor_id) == ("customer", case.customer_id)
    assert message.text.replace("\u00a0", " ") == "Rappelez-moi au 06 12 34 56 78, s’il vous plaît : après 17 h."
    assert message.facts["callback"] == {"number": "+33612345678", "when": "après 17 h"}


def test_they_correct_their_details(browser: Client) -> None:
    case = case_of_emile()
    here = page_of(case)
    given = {
        "name": "Émile Durand-Petit", "phone": ["06 12 34 56 78", ""], "language": "en", "prefers_channel": "phone",
        "prefers_hours": "after 5 pm", "prefers_pace": "slow",
    }  # fmt: skip
    wrong = browser.post(here + "details/", given | {"phone": ["06 12 34"]})
    assert wrong.status_code == 422
    assert "06 12 34" in words(wrong)
    assert "Durand-Petit" in words(wrong)
    browser.post(here + "details/", given)
    customer = case.customer
    customer.refresh_from_db()
    assert (customer.name, customer.language, customer.prefers_pace) == ("Émile Durand-Petit", "en", "slow")
    assert customer.reaches.get(kind="phone").value == "+33612345678"
    assert {event.actor_kind for event in Event.objects.filter(name__startswith="customer_renamed")} == {"customer"}
    assert "Durand-Petit" in words(browser.get(here + "details/"))


def test_it_speaks_their_language_unless_they_choose_another(browser: Client) -> None:
    case = case_of_emile(who=cases.customer("Claire Petit", language="en"))
    here = page_of(case)
    assert 'lang="en"' in words(browser.get(here))
    assert 'lang="fr"' in words(browser.get(here + "?lang=fr"))
    assert 'lang="fr"' in words(browser.get(here))


# --- Nothing of anybody else ---------------------------------------------------------------------------------------


def test_one_link_opens_nothing_of_another(browser: Client) -> None:
    mine, theirs = case_of_emile(), case_of_emile(who=cases.customer("Claire Petit"), text="CLAIRE-ONLY")
    kept = KeptFile(name="a.txt", content_type="text/plain", size=3, sha256=files.keep(b"abc"))
    hers = cases.writes_again(theirs, "CLAIRE-FILE", at=cases.minutes(3), files=[kept]).attachments.get()
    noted = verbs.write_note(mine, by=amina(), at=cases.minutes(3), text="n", files=[kept]).attachments.get()
    here = page_of(mine)
    for file in (hers, noted):
        assert browser.get(f"{here}files/{file.pk}/").status_code == 404
    assert words(browser.get(f"{page_of(theirs)}files/{hers.pk}/")) == "abc"
    token, its = customer_token(mine), customer_token(theirs)
    swapped = ".".join([its.split(".")[0], *token.split(".")[1:]])
    for path in (f"/c/{swapped}/", f"/c/{mine.pk}/", "/c/x/", f"/c/{token}x/", f"/c/{token}/files/{hers.pk}/?picture"):
        answer = browser.get(path)
        assert answer.status_code == 404
        assert "CLAIRE" not in words(answer)
        assert str(theirs) not in words(answer)


def test_every_address_under_a_link_is_closed_to_a_link_that_was_made_up(browser: Client) -> None:
    case = case_of_emile()
    before = Event.objects.count()
    patterns = [p.pattern for p in _all_patterns() if str(p.pattern).startswith("c/<str:token>/")]
    assert len(patterns) == 10
    for pattern in patterns:
        path = "/" + str(pattern).replace("<str:token>", "made-up").replace("<int:pk>", "1")
        for send in (browser.get, browser.post):
            answer = send(path)
            assert answer.status_code in ((404, 405) if send == browser.get else (404, 200))
            assert str(case) not in words(answer)
            assert "noindex" in answer["X-Robots-Tag"]
    assert Event.objects.count() == before
    assert planned("email.customer_link") == []


def _all_patterns() -> list[Any]:
    found, left = [], list(get_resolver().url_patterns)
    while left:
        one: Any = left.pop()
        if hasattr(one, "url_patterns"):
            left += one.url_patterns
        else:
            found.append(one)
    return found


def test_an_old_link_offers_a_fresh_one_and_says_nothing(browser: Client) -> None:
    with time_machine.travel(clock.now() - timedelta(days=settings.CUSTOMER_LINK_DAYS + 1)):
        here = page_of(case_of_emile())
    case = Case.objects.get()
    old, made_up = browser.get(here), browser.get("/c/made-up/")
    assert old.status_code == made_up.status_code == 404
    assert words(old).replace(here, "") == words(made_up).replace("/c/made-up/", "")
    answers = [browser.post(f"{path}fresh/") for path in (here, here, "/c/made-up/")]
    assert len({words(answer).replace(here, "").replace("/c/made-up/", "") for answer in answers}) == 1
    (task,) = planned("email.customer_link")
    assert task.data == {"case": case.pk}
    assert browser.post(here + "solved/").status_code == 404
    assert Case.objects.get().state == "waiting"


def test_a_link_of_a_merged_customer_and_case_still_leads_to_theirs(browser: Client) -> None:
    gone, kept = case_of_emile(), case_of_emile(text="Le deuxième bac.")
    here = page_of(gone)
    verbs.merge(kept=kept, other=gone, by=denise(), at=cases.minutes(5))
    customers.merge(cases.customer("Émilie Durand"), gone=kept.customer, by=denise(), at=cases.minutes(6))
    shown = words(browser.get(here))
    assert str(kept) in shown
    assert "Le deuxième bac." in shown
    assert "sans couvercle" in shown or "pas de couvercle" in shown
    answer = browser.post(here + "reply/", {"key": "k", "text": "C'est bien moi."})
    assert answer.status_code == 302
    assert Message.objects.latest("pk").case_id == kept.pk


# --- Harmless ------------------------------------------------------------------------------------------------------


def test_nobody_keeps_or_lists_the_page_or_learns_its_address(browser: Client) -> None:
    case = case_of_emile()
    here = page_of(case)
    for path in ("", "solved/", "callback/", "details/"):
        answer = browser.get(here + path)
        assert answer["Referrer-Policy"] == "no-referrer"
        assert "no-store" in answer["Cache-Control"]
        assert "noindex" in answer["X-Robots-Tag"]
        assert "'unsafe-inline'" not in answer["Content-Security-Policy"]
        assert " style=" not in words(answer)


def test_a_file_is_handed_out_and_never_opened_as_a_page(browser: Client) -> None:
    evil = KeptFile(
        name="a\r\nSet-Cookie: x.html",
        content_type="text/html",
        size=9,
        sha256=files.keep(b"<script>alert(1)</script>"),
    )
    picture = KeptFile(name="bac.png", content_type="image/png", size=9, sha256=files.keep(b"\x89PNG"))
    drawing = KeptFile(name="x.svg", content_type="image/svg+xml", size=9, sha256=files.keep(b"<svg onload='x'/>"))
    case = case_of_emile(files=[evil, picture, drawing])
    here = page_of(case)
    for file in case.messages.get().attachments.all():
        answer = browser.get(f"{here}files/{file.pk}/")
        assert answer["Content-Type"] == "application/octet-stream"
        assert answer["Content-Disposition"].startswith("attachment")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer["Content-Security-Policy"]
        assert "Set-Cookie" not in answer.headers
        assert words(answer)
        inside = browser.get(f"{here}files/{file.pk}/?picture")
        assert inside["Content-Type"] == ("image/png" if file.name == "bac.png" else "application/octet-stream")
        inside.close()


def test_what_somebody_wrote_is_never_markup(browser: Client) -> None:
    case = case_of_emile(subject="<img src=x onerror=alert(1)>", text="</p><script>alert(1)</script>")
    shown = words(browser.get(page_of(case)))
    assert "<script>alert" not in shown
    assert "<img src=x" not in shown


def test_the_page_asks_the_database_the_same_however_long_the_exchange(
    browser: Client, django_assert_max_num_queries: Any
) -> None:
    case = case_of_emile()
    for number in range(12):
        cases.writes_again(case, f"Et encore {number}", at=cases.minutes(number + 1))
        answered(case, by=bruno())
    with django_assert_max_num_queries(12):
        browser.get(page_of(case))
