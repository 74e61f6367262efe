"""Everything said and everyone known is found, as people type it, and only by who may see it."""

from typing import Any

import pytest
from django.db import connection

from tenir.cases import jobs, reindex, search, verbs
from tenir.cases.fulltext import MESSAGES, Term, index
from tenir.cases.models import Case, Message
from tenir.cases.tests import scenes
from tenir.cases.tests.scenes import minutes
from tenir.customers.verbs import add_reach
from tenir.people.tests.scenes import MONDAY, amina, bruno, denise, outsider, team

pytestmark = pytest.mark.django_db


def said(text: str, *, subject: str = "", language: str = "fr", **changes: Any) -> Case:
    """A case in which somebody wrote this."""
    return scenes.bin_without_lid(text=text, subject=subject, language=language, **changes)


def found(query: str, *, by: object = None) -> list[Case]:
    return [hit.case for hit in search.find(query, agent=by or amina()).hits]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "language", "query"),
    [
        ("Le bac est cassé", "fr", "casse"),
        ("Le bac est casse", "fr", "CASSÉ"),
        ("L’œuvre d'art", "fr", "oeuvre"),
        ("Mes abonnements sont suspendus", "fr", "abonnement suspendu"),
        ("Nous avons commandé deux bacs", "fr", "commande"),
        ("They delivered two bins", "en", "deliver bin"),
        ("Aujourd'hui rien", "fr", "aujourd'hui"),
        ("Écrivez à emile.durand@example.net", "fr", "emile.durand@example.net"),
        ("Facture n° FA-2026/0042", "fr", "FA-2026/0042"),
        ("le couvercle vert foncé du bac", "fr", '"couvercle vert"'),
        ("le couvercle vert foncé du bac", "fr", "« vert foncé »"),
        ("Un abonnement", "fr", "abonn"),
        ("Le de\u0301po\u0302t est ferme\u0301", "fr", "dépôt fermé"),
        ("Le dépôt est fermé", "fr", "de\u0301po\u0302t"),
        ("Мой заказ потерян", "ru", "заказ"),
        ("Una bicicleta perdida", "", "bicicletas"),
    ],
)
def test_words_are_found_as_people_type_them(text: str, language: str, query: str) -> None:
    case = said(text, language=language)
    said("Tout autre chose, sans rapport", language=language)
    assert found(query) == [case]


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("le couvercle foncé, le bac vert", '"couvercle vert"'),
        ("le vert couvercle", '"couvercle vert"'),
        ("Un abonnement", "bonnement"),
        ("Un abonnement", "abo "),
        ("Un bac", "bac couvercle"),
        ("Un bac", ""),
        ("Un bac", "   \" « » '' * ^ : ( ) ~ & | ! <-> AND OR NOT NEAR"),
        ("Un bac", "\x00\x01 \\"),
    ],
)
def test_what_was_not_asked_is_not_found(text: str, query: str) -> None:
    said(text)
    assert found(query) == []


@pytest.mark.parametrize(
    "query", ["x' OR 1=1 --", '") OR words : ("', "a & !b", "{words} : x", "'", '"', "\\'", "%s", "*"]
)
def test_nothing_typed_can_break_or_bend_the_query(query: str) -> None:
    said("Un bac")
    assert found(query) == []


def test_common_words_are_passed_over_unless_there_is_nothing_else() -> None:
    case = said("Où est la facture de janvier ?")
    assert found("la facture de mon janvier") == [case]
    assert found("est la") == [case]


def test_words_of_notes_replies_calls_files_and_of_the_case_itself() -> None:
    case = scenes.bin_without_lid(files=[scenes.photo("girafe.jpg")], remedy_sought="Un dédommagement")
    scenes.reply(case, amina(), "Nous passons mercredi.", at=minutes(1))
    verbs.write_note(case, by=amina(), text="Voir le dépôt de Lyon", at=minutes(2))
    verbs.log_call(
        case, by=amina(), at=minutes(3), said_at=minutes(3), direction="in", text="Parle du jardinier", cut=False
    )
    verbs.tag(case, name="collecte", by=amina(), at=minutes(4))
    verbs.describe(case, remedy_given="Un geste commercial", by=amina(), at=minutes(5))
    scenes.other_writes(case, "gael.morvan@example.org", at=minutes(6))
    for query in ("girafe", "dédommagement", "mercredi", "dépôt lyon", "jardinier", "collecte", "geste", "morvan"):
        assert found(query) == [case], query
    verbs.untag(case, name="collecte", by=amina(), at=minutes(7))
    assert found("collecte") == []


def test_a_case_is_found_once_with_its_best_message_and_the_match_marked() -> None:
    case = said("Bonjour. Le couvercle du bac manque depuis trois semaines.")
    scenes.writes_again(case, "Toujours pas de couvercle, ni de couvercles de rechange.", at=minutes(1))
    hits = search.find("couvercles", agent=amina()).hits
    assert [hit.case for hit in hits] == [case]
    marked = [text.lower() for text, is_match in hits[0].excerpt if is_match]
    assert marked
    assert set(marked) <= {"couvercle", "couvercles"}
    whole = "".join(text for text, _ in hits[0].excerpt)
    assert whole.strip("…").strip() in Message.objects.get(pk=hits[0].message_id or 0).text


