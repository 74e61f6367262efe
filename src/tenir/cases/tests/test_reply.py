"""What the desk says: held while one counts to ten, taken back without a trace, told truly when it did not arrive."""

from datetime import timedelta

import pytest

from tenir.cases import verbs
from tenir.cases.errors import (
    InThePast,
    NobodyToWriteTo,
    NotAnAddress,
    NothingToSay,
    NotYours,
    SomethingNew,
    TooLate,
)
from tenir.cases.models import Case, Draft, Mention, Message
from tenir.cases.tests import scenes
from tenir.cases.tests.scenes import minutes
from tenir.outbox import verbs as outbox
from tenir.outbox.models import Task
from tenir.people.tests.scenes import MONDAY, amina, bruno, chloe, denise
from tests.racing import at_once

pytestmark = pytest.mark.django_db
TEN_SECONDS = timedelta(seconds=10)


def test_a_reply_is_held_for_ten_seconds_and_then_due() -> None:
    case = scenes.bin_without_lid()
    message = scenes.reply(case, amina(), at=minutes(5), files=[scenes.photo()])
    message.refresh_from_db()
    assert (message.delivery, message.leaves_at) == (Message.Delivery.HELD, minutes(5) + TEN_SECONDS)
    assert (message.agent, message.author_name, message.customer) == (amina(), "Amina", None)
    assert message.attachments.get().name == "couvercle.jpg"
    task = Task.objects.get()
    assert (task.kind, task.key, task.due_at) == ("email.send", f"reply:{message.pk}", minutes(5) + TEN_SECONDS)
    assert task.data == {"message": message.pk}
    assert not task.appointed
    case = scenes.fresh(case)
    assert (case.state, case.owner, case.unanswered_since) == (Case.State.WAITING_FOR_CUSTOMER, amina(), None)
    assert scenes.told(case)[2:] == ["case_taken", "state_changed", "reply_written"]


def test_a_case_that_stays_in_hand_after_the_reply_stays_open() -> None:
    case = scenes.bin_without_lid()
    scenes.reply(case, amina(), at=minutes(5), then_wait=False)
    assert scenes.fresh(case).state == Case.State.OPEN


def test_the_owner_of_a_case_stays_its_owner_whoever_answers() -> None:
    case = scenes.bin_without_lid()
    verbs.take(case, by=amina(), at=MONDAY)
    scenes.reply(case, bruno(), at=minutes(1))
    assert scenes.fresh(case).owner == amina()


def test_recipients_are_read_once_each_and_nothing_can_break_a_header() -> None:
    case = scenes.bin_without_lid()
    to = {"to": [" emile@example.org ", "EMILE@example.org"], "cc": ["farida@example.org", ""], "bcc": []}
    assert scenes.reply(case, amina(), at=minutes(1), recipients=to).recipients == {
        "to": ["emile@example.org"],
        "cc": ["farida@example.org"],
    }
    for odd in ("nobody", "@example.org", "a@b\r\nBcc: c@d", "a b@c.d", "x@y,z@w", "<a@b.c>", "a@" + "b" * 260):
        with pytest.raises(NotAnAddress):
            scenes.reply(case, amina(), at=minutes(1), recipients={"to": [odd]})
    with pytest.raises(ValueError, match="from"):
        scenes.reply(case, amina(), at=minutes(1), recipients={"from": ["a@b.c"]})


def test_what_cannot_be_sent_is_refused_and_nothing_is_written() -> None:
    case = scenes.bin_without_lid()
    verbs.save_draft(case, by=amina(), kind="reply", text="Presque", at=MONDAY)
    before = scenes.told()
    with pytest.raises(NothingToSay):
        scenes.reply(case, amina(), " \n ", at=minutes(1))
    with pytest.raises(NobodyToWriteTo):
        scenes.reply(case, amina(), at=minutes(1), recipients={"cc": ["a@example.org"]})
    with pytest.raises(InThePast):
        scenes.reply(case, amina(), at=minutes(1), leaves_at=minutes(1))
    assert scenes.told() == before
    assert case.messages.count() == 1
    assert Draft.objects.get().text == "Presque"


