"""What a case is about: words first, category after; tags, links, people, the checklist."""

import pytest

from tenir.cases import verbs
from tenir.cases.errors import NotAnAddress, NothingToSay, SameCase
from tenir.cases.models import Category, Link, Step, Tag
from tenir.cases.tests import scenes
from tenir.cases.tests.scenes import minutes
from tenir.customers.verbs import merge as merge_customers
from tenir.customers.verbs import undo_merge
from tenir.people.tests.scenes import MONDAY, amina, bruno, denise

pytestmark = pytest.mark.django_db


def test_words_are_corrected_and_only_what_changed_is_told() -> None:
    case = scenes.bin_without_lid()
    verbs.describe(case, by=amina(), at=MONDAY, subject=" Bac vert ", remedy_sought="Un couvercle", language="fr")
    case = scenes.fresh(case)
    assert (case.subject, case.remedy_sought) == ("Bac vert", "Un couvercle")
    assert [fact["what"] for fact in scenes.facts("case_described")] == ["subject", "remedy_sought"]
    verbs.describe(case, by=amina(), at=MONDAY, subject="", language="Français !", remedy_sought="Un couvercle")
    assert scenes.fresh(case).subject == "Bac vert"
    assert len(scenes.facts("case_described")) == 2
    with pytest.raises(ValueError, match="state"):
        verbs.describe(case, by=amina(), at=MONDAY, state="ended")


def test_the_category_comes_after_the_words() -> None:
    case = scenes.bin_without_lid()
    bins = Category.objects.create(name="Bacs")
    verbs.categorise(case, category=bins, by=amina(), at=MONDAY)
    verbs.categorise(case, category=bins, by=amina(), at=MONDAY)
    verbs.categorise(case, category=None, by=amina(), at=MONDAY)
    assert scenes.fresh(case).category is None
    assert len(scenes.facts("case_described")) == 2


def test_tags_are_lower_case_and_once() -> None:
    case = scenes.bin_without_lid()
    verbs.tag(case, name="  Bac   VERT ", by=amina(), at=MONDAY)
    verbs.tag(case, name="bac vert", by=amina(), at=MONDAY)
    verbs.tag(case, name=" ", by=amina(), at=MONDAY)
    assert list(case.tags.values_list("name", flat=True)) == ["bac vert"]
    verbs.untag(case, name="BAC vert", by=amina(), at=MONDAY)
    verbs.untag(case, name="BAC vert", by=amina(), at=MONDAY)
    assert not case.tags.exists()
    assert Tag.objects.count() == 1
    assert [fact["added"] for fact in scenes.facts("case_tagged")] == [True, False]


def test_two_cases_are_linked_once_whichever_way_and_both_tell() -> None:
    one, two = scenes.bin_without_lid(), scenes.bin_without_lid(key="2")
    verbs.link(one, other=two, because="Même tournée", by=amina(), at=MONDAY)
    verbs.link(two, other=one, by=amina(), at=MONDAY)
    assert Link.objects.get().because == "Même tournée"
    verbs.unlink(two, other=one, by=amina(), at=MONDAY)
    verbs.unlink(two, other=one, by=amina(), at=MONDAY)
    assert not Link.objects.exists()
    assert scenes.told(one)[2:] == scenes.told(two)[2:] == ["case_linked", "case_linked"]
    with pytest.raises(SameCase):
        verbs.link(one, other=one, by=amina(), at=MONDAY)


def test_somebody_is_added_taken_out_and_brought_back() -> None:
    case = scenes.bin_without_lid()
    farida = verbs.add_participant(case, address=" Farida@Example.ORG ", name="Farida", by=amina(), at=MONDAY)
    again = verbs.add_participant(case, address="farida@example.org", by=amina(), at=MONDAY)
    assert again == farida
    assert (farida.address, farida.invited) == ("farida@example.org", True)
    verbs.remove_participant(farida, by=amina(), at=minutes(1))
    verbs.remove_participant(farida, by=amina(), at=minutes(2))
    farida.refresh_from_db()
    assert (farida.removed_at, farida.invited) == (minutes(1), False)
    verbs.add_participant(case, address="farida@example.org", by=amina(), at=minutes(3))
    farida.refresh_from_db()
    assert (farida.removed_at, farida.name) == (None, "Farida")
    assert [fact["added"] for fact in scenes.facts("participant_changed")] == [True, False, True]
    with pytest.raises(NotAnAddress):
        verbs.add_participant(case, address="Farida", by=amina(), at=MONDAY)


def test_an_unexpected_writer_becomes_expected() -> None:
    case = scenes.bin_without_lid()
    message = scenes.other_writes(case, "zoe@example.org", at=minutes(1), unexpected=True)
    assert message.participant is not None
    assert message.participant.unexpected
    zoe = verbs.add_participant(case, address="zoe@example.org", by=amina(), at=minutes(2))
    assert (zoe.unexpected, zoe.invited) == (False, True)


def test_the_checklist_is_ticked_once_and_lines_need_words() -> None:
    case = scenes.bin_without_lid()
    step = verbs.add_step(case, text=" Appeler   le dépôt ", by=amina(), at=MONDAY)
    assert step.text == "Appeler le dépôt"
    verbs.check_step(step, done=True, by=bruno(), at=minutes(1))
    verbs.check_step(step, done=True, by=amina(), at=minutes(2))
    step.refresh_from_db()
    assert (step.done_at, step.done_by) == (minutes(1), bruno())
    verbs.check_step(step, done=False, by=amina(), at=minutes(3))
    verbs.remove_step(step, by=amina(), at=minutes(4))
    verbs.remove_step(Step(pk=step.pk, case=case), by=amina(), at=minutes(4))
    changes = [fact["change"] for fact in scenes.facts("checklist_changed")]
    assert changes == ["added", "done", "undone", "removed"]
    with pytest.raises(NothingToSay):
        verbs.add_step(case, text="  ", by=amina(), at=MONDAY)


def test_a_case_recorded_under_the_wrong_person_is_corrected_with_their_words() -> None:
    case = scenes.bin_without_lid()
    scenes.other_writes(case, "zoe@example.org", at=minutes(1))
    farida = scenes.customer("Farida Benali")
    verbs.change_customer(case, customer=farida, by=amina(), at=minutes(2))
    assert scenes.fresh(case).customer == farida
    assert list(case.messages.order_by("pk").values_list("customer", flat=True)) == [farida.pk, None]
    assert scenes.last("case_described").customer_id == farida.pk


def test_the_cases_of_a_customer_who_is_merged_follow_and_come_back() -> None:
    case = scenes.bin_without_lid()
    kept = scenes.customer("Emilie Durand")
    merged = merge_customers(kept=kept, gone=case.customer, by=denise(), at=MONDAY)
    assert scenes.fresh(case).customer == kept
    assert case.messages.get().customer == kept
    undo_merge(merged, by=denise(), at=minutes(1))
    assert scenes.fresh(case).customer == scenes.emile()
    assert case.messages.get().customer == scenes.emile()
