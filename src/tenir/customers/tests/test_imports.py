"""Subscriptions from a file: whatever exported it, as often as one likes."""

from datetime import date

import pytest
from django.utils import translation

from tenir.customers import imports, verbs
from tenir.customers.imports import Outcome, Report
from tenir.customers.models import Customer, Reach, Subscription
from tenir.customers.table import Unreadable, read_date, read_table
from tenir.customers.tests.scenes import EMILE, emile, telephone, writes
from tenir.ledger.models import Event
from tenir.people.rights import NotAllowed
from tenir.people.tests.scenes import MONDAY, amina, denise, outsider

pytestmark = pytest.mark.django_db

FRENCH = f"""N° d'abonnement;Prénom;Nom;Adresse e-mail;Téléphone;Produit;Formule;État;Date de début;Échéance;Couleur
A-1;Émile;Lambert;{EMILE};06 12 34 56 78;Le Matin;Week-end;en cours;01/03/2024;;bleu
A-2;Léa;Lambert;;06 12 34 56 78;Le Matin;Semaine;Résilié;15/01/2020;31/12/2023;
A-3;Zoé;Roy;zoe@courriel.example;;The Morning;;suspendu;;;
"""


def bring(text: str | bytes) -> Report:
    content = text.encode() if isinstance(text, str) else text
    return imports.import_subscriptions(content, by=denise(), at=MONDAY)


def counted(report: Report) -> tuple[int, int, int, int]:
    counts = report.counts
    return (
        counts[Outcome.ADDED],
        counts[Outcome.CHANGED],
        counts[Outcome.UNCHANGED],
        counts[Outcome.REFUSED],
    )


def test_a_french_export_is_imported() -> None:
    report = bring(FRENCH)
    assert counted(report) == (3, 0, 0, 0)
    assert (report.delimiter, report.passed_over, report.new_customers) == (";", ["Couleur"], 3)
    mine = Subscription.objects.get(number="A-1")
    assert (mine.product, mine.plan, mine.state, mine.since, mine.until) == (
        "Le Matin", "Week-end", "active", date(2024, 3, 1), None,
    )  # fmt: skip
    assert mine.customer.name == "Émile Lambert"
    assert Subscription.objects.get(number="A-2").state == "ended"
    assert Subscription.objects.get(number="A-3").state == "suspended"
    assert Reach.objects.filter(value="+33612345678").count() == 2
    assert Event.objects.filter(name="subscription_added").count() == 3
    assert Event.objects.get(name="subscriptions_imported").data == {
        "added": 3, "changed": 0, "unchanged": 0, "refused": 0,
    }  # fmt: skip


def test_the_same_file_twice_changes_nothing() -> None:
    bring(FRENCH)
    before = (Customer.objects.count(), Reach.objects.count(), Event.objects.count())
    assert counted(bring(FRENCH)) == (0, 0, 3, 0)
    assert (Customer.objects.count(), Reach.objects.count(), Event.objects.count() - 1) == before


def test_what_changed_is_brought_up_to_date() -> None:
    bring(FRENCH)
    assert counted(bring(FRENCH.replace("suspendu", "actif"))) == (0, 1, 2, 0)
    assert Subscription.objects.get(number="A-3").state == "active"
    assert Event.objects.get(name="subscription_changed").data["fields"] == ["state"]


def test_a_preview_tells_the_same_and_writes_nothing() -> None:
    told = imports.preview(FRENCH.encode(), by=denise())
    assert not Customer.objects.exists()
    assert not Event.objects.exists()
    done = bring(FRENCH)
    assert (told.counts, told.new_customers, told.lines) == (done.counts, done.new_customers, done.lines)


def test_two_lines_of_one_new_customer_are_one_customer_in_preview_and_in_truth() -> None:
    text = "number,product,email,name\n1,A,x@y.example,X\n2,B,X@Y.example,X\n3,C,,Z\n3,C,,Z\n"
    assert imports.preview(text.encode(), by=denise()).new_customers == 2
    report = bring(text)
    assert (report.new_customers, counted(report)) == (2, (3, 0, 1, 0))
    assert Customer.objects.count() == 2


@pytest.mark.parametrize(
    ("encoding", "delimiter"),
    [("utf-8", ";"), ("utf-8-sig", ","), ("cp1252", ";"), ("utf-16", "\t"), ("utf-8", "|")],
)
def test_encodings_and_delimiters_are_recognised(encoding: str, delimiter: str) -> None:
    text = "Numéro;Produit;Nom\n7;Le Matin;Éloïse Cœur\n".replace(";", delimiter)
    report = bring(text.encode(encoding))
    assert (counted(report), report.delimiter) == ((1, 0, 0, 0), delimiter)
    assert Customer.objects.get().name == "Éloïse Cœur"


def test_the_line_that_excel_adds_is_understood() -> None:
    assert counted(bring('sep=,\r\nnumber,product,name\r\n"7","A, with a comma","X"\r\n')) == (1, 0, 0, 0)
    assert Subscription.objects.get().product == "A, with a comma"


def test_customers_are_found_by_address_then_number_then_telephone_and_name() -> None:
    known = emile()
    telephone(known)
    bring(f"number,product,email,phone,name\n1,A,{EMILE.upper()},,\n2,B,,0612345678,\n3,C,,612345678,LAMBERT Emile\n")
    assert set(Subscription.objects.values_list("customer", flat=True)) == {known.pk}
    bring("number,product,email\n1,A,other@courriel.example\n")
    assert verbs.find_or_add("other@courriel.example", at=MONDAY) == known


