"""Words from outside: stored once, in the right case, under the name of whoever said them."""

from datetime import timedelta

import pytest
from django.db import connection

from tenir.cases import reference as references
from tenir.cases import threading as threads
from tenir.cases import verbs
from tenir.cases.models import Case, Draft, Link, Message, Participant
from tenir.cases.tests import scenes
from tenir.cases.tests.scenes import minutes
from tenir.customers.verbs import add_reach
from tenir.ledger.models import Event
from tenir.outbox.models import Task
from tenir.people.tests.scenes import MONDAY, amina
from tests.racing import at_once

pytestmark = pytest.mark.django_db


def test_a_first_letter_opens_a_case_that_waits_for_somebody() -> None:
    case = scenes.fresh(scenes.bin_without_lid(remedy_sought="Un couvercle"))
    assert case.state == Case.State.WAITING
    assert case.owner is None
    assert case.customer == scenes.emile()
    assert case.subject == "Bac sans couvercle"
    assert case.remedy_sought == "Un couvercle"
    assert case.last_words.startswith("Bonjour, le bac vert")
    assert case.contacts == 1
    assert case.first_request_at == case.unanswered_since == case.moved_at == MONDAY
    assert references.read(str(case)) == case.reference
    message = case.messages.get()
    assert case.last_inbound_id == message.pk
    assert (message.kind, message.customer, message.participant, message.agent) == (
        "inbound", scenes.emile(), None, None,
    )  # fmt: skip
    assert scenes.told(case) == ["case_opened", "message_received"]
    assert {event.actor_kind for event in Event.objects.filter(case_id=case.pk)} == {"customer"}


def test_a_letter_without_subject_is_named_by_its_first_words() -> None:
    case = scenes.bin_without_lid(subject="")
    assert case.subject == "Bonjour, le bac vert est bien arrivé, mais il n'a pas de couvercle.…"


def test_the_same_letter_delivered_twice_is_one_message() -> None:
    letter = scenes.incoming(scenes.emile(), key="mail:1")
    first = verbs.receive_message(letter, at=MONDAY)
    again = verbs.receive_message(letter, at=minutes(5))
    assert again == first
    assert Case.objects.count() == Message.objects.count() == 1
    assert scenes.told(first.case) == ["case_opened", "message_received"]


def test_a_key_of_any_length_is_one_key() -> None:
    letter = scenes.incoming(scenes.emile(), key="form:" + "é" * 500)
    first = verbs.receive_message(letter, at=MONDAY)
    assert verbs.receive_message(letter, at=MONDAY) == first


def test_what_no_database_can_keep_is_replaced_and_the_rest_is_kept() -> None:
    message = verbs.receive_message(
        scenes.incoming(
            scenes.emile(),
            "Avant\x00après \ud83d fin 🌳",
            subject="Sujet\x00",
            facts={"to": ["a\x00b@example.org"], "deep": [{"x": "\udcff"}]},
            folded=[("quote", "ci\x00té")],
            sender_name="Émile\x00" + "e" * 300,
            files=[scenes.photo("a\x00" + "b" * 300)],
            html="<p>\x00</p>",
        ),
        at=MONDAY,
    )
    message.refresh_from_db()
    assert message.text == "Avant\ufffdaprès \ufffd fin 🌳"
    assert message.facts["to"] == ["a\ufffdb@example.org"]
    assert message.folded == [["quote", "ci\ufffdté"]]
    assert len(message.author_name) == 160
    assert len(message.attachments.get().name) == 255


def test_an_answer_goes_into_its_case_wakes_it_and_counts() -> None:
    case = scenes.bin_without_lid()
    scenes.delivered(case, amina(), at=minutes(1))
    verbs.snooze(case, until=minutes(600), by=amina(), at=minutes(2))
    message = scenes.writes_again(case, "Il n'est pas venu.", at=minutes(30))
    case = scenes.fresh(case)
    assert case.state == Case.State.OPEN
    assert case.snoozed_until is None
    assert case.unanswered_since == case.moved_at == minutes(30)
    assert case.contacts == 2
    assert case.last_words == "Il n'est pas venu."
    assert case.last_inbound_id == message.pk
    assert case.first_request_at == MONDAY
    assert scenes.told(case)[-3:] == ["message_received", "state_changed", "case_woken"]


