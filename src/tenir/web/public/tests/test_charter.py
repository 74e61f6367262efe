"""The service charter: written from the rules that the desk is held to, and there only if the desk shows them."""

from datetime import timedelta

import pytest
from django.test import Client

from tenir.people.tests.scenes import MONDAY, alix
from tenir.promises import verbs
from tenir.promises.tests.scenes import rule
from tenir.promises.verbs import For
from tenir.web.public.charter import span_words
from tenir.web.public.tests.test_case_page import words

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def browser() -> Client:
    return Client(headers={"accept-language": "fr"})


def test_a_desk_that_shows_no_rule_has_no_charter(browser: Client) -> None:
    rule("first_answer", 4 * HOUR)
    assert browser.get("/charter/").status_code == 404
    assert "/charter/" not in words(browser.get("/contact/"))


def test_it_says_what_is_counted_and_when_the_desk_is_open(browser: Client) -> None:
    rule("first_answer", 4 * HOUR, is_shown=True)
    rule("first_answer", 2 * HOUR, is_shown=True, whom=For(plan="Confort", channel="email"))
    rule("end", timedelta(days=5), is_shown=True, calendar=None)
    rule("next_answer", HOUR, name="SECRET")
    shown = words(browser.get("/charter/"))
    for said in (
        "sous 4 heures d’ouverture", "sous 2 heures d’ouverture", "Confort", "sous 5 jours, tous les jours comptés",
        "Lundi à vendredi", "9:00–18:00", "Samedi et dimanche", "fermé", "Fermé les jours fériés.",
    ):  # fmt: skip
        assert said in shown
    assert "SECRET" not in shown
    assert "le temps des nouvelles et du dénouement s’arrête" in shown
    assert "chacun des messages suivants" not in shown
    assert "/charter/" in words(browser.get("/contact/"))
    english = words(browser.get("/charter/?lang=en"))
    assert "within 4 opening hours" in english
    assert "Monday to Friday" in english


def test_a_retired_rule_is_no_longer_promised(browser: Client) -> None:
    policy = rule("first_answer", 4 * HOUR, is_shown=True)
    verbs.retire_policy(policy, by=alix(), at=MONDAY)
    assert browser.get("/charter/").status_code == 404


def test_nothing_can_be_sent_to_it(browser: Client) -> None:
    rule("first_answer", 4 * HOUR, is_shown=True)
    assert browser.post("/charter/", {"x": "y"}).status_code == 405


@pytest.mark.parametrize(
    ("span", "counts_openings", "said"),
    [
        (HOUR, True, "1 opening hour"),
        (timedelta(minutes=90), True, "90 opening minutes"),
        (48 * HOUR, False, "2 days, every day counted"),
        (24 * HOUR, False, "24 hours, day and night"),
        (timedelta(minutes=30), False, "30 minutes, day and night"),
    ],
)
def test_lengths_of_time_in_words(span: timedelta, counts_openings: bool, said: str) -> None:
    from django.utils import translation

    with translation.override("en"):
        assert span_words(span, counts_openings=counts_openings) == said
