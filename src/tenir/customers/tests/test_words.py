"""The gentle check of notes (E14), on labelled sentences: precision first."""

import re
from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from tenir.customers.words import Hint, Kind, check

HERE = Path(__file__).parent / "words"


def labelled(name: str) -> list[tuple[str, str]]:
    lines = (HERE / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.partition(" | ")[::2] for line in lines if line and not line.startswith("#"))
    return [(kind, text) for kind, text in pairs]


LABELLED = [pair for name in ("french", "english") for pair in labelled(name)]


@pytest.mark.parametrize("text", [text for kind, text in LABELLED if kind == "-"])
def test_nothing_is_found_where_nothing_is_wrong(text: str) -> None:
    assert [finding.words for finding in check(text)] == []


@pytest.mark.parametrize(("kind", "marked"), [pair for pair in LABELLED if pair[0] != "-"])
def test_what_does_not_belong_is_found_at_its_place(kind: str, marked: str) -> None:
    found = re.search(r"\{(.+?)\}", marked)
    assert found
    text = marked.replace("{", "").replace("}", "")
    place = (found.start(), found.start() + len(found[1]), kind)
    assert place in [(finding.start, finding.end, finding.kind.value) for finding in check(text)]


@pytest.mark.parametrize("name", ["french", "english"])
def test_the_labelled_list_is_large_enough_to_mean_something(name: str) -> None:
    kinds = [kind for kind, _text in labelled(name)]
    assert kinds.count("-") >= 80
    assert len(kinds) - kinds.count("-") >= 80
    assert set(kinds) == {"-"} | {kind.value for kind in Kind}


def test_a_finding_explains_itself_with_the_words_and_proposes_others() -> None:
    (finding,) = check("La cliente est sourde, parler fort.")
    with translation.override("fr"):
        assert "«\u00a0sourde\u00a0»" in finding.why()
        assert "parole lente" in finding.suggestion()
    with translation.override("en"):
        assert "“sourde”" in finding.why()
        assert "slow speech" in finding.suggestion()


def test_the_proposed_wordings_are_themselves_clean_in_both_languages() -> None:
    (finding,) = check("She is deaf.")
    for hint in Hint:
        for language in ("fr", "en"):
            with translation.override(language):
                said = type(finding)(finding.kind, 0, 1, "x", hint).suggestion()
            assert said
            assert check(said) == [], said


def test_offsets_hold_with_ligatures_and_decomposed_accents() -> None:
    text = "Œuvre : ma sœur l'a vu, le client est de\u0301bile."
    (finding,) = check(text)
    assert text[finding.start : finding.end] == finding.words == "de\u0301bile"


@given(st.text(max_size=400))
def test_any_text_is_checked_without_breaking(text: str) -> None:
    for finding in check(text):
        assert text[finding.start : finding.end] == finding.words
