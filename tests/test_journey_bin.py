"""The bin without its lid, replayed through the doors that people use: the agents' forms, the customer's own page. What
happened in 28 days is told by the file alone; with a date on every promise, the same story ends within a week."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client

from tenir import clock
from tenir.cases.links import customer_token
from tenir.cases.models import Case
from tenir.customers import verbs as customers
from tenir.ledger.events import SYSTEM
from tenir.people.models import Agent
from tenir.people.tests.scenes import amina, bruno, chloe
from tenir.promises import engine
from tenir.promises.models import Promise

pytestmark = pytest.mark.django_db(transaction=True)
FIRST_CALL = datetime(2026, 10, 26, 9, 10, tzinfo=ZoneInfo("Europe/Paris"))
"""A Monday."""


class Desk:
    """The desk on one day of the story, as somebody uses it."""

    def __init__(self, agent: Agent) -> None:
        self.agent = agent
        self.browser = Client()
        self.browser.force_login(agent)

    def posts(self, path: str, expected: int = 302, **fields: Any) -> Any:
        answer = self.browser.post(path, fields)
        assert answer.status_code == expected, (path, answer.status_code, answer.text[:2000])
        return answer

    def opens_a_case(self, customer: int, text: str) -> Case:
        self.posts("/cases/new/", customer=customer, channel="phone", subject="Deuxième bac", text=text)
        return Case.objects.latest("pk")

    def promises(self, case: Case, *, expected: int = 302, **fields: Any) -> Promise:
        self.posts(f"/cases/{case}/promises/", expected, kind="delivery", **fields)
        return Promise.objects.exclude(kind="tell").latest("pk")

    def notes_a_call(self, case: Case, text: str, **more: Any) -> None:
        self.posts(f"/cases/{case}/calls/", text=text, **more)

    def says_delivered(self, promise: Promise) -> None:
        parts = list(promise.parts.values_list("pk", flat=True))
        ticked: dict[str, Any] = {"has_parts": 1, "part": parts} if parts else {}
        self.posts(f"/promises/{promise.pk}/delivery/", seen=promise.revision, **ticked)

    def shoes(self, case: Case) -> dict[str, str]:
        page = self.browser.get(f"/cases/{case}/")
        return {figure.words: figure.figure for figure in page.context["shoes"]}


@contextmanager
def day(number: float, hour: str, agent: Agent) -> Iterator[Desk]:
    """So many days after the first call, at that hour; the engine has looked at every hour since the last one."""
    hours, minutes = map(int, hour.split(":"))
    moment = (FIRST_CALL + timedelta(days=number)).replace(hour=hours, minute=minutes)
    looked = _LOOKED[-1] if _LOOKED else moment
    while looked < moment:
        looked = min(looked + timedelta(hours=1), moment)
        engine.tick(at=looked)
    _LOOKED.append(moment)
    with time_machine.travel(moment, tick=False):
        yield Desk(agent)


_LOOKED: list[datetime] = []


@pytest.fixture(autouse=True)
def a_new_story() -> None:
    _LOOKED.clear()


@pytest.fixture
def helene() -> int:
    added = customers.find_or_add("helene@client.example", name="Hélène Laurent", language="fr", at=FIRST_CALL)
    customers.add_reach(added, kind="phone", text="04 65 71 12 34", by=SYSTEM, at=FIRST_CALL)
    return added.pk


def first_two_calls(helene: int) -> tuple[Case, Promise, Promise]:
    """A bin within 48 hours; it comes without its lid, and what is missing is promised again at once."""
    with day(0, "9:10", bruno()) as desk:
        case = desk.opens_a_case(helene, "Demande un deuxième bac vert.")
        first = desk.promises(
            case, what="Livrer un deuxième bac vert", parts="le bac\nson couvercle", how="clock", amount="48"
        )
        assert first.due_at == clock.now() + timedelta(hours=48)
    with day(1, "17:20", bruno()) as desk:
        desk.notes_a_call(case, "Le bac est arrivé, sans couvercle.", direction="in")
        desk.says_delivered(first)
        # What was said then, "after the next collection, no date given", cannot be said here.
        before = Promise.objects.count()
        desk.promises(case, expected=422, what="Remplacer le bac entier", how="date", date="")
        assert Promise.objects.count() == before
        lid = first.parts.get(text="son couvercle").pk
        first.refresh_from_db()
        desk.posts(f"/promises/{first.pk}/answer/", seen=first.revision, answer="partly", missing=[lid])
    first.refresh_from_db()
    second = Promise.objects.get(follows=first)
    assert (first.state, second.state) == ("partly_kept", "open")
    assert "son couvercle" in second.what
    return case, first, second


def customer_says(case: Case, promise: Promise, answer: str) -> int:
    """Their letter's link is opened, which changes nothing; then they tap."""
    case.refresh_from_db()
    page = f"/c/{customer_token(case)}/promises/{promise.pk}/"
    browser = Client()
    before = Promise.objects.get(pk=promise.pk).revision
    assert browser.get(f"{page}?answer={answer}").status_code == 200
    assert Promise.objects.get(pk=promise.pk).revision == before
    return browser.post(page, {"answer": answer, "seen": before}).status_code


