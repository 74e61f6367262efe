"""One action on several cases, and its undoing, which touches only what did not move on."""

from typing import Any

import pytest

from tenir.cases import verbs
from tenir.cases.errors import BecauseMissing, HasLeft, InThePast, MovedOn
from tenir.cases.models import BulkAction, Case
from tenir.cases.tests import scenes
from tenir.cases.tests.scenes import minutes
from tenir.people.tests.scenes import MONDAY, amina, bruno, denise, outsider, team

pytestmark = pytest.mark.django_db


def three() -> list[Case]:
    return [scenes.bin_without_lid(key=f"k{number}") for number in range(3)]


def rows(cases: list[Case]) -> list[object]:
    """Everything that is stored of these cases."""
    pks = [case.pk for case in cases]
    return [
        list(Case.objects.filter(pk__in=pks).order_by("pk").values()),
        list(Case.objects.filter(pk__in=pks).order_by("pk").values_list("tags__name", flat=True)),
    ]


@pytest.mark.parametrize(
    ("what", "choice"),
    [
        ("take", {}),
        ("give", {"to": "bruno"}),
        ("team", {"team": "Bacs"}),
        ("snooze", {"until": minutes(600)}),
        ("tag", {"name": "Urgent"}),
        ("end", {"kind": "happy"}),
    ],
)
def test_each_action_is_done_to_all_and_undone_to_the_row(what: str, choice: dict[str, object]) -> None:
    by = denise() if what == "give" else amina()
    named: dict[object, Any] = {"bruno": bruno(), "Bacs": team("Bacs")}
    given = {name: named.get(value, value) for name, value in choice.items()}
    cases = three()
    before = rows(cases)
    action = verbs.bulk.act(cases, what=what, by=by, at=minutes(5), **given)
    assert [row["case"] for row in action.before] == [case.pk for case in cases]
    assert rows(cases) != before
    assert scenes.last("bulk_done").data["cases"] == [case.pk for case in cases]
    verbs.bulk.undo(action, by=by, at=minutes(6))
    assert rows(cases) == before
    for case in cases:
        assert not case.endings.filter(reopened_at=None).exists()
    assert scenes.last("bulk_done").data["undone"] is True
    with pytest.raises(MovedOn):
        verbs.bulk.undo(action, by=by, at=minutes(7))


def test_what_does_not_apply_leaves_a_case_as_it_is() -> None:
    one, two, three_ = three()
    verbs.take(one, by=bruno(), at=minutes(1))
    verbs.end(two, kind="solved", by=bruno(), at=minutes(1))
    action = verbs.bulk.act([one, two, three_], what="take", by=amina(), at=minutes(2))
    assert [row["case"] for row in action.before] == [three_.pk]
    assert scenes.fresh(one).owner == bruno()


def test_a_choice_with_which_nothing_could_be_done_is_refused_whole() -> None:
    cases = three()
    for refusal, what, choice in (
        (InThePast, "snooze", {"until": MONDAY}),
        (BecauseMissing, "end", {"kind": "could_not"}),
        (HasLeft, "give", {"to": outsider()}),
        (ValueError, "end", {"kind": "resolved"}),
        (ValueError, "erase", {}),
    ):
        with pytest.raises(refusal):
            verbs.bulk.act(cases, what=what, by=denise(), at=minutes(1), **choice)
    assert not BulkAction.objects.exists()


def test_undo_spares_what_moved_on() -> None:
    one, two, three_ = three()
    action = verbs.bulk.act([one, two, three_], what="end", kind="happy", by=amina(), at=minutes(5))
    scenes.writes_again(one, at=minutes(6))
    verbs.tag(two, name="suivi", by=bruno(), at=minutes(6))
    verbs.bulk.undo(action, by=amina(), at=minutes(7))
    assert scenes.fresh(one).reopenings == 1
    assert scenes.fresh(two).state == Case.State.ENDED
    assert scenes.fresh(three_).state == Case.State.WAITING
    assert scenes.last("bulk_done").data["cases"] == [three_.pk]


def test_undo_tells_the_ledger_who_has_the_cases_again() -> None:
    case = scenes.bin_without_lid()
    verbs.take(case, by=bruno(), at=minutes(1))
    action = verbs.bulk.act([case], what="give", to=amina(), by=denise(), at=minutes(2))
    verbs.bulk.undo(action, by=denise(), at=minutes(3))
    assert scenes.fresh(case).owner == bruno()
    assert scenes.last("case_given").data == {"owner": bruno().pk, "before": amina().pk}


def test_nothing_left_to_undo_is_said_and_another_person_cannot() -> None:
    case = scenes.bin_without_lid()
    action = verbs.bulk.act([case], what="take", by=amina(), at=minutes(1))
    with pytest.raises(BulkAction.DoesNotExist):
        verbs.bulk.undo(action, by=bruno(), at=minutes(2))
    scenes.reply(case, amina(), at=minutes(3))
    with pytest.raises(MovedOn):
        verbs.bulk.undo(action, by=amina(), at=minutes(4))


def test_two_references_of_one_case_are_one_case() -> None:
    kept, other = scenes.bin_without_lid(), scenes.bin_without_lid(key="2")
    verbs.merge(kept=kept, other=other, by=amina(), at=minutes(1))
    action = verbs.bulk.act([kept, other], what="tag", name="x", by=amina(), at=minutes(2))
    assert [row["case"] for row in action.before] == [kept.pk]
