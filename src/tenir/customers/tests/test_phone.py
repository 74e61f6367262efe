"""Numbers that cannot be mistyped without being seen: A3 and A4."""

import json

import phonenumbers
import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from tenir.customers.phone import Problem, for_browser, read_back, read_phone, show_phone, writings

EMILE = "+33612345678"


@pytest.mark.parametrize(
    "written",
    [
        "06 12 34 56 78", "0612345678", "06.12.34.56.78", "06-12-34-56-78", "06/12/34/56/78", " 06 12  34 56 78 ",
        "+33 6 12 34 56 78", "+33612345678", "0033612345678", "00 33 6 12 34 56 78", "+33 (0)6 12 34 56 78",
        "+33 06 12 34 56 78", "33612345678", "(+33) 6 12 34 56 78", "tel:+33-6-12-34-56-78", "Tél. : 06 12 34 56 78",
        "portable 06\u00a012\u202f34\u00a056\u00a078", "０６１２３４５６７８", "٠٦١٢٣٤٥٦٧٨", "06‑12‑34‑56‑78",
        "\u202a+33 6 12 34 56 78\u202c",
    ],
)  # fmt: skip
def test_one_number_written_in_many_ways(written: str) -> None:
    reading = read_phone(written)
    assert (reading.e164, reading.shown, reading.problem) == (EMILE, "06 12 34 56 78", None)
    assert reading.sentence() == ""


@pytest.mark.parametrize(
    ("written", "typed", "expected", "missing"),
    [
        ("0", 1, 10, 9), ("06", 2, 10, 8), ("06 12 34 56", 8, 10, 2), ("06 12 34 56 7", 9, 10, 1), ("", 0, 10, 10),
        ("+33", 0, 9, 9), ("+33 6 12 34 5", 6, 9, 3), ("00 33 6", 1, 9, 8), ("+44 20 7946 001", 9, 10, 1),
        ("+262 692 12", 5, 9, 4), ("+1 415 555", 6, 10, 4),
    ],
)  # fmt: skip
def test_missing_digits_are_counted(written: str, typed: int, expected: int, missing: int) -> None:
    reading = read_phone(written)
    assert reading.problem is Problem.MISSING
    assert (reading.e164, reading.typed, reading.expected, reading.difference) == (None, typed, expected, missing)


@pytest.mark.parametrize(
    ("written", "extra"),
    [("06 12 34 56 78 9", 1), ("06 12 34 56 78 / 01 23 45 67 89", 10), ("+33 6 12 34 56 789", 1), ("02" * 5000, 190)],
)
def test_the_eleventh_digit_is_refused(written: str, extra: int) -> None:
    reading = read_phone(written)
    assert (reading.e164, reading.problem, reading.difference) == (None, Problem.TOO_MANY, extra)


def test_digits_are_grouped_in_pairs_as_they_come() -> None:
    steps = [read_phone("0612345678"[:count]).shown for count in range(1, 11)]
    assert steps[3:7] == ["06 12", "06 12 3", "06 12 34", "06 12 34 5"]
    assert steps[-1] == "06 12 34 56 78"
    assert read_phone("+336123").shown == "+33 6 12 3"


@pytest.mark.parametrize(
    ("written", "e164", "shown"),
    [
        ("0692 12 34 56", "+262692123456", "+262 692 12 34 56"),
        ("+262 692 12 34 56", "+262692123456", "+262 692 12 34 56"),
        ("+33 692 12 34 56", "+262692123456", "+262 692 12 34 56"),
        ("0262 21 00 00", "+262262210000", "+262 262 21 00 00"),
        ("0269 61 12 34", "+262269611234", "+262 269 61 12 34"),
        ("0590 27 12 34", "+590590271234", "+590 590 27 12 34"),
        ("0690 30 12 34", "+590690301234", "+590 690 30 12 34"),
        ("0594 25 12 34", "+594594251234", "+594 594 25 12 34"),
        ("0596 50 12 34", "+596596501234", "+596 596 50 12 34"),
        ("0696 20 12 34", "+596696201234", "+596 696 20 12 34"),
        ("0508 41 12 34", "+508411234", "+508 41 12 34"),
        ("+508 41 12 34", "+508411234", "+508 41 12 34"),
        ("+687 23 45 67", "+687234567", "+687 23 45 67"),
        ("+689 40 42 12 34", "+68940421234", "+689 40 42 12 34"),
        ("00 681 82 12 34", "+681821234", "+681 82 12 34"),
    ],
)
def test_french_numbers_of_overseas_are_what_they_are(written: str, e164: str, shown: str) -> None:
    reading = read_phone(written)
    assert (reading.e164, reading.shown, reading.problem) == (e164, shown, None)


@pytest.mark.parametrize(
    ("written", "region", "e164", "shown"),
    [
        ("+44 20 7946 0018", "FR", "+442079460018", "+44 20 7946 0018"),
        ("00 49 30 901820", "FR", "+4930901820", "+49 30 901820"),
        ("+39 06 1234 5678", "FR", "+390612345678", "+39 06 1234 5678"),
        ("+1 (415) 555-2671", "FR", "+14155552671", "+1 415 555 2671"),
        ("0475 12 34 56", "BE", "+32475123456", "0475 12 34 56"),
        ("020 7946 0018", "GB", "+442079460018", "020 7946 0018"),
        ("(415) 555-2671", "US", "+14155552671", "(415) 555-2671"),
        ("011 33 6 12 34 56 78", "US", "+33612345678", "+33 6 12 34 56 78"),
    ],
)
def test_other_countries(written: str, region: str, e164: str, shown: str) -> None:
    reading = read_phone(written, region)
    assert (reading.e164, reading.shown, reading.problem) == (e164, shown, None)


