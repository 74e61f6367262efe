"""The page of the figures, and its file."""

import csv
from datetime import timedelta

import pytest
from django.test import Client

from tenir import clock
from tenir.cases.tests.scenes import bin_without_lid
from tenir.figures.kept import WAYS
from tenir.people.tests.scenes import amina, bruno, denise, outsider, team
from tenir.promises.tests.scenes import Answer, a_bin, delivered, says

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def client() -> Client:
    signed = Client()
    signed.force_login(denise())
    return signed


@pytest.fixture
def kept() -> None:
    """Amina's bin, kept within two hours, in a team whose name a spreadsheet would run."""
    from tenir.cases import verbs as cases

    at = clock.now() - timedelta(days=1)
    case = bin_without_lid(at=at)
    cases.move_to_team(case, team=team("=Bacs"), by=amina(), at=at)
    promise = delivered(a_bin(case, at=at), at=at + timedelta(hours=2))
    says(promise, Answer.KEPT, at=at + timedelta(hours=3))


@pytest.mark.usefixtures("kept")
def test_each_way_has_its_picture_its_table_and_no_person(client: Client) -> None:
    for way in WAYS:
        page = client.get("/figures/", {"way": way}).text
        assert "Amina" not in page
        assert ("figure-on-time" in page) == (way != "cause")
    page = client.get("/figures/").text
    assert "Livraison" in page
    assert '<rect class="figure-on-time" x="190.0"' in page
    assert "la moitié ont été faites en 2 heures" in page
    assert "style=" not in page


@pytest.mark.usefixtures("kept")
def test_the_file_says_the_same_in_ones_own_language_and_runs_nothing(client: Client) -> None:
    answer = client.get("/figures.csv", {"way": "team"})
    rows = list(csv.reader(answer.content.decode("utf-8-sig").splitlines(), delimiter=";"))
    assert [rows[0][0], *rows[0][5:8]] == ["Par équipe", "Faites", "Encore ouvertes", "Tenues"]
    assert [rows[1][0], *rows[1][5:9]] == ["'=Bacs", "1", "0", "1", "1"]
    signed = Client()
    signed.force_login(bruno())
    assert "Kept by the first date" in signed.get("/figures.csv").content.decode()


def test_nothing_yet_is_said_and_odd_questions_are_answered(client: Client) -> None:
    assert "Rien n’a encore été promis" in client.get("/figures/", {"way": "agent"}).text
    assert "Rien n’a encore été promis" in client.get("/figures/?way=month&rules").text
    gone = Client()
    gone.force_login(outsider())
    assert gone.get("/figures/").status_code == 302
