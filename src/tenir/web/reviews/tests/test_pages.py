"""The pages of reviews: who sees them, how a review ends on them, what everybody may read."""

from datetime import timedelta

import pytest
from django.test import Client

from tenir import clock
from tenir.people.models import Agent
from tenir.people.tests.scenes import amina, bruno, denise, outsider
from tenir.promises import verbs as promises
from tenir.promises.tests.scenes import a_bin
from tenir.reviews import verbs
from tenir.reviews.models import Improvement, Review
from tenir.reviews.tests.scenes import reviews

pytestmark = pytest.mark.django_db(transaction=True)


def signed_in(agent: Agent) -> Client:
    client = Client()
    client.force_login(agent)
    return client


@pytest.fixture
def review() -> Review:
    """Amina said three hours ago that the bin will not come."""
    at = clock.now() - timedelta(hours=3)
    promises.break_promise(a_bin(at=at), seen=0, because="plus de bacs", told="by_call", by=amina(), at=at)
    return reviews()[0]


@pytest.fixture
def improvement(review: Review) -> Improvement:
    at = clock.now()
    return verbs.change_something(
        review, kind="stock", what="Compter les couvercles", owner=bruno(), due_at=at + timedelta(days=7),
        by=denise(), at=at,
    )  # fmt: skip


def test_the_queue_and_its_entry_in_the_rail_are_for_supervisors(review: Review) -> None:
    page = signed_in(denise()).get("/reviews/")
    assert "Livrer le bac vert et son couvercle" in page.text
    assert "Une promesse rompue" in page.text
    assert 'href="/reviews/"' in page.text
    for path in ("/reviews/", f"/reviews/{review.pk}/"):
        assert signed_in(amina()).get(path).status_code == 404
        assert signed_in(outsider()).get(path).status_code == 302
    assert 'href="/reviews/"' not in signed_in(amina()).get("/people/").text


def test_a_review_shows_what_happened_and_ends_with_words(review: Review) -> None:
    boss = signed_in(denise())
    page = boss.get(f"/reviews/{review.pk}/").text
    assert "plus de bacs" in page
    assert "Amina" in page
    boss.post(f"/reviews/{review.pk}/reviewer/")
    refused = boss.post(f"/reviews/{review.pk}/finding/", {"outcome": "put_right", "words": " "}, follow=True)
    assert "Dites ce que vous avez constaté" in refused.text
    boss.post(f"/reviews/{review.pk}/finding/", {"outcome": "put_right", "words": "Bac apporté le soir."})
    review.refresh_from_db()
    assert (review.outcome, review.words, review.reviewer) == ("put_right", "Bac apporté le soir.", denise())
    assert "Bac apporté le soir." in boss.get("/reviews/?ended").text
    assert "Livrer le bac" not in boss.get("/reviews/").text


def test_something_to_change_reaches_its_owner_and_then_everybody(review: Review) -> None:
    boss = signed_in(denise())
    due = (clock.now() + timedelta(days=7)).strftime("%Y-%m-%dT%H:%M")
    form = {"kind": "stock", "what": "Compter les couvercles", "owner": bruno().pk, "due": due}
    no_date = boss.post(f"/reviews/{review.pk}/improvement/", form | {"due": "demain"}, follow=True)
    assert "Dites pour quand" in no_date.text
    boss.post(f"/reviews/{review.pk}/improvement/", form)
    change = Improvement.objects.get()
    theirs = signed_in(bruno())
    assert "Compter les couvercles" in theirs.get("/improvements/").text
    assert f"/reviews/{review.pk}/" not in theirs.get(f"/improvements/{change.pk}/").text
    theirs.post(f"/improvements/{change.pk}/doing/", {"how": "Counted every Monday"})
    change.refresh_from_db()
    assert change.done_by == bruno()


def test_who_has_nothing_to_change_sees_nothing(improvement: Improvement) -> None:
    assert signed_in(amina()).get(f"/improvements/{improvement.pk}/").status_code == 404
    assert "Compter" not in signed_in(amina()).get("/improvements/").text
    assert signed_in(amina()).post(f"/improvements/{improvement.pk}/doing/", {"how": "x"}).status_code == 404


def test_what_is_published_names_nobody_and_is_read_by_anybody_in_their_language(improvement: Improvement) -> None:
    verbs.finish(improvement, how="fait", by=bruno(), at=clock.now())
    boss, page = signed_in(denise()), f"/improvements/{improvement.pk}/publication/"
    french, english = "Nous comptons les couvercles chaque lundi.", "We count the lids every Monday."
    refused = boss.post(page, {"french": "Grâce à Émile Durand", "english": english})
    assert refused.status_code == 422
    assert "Durand" in refused.text
    assert "We count the lids" in refused.text
    assert "Durand" not in Client().get("/changes/").text
    boss.post(page, {"french": french, "english": english})
    assert french in Client().get("/changes/?lang=fr").text
    assert english in Client().get("/changes/?lang=en").text
    boss.post(f"/improvements/{improvement.pk}/publication/removal/")
    assert french not in Client().get("/changes/?lang=fr").text


def test_a_long_queue_costs_as_many_queries_as_a_short_one(review: Review) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    boss = signed_in(denise())
    boss.get("/reviews/")
    with CaptureQueriesContext(connection) as few:
        boss.get("/reviews/")
    at = clock.now()
    for _ in range(5):
        promises.break_promise(a_bin(review.case, at=at), seen=0, because="x", told="by_call", by=amina(), at=at)
    assert len(reviews()) == 6
    with CaptureQueriesContext(connection) as many:
        boss.get("/reviews/")
    assert len(many) == len(few)
