"""A case does not end while something is owed."""

import pytest

from tenir.cases import verbs as cases
from tenir.cases.tests.scenes import bin_without_lid, fresh, told
from tenir.people.tests.scenes import amina, denise
from tenir.promises import access
from tenir.promises.errors import StillOwed
from tenir.promises.tests.scenes import Answer, Told, a_bin, delivered, hours, plain, says

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_case_cannot_be_ended_while_a_promise_is_open_or_unconfirmed() -> None:
    case = bin_without_lid()
    promise, other = a_bin(case), plain(case)
    with pytest.raises(StillOwed) as refused:
        cases.end(case, kind="solved", by=amina(), at=hours(1))
    assert refused.value.promises == [promise.pk, other.pk]
    assert "2 promesses" in str(refused.value)
    says(other, Answer.KEPT, at=hours(1))
    delivered(promise, at=hours(2))
    with pytest.raises(StillOwed):
        cases.end(case, kind="solved", by=amina(), at=hours(3))
    assert fresh(case).state != "ended"
    says(promise, Answer.KEPT, at=hours(4))
    cases.end(case, kind="happy", by=amina(), at=hours(5))
    assert fresh(case).state == "ended"


def test_ending_several_passes_over_those_that_owe() -> None:
    case, free = bin_without_lid(), bin_without_lid(key="free")
    a_bin(case)
    cases.bulk.act([case, free], what="end", by=denise(), at=hours(1), kind="solved")
    assert (fresh(case).state, fresh(free).state) == ("waiting", "ended")


def test_the_customer_says_solved_while_we_owe_something() -> None:
    case = bin_without_lid()
    promise = a_bin(case)
    cases.say_solved(case, by=case.customer, at=hours(1))
    cases.say_solved(case, by=case.customer, at=hours(1))  # a second tap
    assert fresh(case).state == "waiting"
    assert told(case)[-2:] == ["promise_made", "ending_answered"]
    from tenir.promises import verbs

    verbs.withdraw(promise, seen=0, because="no longer wanted", told=Told.BY_CALL, by=amina(), at=hours(2))
    cases.say_solved(case, by=case.customer, at=hours(3))
    assert fresh(case).state == "ended"


def test_what_was_promised_in_a_merged_case_is_still_owed() -> None:
    kept, other = bin_without_lid(), bin_without_lid(key="other")
    promise = a_bin(other)
    done = cases.merge(kept=kept, other=other, by=amina(), at=hours(1))
    with pytest.raises(StillOwed):
        cases.end(kept, kind="solved", by=amina(), at=hours(2))
    assert access.promise_for(amina(), promise.pk) == promise
    delivered(promise, at=hours(3))
    assert told(fresh(kept))[-1] == "promise_delivered"  # told in the case that is looked at
    cases.rearrange.undo(done, by=amina(), at=hours(4))
    cases.end(kept, kind="solved", by=amina(), at=hours(5))
    with pytest.raises(StillOwed):
        cases.end(other, kind="solved", by=amina(), at=hours(5))
