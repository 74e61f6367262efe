"""French and English as text."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenir.text import Excerpt, detect, excerpt, fold, fold_with_offsets, stem, stems, words

SENTENCES = [
    ("Bonjour, où est mon bac vert ? Cordialement", "fr"),
    ("Hello, where is my green bin? Kind regards", "en"),
    ("Le couvercle manque depuis trois semaines, c'est inadmissible.", "fr"),
    ("The lid has been missing for three weeks, this is not acceptable.", "en"),
    ("Merci beaucoup pour votre aide", "fr"),
    ("Thank you very much for your help", "en"),
    ("J'ai toujours rien reçu", "fr"),
    ("I still haven't received anything", "en"),
    ("ok merci", "fr"),
    ("ok thanks", "en"),
    ("svp rappelez moi", "fr"),
    ("Bonjour,\n\nMy order has not arrived yet and I would like to know where it is. Thank you.", "en"),
    ('Mon ordinateur affiche "The file could not be opened" quand je clique sur votre lien, que dois-je faire ?', "fr"),
    (
        "Bonjour, votre robot dit « Your order has been shipped, please track it with the link below ». Que faire ?",
        "fr",
    ),
    ("commande 4512 livraison prévue le 3 mars toujours rien", "fr"),
    ("Guten Tag, mein Paket ist noch nicht angekommen. Können Sie mir bitte helfen? Vielen Dank", "de"),
    ("Hola, todavía no he recibido mi pedido y me gustaría saber dónde está. Muchas gracias por su ayuda", "es"),
    ("Buongiorno, non ho ancora ricevuto il mio ordine. Potete dirmi quando arriva? Grazie mille", "it"),
    ("Geachte heer, ik heb mijn bestelling nog niet ontvangen. Kunt u mij helpen? Met vriendelijke groet", "nl"),
    ("Здравствуйте, мой заказ до сих пор не доставлен, помогите пожалуйста разобраться", "ru"),
]


@pytest.mark.parametrize(("text", "code"), SENTENCES)
def test_language(text: str, code: str) -> None:
    assert detect(text).code == code


def test_a_text_that_says_nothing_has_no_language() -> None:
    for text in ("", "   ", "12345", "06 12 34 56 78", "https://le.la.les/un/une", "😀"):
        assert detect(text).code is None
    assert not detect("ok").sure


def test_sure_only_with_enough_words() -> None:
    assert detect("Bonjour, où est mon bac vert ?").sure
    assert not detect("ok merci").sure


def test_french_and_english_never_load_the_statistical_model() -> None:
    texts = [text for text, code in SENTENCES if code in ("fr", "en")]
    program = f"import sys; from tenir.text import detect; [detect(t) for t in {texts!r}]"
    program += "; sys.exit('py3langid' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("L’Œuvre", "l'oeuvre"),
        ("ÉTÉ", "ete"),
        ("Cœur ex æquo", "coeur ex aequo"),
        ("Straße", "strasse"),
        ("ﬁn", "fin"),
        ("e\u0301", "e"),
        ("abc", "abc"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text(max_size=60))
def test_offsets_of_folded_text_are_those_of_the_written_text(text: str) -> None:
    folded, offsets = fold_with_offsets(text)
    assert len(offsets) == len(folded) + 1
    assert offsets == sorted(offsets)
    for index, char in enumerate(folded):
        assert char in fold(text[offsets[index]])


def test_words_with_elisions_and_places() -> None:
    text = "L’œuf d'Émile n'est qu'un aujourd'hui ; the customer's bin"
    found = words(text)
    assert [w.text for w in words("e\u0301te\u0301 fini")] == ["e\u0301te\u0301", "fini"]
    assert [w.folded for w in found] == ["oeuf", "emile", "est", "un", "aujourd'hui", "the", "customer", "bin"]
    assert all(text[w.start : w.end] == w.text for w in found)


@given(st.text(max_size=200))
def test_every_word_is_where_it_says(text: str) -> None:
    for word in words(text):
        assert text[word.start : word.end] == word.text
        assert word.folded == fold(word.text)


def test_stems_bring_the_forms_of_a_word_together() -> None:
    assert len({stem(w, "fr") for w in ("livraison", "livraisons")}) == 1
    assert len({stem(w, "fr") for w in ("commandé", "commande", "commander", "commandes")}) == 1
    assert len({stem(w, "en") for w in ("delivered", "delivers", "deliver")}) == 1
    assert stem("Œufs", "de") == "oeufs"
    text = "Mes livraisons"
    assert stems(text, "fr")[1] == ("livraison", 4, 14)
    assert stems(text, None)[1] == ("livraisons", 4, 14)


def test_excerpt_shows_the_words_in_their_context() -> None:
    text = "Bonjour. " * 40 + "Le couvercle du bac vert est cassé depuis lundi. " + "Merci. " * 40
    found = excerpt(text, ["COUVERCLES", "casse"], 80, language="fr")
    assert found.text.startswith("…")
    assert found.text.endswith("…")
    assert [found.text[a:b] for a, b in found.marks] == ["couvercle", "cassé"]
    assert len(found.text) <= 82


def test_excerpt_by_prefix_and_without_match() -> None:
    assert excerpt("Le couvercle manque", ["couv"]).marks == ((3, 12),)
    assert excerpt("Le couvercle manque", ["roue"]) == Excerpt("Le couvercle manque", ())
    assert excerpt("", ["x"]) == Excerpt("", ())


@given(st.text(max_size=400), st.lists(st.text(max_size=10), max_size=4), st.integers(10, 200))
def test_marks_lie_within_the_excerpt(text: str, terms: list[str], width: int) -> None:
    found = excerpt(text, terms, width, language="fr")
    assert all(0 <= a < b <= len(found.text) for a, b in found.marks)
    assert len(found.text) <= width + 2
