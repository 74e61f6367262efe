"""The public form, as a browser sends it."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils.html import escape

from tenir.cases.models import Case, Message
from tenir.channels.form import verbs as form_verbs
from tenir.ledger import files
from tenir.web.public.tests.scenes import STORY, fill_in, hidden, photo, planned

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def browser() -> Client:
    """Somebody without cookies, whose browser says that they read French."""
    return Client(headers={"accept-language": "fr-FR,fr;q=0.9"}, enforce_csrf_checks=True)


def words(response: Any) -> str:
    return str(response.content.decode())


def test_a_letter_by_the_form_gets_its_reference_at_once(browser: Client) -> None:
    answer = browser.post("/contact/", fill_in(browser, since="hier", remedy="Un couvercle"), follow=True)
    case = Case.objects.get()
    assert str(case) in words(answer)
    assert (case.language, case.remedy_sought, case.customer.language) == ("fr", "Un couvercle", "fr")
    (task,) = planned("email.acknowledge")
    assert task.data["case"] == case.pk
    assert browser.get(answer.redirect_chain[0][0]).status_code == 200, "it can be read again"
    assert Case.objects.count() == 1


def test_the_page_speaks_the_language_that_is_read_and_can_be_switched(browser: Client) -> None:
    assert 'lang="fr"' in words(browser.get("/contact/"))
    english = browser.get("/contact/?lang=en")
    assert 'lang="en"' in words(english)
    assert "What happened?" in words(english)
    assert "What happened?" in words(browser.get("/contact/")), "the choice is remembered"
    assert "What happened?" in words(Client(headers={"accept-language": "en-GB"}).get("/contact/"))
    assert "Que s’est-il passé" in words(Client(headers={"accept-language": "de"}).get("/contact/"))
    assert browser.get("/contact/?lang=xx").status_code == 200


def test_nothing_is_lost_when_something_is_to_be_corrected(browser: Client) -> None:
    given = fill_in(browser, email="emile@", phone="06 12 34 56 7", name="Émile <b>", remedy="Qu'on m'écoute")
    answer = browser.post("/contact/", given | {"files": [photo()]})
    assert answer.status_code == 422
    shown = words(answer)
    for typed in (STORY, "emile@", "06 12 34 56 7", "Émile <b>", "Qu'on m'écoute"):
        assert escape(typed) in shown
    assert "Cette adresse est incomplète" in shown
    assert "9 chiffres sur 10" in shown
    assert not Case.objects.exists()
    (slip,) = hidden(answer, "kept")
    (page,) = hidden(answer, "page")
    assert page == given["page"]
    browser.post("/contact/", {**given, "email": "emile@example.org", "phone": "", "kept": slip})
    (attachment,) = Message.objects.get().attachments.all()
    assert (attachment.name, files.content_of(attachment.sha256)) == ("bac.png", b"\x89PNG\r\n\x1a\n bac")


def test_a_file_that_is_unticked_is_left_out(browser: Client) -> None:
    browser.post("/contact/", fill_in(browser, email="") | {"files": [photo()]})
    browser.post("/contact/", fill_in(browser))
    assert not Message.objects.get().attachments.exists()


def test_a_file_too_large_is_said_by_name_and_the_others_are_kept(browser: Client, settings: Any) -> None:
    settings.MAX_ATTACHMENT_MB = 1
    large = photo("vidéo.mov", b"x" * 1_500_000, "video/quicktime")
    answer = browser.post("/contact/", fill_in(browser) | {"files": [photo(), large]})
    assert answer.status_code == 422
    assert "« vidéo.mov » est trop gros" in words(answer).replace("\u00a0", " ").replace("\u202f", " ")
    assert len(hidden(answer, "kept")) == 1
    assert STORY in words(answer)


def test_more_files_than_we_take_are_said(browser: Client) -> None:
    answer = browser.post("/contact/", fill_in(browser) | {"files": [photo(f"{n}.png") for n in range(12)]})
    assert answer.status_code == 422
    assert words(answer).count("est un fichier de trop") == 2
    assert len(hidden(answer, "kept")) == 10


def test_a_slip_from_elsewhere_brings_no_file(browser: Client) -> None:
    answer = browser.post("/contact/", fill_in(browser) | {"kept": "made-up"})
    assert answer.status_code == 422
    assert "joignez-le de nouveau" in words(answer)
    assert STORY in words(answer)


def test_without_words_or_a_way_to_answer_it_says_so(browser: Client) -> None:
    shown = words(browser.post("/contact/", fill_in(browser, text="", email="")))
    assert "Dites-nous en quelques mots" in shown
    assert "Donnez-nous une adresse ou un numéro" in shown


def test_a_double_click_is_one_case(browser: Client) -> None:
    given = fill_in(browser)
    first, second = browser.post("/contact/", given), browser.post("/contact/", given)
    assert first["Location"] != ""
    assert Case.objects.count() == 1
    assert second.status_code == 302
    assert len(planned("email.acknowledge")) == 1


def test_a_robot_is_thanked_like_everybody_and_a_person_looks_first(browser: Client) -> None:
    answer = browser.post("/contact/", fill_in(browser, website="https://pills.example"), follow=True)
    case = Case.objects.get()
    assert str(case) in words(answer)
    assert [tag.name for tag in case.tags.all()] == ["douteux"]
    assert planned("email.acknowledge") == []


def test_a_form_that_was_never_opened_is_kept_too(browser: Client) -> None:
    browser.post("/contact/", {"text": STORY, "email": "emile@example.org"})
    assert [tag.name for tag in Case.objects.get().tags.all()] == ["douteux"]


def test_a_flood_is_asked_to_wait_with_the_words_kept(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(form_verbs, "MOST_FROM_NETWORK", 1)
    browser.post("/contact/", fill_in(browser))
    again = browser.post("/contact/", fill_in(browser, text="Encore autre chose."))
    assert again.status_code == 429
    assert "Encore autre chose." in words(again)
    assert Case.objects.count() == 1


@pytest.mark.parametrize(
    "bad", ["\x00", "\ud800".encode("utf-16", "surrogatepass").decode("utf-16", "replace"), "𝕏" * 50]
)
def test_strange_signs_are_taken(browser: Client, bad: str) -> None:
    answer = browser.post("/contact/", fill_in(browser, text=f"{STORY} {bad}", name=f"É{bad}"))
    assert answer.status_code in (302, 422)
    if answer.status_code == 422:
        assert STORY in words(answer)


def test_the_number_s_helper_tells_nothing_about_anybody(browser: Client) -> None:
    browser.post("/contact/", fill_in(browser, phone="06 12 34 56 78"))
    known, unknown = (browser.get(f"/contact/number/?number={n}").json() for n in ("0612345678", "0612345679"))
    assert known | {"shown": ""} == unknown | {"shown": ""}
    assert known["whole"]
    assert browser.get("/contact/number/?number=06123").json()["whole"] is False


def test_a_receipt_cannot_be_made_up(browser: Client) -> None:
    assert browser.get("/contact/sent/abc/").status_code == 404


def test_no_cookie_is_needed_and_no_session_begins(browser: Client) -> None:
    answer = browser.post("/contact/", fill_in(browser), headers={"origin": "null"})
    assert answer.status_code == 302
    assert settings.SESSION_COOKIE_NAME not in browser.cookies
