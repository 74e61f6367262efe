"""What is counted, and what a distribution says."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils.translation import override

from tenir.cases import verbs as cases
from tenir.cases.tests.scenes import bin_without_lid, customer
from tenir.figures import kept, lengths
from tenir.figures.kept import Line, lines, promises_counted
from tenir.people.tests.scenes import amina, denise, team
from tenir.problems import verbs as problems
from tenir.problems.tests.scenes import no_lids
from tenir.promises import verbs as promises
from tenir.promises.jobs import follow_cases
from tenir.promises.tests.scenes import Answer, a_bin, another_date, days, delivered, hours, part, plain, rule, says

DAY = timedelta(days=1)


def test_a_spread_has_a_place_for_each_length_and_ranks_that_occurred() -> None:
    found = lengths.spread([timedelta(hours=4), timedelta(hours=5), DAY, 2 * DAY, 40 * DAY])
    assert found.counts == [1, 2, 1, 0, 0, 0, 0, 1]
    assert (found.half, found.nine_of_ten, found.total) == (DAY, 40 * DAY, 5)
    assert lengths.spread([]).half is None


def test_by_whom_is_no_way_to_tell_it() -> None:
    assert not set(kept.WAYS) & {"agent", "owner", "person", "by"}


@pytest.mark.django_db(transaction=True)
class TestCounting:
    @pytest.fixture(autouse=True)
    def in_french(self) -> Iterator[None]:
        """Names of kinds, channels and months are those of the reader's language."""
        with override("fr"):
            yield

    def told(self, way: str = "kind", *, standing: bool = False) -> dict[str, Line]:
        found = promises_counted(denise(), standing=standing, at=days(30))
        return {line.name: line for line in lines(found, way)}

    def test_each_promise_is_counted_for_what_became_of_it(self) -> None:
        case = bin_without_lid()
        says(delivered(a_bin(case), at=hours(5)), Answer.KEPT, at=hours(6))
        late = another_date(a_bin(case), to=days(5), at=hours(3))
        says(delivered(late, at=days(4)), Answer.KEPT, at=days(4))
        rest = a_bin(case)
        says(delivered(rest, at=hours(7)), Answer.PARTLY, at=hours(8), missing=[part(rest, "couvercle")])
        promises.break_promise(a_bin(case), seen=0, because="perdu", told="by_call", by=amina(), at=hours(9))
        counts = self.told()["livraison"].counts
        assert counts == {
            "made": 5, "open": 1, "kept": 2, "on_time": 1, "partly": 1, "renegotiated": 1, "broken": 1,
            "unconfirmed": 0, "withdrawn": 0,
        }  # fmt: skip

    def test_beside_the_endings_each_case_once(self) -> None:
        case = bin_without_lid()
        for _ in range(2):
            says(plain(case), Answer.KEPT, at=hours(1))
        cases.end(case, kind="solved", by=amina(), at=hours(2))
        cases.reopen(case, by=amina(), at=hours(3))
        cases.end(case, kind="happy", by=amina(), at=hours(4))
        line = self.told()["action"]
        assert (line.counts["made"], line.endings) == (2, {"happy": 1})

    def test_by_team_cause_channel_and_month(self) -> None:
        bins = team("Bacs")
        case, other = bin_without_lid(), bin_without_lid(who=customer("Jeanne Petit"), key="other")
        cases.move_to_team(case, team=bins, by=amina(), at=hours(1))
        a_bin(case)
        plain(other)
        problems.tie(no_lids(), case=case, by=amina(), at=hours(2))
        by_team = {name: line.counts["made"] for name, line in self.told("team").items()}
        assert by_team == {"Bacs": 1, "aucune équipe": 1}
        assert list(self.told("cause")) == ["Plus de couvercles en stock"]
        assert self.told("channel")["par courriel"].counts["made"] == 2
        assert self.told("month")["mars 2026"].counts["made"] == 2

    def test_rules_of_the_desk_are_told_apart_and_hidden_cases_are_not_counted(self) -> None:
        rule("first_answer", timedelta(hours=4))
        case = bin_without_lid()
        follow_cases(hours(1))
        a_bin(case)
        assert [line.counts["made"] for line in self.told(standing=True).values()] == [1]
        cases.move_to_team(case, team=team("Privé", is_private=True), by=denise(), at=hours(1))
        assert len(self.told()) == 1
        assert lines(promises_counted(amina(), standing=False, at=days(30)), "kind") == []

    def test_how_long_we_promise_and_how_long_we_take(self) -> None:
        delivered(a_bin(), at=hours(5))
        promised, real = lengths.promised_and_real(promises_counted(denise(), standing=False, at=days(30)))
        assert (promised.half, real.half) == (timedelta(hours=48), timedelta(hours=5))