def test_a_reply_is_refused_when_something_new_arrived_and_the_words_are_kept() -> None:
    case = scenes.bin_without_lid()
    seen = scenes.fresh(case).last_inbound_id
    verbs.save_draft(case, by=amina(), kind="reply", text="Bonjour, …", at=minutes(1), seen_id=seen)
    new = scenes.writes_again(case, "Finalement, apportez-en deux.", at=minutes(2))
    before = scenes.told()
    with pytest.raises(SomethingNew) as refusal:
        scenes.reply(case, amina(), "Bonjour, …", at=minutes(3), seen_id=seen)
    assert refusal.value.new_messages == [new.pk]
    assert scenes.told() == before
    assert Draft.objects.get().text == "Bonjour, …"
    with pytest.raises(SomethingNew):
        scenes.reply(case, amina(), at=minutes(3), seen_id=None)
    scenes.reply(case, amina(), at=minutes(4), seen_id=new.pk)


def test_a_sent_draft_is_gone_and_a_note_in_progress_stays() -> None:
    case = scenes.bin_without_lid()
    verbs.save_draft(case, by=amina(), kind="reply", text="Bonjour", at=MONDAY)
    verbs.save_draft(case, by=amina(), kind="note", text="À vérifier", at=MONDAY)
    verbs.save_draft(case, by=bruno(), kind="reply", text="Moi aussi", at=MONDAY)
    scenes.reply(case, amina(), at=minutes(1))
    assert set(Draft.objects.values_list("agent__given_name", "kind")) == {("Amina", "note"), ("Bruno", "reply")}


# --- Undo --------------------------------------------------------------------------------------------------------


def test_undo_puts_everything_back_and_the_words_into_the_draft() -> None:
    case = scenes.bin_without_lid()
    verbs.take(case, by=amina(), at=minutes(1))
    before = Case.objects.values().get(pk=case.pk)
    message = scenes.reply(case, amina(), "Bonjour", at=minutes(5), files=[scenes.photo()])
    verbs.undo_reply(message, by=amina(), at=minutes(5))
    assert Case.objects.values().get(pk=case.pk) == before
    message.refresh_from_db()
    assert message.delivery == Message.Delivery.WITHDRAWN
    assert Task.objects.get().state == Task.State.WITHDRAWN
    draft = Draft.objects.get()
    assert (draft.agent, draft.text, draft.seen_id) == (amina(), "Bonjour", scenes.fresh(case).last_inbound_id)
    assert draft.recipients == {"to": ["emile@example.org"]}
    assert draft.attachments == [["couvercle.jpg", "image/jpeg", 20_480, "ab" * 32]]
    assert scenes.leaves(message, at=minutes(6)) is None
    assert scenes.told(case)[-2:] == ["reply_withdrawn", "state_changed"]


def test_undo_of_a_first_answer_leaves_the_case_with_who_is_writing() -> None:
    case = scenes.bin_without_lid()
    message = scenes.reply(case, amina(), at=minutes(5))
    verbs.undo_reply(message, by=amina(), at=minutes(5))
    case = scenes.fresh(case)
    assert (case.owner, case.state, case.unanswered_since) == (amina(), Case.State.OPEN, MONDAY)


def test_undo_of_a_reply_to_an_ended_case_ends_it_again() -> None:
    case = scenes.bin_without_lid()
    ending = verbs.end(case, kind="happy", by=amina(), at=minutes(1))
    before = Case.objects.values().get(pk=case.pk)
    message = scenes.reply(case, amina(), at=minutes(5))
    assert scenes.fresh(case).reopenings == 1
    verbs.undo_reply(message, by=amina(), at=minutes(5))
    assert Case.objects.values().get(pk=case.pk) == before
    ending.refresh_from_db()
    assert ending.reopened_at is None


def test_undo_keeps_what_its_author_has_begun_since_and_what_somebody_else_did() -> None:
    case = scenes.bin_without_lid()
    message = scenes.reply(case, amina(), "Un", at=minutes(5))
    verbs.save_draft(case, by=amina(), kind="reply", text="Deux", at=minutes(5))
    verbs.end(case, kind="happy", by=bruno(), at=minutes(5))
    verbs.undo_reply(message, by=amina(), at=minutes(5))
    assert Draft.objects.get().text == "Un\n\nDeux"
    assert scenes.fresh(case).state == Case.State.ENDED
    assert case.endings.get().reopened_at is None


