"""The pages of shared causes: noting, tying, the preview, the one move, what emerges."""

from datetime import timedelta

import pytest
from django.test import Client

from tenir import clock
from tenir.cases.models import Case
from tenir.cases.tests.scenes import bin_without_lid, customer
from tenir.people.models import Agent
from tenir.people.tests.scenes import amina, bruno, denise, outsider, team
from tenir.problems import verbs
from tenir.problems.models import Cause, Tie
from tenir.problems.tests.scenes import TELL, no_lids
from tenir.promises.models import Promise
from tenir.promises.tests.scenes import a_bin

pytestmark = pytest.mark.django_db(transaction=True)


def signed_in(agent: Agent) -> Client:
    client = Client()
    client.force_login(agent)
    return client


@pytest.fixture
def case() -> Case:
    return bin_without_lid(at=clock.now() - timedelta(hours=2))


@pytest.fixture
def cause(case: Case) -> Cause:
    """No lids; Émile's case has it, and a bin with its lid is promised in it."""
    a_bin(case, at=clock.now() - timedelta(hours=1))
    cause = no_lids(at=clock.now())
    verbs.tie(cause, case=case, by=amina(), at=clock.now())
    return cause


def test_a_cause_is_noted_and_read_in_ones_own_language(case: Case) -> None:
    form = {"french": "Plus de couvercles", "english": "No lids", "concerns": "couvercle, lid", "owner": amina().pk}
    page = signed_in(bruno())
    refused = page.post("/causes/new/", form | {"english": ""}, follow=True)
    assert "each reads their own language" in refused.text
    page.post("/causes/new/", form | {"case": str(case)})
    cause = Cause.objects.get()
    assert (cause.concerns, cause.owner, Tie.objects.get().case) == (["couvercle", "lid"], amina(), case)
    assert "No lids" in page.get("/causes/").text
    assert "Plus de couvercles" in signed_in(amina()).get(f"/causes/{cause.pk}/").text
    assert signed_in(outsider()).get("/causes/").status_code == 302


def test_the_case_offers_the_cause_that_its_words_touch(case: Case) -> None:
    cause, page = no_lids(), signed_in(amina())
    assert f'hx-get="/cases/{case}/causes/"' in page.get(f"/cases/{case}/").text
    beside = page.get(f"/cases/{case}/causes/").text
    assert "Le dossier dit" in beside
    page.post(f"/cases/{case}/causes/ties/", {"cause": cause.pk})
    assert Tie.objects.get().case == case
    assert "Le dossier dit" not in page.get(f"/cases/{case}/causes/").text
    page.post(f"/cases/{case}/causes/ties/removal/", {"cause": cause.pk})
    assert not Tie.objects.exists()
    assert page.post(f"/cases/{case}/causes/ties/", {"cause": "x"}).status_code == 404


def test_the_preview_shows_every_promise_and_customer_then_it_is_done_in_one_move(case: Case, cause: Cause) -> None:
    page, address = signed_in(amina()), f"/causes/{cause.pk}/fixing/"
    preview = page.get(address).text
    assert "Livrer le bac vert et son couvercle" in preview
    assert "Émile Durand" in preview
    promise = Promise.objects.get(kind="delivery")
    due = clock.local(clock.now() + timedelta(days=4)).replace(second=0, microsecond=0)
    form = {
        "promise": promise.pk, f"seen-{promise.pk}": 0, f"due-{promise.pk}": due.strftime("%Y-%m-%dT%H:%M"),
        "french": TELL["fr"], "english": TELL["en"],
    }  # fmt: skip
    assert "Une promesse a une date" in page.post(address, form | {f"due-{promise.pk}": "?"}, follow=True).text
    assert "chaque promesse a besoin" in page.post(address, form | {"promise": "0"}, follow=True).text
    assert Cause.objects.get().fixed_at is None
    page.post(address, form)
    promise.refresh_from_db()
    assert promise.due_at == due
    assert TELL["fr"] in Promise.objects.get(kind="tell").words
    assert TELL["fr"] in page.get(f"/causes/{cause.pk}/").text


def test_who_may_not_fix_sees_no_preview_and_who_may_not_see_a_case_reads_nothing_of_it(
    case: Case, cause: Cause
) -> None:
    from tenir.cases import verbs as cases

    assert signed_in(bruno()).get(f"/causes/{cause.pk}/fixing/").status_code == 404
    cases.move_to_team(case, team=team("Privé", is_private=True), by=denise(), at=clock.now())
    hidden = signed_in(amina()).get(f"/causes/{cause.pk}/fixing/").text
    assert "Livrer le bac" not in hidden
    assert "Émile" not in hidden
    assert "Une promesse d’une équipe fermée" in hidden
    assert "Émile" not in signed_in(amina()).get(f"/causes/{cause.pk}/").text
    assert "Livrer le bac" in signed_in(denise()).get(f"/causes/{cause.pk}/fixing/").text


def test_what_emerges_is_explained_and_fills_the_form_without_keeping_anything() -> None:
    at = clock.now()
    for number in range(20):
        bin_without_lid(key=f"u{number}", at=at - timedelta(days=30), text="Ma facture est fausse.", subject="")
    for number in range(6):
        who = customer(f"Ana{number} Roy")
        bin_without_lid(key=f"r{number}", at=at - timedelta(days=1), text="Pas de couvercle !", subject="", who=who)
    page = signed_in(amina())
    shown = page.get("/causes/emerging/").text
    assert "couvercle" in shown
    assert "6 dossiers récents sur 6" in shown
    assert "d’habitude 0 sur 20" in shown
    form = page.get("/causes/new/", {"words": "couvercle", "case": str(Case.objects.latest("pk"))}).text
    assert 'value="couvercle"' in form
    assert str(Case.objects.latest("pk")) in form
    assert not Cause.objects.exists()