def test_what_happened_in_28_days_is_told_by_the_file_alone(helene: int) -> None:
    case, _first, second = first_two_calls(helene)
    # Nobody came. Before she calls a third time, a call to her is on somebody's list.
    with day(5, "10:00", bruno()):
        told = Promise.objects.get(case=case, kind="tell")
        assert (told.owner, told.way, told.state) == (bruno(), "call", "open")
        assert second.due_at < clock.now()
    with day(5, "10:05", chloe()) as desk:
        desk.notes_a_call(case, "Trois jours, personne n’est venu.", direction="in")
    with day(28, "8:40", amina()) as desk:
        desk.notes_a_call(case, "", direction="in", cut="1")
    with day(28, "8:52", amina()) as desk:
        desk.notes_a_call(case, "", direction="in", cut="1")
    with day(28, "9:02", amina()) as desk:
        desk.notes_a_call(case, "Elle a tapé 0.", direction="in")
        assert desk.shoes(case) == {
            "depuis la première demande": "28 jours",
            "contacts": "6",
            "appels coupés": "2",
            "promesse tenue en partie": "1",
            "promesse en retard": "1",
        }
    with day(28, "15:00", amina()) as desk:
        second.refresh_from_db()
        desk.says_delivered(second)
        desk.notes_a_call(case, "Je lui dis que le couvercle est là.", direction="out")
        desk.browser.post(f"/cases/{case}/ending/", {"kind": "happy"})
        assert Case.objects.get(pk=case.pk).state != "ended", "nobody but she can say that it is kept"
    with day(28, "18:30", amina()) as desk:
        assert customer_says(case, second, "kept") == 302
        second.refresh_from_db()
        assert second.state == "kept"
        assert second.delivered_at is not None
        assert second.first_due_at < second.delivered_at  # the first date never disappears
        left = Promise.objects.filter(case=case, state__in=["open", "delivered"], policy=None)
        for callback in left:  # the two cut lines owed her a call each, which she has had
            desk.says_delivered(callback)
        desk.posts(f"/cases/{case}/ending/", kind="happy")
        assert Case.objects.get(pk=case.pk).state == "ended"


def test_with_a_date_on_every_promise_it_ends_within_a_week(helene: int) -> None:
    case, _first, second = first_two_calls(helene)
    assert second.due_at - FIRST_CALL < timedelta(days=7)
    with day(2, "14:00", bruno()) as desk:
        desk.says_delivered(second)
    with day(2, "18:30", bruno()) as desk:
        assert customer_says(case, second, "kept") == 302
        desk.posts(f"/cases/{case}/ending/", kind="happy")
        ended = Case.objects.get(pk=case.pk)
    assert ended.state == "ended"
    assert ended.contacts == 2
    assert ended.moved_at - FIRST_CALL < timedelta(days=7)