def test_the_oldest_unanswered_words_count() -> None:
    case = scenes.bin_without_lid()
    scenes.writes_again(case, at=minutes(20))
    assert scenes.fresh(case).unanswered_since == MONDAY


def test_words_after_the_end_reopen_the_same_case() -> None:
    case = scenes.bin_without_lid()
    ending = verbs.end(case, kind="solved", by=amina(), at=minutes(5))
    scenes.writes_again(case, "Ce n'est pas fini.", at=minutes(60))
    case = scenes.fresh(case)
    assert (case.state, case.owner, case.reopenings) == (Case.State.OPEN, amina(), 1)
    ending.refresh_from_db()
    assert ending.reopened_at == minutes(60)
    assert scenes.told(case)[-3:] == ["message_received", "case_reopened", "state_changed"]


def test_a_scheduled_reply_withdraws_itself_and_its_words_are_in_the_draft() -> None:
    case = scenes.bin_without_lid()
    planned = scenes.reply(case, amina(), "À lundi.", at=minutes(1), leaves_at=minutes(500), files=[scenes.photo()])
    scenes.writes_again(case, "Trouvé, merci !", at=minutes(10))
    planned.refresh_from_db()
    assert planned.delivery == Message.Delivery.WITHDRAWN
    assert Task.objects.get().state == Task.State.WITHDRAWN
    assert scenes.leaves(planned, at=minutes(500)) is None
    draft = Draft.objects.get(case=case, agent=amina())
    assert draft.text == "À lundi."
    assert draft.attachments == [["couvercle.jpg", "image/jpeg", 20_480, "ab" * 32]]
    assert scenes.last("reply_withdrawn").data == {"message": planned.pk, "because": "customer_wrote"}


def test_a_held_reply_crosses_the_new_letter() -> None:
    case = scenes.bin_without_lid()
    held = scenes.reply(case, amina(), at=minutes(1))
    scenes.writes_again(case, at=minutes(1) + timedelta(seconds=3))
    held.refresh_from_db()
    assert held.delivery == Message.Delivery.HELD
    assert scenes.fresh(case).unanswered_since == minutes(1) + timedelta(seconds=3)


def test_somebody_in_copy_is_a_participant_and_never_the_customer() -> None:
    case = scenes.bin_without_lid(others=[("Farida", "Farida@Example.org"), ("", "emile@example.org")])
    assert list(case.participants.values_list("address", flat=True)) == ["farida@example.org"]
    message = scenes.other_writes(case, "farida@example.org", at=minutes(4))
    assert (message.customer, message.participant) == (None, Participant.objects.get())
    assert scenes.fresh(case).contacts == 1
    assert scenes.fresh(case).unanswered_since == MONDAY
    event = scenes.last("message_received")
    assert (event.actor_kind, event.actor_id) == ("participant", message.participant_id)


def test_neither_the_customer_nor_the_desk_becomes_a_participant_by_being_in_copy() -> None:
    case = scenes.bin_without_lid()
    copies = [("", "EMILE@example.org"), ("", "aide@desk.example"), ("Gaël", "gael@example.org")]
    scenes.other_writes(case, "farida@example.org", at=minutes(4), others=copies)
    assert set(case.participants.values_list("address", flat=True)) == {"farida@example.org", "gael@example.org"}