@pytest.mark.parametrize(
    ("written", "extension"),
    [("01 23 45 67 89 poste 12", "12"), ("01 23 45 67 89 ext. 4021", "4021"), ("+33 1 23 45 67 89;ext=7", "7"),
     ("0123456789 x12", "12"), ("01 23 45 67 89 #12", "12")],
)  # fmt: skip
def test_an_extension_stands_apart(written: str, extension: str) -> None:
    reading = read_phone(written)
    assert (reading.e164, reading.extension) == ("+33123456789", extension)


@pytest.mark.parametrize(
    ("written", "problem", "e164"),
    [
        ("612345678", Problem.FIRST_ZERO, EMILE),
        ("06 12 34 O6 78", Problem.MISTYPED_LETTER, "+33612340678"),
        ("0899 12 34 56", Problem.SURCHARGED, "+33899123456"),
        ("0825 12 34 56", Problem.SURCHARGED, "+33825123456"),
        ("0700 12 34 56", Problem.UNKNOWN_PREFIX, "+33700123456"),
        ("3615", Problem.SHORT_NUMBER, None),
        ("112", Problem.SHORT_NUMBER, None),
        ("6123456789", Problem.NO_TRUNK, None),
        ("+", Problem.UNKNOWN_COUNTRY, None),
        ("+999 12 34", Problem.UNKNOWN_COUNTRY, None),
        ("06 12 34 56 78 le soir", Problem.NOT_A_NUMBER, None),
        ("bonjour", Problem.NOT_A_NUMBER, None),
        ("06 12 34 +56 78", Problem.NOT_A_NUMBER, None),
    ],
)
def test_whatever_is_to_be_seen_to_is_said(written: str, problem: Problem, e164: str | None) -> None:
    reading = read_phone(written)
    assert (reading.problem, reading.e164) == (problem, e164)
    for language in ("fr", "en"):
        with translation.override(language):
            said = reading.sentence()
        assert said
        assert "error" not in said.lower()
        assert "erreur" not in said.lower()


def test_the_free_and_ordinary_08_numbers_are_not_called_surcharged() -> None:
    assert read_phone("0800 12 34 56").problem is None
    assert read_phone("0806 12 34 56").problem is None


def test_the_sentences_help_in_both_languages() -> None:
    with translation.override("fr"):
        assert read_phone("06 12 34 56").sentence() == "8 chiffres sur 10\u00a0: il en manque 2."
        assert read_phone("06 12 34 56 7").sentence() == "9 chiffres sur 10\u00a0: il en manque un."
        assert "10 attendus" in read_phone("06 12 34 56 78 9").sentence()
    with translation.override("en"):
        assert read_phone("06 12 34 56").sentence() == "8 of 10 digits: 2 are missing."
        assert "“le”" in read_phone("06 12 34 56 78 le").sentence()


@pytest.mark.parametrize(
    ("e164", "language", "said"),
    [
        (EMILE, "fr", "zéro six, douze, trente-quatre, cinquante-six, soixante-dix-huit"),
        (EMILE, "en", "zero six, one two, three four, five six, seven eight"),
        ("+33180719100", "fr", "zéro un, quatre-vingts, soixante et onze, quatre-vingt-onze, zéro zéro"),
        ("+33121314181", "fr", "zéro un, vingt et un, trente et un, quarante et un, quatre-vingt-un"),
        ("+442079460018", "fr", "plus quarante-quatre, vingt, soixante-dix-neuf quarante-six, zéro zéro dix-huit"),
        ("+262692100200", "fr", "plus deux cent soixante-deux, six cent quatre-vingt-douze, dix, zéro deux, zéro zéro"),
        ("+14155552671", "en", "plus one, four one five, five five five, two six seven one"),
    ],
)
def test_the_line_to_read_aloud(e164: str, language: str, said: str) -> None:
    assert read_back(e164, language) == said


def test_the_writings_of_a_number_for_those_who_search_it() -> None:
    assert writings(EMILE) == ("+33612345678", "0033612345678", "0612345678")
    assert writings("+442079460018") == ("+442079460018", "00442079460018")


def test_the_browser_is_answered_in_plain_json() -> None:
    with translation.override("fr"):
        answer = json.loads(json.dumps(for_browser(read_phone("06 12 34 56"), language="fr")))
        whole = for_browser(read_phone("0612345678 poste 3"), language="fr")
    assert answer["typed"] == 8
    assert answer["problem"] == "missing"
    assert answer["read_back"] == ""
    assert whole["e164"] == EMILE
    assert whole["extension"] == "3"
    assert whole["read_back"].startswith("zéro six, douze")


@given(st.text(max_size=300), st.sampled_from(["FR", "BE", "GB", "US", "ZZ", ""]))
def test_any_text_is_read_without_breaking(text: str, region: str) -> None:
    reading = read_phone(text, region)
    json.dumps(for_browser(reading, language="fr", region=region))
    assert reading.e164 is None or reading.e164.startswith("+")


@given(st.from_regex(r"0[1-9][0-9]{8}", fullmatch=True))
def test_what_is_shown_is_read_as_the_same_number(digits: str) -> None:
    reading = read_phone(digits)
    assert reading.e164 is not None
    assert read_phone(reading.shown).e164 == reading.e164
    assert read_phone(show_phone(reading.e164)).e164 == reading.e164
    assert phonenumbers.is_possible_number(phonenumbers.parse(reading.e164))
    assert read_back(reading.e164, "fr")
