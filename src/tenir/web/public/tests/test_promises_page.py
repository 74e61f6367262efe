"""What was promised, on the customer's page and from their letters: what they read, and the three buttons."""

from datetime import datetime, timedelta
from typing import Any

import icalendar
import pytest
import time_machine
from django.conf import settings
from django.test import Client

from tenir.cases.models import Case
from tenir.cases.tests import scenes as cases
from tenir.ledger.models import Event
from tenir.people import verbs as people
from tenir.people.tests.scenes import MONDAY, alix, amina, bruno
from tenir.promises import verbs
from tenir.promises.models import Change, Promise
from tenir.promises.tests.scenes import a_bin, another_date, days, delivered, fresh, hours, part, plain, rule
from tenir.web.public.tests.scenes import hidden, page_of
from tenir.web.public.tests.test_case_page import words
from tests.racing import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def browser() -> Client:
    return Client(enforce_csrf_checks=True, headers={"accept-language": "fr", "origin": "null"})


def at(moment: datetime) -> Any:
    return time_machine.travel(moment, tick=False)


def ask_of(promise: Promise, case: Case | None = None) -> str:
    """The address of a promise's own page."""
    return f"{page_of(case or promise.case)}promises/{promise.pk}/"


def world() -> tuple[int, list[tuple[Any, ...]]]:
    return Event.objects.count(), list(Promise.objects.order_by("pk").values_list("state", "revision", "due_at"))


def test_the_page_tells_what_by_whom_by_when_and_what_they_do_meanwhile(browser: Client) -> None:
    with at(hours(1)):
        people.choose_public_name(amina(), name="Aude", by=amina(), at=MONDAY)
        promise = a_bin(customer_does="Laissez le bac au bout de l’allée après le ramassage.")
        shown = words(browser.get(page_of(promise.case)))
    assert "Livrer le bac vert et son couvercle" in shown
    assert "Aude en répond." in shown
    assert "Amina" not in shown
    assert "Au plus tard le mercredi 4 mars, 10:00 (dans 2 jours)" in shown
    assert "Laissez le bac au bout de l’allée après le ramassage." in shown
    assert 'name="answer"' not in shown


def test_while_the_owner_is_away_the_page_names_who_stands_in(browser: Client) -> None:
    with at(hours(1)):
        promise = a_bin()
        verbs.note_absence(amina(), deputy=bruno(), begins_at=hours(0.5), ends_at=days(9), by=alix(), at=MONDAY)
        shown = words(browser.get(page_of(promise.case)))
    assert "Bruno en répond pendant l’absence de Amina." in shown


def test_a_new_date_never_hides_the_first_one_and_says_nothing_of_the_reason(browser: Client) -> None:
    with at(hours(2)):
        promise = another_date(a_bin(), to=days(4), at=hours(1), because="SECRET-REASON")
        shown = words(browser.get(page_of(promise.case)))
    assert "La première date était le mercredi 4 mars, 10:00." in shown
    assert "Au plus tard le vendredi 6 mars, 10:00" in shown
    assert "SECRET" not in shown


def test_what_is_late_is_called_late(browser: Client) -> None:
    with at(days(3)):
        shown = words(browser.get(page_of(a_bin().case)))
    assert "C’était prévu pour le mercredi 4 mars, 10:00 et ce n’est pas encore fait." in shown


def test_a_rule_of_the_desk_is_shown_only_if_the_desk_shows_it(browser: Client) -> None:
    from tenir.ledger.readers import read_on
    from tenir.promises import standing

    rule("next_answer", timedelta(hours=4), is_shown=False)
    rule("first_answer", timedelta(hours=4), is_shown=True)
    case = cases.bin_without_lid()
    read_on("standing-promises", standing.follow)
    with at(hours(1)):
        shown = words(browser.get(page_of(case)))
    assert Promise.objects.get().kind == "first_answer"
    assert Promise.objects.get().what in shown
    assert f"/promises/{Promise.objects.get().pk}/" not in shown


def test_reading_changes_nothing_whatever_the_letter_s_link_says(browser: Client) -> None:
    """Mail scanners follow every link of a letter, some with HEAD."""
    promise = delivered(a_bin(), at=hours(24))
    before = world()
    with at(hours(25)):
        for query in ("", "?answer=kept", "?answer=not_yet", "?answer=partly", "?answer=x&answer=kept"):
            assert browser.get(ask_of(promise) + query).status_code == 200
            browser.head(ask_of(promise) + query)
            browser.options(ask_of(promise) + query)
        browser.get(page_of(promise.case))
    assert world() == before