def test_who_was_taken_out_and_writes_all_the_same_is_shown_as_unexpected() -> None:
    case = scenes.bin_without_lid(others=[("Farida", "farida@example.org")])
    farida = case.participants.get()
    verbs.remove_participant(farida, by=amina(), at=minutes(1))
    thread = threads.find(sender="farida@example.org", answers_to=[case.messages.get().message_id])
    assert thread is not None
    assert thread.unexpected
    message = verbs.receive_message(
        scenes.incoming(scenes.emile(), sender_address="farida@example.org", thread=thread), at=minutes(5)
    )
    farida.refresh_from_db()
    assert message.participant == farida
    assert farida.unexpected
    assert farida.removed_at == minutes(1)


def test_a_stranger_who_names_a_reference_opens_a_case_of_their_own_that_is_linked() -> None:
    case = scenes.bin_without_lid()
    stranger = scenes.customer("Zoé Inconnue")
    thread = threads.find(sender="zoe@example.org", subject=f"Re: votre dossier {case}")
    assert thread is not None
    assert not thread.belongs
    message = verbs.receive_message(scenes.incoming(stranger, thread=thread), at=minutes(9))
    assert message.case != case
    assert message.case.customer == stranger
    assert Link.objects.get(case=message.case, other=case).because == "named_by_a_stranger"
    assert scenes.fresh(case).contacts == 1
    assert scenes.told(case)[-1] == scenes.told(message.case)[-1] == "case_linked"


def test_headers_then_token_then_a_reference_from_who_is_in_the_case() -> None:
    emile = scenes.emile()
    case = scenes.bin_without_lid()
    first = case.messages.get()
    by_header = threads.find(sender="emile@example.org", answers_to=["unknown@x", first.message_id])
    assert by_header == threads.Thread(case, "headers", belongs=True, from_customer=True, unexpected=False)
    by_token = threads.find(sender="zoe@example.org", token_case=case.pk)
    assert by_token == threads.Thread(case, "token", belongs=True, from_customer=False, unexpected=True)
    add_reach(emile, kind="email", text="emile.durand@example.net", by=amina(), at=MONDAY)
    by_subject = threads.find(sender="Emile.Durand@example.net", subject=f"[{case}] encore")
    assert by_subject == threads.Thread(case, "subject", belongs=True, from_customer=True, unexpected=False)
    assert threads.find(sender="emile@example.org", subject="T-AAAA-AAA", token_case=10**9) is None


def test_a_message_id_that_two_cases_bear_leads_to_the_first() -> None:
    first = scenes.bin_without_lid(message_id="same@example.org", key="one")
    scenes.bin_without_lid(message_id="same@example.org", key="two")
    thread = threads.find(sender="emile@example.org", answers_to=["same@example.org"])
    assert thread is not None
    assert thread.case == first


def test_words_to_a_merged_case_reach_the_kept_one() -> None:
    kept, other = scenes.bin_without_lid(), scenes.bin_without_lid(at=minutes(1))
    letter = other.messages.get().message_id
    verbs.merge(kept=kept, other=other, by=amina(), at=minutes(2))
    for thread in (
        threads.find(sender="emile@example.org", answers_to=[letter]),
        threads.find(sender="emile@example.org", token_case=other.pk),
        threads.find(sender="emile@example.org", subject=str(other)),
    ):
        assert thread is not None
        assert thread.case == kept
    message = scenes.writes_again(other, at=minutes(3))  # threaded before the merge, received after
    assert message.case == kept


def test_a_call_counts_and_a_cut_one_waits_for_an_answer() -> None:
    case = scenes.bin_without_lid()
    scenes.delivered(case, amina(), at=minutes(1))
    verbs.log_call(case, by=amina(), at=minutes(9), said_at=minutes(8), direction="in", text="Elle rappelle", cut=True)
    case = scenes.fresh(case)
    assert (case.contacts, case.cut_lines, case.state) == (2, 1, Case.State.OPEN)
    assert case.unanswered_since == minutes(8)
    verbs.log_call(case, by=amina(), at=minutes(20), said_at=minutes(20), direction="out", text="Jointe", cut=False)
    case = scenes.fresh(case)
    assert (case.contacts, case.cut_lines, case.unanswered_since) == (2, 1, None)
    assert case.last_words == "Jointe"
    assert scenes.facts("call_logged")[0]["cut"] is True


