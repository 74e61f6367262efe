"""What an agent's browser hears, and what it does not."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.contrib.sessions.models import Session
from django.db import connection, transaction

from tenir.cases.events import CaseTaken, TeamChanged
from tenir.cases.models import Case
from tenir.cases.verbs import offer_handover
from tenir.customers.models import Customer
from tenir.ledger.events import SYSTEM, Doer, Fact
from tenir.ledger.models import Event
from tenir.ledger.readers import end
from tenir.ledger.verbs import record, record_all
from tenir.live import hub as live_hub
from tenir.people.events import AgentRenamed
from tenir.people.models import Agent, Team
from tenir.people.tests import scenes
from tests.live.listening import Listener, cookie_of, serving, status

pytestmark = pytest.mark.django_db(transaction=True)
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def happens(fact: Fact, by: Doer = SYSTEM) -> int:
    with transaction.atomic():
        record(fact, by=by, at=NOON)
        return Event.objects.latest("id").pk


def a_case(reference: str = "7K4HW2R", *, team: Team | None = None, owner: Agent | None = None) -> Case:
    customer = Customer.objects.create(name="Émile Bertin", created_at=NOON)
    return Case.objects.create(
        reference=reference, subject="Un bac sans couvercle", channel="form", customer=customer, team=team, owner=owner,
        first_request_at=NOON, opened_at=NOON, moved_at=NOON,
    )  # fmt: skip


@pytest.fixture
def address() -> Iterator[tuple[str, int]]:
    with serving() as where:
        yield where
    connection.close()


def test_an_event_reaches_the_browser_with_names_and_ids_only(address: tuple[str, int]) -> None:
    amina, case = scenes.amina(), a_case(owner=scenes.bruno())
    with Listener(address, cookie_of(amina)).begun() as browser:
        happens(CaseTaken(case=case.pk, customer=case.customer_id, owner=amina.pk, before=case.owner_id), by=amina)
        (heard,) = browser.take(count=1)
    assert heard.name == "case_taken"
    assert heard.data == {
        "name": "case_taken",
        "case": "T-7K4H-W2R",
        "case_id": case.pk,
        "lists": ["all", f"customer:{case.customer_id}", "waiting", f"owner:{case.owner_id}"],
        "actor": f"agent:{amina.pk}",
    }
    assert heard.id == str(end())


def test_nobody_listens_without_a_session(address: tuple[str, int]) -> None:
    outsider = scenes.outsider()
    for cookie in ("", "tenir_session=", "tenir_session=" + "a" * 32, "tenir_session=../x", cookie_of(outsider)):
        assert status(address, cookie) == 401


def test_there_is_nothing_beside_this_address(address: tuple[str, int]) -> None:
    assert status(address, "", query="/more") == 404


def test_away_for_a_while_and_nothing_is_missed_nor_told_twice(address: tuple[str, int]) -> None:
    amina, case = scenes.amina(), a_case()
    cookie = cookie_of(amina)
    with Listener(address, cookie).begun() as browser:
        first = [happens(CaseTaken(case=case.pk, owner=n)) for n in range(5)]
        before = browser.take(count=5)
    missed = [happens(CaseTaken(case=case.pk, owner=n)) for n in range(700)]
    with Listener(address, cookie, last_event_id=before[-1].id) as again:
        caught_up = again.take(count=700)
        live = [happens(CaseTaken(case=case.pk, owner=n)) for n in range(5)]
        told = before + caught_up + again.take(count=5)
    assert [int(one.id.partition("-")[2]) for one in told] == first + missed + live


def test_resuming_while_events_pour_in_keeps_their_order(address: tuple[str, int]) -> None:
    amina, case = scenes.amina(), a_case()
    cookie = cookie_of(amina)
    start = str(end())
    written: list[int] = []
    heard: list[int] = []
    for _ in range(12):
        written += [happens(CaseTaken(case=case.pk, owner=n)) for n in range(9)]
        with Listener(address, cookie, last_event_id=start) as browser:
            written += [happens(CaseTaken(case=case.pk, owner=n)) for n in range(9)]
            told = browser.take(until=lambda w=written[-1], b=browser: b.last_event_id.endswith(f"-{w}"))
            heard += [int(one.id.partition("-")[2]) for one in told]
            start = browser.last_event_id
    assert heard == written


def test_a_page_says_how_far_it_had_read_when_it_was_made(address: tuple[str, int]) -> None:
    case = a_case()
    made = end()
    between = happens(CaseTaken(case=case.pk, owner=1))
    with Listener(address, cookie_of(scenes.amina()), query=f"?after={made}") as browser:
        (heard,) = browser.take(count=1)
    assert heard.id.endswith(f"-{between}")


def test_who_was_away_too_long_takes_everything_afresh(
    address: tuple[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_hub, "BATCH", 10)
    case = a_case()
    start = end()
    for n in range(200):
        happens(CaseTaken(case=case.pk, owner=n))
    with Listener(address, cookie_of(scenes.amina()), last_event_id=str(start)) as browser:
        told = browser.take(until=lambda: browser.last_event_id == str(end()))
    assert told[-1].name == "behind"
    assert len(told) == live_hub.CATCH_UP * 10 + 1


@pytest.mark.parametrize("place", ["0-99999999", "9" * 19 + "-" + "9" * 19, "7-7", "9" * 30 + "-1"])
def test_a_place_that_never_was_is_the_end(address: tuple[str, int], place: str) -> None:
    amina, case = scenes.amina(), a_case()
    with Listener(address, cookie_of(amina), last_event_id=place) as browser:
        browser.take(until=lambda: browser.last_event_id == str(end()))
        happens(CaseTaken(case=case.pk, owner=amina.pk))
        assert browser.take(count=1)[0].name == "case_taken"


def test_cases_of_a_private_team_are_for_its_members_its_owner_and_supervisors(address: tuple[str, int]) -> None:
    amina, bruno, chloe, denise = scenes.amina(), scenes.bruno(), scenes.chloe(), scenes.denise()
    closed = a_case("7K4HW2R", team=scenes.team("Direction", bruno, is_private=True), owner=chloe)
    opened = a_case("234679A", team=scenes.team("Bacs", bruno))
    with (
        Listener(address, cookie_of(amina)).begun() as of_amina,
        Listener(address, cookie_of(bruno)).begun() as of_bruno,
        Listener(address, cookie_of(chloe)).begun() as of_chloe,
        Listener(address, cookie_of(denise)).begun() as of_denise,
    ):
        happens(CaseTaken(case=closed.pk, owner=chloe.pk))
        happens(CaseTaken(case=opened.pk, owner=chloe.pk))
        heard = {
            name: [one.data["case_id"] for one in browser.take(until=lambda b=browser: b.last_event_id == str(end()))]
            for name, browser in {"A": of_amina, "B": of_bruno, "C": of_chloe, "D": of_denise}.items()
        }
    both = [closed.pk, opened.pk]
    assert heard == {"A": [opened.pk], "B": both, "C": both, "D": both}


def test_who_is_offered_a_hidden_case_hears_of_it(address: tuple[str, int]) -> None:
    amina, bruno, chloe = scenes.amina(), scenes.bruno(), scenes.chloe()
    case = a_case(team=scenes.team("Direction", bruno, is_private=True), owner=bruno)
    with (
        Listener(address, cookie_of(amina)).begun() as of_amina,
        Listener(address, cookie_of(chloe)).begun() as of_chloe,
    ):
        offer_handover(case, to=chloe, story="Le couvercle manque.", by=bruno, at=NOON)
        assert [one.name for one in of_chloe.take(count=1)] == ["handover_offered"]
        assert of_amina.take(seconds=0.5) == []


def test_a_case_that_leaves_for_a_private_team_leaves_the_screen_too(address: tuple[str, int]) -> None:
    before = scenes.team("Bacs")
    case = a_case(team=scenes.team("Direction", is_private=True))
    with Listener(address, cookie_of(scenes.amina())).begun() as browser:
        happens(TeamChanged(case=case.pk, before=before.pk, after=case.team_id))
        (heard,) = browser.take(count=1)
    assert f"team:{before.pk}" in heard.data["lists"]


def test_what_is_about_no_case_is_told_to_who_did_it_only(address: tuple[str, int]) -> None:
    amina, bruno = scenes.amina(), scenes.bruno()
    with (
        Listener(address, cookie_of(amina)).begun() as of_amina,
        Listener(address, cookie_of(bruno)).begun() as of_bruno,
    ):
        happens(AgentRenamed(agent=bruno.pk), by=bruno)
        assert [one.name for one in of_bruno.take(count=1)] == ["agent_renamed"]
        assert of_amina.take(seconds=0.5) == []


def test_leaving_a_private_team_closes_its_news_at_once(address: tuple[str, int]) -> None:
    from tenir.people import verbs

    bruno, denise = scenes.bruno(), scenes.denise()
    team = scenes.team("Direction", bruno, is_private=True)
    case = a_case(team=team)
    with Listener(address, cookie_of(bruno)).begun() as browser:
        happens(CaseTaken(case=case.pk, owner=denise.pk))
        assert browser.take(count=1)[0].data["case_id"] == case.pk
        verbs.remove_members(team, agents=[bruno], by=denise, at=NOON)
        happens(CaseTaken(case=case.pk, owner=denise.pk))
        assert browser.take(seconds=0.7) == []


def test_a_revoked_session_is_cut(address: tuple[str, int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_hub, "RECHECK", 0.0)
    amina = scenes.amina()
    kept, lost = cookie_of(amina), cookie_of(amina)
    with Listener(address, kept).begun() as stays, Listener(address, lost).begun() as goes:
        Session.objects.filter(pk=lost.partition("=")[2]).delete()
        goes.take(seconds=5)
        stays.take(seconds=0.1)
        assert goes.ended
        assert not stays.ended
    assert status(address, lost) == 401


def test_a_changed_password_cuts_the_other_sessions(address: tuple[str, int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_hub, "RECHECK", 0.0)
    amina = scenes.amina()
    with Listener(address, cookie_of(amina)).begun() as browser:
        amina.set_password("une phrase assez longue")
        amina.save()
        browser.take(seconds=5)
        assert browser.ended


def test_a_slow_browser_is_cut_and_comes_back_to_where_it_was(
    address: tuple[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_hub, "CATCH_UP", 1000)
    amina, case = scenes.amina(), a_case()
    cookie = cookie_of(amina)
    slow = Listener(address, cookie, receive_buffer=4096)
    with slow.begun(), Listener(address, cookie).begun() as quick:
        first = slow.last_event_id
        written: list[int] = []
        told: list[str] = []
        # Nothing is read by the slow one until far more was told than any buffer on the way can hold.
        while len(written) < 30_000:
            with transaction.atomic():
                record_all([CaseTaken(case=case.pk, owner=1)] * 1500, by=SYSTEM, at=NOON)
                newest = Event.objects.order_by("-id").values_list("pk", flat=True)[:1500]
                written += reversed(newest)
            told += [one.id for one in quick.take(count=1500)]
        assert len(told) == len(written)
        heard = slow.take(seconds=20)
        assert slow.ended
        assert len(heard) < len(written)
    with Listener(address, cookie, last_event_id=slow.last_event_id or first) as again:
        heard += again.take(count=len(written) - len(heard), seconds=60)
    assert [one.id for one in heard] == told


def test_three_hundred_browsers_all_hear(address: tuple[str, int]) -> None:
    case = a_case()
    cookies = [cookie_of(agent) for agent in (scenes.amina(), scenes.bruno(), scenes.denise())]
    browsers = [Listener(address, cookies[n % 3]).begun() for n in range(300)]
    began = time.monotonic()
    happens(CaseTaken(case=case.pk, owner=1))
    heard = [browser.take(count=1) for browser in browsers]
    print(f"\n300 browsers in one process have heard after {(time.monotonic() - began) * 1000:.0f} ms")
    for browser in browsers:
        browser.__exit__()
    assert [len(one) for one in heard] == [1] * 300


def test_the_quiet_are_kept_alive(address: tuple[str, int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_hub, "HEARTBEAT", 0.5)
    with Listener(address, cookie_of(scenes.amina())).begun() as browser:
        before = browser.comments
        browser.take(until=lambda: browser.comments >= before + 2)
        assert browser.comments >= before + 2
        assert 1000 <= browser.retry <= 4000


def test_an_event_that_cannot_be_told_stops_nobody(address: tuple[str, int]) -> None:
    case = a_case()
    with Listener(address, cookie_of(scenes.amina())).begun() as browser:
        broken = {"before": {"not": "an id"}}
        Event.objects.create(name="case_taken", at=NOON, actor_kind="system", case_id=case.pk, data=broken)
        assert [one.name for one in browser.take(count=1)] == ["behind"]
        happens(CaseTaken(case=case.pk, owner=1))
        assert [one.name for one in browser.take(count=1)] == ["case_taken"]


def test_what_was_rolled_back_is_never_told(address: tuple[str, int]) -> None:
    case = a_case()
    with Listener(address, cookie_of(scenes.amina())).begun() as browser:
        with transaction.atomic():
            record(CaseTaken(case=case.pk, owner=1), by=SYSTEM, at=NOON)
            transaction.set_rollback(True)
        kept = happens(CaseTaken(case=case.pk, owner=2))
        (heard,) = browser.take(count=1)
    assert heard.id.endswith(f"-{kept}")