def test_a_new_address_of_a_known_customer_is_told_and_that_of_a_new_one_is_part_of_them() -> None:
    bring("number,product,email,name\n1,A,one@courriel.example,X\n")
    assert not Event.objects.filter(name="reach_added").exists()
    bring("number,product,email,phone\n1,A,one@courriel.example,0612345678\n")
    assert Event.objects.get(name="reach_added").data["kind"] == "phone"


def test_another_name_at_a_household_number_is_another_person() -> None:
    telephone(emile())
    report = bring("number,product,phone,name\n1,A,0612345678,Léa Lambert\n2,B,0612345678,\n")
    assert counted(report) == (1, 0, 0, 1)
    assert Customer.objects.count() == 2
    with translation.override("en"):
        again = bring("number,product,phone,name\n2,B,0612345678,\n")
    assert "Several customers share this telephone number" in again.lines[0].sentences[0]


def test_a_number_of_one_customer_with_the_address_of_another_is_refused() -> None:
    bring("number,product,email\n1,A,one@courriel.example\n2,B,two@courriel.example\n")
    assert counted(bring("number,product,email\n1,A,two@courriel.example\n")) == (0, 0, 0, 1)


def test_merged_customers_are_found_where_they_live_on() -> None:
    kept, gone = emile(), writes("old@courriel.example")
    verbs.merge(kept, gone=gone, by=amina(), at=MONDAY)
    bring("number,product,email\n1,A,old@courriel.example\n")
    assert Subscription.objects.get().customer == kept


def test_what_is_wrong_is_told_line_by_line_and_the_rest_is_imported() -> None:
    text = (
        "number,product,email,phone,state,since\n"
        "1,A,nobody@,06 12,active,2024-01-01\n"
        ",A,a@b.example,,active,\n"
        "3,,c@d.example,,active,\n"
        "4,A,e@f.example,,resting,\n"
        "5,A,g@h.example,,active,31/02/2024\n"
        "6,A,,,,\n"
        "7,A,i@j.example,12,active,2024-01-01\n"
    )
    with translation.override("en"):
        report = bring(text)
    assert counted(report) == (1, 0, 0, 6)
    assert [line.number_in_file for line in report.lines] == [2, 3, 4, 5, 6, 7, 8]
    said = [line.sentences[0] for line in report.lines]
    assert "“nobody@” is not a complete e-mail address." in report.lines[0].sentences or "Nobody is named" in said[0]
    assert said[1] == "The number is missing."
    assert said[2] == "The product is missing."
    assert said[3].startswith("“resting” is no known state")
    assert said[4] == "“31/02/2024” is not a date."
    assert said[5].startswith("Nobody is named")
    assert said[6].startswith("Telephone “12”")
    assert Subscription.objects.get().number == "7"


@pytest.mark.parametrize(
    ("content", "word"),
    [(b"", "number"), (b"hello", "number"), (b"number;colour\n1;blue", "product"), (b"\x00\xff\xfe", "number"),
     (b'number;product\n1;"never closed' + b"x" * 1_100_000, "CSV")],
)  # fmt: skip
def test_what_is_no_table_is_said(content: bytes, word: str) -> None:
    with translation.override("en"), pytest.raises(Unreadable, match=word):
        bring(content)
    assert not Event.objects.exists()


def test_american_dates_are_seen_by_the_file_as_a_whole() -> None:
    american = read_table(b"number,product,since\n1,A,03/04/2024\n2,A,03/25/2024\n")
    french = read_table(b"number,product,since\n1,A,03/04/2024\n2,A,25/03/2024\n")
    assert (american.day_first, french.day_first) == (False, True)
    assert read_date("03/04/2024", day_first=False) == date(2024, 3, 4)
    assert read_date("3.4.24") == date(2024, 4, 3)
    assert read_date("2024-04-03T00:00:00") == date(2024, 4, 3)
    with pytest.raises(ValueError, match="bientôt"):
        read_date("bientôt")


def test_a_long_file_reports_its_progress_and_asks_little_of_the_database(
    django_assert_max_num_queries: object,
) -> None:
    text = "number,product,name\n" + "".join(f"{n},A,Person {n}\n" for n in range(1201))
    steps: list[tuple[int, int]] = []
    imports.import_subscriptions(
        text.encode(), by=denise(), at=MONDAY, progress=lambda done, total: steps.append((done, total))
    )
    assert steps == [(500, 1201), (1000, 1201), (1201, 1201)]
    assert Subscription.objects.count() == 1201
    with django_assert_max_num_queries(20):  # type: ignore[operator]
        report = imports.preview(text.encode(), by=denise())
    assert counted(report) == (0, 0, 1201, 0)
    assert len(report.lines) == 1000


@pytest.mark.parametrize("who", [amina, outsider])
def test_only_supervisors_and_administrators_import(who: object) -> None:
    with pytest.raises(NotAllowed):
        imports.import_subscriptions(FRENCH.encode(), by=who(), at=MONDAY)  # type: ignore[operator]
    with pytest.raises(NotAllowed):
        imports.preview(FRENCH.encode(), by=who())  # type: ignore[operator]
