"""The offer beside a case, and what one click of it does."""

from datetime import timedelta

import pytest
from django.test import Client

from tenir import clock
from tenir.cases.tests.scenes import bin_without_lid, fresh
from tenir.people.tests.scenes import amina, denise
from tenir.reviews.tests.scenes import reviews

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def client() -> Client:
    signed = Client()
    signed.force_login(amina())
    return signed


def test_the_case_page_asks_for_the_offer_and_the_offer_says_why(client: Client) -> None:
    at = clock.now()
    first, again = bin_without_lid(at=at - timedelta(days=2)), bin_without_lid(key="again", at=at)
    assert f'hx-get="/cases/{again}/same-matter/"' in client.get(f"/cases/{again}/").text
    offer = client.get(f"/cases/{again}/same-matter/").text
    assert str(first) in offer
    assert "Les deux disent" in offer
    assert "couvercle" in offer


def test_nothing_alike_shows_nothing(client: Client) -> None:
    case = bin_without_lid(at=clock.now())
    assert client.get(f"/cases/{case}/same-matter/").text.strip() == ""
    assert client.get("/cases/T-2222-222/same-matter/").status_code == 404


def test_one_click_makes_it_one_case_whose_contacts_rise_and_the_second_repeat_brings_a_supervisor_in(
    client: Client,
) -> None:
    at = clock.now()
    first = bin_without_lid(at=at - timedelta(days=4))
    for number, days in enumerate((2, 1), start=2):
        again = bin_without_lid(key=str(number), at=at - timedelta(days=days))
        assert reviews() == []
        answer = client.post(f"/cases/{again}/merge/", {"other": str(first)})
        assert answer["Location"] == f"/cases/{first}/"
        assert fresh(first).contacts == number
    (review,) = reviews()
    assert (review.case, review.reason, review.contacts) == (first, "repeat", 3)
    signed = Client()
    signed.force_login(denise())
    assert "Le client a dû revenir" in signed.get("/reviews/").text


def test_only_linking_takes_the_offer_away(client: Client) -> None:
    at = clock.now()
    first, again = bin_without_lid(at=at - timedelta(days=2)), bin_without_lid(key="again", at=at)
    client.post(f"/cases/{again}/links/", {"other": str(first)})
    assert client.get(f"/cases/{again}/same-matter/").text.strip() == ""