def test_a_call_after_the_end_reopens_and_a_direction_is_in_or_out() -> None:
    case = scenes.bin_without_lid()
    verbs.end(case, kind="happy", by=amina(), at=minutes(1))
    verbs.log_call(case, by=amina(), at=minutes(9), said_at=minutes(8), direction="in", text="", cut=False)
    assert scenes.fresh(case).reopenings == 1
    with pytest.raises(ValueError, match="sideways"):
        verbs.log_call(case, by=amina(), at=minutes(9), said_at=MONDAY, direction="sideways", text="", cut=False)


def test_an_agent_opens_a_case_for_somebody_who_called() -> None:
    case = verbs.open_case(
        customer=scenes.emile(), channel="phone", subject="Bac", text="Il manque le couvercle", by=amina(), at=MONDAY
    )
    assert (case.state, case.owner, case.contacts) == (Case.State.OPEN, amina(), 1)
    call = case.messages.get()
    assert (call.kind, call.agent, call.facts["direction"]) == (Message.Kind.CALL, amina(), "in")
    assert scenes.told(case) == ["case_opened", "case_taken", "call_logged"]


def test_a_letter_on_paper_is_the_customers_words_and_an_empty_case_has_none() -> None:
    letter = verbs.open_case(
        customer=scenes.emile(), channel="letter", subject="Bac", text="Monsieur, …", by=amina(), at=MONDAY
    )
    message = letter.messages.get()
    assert (message.kind, message.customer) == (Message.Kind.INBOUND, scenes.emile())
    assert scenes.fresh(letter).unanswered_since == MONDAY
    empty = verbs.open_case(customer=scenes.emile(), channel="email", subject="Rappel", text="", by=amina(), at=MONDAY)
    assert not empty.messages.exists()
    assert empty.contacts == 0


def test_a_new_case_costs_six_queries_and_an_answer_eight(django_assert_max_num_queries: object) -> None:
    """Measured per mail, besides parsing and finding the customer; PostgreSQL waits for its turn in one more."""
    more = 1 if connection.vendor == "postgresql" else 0
    emile = scenes.emile()
    letter = scenes.incoming(emile)
    with django_assert_max_num_queries(6 + more):  # type: ignore[operator]
        message = verbs.receive(letter, at=MONDAY)
    thread = threads.Thread(message.case, "headers", belongs=True, from_customer=True, unexpected=False)
    answer = scenes.incoming(emile, thread=thread)
    with django_assert_max_num_queries(8 + more):  # type: ignore[operator]
        verbs.receive(answer, at=minutes(1))


@pytest.mark.django_db(transaction=True)
def test_one_letter_delivered_to_eight_processes_at_once_is_one_message() -> None:
    letter = scenes.incoming(scenes.emile(), key="mail:same")
    results = at_once(8, lambda _: verbs.receive_message(letter, at=MONDAY).pk)
    assert results == [Message.objects.get().pk] * 8
    assert Case.objects.count() == 1
    assert sorted(scenes.told()) == ["case_opened", "customer_added", "message_received"]


@pytest.mark.django_db(transaction=True)
def test_two_letters_for_one_case_at_once_are_both_counted() -> None:
    case = scenes.bin_without_lid()
    thread = threads.Thread(case, "headers", belongs=True, from_customer=True, unexpected=False)
    letters = [scenes.incoming(case.customer, f"Lettre {n}", key=f"k{n}", thread=thread) for n in range(6)]
    results = at_once(6, lambda number: verbs.receive_message(letters[number], at=minutes(1)).pk)
    assert len(set(results)) == 6
    case = scenes.fresh(case)
    assert case.contacts == 7
    assert case.last_inbound_id == max(case.messages.values_list("pk", flat=True))