def test_yes_is_one_tap_and_twice_is_once(browser: Client) -> None:
    promise = delivered(a_bin(), at=hours(24))
    with at(hours(25)):
        shown = browser.get(ask_of(promise) + "?answer=kept")
        given = {"answer": "kept", "seen": hidden(shown, "seen")[0]}
        answer = browser.post(ask_of(promise), given, follow=True)
        again = browser.post(ask_of(promise), given, follow=True)
    assert "Nous avons noté que c’est fait." in words(answer)
    assert "Nous avons noté que c’est fait." in words(again)
    assert fresh(promise).state == "kept"
    assert Event.objects.filter(name="promise_kept").count() == 1
    assert Change.objects.filter(what="kept").get().actor_kind == "customer"


def test_not_yet_opens_it_again_once(browser: Client) -> None:
    promise = delivered(a_bin(), at=hours(24))
    with at(hours(25)):
        given = {"answer": "not_yet", "seen": hidden(browser.get(ask_of(promise)), "seen")[0]}
        browser.post(ask_of(promise), given)
        answer = browser.post(ask_of(promise), given, follow=True)
    assert "Cela reste sur notre liste" in words(answer)
    assert fresh(promise).state == "open"
    assert Event.objects.filter(name="promise_not_yet").count() == 1


def test_yes_but_the_lid_is_owed_at_once_with_a_date(browser: Client) -> None:
    promise = delivered(a_bin(), at=hours(24))
    given = {"answer": "partly", "missing": [part(promise, "couvercle")], "text": "le bac est arrivé nu"}
    with at(hours(25)):
        answer = browser.post(ask_of(promise), given, follow=True)
        browser.post(ask_of(promise), given)
    rest = Promise.objects.get(follows=promise)
    assert (fresh(promise).state, rest.state, rest.what) == ("partly_kept", "open", "couvercle, le bac est arrivé nu")
    assert "Ce qui manque est promis de nouveau" in words(answer)
    assert "couvercle, le bac est arrivé nu" in words(answer)


def test_yes_but_without_saying_what_asks_and_keeps_the_question_open(browser: Client) -> None:
    promise = delivered(a_bin(), at=hours(24))
    for missing in ([], ["9999"], ["x"], ["٣"], [2**70]):
        with at(hours(25)):
            answer = browser.post(ask_of(promise), {"answer": "partly", "missing": missing, "text": "  "})
        assert answer.status_code == 422
        assert "<details" in words(answer)
        assert "open><summary" in words(answer)
    assert fresh(promise).state == "delivered"


def test_no_answer_or_a_made_up_one_asks_again(browser: Client) -> None:
    promise = delivered(a_bin(), at=hours(24))
    for answer in ("", "yes", "\x00", "broken"):
        assert browser.post(ask_of(promise), {"answer": answer}).status_code == 422
    assert fresh(promise).state == "delivered"


def test_when_somebody_changed_it_meanwhile_it_is_said(browser: Client) -> None:
    promise = delivered(a_bin(), at=hours(24))
    with at(hours(25)):
        seen = hidden(browser.get(ask_of(promise)), "seen")[0]
        verbs.confirm(promise, answer=verbs.Answer.PARTLY, by=amina(), at=hours(25), missing_words="couvercle")
        answer = browser.post(ask_of(promise), {"answer": "kept", "seen": seen})
    assert answer.status_code == 409
    assert "Quelqu’un vient de modifier cette promesse." in words(answer)
    assert "Il manquait quelque chose" in words(answer)
    assert fresh(promise).state == "partly_kept"


def test_a_not_yet_of_an_old_page_does_not_undo_a_second_delivery(browser: Client) -> None:
    promise = delivered(a_bin(), at=hours(24))
    with at(hours(25)):
        old = {"answer": "not_yet", "seen": hidden(browser.get(ask_of(promise)), "seen")[0]}
        browser.post(ask_of(promise), old)
        delivered(promise, at=hours(30))
        answer = browser.post(ask_of(promise), old)
    assert answer.status_code == 409
    assert fresh(promise).state == "delivered"