def test_undo_after_new_words_counts_from_the_oldest_and_does_not_hide_them() -> None:
    case = scenes.bin_without_lid()
    message = scenes.reply(case, amina(), at=minutes(5))
    new = scenes.writes_again(case, "Encore moi", at=minutes(5))
    verbs.undo_reply(message, by=amina(), at=minutes(5))
    case = scenes.fresh(case)
    assert (case.state, case.unanswered_since, case.last_words) == (Case.State.OPEN, MONDAY, "Encore moi")
    draft = Draft.objects.get()
    with pytest.raises(SomethingNew) as refusal:
        scenes.reply(case, amina(), draft.text, at=minutes(6), seen_id=draft.seen_id)
    assert refusal.value.new_messages == [new.pk]


def test_only_the_author_or_a_supervisor_takes_a_reply_back_and_the_draft_is_the_authors() -> None:
    case = scenes.bin_without_lid()
    message = scenes.reply(case, amina(), "Bonjour", at=minutes(5))
    with pytest.raises(NotYours):
        verbs.undo_reply(message, by=bruno(), at=minutes(5))
    verbs.undo_reply(message, by=denise(), at=minutes(5))
    assert Draft.objects.get().agent == amina()


def test_once_it_leaves_it_is_too_late() -> None:
    message = scenes.reply(scenes.bin_without_lid(), amina(), at=minutes(5))
    assert scenes.leaves(message, at=minutes(6)) is not None
    with pytest.raises(TooLate):
        verbs.undo_reply(message, by=amina(), at=minutes(6))


def test_a_task_that_was_claimed_and_lost_can_still_be_undone_before_the_first_byte() -> None:
    message = scenes.reply(scenes.bin_without_lid(), amina(), at=minutes(5))
    assert outbox.claim_next(at=minutes(6), kinds=["email.send"]) is not None
    verbs.undo_reply(message, by=amina(), at=minutes(6))
    assert scenes.leaves(message, at=minutes(6)) is None


@pytest.mark.django_db(transaction=True)
def test_undo_and_the_sender_at_the_same_instant_never_both_win() -> None:
    for number in range(6):
        message = scenes.reply(scenes.bin_without_lid(key=f"k{number}"), amina(), at=minutes(5))

        def one(which: int, message: Message = message) -> object:
            if which:
                return verbs.undo_reply(message, by=amina(), at=minutes(6))
            return scenes.leaves(message, at=minutes(6))

        left, undone = at_once(2, one)
        message.refresh_from_db()
        if message.delivery == Message.Delivery.WITHDRAWN:
            assert left is None
            assert isinstance(undone, Message)
        else:
            assert isinstance(left, Message)
            assert isinstance(undone, TooLate)


# --- On its way ----------------------------------------------------------------------------------------------------


def test_a_reply_leaves_is_sent_and_says_what_the_server_said() -> None:
    case = scenes.bin_without_lid()
    message = scenes.reply(case, amina(), at=minutes(5))
    first = scenes.leaves(message, at=minutes(6))
    again = verbs.leave(message, message_id="another@desk.example", at=minutes(7))
    assert first is not None
    assert again is not None
    assert again.message_id == first.message_id == f"reply-{message.pk}@desk.example"
    verbs.sent(message, answer="250 2.0.0 Ok: queued as 4F", at=minutes(7))
    verbs.sent(message, answer="250 again", at=minutes(8))
    message.refresh_from_db()
    assert (message.delivery, message.server_answer) == (Message.Delivery.SENT, "250 2.0.0 Ok: queued as 4F")
    assert scenes.leaves(message, at=minutes(9)) is None
    assert scenes.told(case)[-2:] == ["message_left", "message_sent"]


def test_a_failed_reply_brings_the_case_back_as_unanswered_as_it_was() -> None:
    case = scenes.bin_without_lid()
    message = scenes.reply(case, amina(), at=minutes(5))
    scenes.leaves(message, at=minutes(6))
    verbs.snooze(case, until=minutes(900), by=amina(), at=minutes(6))
    verbs.failed(message, answer="550 no such user", at=minutes(7))
    verbs.failed(message, answer="twice", at=minutes(8))
    message.refresh_from_db()
    assert (message.delivery, message.server_answer) == (Message.Delivery.FAILED, "550 no such user")
    case = scenes.fresh(case)
    assert (case.state, case.unanswered_since, case.snoozed_until) == (Case.State.OPEN, MONDAY, None)
    assert case.moved_at == minutes(7)
    assert scenes.told().count("message_failed") == 1


def test_a_reply_given_up_before_it_left_is_failed_too() -> None:
    message = scenes.reply(scenes.bin_without_lid(), amina(), at=minutes(5))
    verbs.failed(message, answer="gave up", at=minutes(900))
    message.refresh_from_db()
    assert message.delivery == Message.Delivery.FAILED


