"""The same person about the same matter: found, explained, offered."""

from datetime import timedelta

import pytest

from tenir.cases import verbs
from tenir.cases.same_matter import in_common, same_matter
from tenir.cases.tests.scenes import bin_without_lid, customer, fresh
from tenir.people.tests.scenes import MONDAY, amina, denise, team

DAY = timedelta(days=1)
AGAIN = "Bonjour, je n'ai toujours pas reçu le couvercle de mon bac vert. Merci."


@pytest.mark.parametrize(
    ("here", "there", "language", "words"),
    [
        ("Il manque le couvercle du bac vert", "Les bacs sont là sans couvercles", "fr", ["couvercle", "bac"]),
        ("My bin came without a lid", "Still waiting for the lids of the bins", "en", ["bin", "lid"]),
        ("Bonjour, pouvez-vous me répondre ? Merci", "Bonjour, merci de votre réponse", "fr", []),
        ("Le bac est cassé", "Ma facture de mars est fausse", "fr", []),
        ("", "", "fr", []),
    ],
)
def test_words_in_common_are_telling_ones(here: str, there: str, language: str, words: list[str]) -> None:
    assert in_common(here, there, language=language) == words


@pytest.mark.django_db(transaction=True)
class TestSameMatter:
    def test_a_customer_who_writes_again_finds_their_case(self) -> None:
        first = bin_without_lid()
        bin_without_lid(key="facture", text="Ma facture de mars est fausse.", subject="Facture de mars")
        bin_without_lid(key="other", who=customer("Jeanne Petit"))
        again = bin_without_lid(key="again", text=AGAIN, subject="Couvercle", at=MONDAY + DAY)
        (alike,) = same_matter(again, viewer=amina(), at=MONDAY + DAY)
        assert (alike.case, alike.words, alike.named) == (first, ["Couvercle", "bac", "vert"], False)

    def test_a_reference_is_enough_and_comes_first(self) -> None:
        first = bin_without_lid()
        bill = bin_without_lid(key="facture", text="Ma facture de mars est fausse.", subject="Facture de mars")
        text = f"{AGAIN} Et pour {bill} ?"
        again = bin_without_lid(key="again", text=text, subject="Deux choses", at=MONDAY + DAY)
        found = same_matter(again, viewer=amina(), at=MONDAY + DAY)
        assert [(each.case, each.named) for each in found] == [(bill, True), (first, False)]

    def test_what_ended_long_ago_is_merged_linked_or_hidden_is_not_offered(self) -> None:
        old = bin_without_lid(key="old")
        verbs.end(old, kind="solved", by=amina(), at=MONDAY)
        hidden = bin_without_lid(key="hidden", at=MONDAY + 70 * DAY)
        verbs.move_to_team(hidden, team=team("Privé", is_private=True), by=denise(), at=MONDAY + 70 * DAY)
        merged, linked, again = (bin_without_lid(key=key, at=MONDAY + 71 * DAY) for key in ("one", "two", "three"))
        at = MONDAY + 72 * DAY
        verbs.merge(kept=linked, other=merged, by=amina(), at=at)
        assert [each.case for each in same_matter(again, viewer=amina(), at=at)] == [linked]
        verbs.link(fresh(again), other=fresh(linked), because="", by=amina(), at=at)
        assert same_matter(again, viewer=amina(), at=at) == []
        assert [each.case for each in same_matter(again, viewer=denise(), at=at)] == [hidden]