@pytest.mark.parametrize("answer", ["kept", "not_yet", "partly"])
def test_four_taps_at_once_are_one_answer(answer: str) -> None:
    promise = delivered(a_bin(), at=hours(24))
    with time_machine.travel(hours(25)):
        link = ask_of(promise)
        given = {"answer": answer, "seen": str(promise.revision), "text": "couvercle"}
        answers = at_once(4, lambda number: Client().post(link, given))
    assert {one.status_code for one in answers} == {302}
    name = {"kept": "promise_kept", "not_yet": "promise_not_yet", "partly": "promise_partly_kept"}[answer]
    assert Event.objects.filter(name=name).count() == 1
    assert Promise.objects.filter(follows=promise).count() == (answer == "partly")


def test_solved_while_something_is_owed_does_not_say_that_the_case_is_closed(browser: Client) -> None:
    promise = a_bin()
    with at(hours(1)):
        answer = browser.post(page_of(promise.case) + "solved/", follow=True)
    assert "Votre dossier reste ouvert jusqu’à ce que" in words(answer)
    assert "est clos" not in words(answer)
    assert Case.objects.get().state != "ended"


def test_an_unconfirmed_promise_can_still_be_answered_and_opens_its_case_again(browser: Client) -> None:
    from tenir.cases import verbs as case_verbs

    promise = delivered(plain(), at=hours(24))
    Promise.objects.filter(pk=promise.pk).update(next_alarm="", next_alarm_at=None)
    promise = fresh(promise)
    verbs.leave_unconfirmed(promise, seen=promise.revision, because="silence", by=amina(), at=days(40))
    case_verbs.end(promise.case, by=amina(), at=days(40), kind="solved")
    with at(days(41)):
        answer = browser.post(ask_of(promise), {"answer": "not_yet"})
    assert answer.status_code == 302
    assert fresh(promise).state == "open"
    assert Case.objects.get().state != "ended"


def test_nothing_of_anybody_else_opens(browser: Client) -> None:
    mine = delivered(a_bin(), at=hours(24))
    other = cases.bin_without_lid(who=cases.customer("Autre"))
    tell = another_date(plain(mine.case), to=days(4), at=hours(25), told="not_yet").told_by
    assert tell is not None
    for promise in (mine, tell):
        link = ask_of(promise, other if promise == mine else mine.case)
        assert browser.get(link).status_code == 404
        assert browser.get(link + "diary.ics").status_code == 404
        assert browser.post(link, {"answer": "kept"}).status_code == 404
    assert fresh(mine).state == "delivered"


def test_a_link_that_is_too_old_opens_nothing(browser: Client) -> None:
    promise = delivered(a_bin(), at=hours(24))
    with at(hours(25)):
        link = ask_of(promise)
    with at(hours(25) + timedelta(days=settings.CUSTOMER_LINK_DAYS + 1)):
        assert browser.get(link).status_code == 404
        assert browser.post(link, {"answer": "kept"}).status_code == 404
    assert fresh(promise).state == "delivered"


def test_the_entry_for_the_diary_is_one_day_without_a_link(browser: Client) -> None:
    promise = a_bin(customer_does="Laissez le bac dehors.\nMerci !")
    with at(hours(1)):
        answer = browser.get(ask_of(promise) + "diary.ics")
        shown = words(browser.get(page_of(promise.case)))
    assert answer["Content-Type"].startswith("text/calendar")
    (event,) = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
    assert event.decoded("dtstart") == days(2).date()
    assert event["summary"] == "Livrer le bac vert et son couvercle (avant 10:00)"
    assert "Laissez le bac dehors.\nMerci !" in str(event["description"])
    assert "/c/" not in answer.content.decode()
    assert "diary.ics" in shown
    moved = another_date(promise, to=days(4), at=hours(2))
    with at(hours(3)):
        (after,) = icalendar.Calendar.from_ical(browser.get(ask_of(moved) + "diary.ics").content).walk("VEVENT")
    assert (after["uid"], after["sequence"]) == (event["uid"], 1)
    with at(hours(3)):
        assert browser.get(ask_of(plain(promise.case)) + "diary.ics").status_code == 404


def test_in_english(browser: Client) -> None:
    promise = delivered(a_bin(), at=hours(24))
    with at(hours(25)):
        shown = words(browser.get(page_of(promise.case) + "?lang=en"))
    for said in ("Yes, it’s done", "Not yet", "Yes, but…", "What is missing?", "Done on Tuesday 3 March, 10:00"):
        assert said in shown
