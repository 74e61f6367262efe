"""What the pages show of a case: everything in order, in the reader's language, nothing that is not theirs to see."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from tenir.cases import lists, presenters, times, verbs
from tenir.cases.loading import Loaded, load
from tenir.cases.models import Case
from tenir.cases.presenters import MessageItem
from tenir.cases.tests import scenes
from tenir.cases.tests.scenes import minutes
from tenir.people.models import Agent
from tenir.people.tests.scenes import MONDAY, amina, bruno, chloe, denise, team

pytestmark = pytest.mark.django_db


def loaded(case: Case, viewer: Agent, *, after: float = 60) -> Loaded:
    whole = Case.objects.select_related("customer", "owner", "team", "category").get(pk=case.pk)
    return load(whole, viewer=viewer, at=minutes(after))


def shown(case: Case, viewer: Agent, *, after: float = 60, language: str = "en") -> list[Any]:
    with translation.override(language):
        return list(presenters.timeline(loaded(case, viewer, after=after), viewer=viewer, at=minutes(after)))


def said(case: Case, viewer: Agent, **more: Any) -> list[MessageItem]:
    return [item for item in shown(case, viewer, **more) if not item.is_fact]


def test_words_and_facts_stand_in_one_order() -> None:
    case = scenes.bin_without_lid()
    verbs.take(case, by=amina(), at=minutes(1))
    scenes.reply(case, amina(), "Nous l'apportons.", at=minutes(2))
    verbs.write_note(case, by=bruno(), text="Stock : 3", at=minutes(3))
    verbs.end(case, kind="happy", by=amina(), at=minutes(4))
    told = [item.words if item.is_fact else item.text for item in shown(case, amina())]
    assert told == [
        scenes.BIN,
        "Amina took the case.",
        "Nous l'apportons.",
        "Stock : 3",
        "Amina ended the case: happy.",
    ]
    kinds = [item.kind for item in said(case, amina())]
    assert kinds == ["person", "us", "note"]


def test_the_facts_of_a_merged_case_are_told_in_the_kept_one_and_go_back_with_it() -> None:
    kept, middle, other = (scenes.bin_without_lid(key=f"{n}") for n in range(3))
    verbs.take(other, by=chloe(), at=minutes(1))
    verbs.merge(kept=middle, other=other, by=bruno(), at=minutes(2))
    row = verbs.merge(kept=kept, other=middle, by=bruno(), at=minutes(3))
    assert "Chloé took the case." in [item.words for item in shown(kept, amina()) if item.is_fact]
    verbs.rearrange.undo(row, by=bruno(), at=minutes(4))
    assert "Chloé took the case." not in [item.words for item in shown(kept, amina()) if item.is_fact]


def test_what_came_since_the_last_visit_is_new_to_each_person() -> None:
    case = scenes.bin_without_lid()
    first = case.messages.get()
    verbs.see(case, by=amina(), at=minutes(1), up_to=first.pk)
    scenes.writes_again(case, "Encore ceci", at=minutes(2))
    assert [item.is_new for item in said(case, amina())] == [False, True]
    assert [item.is_new for item in said(case, bruno())] == [True, True]


def test_a_held_reply_can_be_undone_by_its_author_and_says_when_it_leaves() -> None:
    case = scenes.bin_without_lid()
    message = scenes.reply(case, amina(), at=minutes(2))
    hold = said(case, amina(), after=2)[-1].hold
    assert hold is not None
    assert hold["seconds"] == 10
    assert str(message.pk) in str(hold["undo_url"])
    assert said(case, bruno(), after=2)[-1].hold is None
    assert said(case, denise(), after=2)[-1].hold is not None
    scenes.leaves(message, at=minutes(3))
    assert said(case, amina())[-1].hold is None


@pytest.mark.parametrize(
    ("fate", "words"),
    [
        ("sent", "250 ok"),
        ("failed", "550 nobody"),
        ("bounced", "user unknown"),
        ("withdrawn", "taken back"),
    ],
)
def test_what_became_of_a_reply_is_said_in_words(fate: str, words: str) -> None:
    case = scenes.bin_without_lid()
    message = scenes.reply(case, amina(), at=minutes(2))
    if fate == "withdrawn":
        verbs.undo_reply(message, by=amina(), at=minutes(2))
    else:
        scenes.leaves(message, at=minutes(3))
    if fate == "failed":
        verbs.failed(message, answer="550 nobody", at=minutes(4))
    if fate in ("sent", "bounced"):
        verbs.sent(message, answer="250 ok", at=minutes(4))
    if fate == "bounced":
        verbs.bounced(message, reason="user unknown", permanent=True, at=minutes(5))
    state = said(case, amina())[-1].state
    assert state is not None
    assert words in state["words"]
    assert (state["kind"] == "broken") == (fate in ("failed", "bounced"))


def test_a_stranger_and_an_unproved_address_are_shown_as_such() -> None:
    case = scenes.bin_without_lid(facts={"authentication": [["spf", "fail"]]})
    scenes.other_writes(case, "zoe@example.org", at=minutes(1), unexpected=True)
    proved, stranger = said(case, amina())
    assert "SPF" in proved.warnings[0]
    assert stranger.warnings == ["This person was not in the case before."]


def test_what_stands_beside_a_case_hides_what_is_not_the_viewers() -> None:
    closed = team("Direction", amina(), is_private=True)
    case = scenes.bin_without_lid(key="open")
    secret = scenes.bin_without_lid(key="secret", team_id=closed.pk, subject="Très confidentiel")
    verbs.link(case, other=secret, by=amina(), at=minutes(1))
    for viewer, sees in ((amina(), True), (denise(), True), (bruno(), False)):
        beside = presenters.aside(loaded(case, viewer), at=minutes(60))
        assert bool(beside.links) == bool(beside.others) == sees
        assert ("confidentiel" in str(beside)) == sees
    verbs.give(secret, to=bruno(), by=denise(), at=minutes(2))
    assert presenters.aside(loaded(case, bruno()), at=minutes(60)).links


def test_beside_a_case_stand_steps_tags_people_and_the_persons_other_cases() -> None:
    case = scenes.bin_without_lid(key="1", others=[("Gaël", "gael@example.org")])
    other = scenes.bin_without_lid(key="2", subject="Autre chose")
    verbs.tag(case, name="bac", by=amina(), at=MONDAY)
    step = verbs.add_step(case, text="Appeler", by=amina(), at=MONDAY)
    verbs.check_step(step, done=True, by=amina(), at=MONDAY)
    beside = presenters.aside(loaded(case, amina()), at=minutes(60))
    assert beside.tags == ["bac"]
    assert beside.steps == [{"pk": step.pk, "text": "Appeler", "done": True}]
    assert [one["name"] for one in beside.participants] == ["Gaël"]
    assert [row["reference"] for row in beside.others] == [str(other)]


def test_in_their_shoes_counts_from_the_first_request_and_leaves_no_dead_slot() -> None:
    case = scenes.bin_without_lid()
    with translation.override("en"):
        fresh = presenters.shoes(case, at=minutes(90))
        assert [(figure.figure, figure.words) for figure in fresh] == [
            ("1 hour", "since the first request"),
            ("1", "contact"),
        ]
    verbs.log_call(case, by=amina(), at=minutes(5), said_at=minutes(5), direction="in", text="", cut=True)
    verbs.end(case, kind="happy", by=amina(), at=minutes(6))
    scenes.writes_again(case, at=minutes(7))
    with translation.override("en"):
        figures = presenters.shoes(scenes.fresh(case), at=MONDAY + timedelta(days=28))
    assert [(figure.figure, figure.words) for figure in figures] == [
        ("28 days", "since the first request"),
        ("3", "contacts"),
        ("1", "call cut off"),
        ("1", "time reopened"),
    ]


# --- To whom a reply goes --------------------------------------------------------------------------------------


def to_whom(case: Case) -> tuple[list[object], list[object]]:
    chosen = presenters.recipients(loaded(case, amina()), addresses=[scenes.address_of(case.customer)])
    return [one["address"] for one in chosen.to], [one["address"] for one in chosen.cc]


def test_a_reply_answers_who_wrote_last_with_who_was_in_copy() -> None:
    copied: dict[str, Any] = {
        "others": [("", "gael@example.org")],
        "facts": {"cc": ["gael@example.org", "aide@desk.example"]},
    }
    case = scenes.bin_without_lid(**copied)
    assert to_whom(case) == (["emile@example.org"], ["gael@example.org"])
    scenes.other_writes(case, "gael@example.org", at=minutes(1), facts={"to": ["aide@desk.example"]})
    assert to_whom(case) == (["gael@example.org"], ["emile@example.org"])


def test_who_was_taken_out_is_not_written_to_and_who_was_added_is() -> None:
    case = scenes.bin_without_lid(others=[("", "gael@example.org")], facts={"cc": ["gael@example.org"]})
    scenes.other_writes(case, "gael@example.org", at=minutes(1))
    verbs.remove_participant(case.participants.get(), by=amina(), at=minutes(2))
    verbs.add_participant(case, address="depot@example.org", by=amina(), at=minutes(3))
    assert to_whom(case) == (["emile@example.org"], ["depot@example.org"])


def test_a_stranger_is_answered_only_when_an_agent_says_so() -> None:
    case = scenes.bin_without_lid()
    scenes.other_writes(case, "zoe@example.org", at=minutes(1), unexpected=True)
    assert to_whom(case) == (["emile@example.org"], [])


# --- Lists, times, cost ------------------------------------------------------------------------------------------


def test_a_row_says_what_one_has_to_know_in_the_readers_language() -> None:
    case = scenes.bin_without_lid(language="en")
    verbs.take(case, by=amina(), at=minutes(1))
    rows = lists.page(amina(), "mine").cases
    with translation.override("fr"):
        (row,) = presenters.case_rows(rows, viewer=bruno(), at=MONDAY + timedelta(days=2))
    assert (row.name, row.subject, row.language) == ("Émile Durand", "Bac sans couvercle", "")
    assert row.url == f"/cases/{case}/"
    chips = [words for words, _colour in row.chips]
    assert "Amina" in chips
    assert any("2\u00a0jours" in words or "2 jours" in words for words in chips), chips
    with translation.override("fr"):
        (row,) = presenters.case_rows(rows, viewer=amina(), at=minutes(5))
    assert row.language == "EN"


@pytest.mark.parametrize(
    ("after", "english", "french"),
    [
        (timedelta(minutes=5), "10:00", "10:00"),  # nine in UTC, ten in Paris
        (timedelta(days=1), "yesterday", "hier"),
        (timedelta(days=3), "Monday", "lundi"),
        (timedelta(days=40), "2 Mar", "2 mars"),
        (timedelta(days=400), "2 Mar 2026", "2 mars 2026"),
    ],
)
def test_moments_as_people_say_them(after: timedelta, english: str, french: str) -> None:
    with translation.override("en"):
        assert times.short(MONDAY, at=MONDAY + after) == english
    with translation.override("fr"):
        assert times.short(MONDAY, at=MONDAY + after).lower() == french


@pytest.mark.parametrize(
    ("bytes_", "english"), [(0, "0 bytes"), (999, "999 bytes"), (20_480, "20 kB"), (1_250_000, "1.2 MB")]
)
def test_sizes_of_files(bytes_: int, english: str) -> None:
    with translation.override("en"):
        assert times.size(bytes_) == english


def test_a_page_costs_the_same_queries_however_long_the_case() -> None:
    def cost(case: Case) -> int:
        viewer = amina()
        whole = Case.objects.select_related("customer", "owner", "team", "category").get(pk=case.pk)
        with CaptureQueriesContext(connection) as queries:
            found = load(whole, viewer=viewer, at=minutes(60))
            presenters.timeline(found, viewer=viewer, at=minutes(60))
            presenters.heading(found, viewer=viewer, at=minutes(60))
            presenters.aside(found, at=minutes(60))
            presenters.shoes(whole, at=minutes(60))
        return len(queries)

    def busy(messages: int) -> Case:
        case = scenes.bin_without_lid(key=f"busy {messages}", others=[("", "gael@example.org")], files=[scenes.photo()])
        for number in range(messages):
            scenes.writes_again(case, at=minutes(number), files=[scenes.photo()])
            scenes.other_writes(case, "gael@example.org", at=minutes(number))
            verbs.write_note(case, by=(amina(), bruno(), chloe())[number % 3], text="Vu", at=minutes(number))
            verbs.add_step(case, text="Appeler", by=amina(), at=minutes(number))
        verbs.take(case, by=amina(), at=minutes(50))
        return case

    short, long = busy(2), busy(12)
    assert cost(long) == cost(short) <= 12
