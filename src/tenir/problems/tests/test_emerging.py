"""What is unusual, and what is chance: pure."""

import pytest

from tenir.problems.emerging import Said, emerging, tail
from tenir.problems.touching import touched


def said(*texts: str, first: int = 1) -> list[Said]:
    return [Said(pk, {word: word for word in text.split()}) for pk, text in enumerate(texts, start=first)]


USUAL = said(*["facture"] * 50, *["camion"] * 50, *["lid"] * 2, *["badge"] * 98, first=1000)


def test_a_word_that_is_usual_is_not_proposed_however_often_it_comes() -> None:
    assert emerging(said(*["facture"] * 5, *["badge"] * 10, *["camion"] * 5), USUAL) == []


def test_words_of_the_same_cases_are_one_proposal_under_the_most_unusual() -> None:
    recent = said(*["lid stock"] * 6, *["facture"] * 6, *["camion"] * 8)
    (found,) = emerging(recent, USUAL)
    assert (found.words, found.recent, found.usual, found.usual_of) == (["stock", "lid"], 6, 0, 200)
    assert found.cases == [6, 5, 4, 3, 2, 1]


def test_three_cases_are_too_few_and_no_cases_are_none() -> None:
    assert emerging(said(*["lid"] * 3, *["facture"] * 5, *["badge"] * 10), USUAL) == []
    assert emerging([], []) == []


def test_on_an_empty_past_hardly_anything_is_unusual() -> None:
    assert emerging(said(*["lid"] * 5), []) == []


@pytest.mark.parametrize(("count", "of", "share", "chance"), [(0, 5, 0.1, 1.0), (1, 2, 0.5, 0.75), (2, 2, 0.5, 0.25)])
def test_the_tail_of_the_binomial(count: int, of: int, share: float, chance: float) -> None:
    assert tail(count, of, share) == pytest.approx(chance)


@pytest.mark.parametrize(
    ("concerns", "text", "met"),
    [
        (["couvercle"], "Deux couvercles", ["couvercle"]),
        (["bac vert", "lid"], "les bacs verts, the lids", ["bac vert", "lid"]),
        (["bac vert"], "le bac jaune", []),
        (["..."], "n'importe quoi", []),
    ],
)
def test_what_is_touched(concerns: list[str], text: str, met: list[str]) -> None:
    assert touched(concerns, text) == met
