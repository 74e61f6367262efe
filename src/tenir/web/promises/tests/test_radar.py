"""The radar: what is owed, by whom, when, and what is at risk; each sees their own, supervisors see all."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tenir import clock
from tenir.cases.models import Case
from tenir.cases.tests.scenes import bin_without_lid, customer
from tenir.people.models import Agent
from tenir.people.tests.scenes import amina, bruno, chloe, denise, outsider, team
from tenir.promises import dates, radar, verbs
from tenir.promises.models import Promise
from tenir.promises.tests.scenes import a_bin, delivered, plain

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_known() -> None:
    radar._typical.cache_clear()


@pytest.fixture
def now() -> datetime:
    return clock.now()


def signed_in(agent: Agent) -> Client:
    client = Client()
    client.force_login(agent)
    return client


def owed(what: str, *, by: Agent, due: datetime, now: datetime, case: Case | None = None) -> Promise:
    """Something promised three days ago for a date."""
    case = case or bin_without_lid(at=now - timedelta(days=4), who=customer(f"{what} Martin"))
    made = plain(case, at=now - timedelta(days=3), by=by, what=what, due=dates.by_the_clock(now, timedelta(days=9)))
    Promise.objects.filter(pk=made.pk).update(due_at=due, first_due_at=due)
    return made


def shown(client: Client, query: str = "") -> list[str]:
    """What stands on the radar, in its order."""
    text = client.get(f"/radar/?rows=1{query}").text
    return [part.split("</a>")[0].rpartition(">")[2] for part in text.split('class="radar-what"')[1:]]


def test_each_sees_their_own_and_a_supervisor_everybody_s(now: datetime) -> None:
    owed("Couvercle", by=amina(), due=now - timedelta(days=1), now=now)
    owed("Remboursement", by=bruno(), due=now + timedelta(days=2), now=now)
    assert shown(signed_in(amina())) == ["Couvercle"]
    assert shown(signed_in(amina()), "&who=all") == ["Couvercle"]
    assert shown(signed_in(amina()), f"&who=agent-{bruno().pk}") == ["Couvercle"]
    assert shown(signed_in(denise())) == ["Couvercle", "Remboursement"]
    assert shown(signed_in(denise()), f"&who=agent-{bruno().pk}") == ["Remboursement"]
    bins = team("Bacs", amina(), bruno())
    assert shown(signed_in(amina()), f"&who=team-{bins.pk}") == ["Couvercle", "Remboursement"]
    assert shown(signed_in(chloe()), f"&who=team-{bins.pk}") == []
    assert signed_in(outsider()).get("/radar/").status_code == 302


def test_by_time_and_by_kind(now: datetime) -> None:
    for what, due in (("Hier", now - timedelta(days=1)), ("Tantôt", now + timedelta(seconds=1)),
                      ("Plus tard", now + timedelta(days=3))):  # fmt: skip
        owed(what, by=amina(), due=due, now=now)
    client = signed_in(amina())
    assert shown(client, "&when=late") == ["Hier"]
    assert shown(client, "&when=next") == ["Plus tard"]
    assert shown(client, "&kind=action") == ["Hier", "Tantôt", "Plus tard"]
    assert shown(client, "&kind=delivery") == []
    page = client.get("/radar/").text
    assert "en retard de 1 jour" in page
    assert "<svg" in page
    assert "En tableau" in page


@pytest.mark.parametrize(("agent", "words"), [(amina, "Ce que nous devons"), (bruno, "What we owe")])
@pytest.mark.parametrize(
    "query", ["", "?who=x&kind=x&when=x&order=x", "?after=%00&before=zz", "?who=team-999", "?after=w"]
)
def test_it_answers_whatever_is_asked(agent: object, words: str, query: str) -> None:
    answer = signed_in(agent()).get(f"/radar/{query}")  # type: ignore[operator]
    assert answer.status_code == 200
    assert words in answer.text


def test_page_by_page_everything_is_there_once(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(radar, "ROWS", 3)
    case = bin_without_lid(at=now - timedelta(days=4))
    same = now + timedelta(days=1)
    for number in range(8):
        owed(f"n{number}", by=amina(), due=same if number < 5 else same + timedelta(hours=number), now=now, case=case)
    scope = radar.Scope((amina().pk,))
    seen, after = [], None
    for _turn in range(3):
        found = radar.page(amina(), scope, at=now, after=after)
        seen += [one.what for one in found.rows]
        after = found.rows[-1].due_at, found.rows[-1].pk
    assert seen == [f"n{number}" for number in range(8)]
    assert not found.older
    back = radar.page(amina(), scope, at=now, before=(found.rows[0].due_at, found.rows[0].pk))
    assert [one.what for one in back.rows] == ["n3", "n4", "n5"]
    assert back.newer


def test_the_order_by_risk_says_its_reason(now: datetime) -> None:
    case = bin_without_lid(at=now - timedelta(days=30))
    for _number in range(5):  # deliveries take five days here, actions an hour
        delivered(a_bin(case, at=now - timedelta(days=20)), at=now - timedelta(days=15))
        delivered(plain(case, at=now - timedelta(days=20)), at=now - timedelta(days=20) + timedelta(hours=1))
    owed("Virement", by=amina(), due=now + timedelta(days=1), now=now, case=case)
    bin_ = a_bin(case, at=now - timedelta(days=1), what="Bac", due=dates.by_the_clock(now, timedelta(days=2)))
    assert bin_.due_at > now + timedelta(days=1)
    client = signed_in(amina())
    assert shown(client) == ["Virement", "Bac"]
    assert shown(client, "&order=risk") == ["Bac", "Virement"]
    page = client.get("/radar/?order=risk").text
    assert "la moitié de ces promesses prennent plus de 5 jours ici" in page


def test_the_deputy_has_it_by_name(now: datetime) -> None:
    owed("Couvercle", by=amina(), due=now + timedelta(days=1), now=now)
    verbs.note_absence(
        amina(), deputy=chloe(), begins_at=now - timedelta(days=1), ends_at=now + timedelta(days=9), by=denise(), at=now
    )
    assert shown(signed_in(chloe())) == ["Couvercle"]
    assert "Chloé, en relais pour Amina" in signed_in(chloe()).get("/radar/").text


def test_a_promise_of_a_closed_case_is_not_told_of(now: datetime) -> None:
    made = owed("Secret", by=amina(), due=now + timedelta(days=1), now=now)
    team("Bacs", amina(), bruno())
    Case.objects.filter(pk=made.case_id).update(team=team("Cachée", denise(), is_private=True))
    bins = team("Bacs")
    assert shown(signed_in(bruno()), f"&who=team-{bins.pk}") == []


def test_it_costs_the_same_however_much_is_owed(now: datetime) -> None:
    client = signed_in(denise())
    case = bin_without_lid(at=now - timedelta(days=4))
    owed("Un", by=amina(), due=now, now=now, case=case)
    client.get("/radar/")
    with CaptureQueriesContext(connection) as few:
        client.get("/radar/")
    for number in range(20):
        owed(f"n{number}", by=amina(), due=now + timedelta(hours=number), now=now, case=case)
    with CaptureQueriesContext(connection) as many:
        client.get("/radar/")
    assert len(many.captured_queries) == len(few.captured_queries)


def test_words_are_only_words(now: datetime) -> None:
    owed("<script>alert(1)</script>", by=amina(), due=now + timedelta(days=1), now=now)
    page = signed_in(amina()).get("/radar/").text
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page
