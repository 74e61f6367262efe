"""The lists: fifty rows at a time by keyset, read from an index whatever their number, within rights."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from tenir.cases import lists, verbs
from tenir.cases.models import Case, Category
from tenir.cases.tests import scenes
from tenir.cases.tests.scenes import minutes
from tenir.customers.models import Customer
from tenir.ledger.refusals import NotThere
from tenir.people.models import Agent
from tenir.people.tests.scenes import MONDAY, amina, bruno, outsider, team

pytestmark = pytest.mark.django_db


def shown(agent: Agent, which: str, **more: Any) -> list[int]:
    return [case.pk for case in lists.page(agent, which, **more).cases]


def many(count: int, **fields: Any) -> list[Case]:
    """So many cases, one a minute; made at once, since only their rows matter."""
    emile = scenes.emile()
    given: dict[str, Any] = {"state": "open", "channel": "email", "language": "fr", "customer": emile, "subject": "s"}
    rows = [
        Case(reference=f"R{number}", moved_at=minutes(number), first_request_at=MONDAY, opened_at=MONDAY,
             **(given | fields))
        for number in range(count)
    ]  # fmt: skip
    return Case.objects.bulk_create(rows)


def test_each_list_shows_what_its_name_says() -> None:
    bins = team("Bacs", amina())
    waiting = scenes.bin_without_lid(key="waiting", team_id=bins.pk)
    asleep = scenes.bin_without_lid(key="asleep")
    verbs.snooze(asleep, until=minutes(900), by=amina(), at=MONDAY)
    mine = scenes.bin_without_lid(key="mine")
    verbs.take(mine, by=amina(), at=MONDAY)
    answered = scenes.bin_without_lid(key="answered")
    scenes.reply(answered, amina(), at=minutes(2))
    ended = scenes.bin_without_lid(key="ended")
    verbs.end(ended, kind="happy", by=amina(), at=minutes(3))
    merged = scenes.bin_without_lid(key="merged")
    verbs.merge(kept=mine, other=merged, by=amina(), at=minutes(4))
    verbs.write_note(waiting, by=bruno(), text="@Amina", mentions=[amina()], at=minutes(5))
    assert shown(amina(), "waiting") == [waiting.pk]
    assert shown(amina(), "mine") == [mine.pk, answered.pk]
    assert shown(amina(), "waiting_for_customer") == [answered.pk]
    assert shown(amina(), "snoozed") == [asleep.pk]
    assert shown(amina(), "ended") == [ended.pk]
    assert shown(amina(), f"team-{bins.pk}") == shown(amina(), "mentions") == [waiting.pk]
    assert shown(amina(), "all") == [waiting.pk, mine.pk, ended.pk, answered.pk, asleep.pk]
    assert shown(bruno(), "mine") == []
    assert shown(amina(), "no such list") == shown(amina(), "mine")
    assert lists.rail(amina()).counts == {"mine": "2", "waiting": "1", "mentions": "1"}


def test_pages_follow_one_another_and_back_without_gap_even_at_one_instant() -> None:
    cases = many(120)
    Case.objects.filter(pk__in=[case.pk for case in cases[40:80]]).update(moved_at=minutes(50))
    whole = list(Case.objects.order_by("-moved_at", "-pk").values_list("pk", flat=True))
    first = lists.page(amina(), "all")
    second = lists.page(amina(), "all", before=first.older)
    third = lists.page(amina(), "all", before=second.older)
    assert [case.pk for page in (first, second, third) for case in page.cases] == whole
    assert (first.newer, third.older) == (None, None)
    back = lists.page(amina(), "all", after=third.newer)
    assert [case.pk for case in back.cases] == [case.pk for case in second.cases]
    again = lists.page(amina(), "all", after=back.newer)
    assert [case.pk for case in again.cases] == [case.pk for case in first.cases]


@pytest.mark.parametrize("cursor", ["", "x", "%%%", "MjAyNg", "é", "A" * 5000, "MjAyNi0wMy0wMlQwOTowMDowMHwx"])
def test_what_is_no_cursor_is_the_first_page(cursor: str) -> None:
    many(3)
    assert len(shown(amina(), "all", before=cursor, after=cursor)) == 3


def test_what_one_may_not_see_is_in_no_list() -> None:
    closed = team("Direction", amina(), is_private=True)
    case = scenes.bin_without_lid(team_id=closed.pk)
    assert shown(amina(), "waiting") == shown(amina(), "all") == [case.pk]
    assert shown(bruno(), "waiting") == shown(bruno(), "all") == shown(outsider(), "all") == []
    assert lists.rail(bruno()).counts["waiting"] == ""
    with pytest.raises(NotThere):
        lists.page(bruno(), f"team-{closed.pk}")


def test_saved_lists_keep_what_they_say() -> None:
    bins = team("Bacs", amina())
    category = Category.objects.create(name="Couvercles")
    english = scenes.bin_without_lid(key="en", language="en")
    tagged = scenes.bin_without_lid(key="tag", team_id=bins.pk)
    verbs.tag(tagged, name="urgent", by=amina(), at=MONDAY)
    verbs.categorise(tagged, category=category, by=amina(), at=MONDAY)
    answered = scenes.bin_without_lid(key="answered", channel="form")
    scenes.reply(answered, amina(), at=minutes(1))
    wanted = {
        ("language", "en"): [english],
        ("tag", "urgent"): [tagged],
        ("team", str(bins.pk)): [tagged],
        ("team", "mine"): [tagged],
        ("team", "none"): [answered, english],
        ("owner", "me"): [answered],
        ("owner", str(amina().pk)): [answered],
        ("owner", "none"): [tagged, english],
        ("category", str(category.pk)): [tagged],
        ("channel", "form"): [answered],
        ("unanswered", "yes"): [tagged, english],
        ("state", "waiting"): [tagged, english],
        ("state", "waiting_for_customer"): [answered],
        ("state", "in_hand"): [answered, tagged, english],
        ("state", "nonsense"): [answered, tagged, english],
        ("owner", "9" * 30): [answered, tagged, english],
    }
    for (name, value), cases in wanted.items():
        view = verbs.save_view(name="v", filters={name: value}, by=amina())
        assert shown(amina(), f"view-{view.pk}") == [case.pk for case in cases], (name, value)


def test_counts_stop_at_ninety_nine() -> None:
    many(150, owner=amina())
    assert lists.rail(amina()).counts["mine"] == "99+"


def test_a_page_costs_the_same_queries_whatever_it_shows(django_assert_max_num_queries: Any) -> None:
    agent = amina()
    many(60, owner=agent)
    with django_assert_max_num_queries(4):
        assert len(lists.page(agent, "mine").cases) == 50
    with django_assert_max_num_queries(3):
        lists.rail(agent)


def plan_of(cases: Any) -> str:
    """How the database would read a list, once it knows that the table is large."""
    return str(cases.order_by("-moved_at", "-pk")[:51].explain())


@pytest.mark.parametrize(
    ("which", "index"),
    [
        ("mine", "cases_list_mine"),
        ("team", "cases_list_team"),
        ("waiting", "cases_list_state"),
        ("all", "cases_list_all"),
        ("ended", "cases_list_ended"),
    ],
)
def test_each_list_is_read_from_its_index_in_order(which: str, index: str) -> None:
    bins = team("Bacs", amina())
    people = Customer.objects.bulk_create([Customer(created_at=MONDAY) for _ in range(3)])
    others = [Agent(email=f"a{n}@desk.example", given_name=f"A{n}") for n in range(20)]
    Agent.objects.bulk_create(others)
    Case.objects.bulk_create(
        Case(
            reference=f"X{number}", subject="s", state=("open", "ended", "ended", "waiting")[number % 4],
            channel="email", customer=people[number % 3], owner=others[number % 20] if number % 4 != 3 else None,
            team=bins if number % 40 == 0 else None, first_request_at=MONDAY, opened_at=MONDAY,
            moved_at=MONDAY + timedelta(seconds=number * 7919 % 10007),
        )
        for number in range(4000)
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        if connection.vendor == "postgresql":  # a hundred rows it would rather sort; here is asked whether it has to
            cursor.execute("SET LOCAL enable_bitmapscan = off")
    viewer = others[1] if which in ("mine", "ended") else amina()
    told = plan_of(lists._kind(viewer, f"team-{bins.pk}" if which == "team" else which).cases())
    assert index in told, told
    assert "TEMP B-TREE" not in told, told
    assert "Sort" not in told, told