def test_the_exact_word_comes_before_its_family_and_the_newer_before_the_older() -> None:
    family = said("Les livraisons sont en retard")
    exact = said("La livraison est en retard")
    older_exact = said("Une livraison perdue", at=minutes(-600))
    order = found("livraison")
    assert set(order) == {family, exact, older_exact}
    assert order.index(exact) < order.index(family)


def test_a_subject_counts_more_than_a_passing_word() -> None:
    passing = said("Bonjour, " + "beaucoup de mots à propos de bien d'autres choses " * 20 + " et un vélo.")
    about = said("Mon vélo a disparu.", subject="Vélo volé")
    verbs.describe(about, subject="Vélo volé rue Haute", by=amina(), at=MONDAY)
    said("Encore autre chose")
    assert found("vélo") == [about, passing]


def test_a_reference_is_found_however_it_is_typed() -> None:
    case = scenes.bin_without_lid()
    for typed in (str(case), case.reference.lower(), f"dossier {case}", f"T {case.reference}"):
        assert search.find(typed, agent=bruno()).exact == case
    other = scenes.bin_without_lid()
    verbs.merge(kept=case, other=other, by=amina(), at=MONDAY)
    assert search.find(str(other), agent=bruno()).exact == case


def test_what_one_may_not_see_is_not_found() -> None:
    closed = team("Direction", amina(), is_private=True)
    case = said("Une girafe", team_id=closed.pk)
    for sees in (amina(), denise()):
        assert found("girafe", by=sees) == [case]
        assert search.find(str(case), agent=sees).exact == case
    for blind in (bruno(), outsider()):
        assert found("girafe", by=blind) == []
        assert search.find(str(case), agent=blind).exact is None


@pytest.mark.django_db(transaction=True)
def test_people_are_found_by_name_address_and_any_form_of_their_number() -> None:
    emile = scenes.emile()
    add_reach(emile, kind="phone", text="06 12 34 56 78", by=amina(), at=MONDAY)
    scenes.customer("Farida Benali")
    jobs.find_customers_again(MONDAY)
    for query in (
        "emile", "Durand", "durand émile", "dura", "emile@example.org", "EMILE@EXAMPLE.ORG",
        "0612345678", "06 12 34 56 78", "+33612345678", "061234", "06 12 34",
    ):  # fmt: skip
        assert search.find_customers(query) == [emile], query
    assert search.find_customers("") == []
    assert search.find_customers("zzz") == []


def test_a_forgotten_message_is_found_no_more_and_the_others_still_are() -> None:
    case = scenes.bin_without_lid(text="Une girafe bleue", files=[scenes.photo("bleue.jpg")])
    other = said("Une autre girafe bleue")
    search.forget_message(case.messages.get())
    assert found("girafe bleue") == [other]
    assert found("bleue.jpg") == []


def test_an_endless_text_is_indexed_by_its_beginning_and_refuses_nothing() -> None:
    words = " ".join(f"mot{number}" for number in range(40_000)) + " " + "x" * 5_000
    case = said("début " + words)
    assert found("début") == [case]
    assert found("mot7") == [case]


def test_the_index_made_again_finds_the_same() -> None:
    case = scenes.bin_without_lid(text="Une girafe", files=[scenes.photo("zèbre.jpg")])
    scenes.other_writes(case, "gael.morvan@example.org", at=minutes(6))
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {MESSAGES}"
            if connection.vendor == "postgresql"
            else f"INSERT INTO {MESSAGES}({MESSAGES}) VALUES ('delete-all')"
        )
    assert found("girafe") == []
    reindex.rebuild()
    for query in ("girafe", "zèbre", "morvan"):
        assert found(query) == [case]


def test_a_word_that_is_everywhere_is_answered_from_the_newest() -> None:
    cases = [said(f"Bonjour, le bac numéro {number}") for number in range(8)]
    newest = index().newest(MESSAGES, [Term(("bac",))], limit=3)
    assert newest == [case.last_inbound_id for case in map(scenes.fresh, reversed(cases[-3:]))]
    best = index().best(MESSAGES, [Term(("bac",))], candidates=4, limit=2)
    assert [row for row, _score in best] == newest[:2]


def test_several_words_that_are_everywhere_are_answered_from_the_newest_too() -> None:
    cases = [said(f"Bonjour, le bac vert numéro {number}") for number in range(12)]
    terms = [Term(("bac",)), Term(("vert",))]
    newest = [case.last_inbound_id for case in map(scenes.fresh, reversed(cases))]
    assert index().newest(MESSAGES, terms, limit=5) == newest[:5]
    assert [row for row, _score in index().best(MESSAGES, terms, candidates=4, limit=2)] == newest[:2]
    assert index().newest(MESSAGES, [*terms, Term(("numero",)), Term(("3",))], limit=5) == [newest[8]]


def test_a_search_costs_as_many_queries_whatever_it_finds(django_assert_max_num_queries: object) -> None:
    agent = amina()
    for number in range(30):
        said(f"Un bac vert numéro {number}")
    with django_assert_max_num_queries(16):  # type: ignore[operator]
        hits = search.find("bac vert", agent=agent).hits
        for hit in hits:
            assert str(hit.case.customer)
    assert len(hits) == 30
