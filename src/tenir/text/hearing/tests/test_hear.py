"""What a finding tells, and that no text whatever breaks or slows the hearing."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tenir.text.hearing import Finding, hear
from tenir.text.hearing.listing import listed

PARIS = ZoneInfo("Europe/Paris")
AT = datetime(2026, 11, 23, 10, tzinfo=PARIS)


def fr(text: str) -> list[Finding]:
    return hear(text, language="fr", at=AT, zone=PARIS)


def en(text: str) -> list[Finding]:
    return hear(text, language="en", at=AT, zone=PARIS)


def test_a_finding_tells_its_words_and_where_they_are() -> None:
    text = "Bonjour Émile,\n\nMerci. Nous vous livrerons le couvercle sous 48 h.\n\nBonne journée"
    (found,) = fr(text)
    assert text[found.start : found.end] == found.words == "Nous vous livrerons le couvercle sous 48 h"
    assert (found.kind, found.date_words, found.counted) == ("delivery", "sous 48 h", "clock")
    assert found.what == "Nous vous livrerons le couvercle"
    assert found.due == datetime(2026, 11, 25, 10, tzinfo=PARIS)
    assert not found.by_calendar
    assert not found.asks_for_date


def test_a_promise_without_a_date_asks_for_one() -> None:
    (found,) = fr("Je reviens vers vous rapidement.")
    assert found.asks_for_date
    assert found.due is None
    assert found.date_words == "rapidement"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Je vous rappelle demain.", "callback"),
        ("Nous vous répondrons demain.", "reply"),
        ("Votre colis sera livré demain.", "delivery"),
        ("Le remboursement part vendredi.", "payment"),
        ("Un technicien passera jeudi.", "visit"),
        ("Nous vous enverrons le contrat demain.", "sending"),
        ("Nous réparerons le vélo demain.", "repair"),
        ("Je m'en occupe demain.", "generic"),
    ],
)
def test_kinds(text: str, kind: str) -> None:
    assert [found.kind for found in fr(text)] == [kind]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("I'll call you back tomorrow.", "callback"),
        ("I'll check and get back to you.", "reply"),
        ("We will deliver it tomorrow.", "delivery"),
        ("Your refund goes out on Friday.", "payment"),
        ("An engineer will visit on Thursday.", "visit"),
        ("We'll send the form tomorrow.", "sending"),
        ("We will repair it tomorrow.", "repair"),
    ],
)
def test_english_kinds(text: str, kind: str) -> None:
    assert [found.kind for found in en(text)] == [kind]


def test_two_dates_are_two_promises_and_checking_before_calling_is_one() -> None:
    assert len(fr("Le colis part demain et vous sera livré vendredi.")) == 2
    (one,) = fr("Je vais vérifier et je vous rappelle demain.")
    assert one.words == "Je vais vérifier et je vous rappelle demain"


def test_what_others_wrote_is_not_promised() -> None:
    assert fr("> Nous vous livrerons demain.\nNous avons bien reçu votre message.") == []
    assert fr("Vous m'écrivez : « nous vous livrerons demain ».") == []
    letter = "Je vous rappelle demain.\n\nLe 20 novembre, Amina a écrit :\nNous vous livrerons jeudi.\n"
    assert [found.words for found in fr(letter)] == ["Je vous rappelle demain"]


def test_lines_that_were_wrapped_are_one_sentence() -> None:
    (found,) = fr("Nous vous livrerons\nsous 48 h.")
    assert found.due == datetime(2026, 11, 25, 10, tzinfo=PARIS)


@pytest.mark.parametrize(
    "text",
    [
        "Nous vous livrerons demain",
        "NOUS VOUS LIVRERONS DEMAIN",
        "nous vous livrerons\u00a0demain",
        "Nous vous livrerons, demain.",
    ],
)
def test_ways_of_typing(text: str) -> None:
    assert [found.due for found in fr(text)] == [datetime(2026, 11, 24, 18, tzinfo=PARIS)]


def test_both_apostrophes_and_none_of_the_accents() -> None:
    for text in (
        "Je m’en occupe",
        "Je m'en occupe",
        "votre colis sera expedie mercredi",
        "votre colis sera expe\u0301die\u0301 mercredi",
    ):
        assert fr(text), text
    for text in ("I’ll call you", "I'll call you"):
        assert en(text), text


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        hear("x", language="fr", at=datetime(2026, 11, 23), zone=PARIS)  # noqa: DTZ001


# --- Any text at all -------------------------------------------------------------------------------------------------

_WORDS = listed("""
    nous vous je on il elle livrerons rappelle sera seront livré a à avant demain lundi 48 h sous d'ici le la
    les 3 12 / : , . ? si que qui ne pas « » " ' ’ - et mais we will 'll I you it be delivered by Friday 5pm the
    of next week within days that if once not take takes going to is are have been fin de semaine prochaine
    décembre december 31 29 février ; > ill let me
""")
_ALL = [*sorted(_WORDS), "\n", ""]
_MOMENTS = st.integers(0, 4_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
_TEXTS = st.one_of(st.text(max_size=300), st.lists(st.sampled_from(_ALL), max_size=60).map(" ".join))


@given(_TEXTS, st.sampled_from(["fr", "en", "xx"]), _MOMENTS)
@example("the engineer will take", "en", AT)
@example("Rendez-vous le 29 février", "fr", AT)
def test_any_text_gives_places_within_it_and_no_past_date(text: str, language: str, at: datetime) -> None:
    for found in hear(text, language=language, at=at, zone=PARIS):
        assert 0 <= found.start < found.end <= len(text)
        assert text[found.start : found.end] == found.words
        assert found.due is None or found.due >= at


@given(_TEXTS, st.sampled_from(["fr", "en"]))
def test_the_same_text_is_always_heard_the_same(text: str, language: str) -> None:
    assert hear(text, language=language, at=AT, zone=PARIS) == hear(text, language=language, at=AT, zone=PARIS)


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(
    "piece",
    [
        "a",
        " ",
        "nous ",
        "3 ",
        "lundi ",
        "demain et ",
        "« ",
        "'",
        ", ",
        "si ",
        "que ",
        "within 3 ",
        "nous vous livrerons ",
        "1/",
        "-",
        "de ",
        "the ",
        "will ",
        "sous un delai de ",
        "\n>",
        "“",
        "by the end of the ",
        "entre 3 ",
        ".",
    ],
)
def test_no_text_is_slow(piece: str, language: str) -> None:
    text = (piece * 20_000)[:20_000]
    start = time.process_time()
    hear(text, language=language, at=AT, zone=PARIS)
    assert time.process_time() - start < 4
