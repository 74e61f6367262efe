"""Merging and splitting lose nothing, and undoing restores every row."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tenir.cases import search, verbs
from tenir.cases.errors import CaseError, MovedOn, NothingChosen, SameCase
from tenir.cases.models import Case, Draft, Ending, Link, Message, Participant, Rearrangement, Step
from tenir.cases.tests import scenes
from tenir.cases.tests.scenes import minutes
from tenir.people.tests.scenes import MONDAY, amina, bruno, chloe

pytestmark = pytest.mark.django_db


def stored(*, without: tuple[str, ...] = ()) -> dict[str, list[dict[str, Any]]]:
    """Every row of every case, table by table."""
    tables: tuple[Any, ...] = (Case, Message, Participant, Step, Link, Draft, Ending)
    told: dict[str, Any] = {table.__name__: list(table.objects.order_by("pk").values()) for table in tables}
    told["tags"] = list(Case.tags.through.objects.order_by("case_id", "tag_id").values("case_id", "tag_id"))
    return {name: rows for name, rows in told.items() if name not in without}


def test_a_merged_case_lives_on_in_the_kept_one() -> None:
    kept = scenes.bin_without_lid(at=minutes(10))
    other = scenes.bin_without_lid(at=MONDAY, remedy_sought="Un couvercle", others=[("", "gael@example.org")])
    verbs.add_step(other, text="Appeler", by=amina(), at=minutes(11))
    verbs.tag(other, name="bac", by=amina(), at=minutes(11))
    verbs.save_draft(other, by=amina(), kind="reply", text="Bonjour", at=minutes(11))
    verbs.take(other, by=amina(), at=minutes(11))
    verbs.merge(kept=kept, other=other, by=bruno(), at=minutes(12))
    kept, other = scenes.fresh(kept), scenes.fresh(other)
    assert (other.merged_into, other.state) == (kept, Case.State.ENDED)
    assert (kept.first_request_at, kept.unanswered_since, kept.contacts) == (MONDAY, MONDAY, 2)
    assert (kept.owner, kept.state, kept.remedy_sought) == (amina(), Case.State.OPEN, "Un couvercle")
    assert kept.messages.count() == 2
    assert kept.participants.get().address == "gael@example.org"
    assert (kept.steps.get().text, kept.drafts.get().text) == ("Appeler", "Bonjour")
    assert list(kept.tags.values_list("name", flat=True)) == ["bac"]
    assert scenes.told(kept)[-1] == scenes.told(other)[-1] == "case_rearranged"


def test_what_is_alive_in_either_is_alive_in_the_kept_one() -> None:
    kept, other = scenes.bin_without_lid(key="1"), scenes.bin_without_lid(key="2")
    ending = verbs.end(kept, kind="happy", by=amina(), at=minutes(1))
    row = verbs.merge(kept=kept, other=other, by=bruno(), at=minutes(2))
    assert scenes.fresh(kept).state == Case.State.OPEN
    ending.refresh_from_db()
    assert ending.reopened_at == minutes(2)
    verbs.rearrange.undo(row, by=bruno(), at=minutes(3))
    ending.refresh_from_db()
    assert scenes.fresh(kept).state == Case.State.ENDED
    assert ending.reopened_at is None
    assert scenes.fresh(other).state == Case.State.WAITING


def test_the_customer_of_the_other_case_stays_in_touch() -> None:
    kept = scenes.bin_without_lid(key="1")
    other = scenes.bin_without_lid(who=scenes.customer("Farida Benali"), key="2")
    words = other.messages.get()
    row = verbs.merge(kept=kept, other=other, by=bruno(), at=minutes(2))
    assert kept.participants.get().address == "farida@example.org"
    words.refresh_from_db()
    assert (words.case, words.customer) == (kept, other.customer)
    verbs.rearrange.undo(row, by=bruno(), at=minutes(3))
    assert not kept.participants.exists()


def test_two_drafts_of_one_person_become_one_and_part_again() -> None:
    kept, other = scenes.bin_without_lid(key="1"), scenes.bin_without_lid(key="2")
    verbs.save_draft(kept, by=amina(), kind="reply", text="Un", at=minutes(1))
    verbs.save_draft(other, by=amina(), kind="reply", text="Deux", at=minutes(1))
    before = stored()
    row = verbs.merge(kept=kept, other=other, by=bruno(), at=minutes(2))
    assert kept.drafts.get().text == "Un\n\nDeux"
    verbs.rearrange.undo(row, by=bruno(), at=minutes(3))
    assert stored() == before


def test_words_that_come_after_a_merge_stay_when_it_is_undone() -> None:
    kept, other = scenes.bin_without_lid(key="1"), scenes.bin_without_lid(key="2")
    scenes.delivered(kept, amina(), at=minutes(1))
    row = verbs.merge(kept=kept, other=other, by=bruno(), at=minutes(2))
    new = scenes.writes_again(kept, "Et encore ceci", at=minutes(3))
    verbs.rearrange.undo(row, by=bruno(), at=minutes(4))
    kept, other = scenes.fresh(kept), scenes.fresh(other)
    assert (kept.contacts, other.contacts) == (2, 1)
    assert (kept.last_inbound_id, kept.last_words) == (new.pk, "Et encore ceci")
    assert (kept.unanswered_since, other.unanswered_since) == (minutes(3), MONDAY)
    assert (kept.state, other.state) == (Case.State.OPEN, Case.State.WAITING)


def test_a_case_is_not_merged_with_itself_nor_with_what_it_has_become() -> None:
    kept, other = scenes.bin_without_lid(key="1"), scenes.bin_without_lid(key="2")
    row = verbs.merge(kept=kept, other=other, by=bruno(), at=minutes(2))
    for one, two in ((kept, kept), (kept, other), (other, kept)):
        with pytest.raises(SameCase):
            verbs.merge(kept=one, other=two, by=bruno(), at=minutes(3))
    verbs.rearrange.undo(row, by=bruno(), at=minutes(3))
    with pytest.raises(MovedOn):
        verbs.rearrange.undo(row, by=bruno(), at=minutes(4))


def test_an_undo_out_of_order_is_refused() -> None:
    one, two, three = (scenes.bin_without_lid(key=f"{n}") for n in range(3))
    first = verbs.merge(kept=two, other=one, by=bruno(), at=minutes(1))
    second = verbs.merge(kept=three, other=two, by=bruno(), at=minutes(2))
    before = stored()
    with pytest.raises(MovedOn):
        verbs.rearrange.undo(first, by=bruno(), at=minutes(3))
    assert stored() == before
    verbs.rearrange.undo(second, by=bruno(), at=minutes(4))
    verbs.rearrange.undo(first, by=bruno(), at=minutes(5))
    assert one.messages.count() == two.messages.count() == three.messages.count() == 1


def test_an_offered_handover_of_a_merged_case_waits_for_the_undo() -> None:
    kept, other = scenes.bin_without_lid(key="1"), scenes.bin_without_lid(key="2")
    verbs.take(other, by=amina(), at=minutes(1))
    offer = verbs.offer_handover(other, to=chloe(), story="…", by=amina(), at=minutes(1))
    row = verbs.merge(kept=kept, other=other, by=bruno(), at=minutes(2))
    with pytest.raises(CaseError):
        verbs.answer_handover(offer, accept=True, by=chloe(), at=minutes(3))
    verbs.rearrange.undo(row, by=bruno(), at=minutes(4))
    verbs.answer_handover(offer, accept=True, by=chloe(), at=minutes(5))
    assert scenes.fresh(other).owner == chloe()


# --- Splitting -----------------------------------------------------------------------------------------------------


def test_a_split_makes_a_case_of_its_own_and_shares_what_waits() -> None:
    case = scenes.bin_without_lid()
    scenes.delivered(case, amina(), at=minutes(1))
    scenes.writes_again(case, "Merci pour le couvercle.", at=minutes(2))
    press = scenes.writes_again(case, "Autre chose : mon journal n'arrive plus.", at=minutes(3))
    gael = scenes.other_writes(case, "gael@example.org", "Le mien non plus.", at=minutes(4))
    row = verbs.split(case, messages=[press.pk, gael.pk], subject="Journal", by=amina(), at=minutes(5))
    case, other = scenes.fresh(case), scenes.fresh(row.other)
    assert (other.subject, other.owner, other.state, other.customer) == ("Journal", amina(), "open", case.customer)
    assert scenes.texts(list(other.messages.order_by("pk"))) == [
        "Autre chose : mon journal n'arrive plus.",
        "Le mien non plus.",
    ]
    assert (case.contacts, other.contacts) == (2, 1)
    assert (case.unanswered_since, other.unanswered_since) == (minutes(2), minutes(3))
    assert (case.last_words, other.last_words) == ("Merci pour le couvercle.", "Le mien non plus.")
    assert (case.first_request_at, other.first_request_at) == (MONDAY, minutes(3))
    assert other.participants.get().address == "gael@example.org"
    assert Link.objects.get(case=case, other=other).because == "split"
    assert scenes.told(other) == ["case_opened", "case_rearranged"]


def test_a_split_needs_some_messages_and_leaves_some() -> None:
    case = scenes.bin_without_lid()
    elsewhere = scenes.bin_without_lid(key="2").messages.get()
    for chosen in ([], [case.messages.get().pk], [elsewhere.pk], [10**9]):
        with pytest.raises(NothingChosen):
            verbs.split(case, messages=chosen, subject="", by=amina(), at=minutes(5))


def test_undoing_a_split_brings_along_what_was_added_and_its_reference_leads_back() -> None:
    case = scenes.bin_without_lid()
    press = scenes.writes_again(case, "Et mon journal ?", at=minutes(3))
    row = verbs.split(case, messages=[press.pk], subject="Journal", by=amina(), at=minutes(5))
    verbs.add_step(row.other, text="Appeler l'imprimerie", by=amina(), at=minutes(6))
    verbs.tag(row.other, name="journal", by=amina(), at=minutes(6))
    verbs.rearrange.undo(row, by=amina(), at=minutes(7))
    assert (case.messages.count(), case.steps.count(), case.tags.count()) == (2, 1, 1)
    other = scenes.fresh(row.other)
    assert (other.merged_into, other.state) == (case, Case.State.ENDED)
    assert not Link.objects.exists()


def test_a_split_whose_new_case_was_answered_is_not_undone() -> None:
    case = scenes.bin_without_lid()
    press = scenes.writes_again(case, "Et mon journal ?", at=minutes(3))
    row = verbs.split(case, messages=[press.pk], subject="Journal", by=amina(), at=minutes(5))
    scenes.reply(row.other, amina(), at=minutes(6))
    with pytest.raises(MovedOn):
        verbs.rearrange.undo(row, by=amina(), at=minutes(7))


def test_search_finds_the_kept_case_by_the_words_of_the_other() -> None:
    kept = scenes.bin_without_lid(key="1")
    other = verbs.receive_message(scenes.incoming(scenes.emile(), "Une girafe en peluche", key="2"), at=MONDAY).case
    verbs.merge(kept=kept, other=other, by=bruno(), at=minutes(2))
    assert [hit.case for hit in search.find("girafe", agent=amina()).hits] == [kept]


# --- Any sequence --------------------------------------------------------------------------------------------------


@contextmanager
def forgotten() -> Iterator[None]:
    """What happens inside is taken back at the end, so that each example begins alike."""
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]  # verbs may open their own transactions inside
    with block:
        yield
        transaction.set_rollback(True)


DEEDS = ("write", "answer", "note", "step", "tag", "link", "draft", "end", "call", "snooze", "other", "merge", "split")
deeds = st.lists(st.tuples(st.sampled_from(DEEDS), st.integers(0, 5), st.integers(0, 5)), min_size=3, max_size=14)


def do(deed: str, one: Case, two: Case, *, at: datetime) -> Rearrangement | None:
    """Does one thing; what is refused changes nothing."""
    try:
        return _do(deed, one, two, at=at)
    except CaseError:
        return None


def _do(deed: str, one: Case, two: Case, *, at: datetime) -> Rearrangement | None:
    if deed == "merge":
        return verbs.merge(kept=one, other=two, by=bruno(), at=at)
    if deed == "split":
        chosen = list(one.messages.order_by("pk").values_list("pk", flat=True))[1::2]
        return verbs.split(one, messages=chosen, subject="", by=bruno(), at=at)
    plain: dict[str, Any] = {
        "write": lambda: scenes.writes_again(one, at=at),
        "answer": lambda: scenes.delivered(one, amina(), at=at),
        "note": lambda: verbs.write_note(one, by=bruno(), at=at, text="Vu"),
        "step": lambda: verbs.add_step(one, text="Appeler", by=amina(), at=at),
        "tag": lambda: verbs.tag(one, name=f"tag {two.pk % 3}", by=amina(), at=at),
        "link": lambda: verbs.link(one, other=two, by=amina(), at=at),
        "draft": lambda: verbs.save_draft(one, by=amina(), kind="reply", text=f"Brouillon {two.pk}", at=at),
        "end": lambda: verbs.end(one, kind="solved", by=amina(), at=at),
        "call": lambda: verbs.log_call(one, by=amina(), at=at, said_at=at, direction="in", text="Allô", cut=True),
        "snooze": lambda: verbs.snooze(one, until=at + timedelta(days=2), by=amina(), at=at),
        "other": lambda: scenes.other_writes(one, f"p{two.pk % 2}@example.org", at=at),
    }
    plain[deed]()
    return None


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=deeds, kind=st.sampled_from(["merge", "split"]), pair=st.tuples(st.integers(0, 3), st.integers(0, 3)))
def test_undoing_at_once_restores_every_row(
    before: list[tuple[str, int, int]], kind: str, pair: tuple[int, int]
) -> None:
    with forgotten():
        people = [scenes.emile(), scenes.customer("Farida Benali")]
        cases = [scenes.bin_without_lid(who=people[n % 2], key=f"start {n}") for n in range(4)]
        for number, (deed, one, two) in enumerate(before):
            do(deed, cases[one % 4], cases[two % 4], at=minutes(10 + number))
        rows = stored()
        row = do(kind, scenes.fresh(cases[pair[0]]), scenes.fresh(cases[pair[1]]), at=minutes(500))
        if row is None:
            assert stored() == rows
            return
        verbs.rearrange.undo(row, by=bruno(), at=minutes(501))
        after = stored()
        if kind == "split":  # the emptied case stays, so that its reference leads back; its own copies stay in it
            after = {
                name: [r for r in table if row.other_id not in (r.get("case_id"), r["id"] if name == "Case" else None)]
                for name, table in after.items()
            }
        assert after == rows


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.sampled_from([*DEEDS, "merge", "split", "undo", "undo"]), st.integers(0, 7),
                                st.integers(0, 7)), min_size=5, max_size=25))  # fmt: skip
def test_whatever_is_merged_split_and_undone_nothing_is_lost(steps: list[tuple[str, int, int]]) -> None:
    with forgotten():
        for number in range(4):
            scenes.bin_without_lid(key=f"start {number}")
        rows: list[Rearrangement] = []
        for number, (deed, one, two) in enumerate(steps):
            _one_step(deed, one, two, rows, at=minutes(10 + number))
            _check_nothing_lost()


def _one_step(deed: str, one: int, two: int, rows: list[Rearrangement], *, at: datetime) -> None:
    cases = list(Case.objects.order_by("pk"))
    tables: tuple[Any, ...] = (Message, Participant, Step)
    before = [set(table.objects.values_list("pk", flat=True)) for table in tables]
    if deed == "undo" and rows:
        try:
            verbs.rearrange.undo(rows[one % len(rows)], by=bruno(), at=at)
        except MovedOn:
            return
    elif deed != "undo":
        row = do(deed, cases[one % len(cases)], cases[two % len(cases)], at=at)
        rows += [row] if row else []
    for table, were in zip(tables, before, strict=True):
        assert were <= set(table.objects.values_list("pk", flat=True))


def _check_nothing_lost() -> None:
    for merged in Case.objects.exclude(merged_into=None):
        assert not merged.messages.exists(), "words stand in a case that nobody opens any more"
        assert not merged.steps.exists()
        assert merged.state == Case.State.ENDED
        assert merged.unanswered_since is None
    for case in Case.objects.filter(merged_into=None):
        inbound = case.messages.filter(kind="inbound")
        assert case.last_inbound_id == inbound.order_by("-pk").values_list("pk", flat=True).first()
        ended = case.state == Case.State.ENDED
        assert case.endings.filter(reopened_at=None).exists() == ended
        assert not (ended and case.unanswered_since)
        assert (case.owner_id is None) <= (case.state in ("waiting", "ended"))
