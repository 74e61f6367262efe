"""A form becomes a case, once."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.conf import settings

from tenir.cases.models import Case, Message
from tenir.channels.form import jobs, verbs, waiting
from tenir.channels.form.models import Arrival
from tenir.channels.form.verbs import Submission, TooMany, network_of, receive_form
from tenir.customers.models import Customer, Reach
from tenir.customers.verbs import find_or_add
from tenir.ledger import files
from tenir.ledger.models import Event
from tenir.outbox.models import Task
from tenir.people.tests.scenes import MONDAY

pytestmark = pytest.mark.django_db(transaction=True)

FORM = Submission(
    page="a1b2c3",
    text="Mon bac vert est arrivé hier, sans son couvercle.",
    since="hier",
    remedy="Un couvercle.",
    name="Émile Durand",
    email="emile@example.org",
    phone="+33612345678",
    language="fr",
    files=(),
    address="192.0.2.7",
    opened_at=MONDAY - timedelta(minutes=3),
    trap="",
)


def test_a_form_is_a_case_with_its_wish_apart_and_an_acknowledgement_planned() -> None:
    message = receive_form(FORM, at=MONDAY)
    case = message.case
    assert (case.channel, case.language, case.state) == ("form", "fr", "waiting")
    assert case.remedy_sought == "Un couvercle."
    assert message.text == f"{FORM.text}\n\nDepuis quand\u00a0: hier"
    assert case.customer.name == "Émile Durand"
    assert set(case.customer.reaches.values_list("kind", "value")) == {
        ("email", "emile@example.org"),
        ("phone", "+33612345678"),
    }
    (task,) = Task.objects.all()
    assert (task.kind, task.case_id, task.data) == (
        "email.acknowledge",
        case.pk,
        {"case": case.pk, "message": message.pk},
    )
    names = list(Event.objects.order_by("pk").values_list("name", flat=True))
    assert names == ["customer_added", "case_opened", "message_received", "reach_added"]


def test_a_double_click_is_one_case() -> None:
    first, second = receive_form(FORM, at=MONDAY), receive_form(FORM, at=MONDAY + timedelta(seconds=1))
    assert first == second
    assert (Case.objects.count(), Message.objects.count(), Task.objects.count(), Arrival.objects.count()) == (
        1,
        1,
        1,
        1,
    )
    assert Reach.objects.filter(kind="phone").count() == 1


def test_the_same_page_with_other_words_is_not_lost() -> None:
    receive_form(FORM, at=MONDAY)
    receive_form(replace(FORM, text="J'ai oublié : c'est le bac de 240 litres."), at=MONDAY)
    assert Message.objects.count() == 2


def test_who_types_the_address_of_somebody_known_changes_nothing_of_theirs() -> None:
    known = find_or_add("emile@example.org", name="Émile D.", language="fr", at=MONDAY)
    message = receive_form(replace(FORM, name="Quelqu'un d'autre", email="Emile@Example.org"), at=MONDAY)
    known.refresh_from_db()
    assert message.case.customer == known
    assert known.name == "Émile D."
    assert not known.reaches.filter(kind="phone").exists()
    assert message.author_name == "Quelqu'un d'autre"
    assert "+33612345678" in message.text
    assert message.facts["typed_phone"] == "+33612345678"


def test_a_number_alone_is_enough_and_never_guesses_who_it_is() -> None:
    neighbour = find_or_add("neighbour@example.org", at=MONDAY)
    Reach.objects.create(customer=neighbour, kind="phone", value="+33612345678", shown="06", created_at=MONDAY)
    message = receive_form(replace(FORM, email=""), at=MONDAY)
    assert message.case.customer != neighbour
    assert list(message.case.customer.reaches.values_list("kind", "value")) == [("phone", "+33612345678")]
    assert not Task.objects.exists()


def test_a_number_that_a_crash_left_out_is_added_by_the_second_click() -> None:
    message = receive_form(FORM, at=MONDAY)
    Reach.objects.filter(kind="phone").delete()
    receive_form(FORM, at=MONDAY)
    assert message.case.customer.reaches.filter(kind="phone").count() == 1


def test_what_looks_like_a_robot_s_is_kept_marked_and_not_answered_by_itself() -> None:
    message = receive_form(replace(FORM, trap="https://pills.example"), at=MONDAY)
    assert [tag.name for tag in message.case.tags.all()] == ["douteux"]
    assert message.facts["doubts"] == ["trap"]
    assert message.case.state == "waiting"
    assert not Task.objects.exists()


def test_the_same_words_under_many_names_are_seen() -> None:
    def under(number: int) -> Message:
        form = replace(FORM, page=f"p{number}", email=f"someone{number}@example.org", address=f"203.0.{number}.9")
        return receive_form(replace(form, opened_at=MONDAY - timedelta(seconds=1)), at=MONDAY)

    doubtful = [bool(under(number).case.tags.count()) for number in range(4)]
    assert doubtful == [False, False, True, True]


def test_a_flood_of_one_network_waits_and_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verbs, "MOST_FROM_NETWORK", 3)
    for number in range(3):
        receive_form(replace(FORM, page=f"p{number}", address=f"192.0.2.{number}"), at=MONDAY)
    with pytest.raises(TooMany):
        receive_form(replace(FORM, page="p9", address="192.0.2.200"), at=MONDAY)
    assert Message.objects.count() == 3
    receive_form(replace(FORM, page="p9", address="198.51.100.1"), at=MONDAY)
    receive_form(replace(FORM, page="p10", address="192.0.2.200"), at=MONDAY + timedelta(minutes=61))


def test_counts_name_nobody_and_are_forgotten_in_a_day() -> None:
    receive_form(FORM, at=MONDAY)
    kept = " ".join(map(str, Arrival.objects.values_list("network", "sender", "words")[0]))
    assert "192" not in kept.split()
    assert "emile" not in kept
    jobs.forget(MONDAY + timedelta(hours=23))
    assert Arrival.objects.exists()
    jobs.forget(MONDAY + timedelta(hours=25))
    assert not Arrival.objects.exists()


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.0/24"),
        ("2001:db8:1:2ff::9", "2001:db8:1:200::/56"),
        ("::ffff:192.0.2.7", "192.0.2.0/24"),
        ("unix:", ""),
        ("", ""),
    ],
)
def test_networks(address: str, network: str) -> None:
    assert network_of(address) == network


def test_a_file_waits_for_its_form_and_becomes_the_desk_s_when_it_is_sent() -> None:
    file = waiting.just_sent("bac.png", "image/png", b"picture")
    waiting.put(file)
    again = waiting.read(file.slip())
    assert again is not None
    message = receive_form(replace(FORM, files=(again,)), at=MONDAY)
    (kept,) = message.attachments.all()
    assert (kept.name, kept.content_type, files.content_of(kept.sha256)) == ("bac.png", "image/png", b"picture")


def test_a_slip_that_was_made_up_leads_nowhere() -> None:
    file = waiting.just_sent("bac.png", "image/png", b"another picture")
    slip = file.slip()
    assert waiting.read(slip) is None, "nothing waits yet"
    waiting.put(file)
    assert waiting.read(slip) == file
    assert waiting.read(slip[:-1] + ("A" if slip[-1] != "A" else "B")) is None
    assert waiting.read("../../etc/passwd") is None
    assert waiting.read("") is None


def test_what_was_never_sent_is_thrown_away_and_never_fills_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = settings.DATA_DIR / "form"
    file = waiting.just_sent("a.txt", "text/html; charset=x", b"waits" * 100)
    assert file.content_type == "application/octet-stream"
    waiting.put(file)
    monkeypatch.setattr(waiting, "MOST_BYTES", 600)
    with pytest.raises(waiting.NoRoom):
        waiting.put(waiting.just_sent("b.txt", "text/plain", b"more" * 100))
    written = (folder / file.sha256).stat().st_mtime
    jobs.forget(MONDAY.fromtimestamp(written + 23 * 3600, MONDAY.tzinfo))
    assert waiting.read(file.slip()) == file
    jobs.forget(MONDAY.fromtimestamp(written + 25 * 3600, MONDAY.tzinfo))
    assert waiting.read(file.slip()) is None


def test_a_customer_is_found_by_the_address_in_any_case() -> None:
    receive_form(FORM, at=MONDAY)
    receive_form(replace(FORM, page="other", email="EMILE@example.org"), at=MONDAY)
    assert Customer.objects.count() == 1