def test_a_bounce_lands_on_its_message_and_an_ending_told_in_it_was_none() -> None:
    case = scenes.bin_without_lid()
    message = scenes.delivered(case, amina(), at=minutes(5))
    verbs.end(case, kind="happy", by=amina(), at=minutes(6))
    verbs.bounced(message, reason="mailbox full", permanent=False, at=minutes(7))
    verbs.bounced(message, reason="mailbox full", permanent=False, at=minutes(8))
    assert scenes.fresh(case).state == Case.State.ENDED
    verbs.bounced(message, reason="user unknown", permanent=True, at=minutes(9))
    verbs.bounced(message, reason="user unknown", permanent=True, at=minutes(10))
    message.refresh_from_db()
    assert (message.delivery, message.bounce_reason, message.bounced_at) == ("sent", "user unknown", minutes(9))
    case = scenes.fresh(case)
    assert (case.state, case.unanswered_since) == (Case.State.OPEN, MONDAY)
    assert [fact["permanent"] for fact in scenes.facts("message_bounced")] == [False, True]


def test_a_scheduled_reply_waits_for_its_day_and_answers_then() -> None:
    case = scenes.bin_without_lid()
    message = scenes.reply(case, amina(), at=minutes(5), leaves_at=minutes(600))
    case = scenes.fresh(case)
    assert (message.delivery, case.state, case.unanswered_since) == ("scheduled", Case.State.OPEN, MONDAY)
    assert Task.objects.get().appointed
    scenes.leaves(message, at=minutes(600))
    case = scenes.fresh(case)
    assert (case.state, case.unanswered_since) == (Case.State.WAITING_FOR_CUSTOMER, None)


def test_a_scheduled_reply_can_be_undone_and_does_not_reopen_what_ended_meanwhile() -> None:
    case = scenes.bin_without_lid()
    first = scenes.reply(case, amina(), "Un", at=minutes(5), leaves_at=minutes(600))
    verbs.undo_reply(first, by=amina(), at=minutes(6))
    assert Draft.objects.get().text == "Un"
    second = scenes.reply(case, amina(), "Deux", at=minutes(7), leaves_at=minutes(600))
    verbs.end(case, kind="solved", by=amina(), at=minutes(8))
    assert scenes.leaves(second, at=minutes(600)) is not None
    assert scenes.fresh(case).state == Case.State.ENDED


def test_a_scheduled_reply_that_keeps_the_case_open_keeps_it_open() -> None:
    case = scenes.bin_without_lid()
    message = scenes.reply(case, amina(), at=minutes(5), leaves_at=minutes(600), then_wait=False)
    scenes.leaves(message, at=minutes(600))
    assert scenes.fresh(case).state == Case.State.OPEN


# --- Notes ---------------------------------------------------------------------------------------------------------


def test_a_note_names_colleagues_once_and_they_see_it() -> None:
    case = scenes.bin_without_lid()
    note = verbs.write_note(
        case, by=amina(), at=minutes(3), text="@Bruno tu connais ce cas ?", mentions=[bruno(), bruno(), amina()]
    )
    assert (note.kind, note.agent, note.delivery) == (Message.Kind.NOTE, amina(), "")
    assert Mention.objects.get().agent == bruno()
    assert scenes.last("note_written").data == {"message": note.pk, "mentions": [bruno().pk]}
    case = scenes.fresh(case)
    assert (case.moved_at, case.unanswered_since, case.last_words[:7]) == (minutes(3), MONDAY, "Bonjour")
    verbs.see(case, by=chloe(), at=minutes(4), up_to=note.pk)
    assert Mention.objects.get().seen_at is None
    verbs.see(case, by=bruno(), at=minutes(5))  # the heartbeat of an open page has read nothing
    assert Mention.objects.get().seen_at is None
    verbs.see(case, by=bruno(), at=minutes(6), up_to=note.pk)
    assert Mention.objects.get().seen_at == minutes(6)


def test_a_note_needs_words_or_files() -> None:
    case = scenes.bin_without_lid()
    with pytest.raises(NothingToSay):
        verbs.write_note(case, by=amina(), at=minutes(3), text="  ")
    assert verbs.write_note(case, by=amina(), at=minutes(3), text="", files=[scenes.photo()]).attachments.count() == 1
