"""Rooms above may keep a case open; this room knows only that there is a reason, and says it."""

from collections.abc import Iterator

import pytest

from tenir.cases import lid, verbs
from tenir.cases.models import Case
from tenir.cases.tests.scenes import bin_without_lid, fresh, minutes
from tenir.ledger.refusals import Refusal
from tenir.people.tests.scenes import amina, denise

pytestmark = pytest.mark.django_db(transaction=True)


class LidMissing(Refusal):
    def sentence(self) -> str:
        return "Bring the lid first."


@pytest.fixture
def lidless() -> Iterator[set[int]]:
    """The ids of the cases that must stay open."""
    owed: set[int] = set()

    def reason(case: Case) -> Refusal | None:
        return LidMissing() if case.pk in owed else None

    lid.keeps_open(reason)
    lid.keeps_open(reason)
    yield owed
    lid._reasons.remove(reason)
    assert reason not in lid._reasons  # registered once, however often


def test_a_case_ends_only_when_nothing_keeps_it_open(lidless: set[int]) -> None:
    case = bin_without_lid()
    lidless.add(case.pk)
    with pytest.raises(LidMissing, match="lid first"):
        verbs.end(case, kind="solved", by=amina(), at=minutes(1))
    assert fresh(case).state == "waiting"
    lidless.clear()
    verbs.end(case, kind="solved", by=amina(), at=minutes(2))
    assert fresh(case).state == "ended"


def test_ending_several_passes_over_what_must_stay_open(lidless: set[int]) -> None:
    case, free = bin_without_lid(), bin_without_lid(key="free")
    lidless.add(case.pk)
    verbs.bulk.act([case, free], what="end", by=denise(), at=minutes(1), kind="solved")
    assert (fresh(case).state, fresh(free).state) == ("waiting", "ended")
