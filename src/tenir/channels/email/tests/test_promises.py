"""Letters about promises, to a real SMTP server: each thing once, together, and only while it is true."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

from tenir import clock
from tenir.cases.models import Case
from tenir.channels.email import parse
from tenir.channels.email.jobs import plan_promise_letters
from tenir.channels.email.models import Letter, Mailbox
from tenir.channels.email.receive import Desk, receive
from tenir.channels.email.tests.test_receive import letter as incoming_letter
from tenir.customers import verbs as customers
from tenir.ledger.models import Event
from tenir.outbox.handlers import handlers
from tenir.outbox.models import Task
from tenir.outbox.worker import work_once
from tenir.people.tests.scenes import amina
from tenir.promises import dates, engine, verbs
from tenir.promises.models import Promise
from tests.servers.smtpd import Smtpd, smtpd

pytestmark = pytest.mark.django_db(transaction=True)  # the ledger shows its readers what was committed
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Smtpd]:
    with smtpd(tmp_path) as running:
        yield running


@pytest.fixture
def case(server: Smtpd) -> Case:
    outgoing = {"host": "127.0.0.1", "port": server.port, "security": "plain", "timeout": 5}
    box = Mailbox.objects.create(name="Desk", address="bonjour@desk.example", outgoing=outgoing)
    opened = receive(incoming_letter(), at=clock.now(), desk=Desk.at(box)).message
    assert opened is not None
    return opened.case


def a_lid(case: Case, **changes: Any) -> Promise:
    now = clock.now()
    given: dict[str, Any] = {
        "what": "Apporter le couvercle",
        "due": dates.by_the_clock(now, 2 * DAY),
        "kind": "delivery",
    }
    return verbs.promise(case, by=amina(), at=now, **(given | changes))


def deliver(promise: Promise) -> Promise:
    promise.refresh_from_db()
    return verbs.deliver(promise, seen=promise.revision, by=amina(), at=clock.now())


def work(after: timedelta) -> None:
    """The worker's jobs and tasks, so much later."""
    with time_machine.travel(clock.now() + after, tick=True):
        engine.tick(at=clock.now())
        plan_promise_letters(clock.now())
        while work_once(at=clock.now()):
            pass


def plan() -> None:
    plan_promise_letters(clock.now())


def texts(server: Smtpd) -> list[str]:
    return [parse.read(sent.raw).new_text for sent in server.received()]


def test_a_delivery_that_was_promised_is_put_in_writing_once(case: Case, server: Smtpd) -> None:
    a_lid(case, customer_does="Laissez le bac au bout de l’allée.")
    plan()
    work(10 * MINUTE)
    assert server.received() == []
    for later in (16, 20, 60):
        work(later * MINUTE)
    (sent,) = server.received()
    read = parse.read(sent.raw)
    assert sent.recipients == ("emile@client.example",)
    assert "Ce que nous vous avons promis" in read.subject
    assert str(case) in read.subject
    (text,) = texts(server)
    assert "au plus tard\u00a0: Apporter le couvercle. Amina en répond." in text
    assert "Laissez le bac au bout de l’allée." in text
    assert Event.objects.filter(name="letter_sent").get().data["kind"] == "promises"


def test_an_action_is_not_put_in_writing_unless_the_desk_wants_it(case: Case, server: Smtpd, settings: Any) -> None:
    a_lid(case, kind="action")
    settings.PROMISE_LETTERS = "none"
    a_lid(case)
    plan()
    assert not Task.objects.filter(kind="email.promises").exists()
    settings.PROMISE_LETTERS = "all"
    a_lid(case, kind="action", what="Rembourser 20 euros")
    plan()
    work(16 * MINUTE)
    (text,) = texts(server)
    assert "Rembourser 20 euros" in text


def test_what_is_delivered_asks_with_three_links_that_open_the_question(case: Case, server: Smtpd) -> None:
    from django.test import Client

    promise = deliver(a_lid(case))
    plan()
    work(16 * MINUTE)
    (text,) = texts(server)
    links = re.findall(r"https?://\S+(/c/\S+\?answer=\w+)", text)
    assert [link.rpartition("=")[2] for link in links] == ["kept", "not_yet", "partly"]
    browser, before = Client(enforce_csrf_checks=True), Event.objects.count()
    for link in links:
        assert browser.get(link).status_code == 200
    assert Event.objects.count() == before
    browser.post(links[0], {"answer": "kept"})
    promise.refresh_from_db()
    assert promise.state == "kept"
    work(30 * DAY)
    assert len(server.received()) == 1


def test_what_happens_within_a_quarter_of_an_hour_is_one_letter(case: Case, server: Smtpd) -> None:
    deliver(a_lid(case))
    plan()
    a_lid(case, what="Apporter un sac de tri")
    plan()
    deliver(a_lid(case, what="Livrer le bac"))
    plan()
    work(16 * MINUTE)
    (text,) = texts(server)
    assert text.index("Apporter le couvercle") < text.index("Livrer le bac") < text.index("Apporter un sac de tri")
    assert text.count("Est-ce bon pour vous") == 2


def test_what_is_no_longer_true_is_not_written(case: Case, server: Smtpd) -> None:
    promise = a_lid(case)
    verbs.withdraw(promise, seen=promise.revision, because="erreur", told="by_call", by=amina(), at=clock.now())
    confirmed = deliver(a_lid(case, kind="action"))
    verbs.confirm(confirmed, answer=verbs.Answer.KEPT, by=case.customer, at=clock.now())
    plan()
    work(16 * MINUTE)
    assert server.received() == []
    assert set(Task.objects.filter(kind="email.promises").values_list("state", flat=True)) == {"done"}


def test_silence_is_asked_about_three_times_and_then_left_to_a_person(case: Case, server: Smtpd) -> None:
    deliver(a_lid(case))
    plan()
    work(16 * MINUTE)
    for days in (2.1, 7.1, 21.1, 29, 40):
        work(days * DAY)
        work(days * DAY + 16 * MINUTE)
    said = texts(server)
    assert len(said) == 4
    assert ["pas eu de vos nouvelles" in text for text in said] == [False, True, True, True]


def test_a_new_date_is_written_where_nobody_calls_and_is_off_the_list_then(case: Case, server: Smtpd) -> None:
    promise = a_lid(case, kind="action")
    due = dates.on(clock.now() + 5 * DAY)
    given: dict[str, Any] = {"seen": promise.revision, "because": "SECRET", "by": amina(), "at": clock.now()}
    promise = verbs.renegotiate(promise, due=due, told="not_yet", **given)
    tell = promise.told_by
    assert tell is not None
    plan()
    work(16 * MINUTE)
    (text,) = texts(server)
    assert "la date devient" in text
    assert "SECRET" not in text
    tell.refresh_from_db()
    assert tell.state == "kept"


def test_who_is_called_about_a_new_date_gets_no_letter_besides(case: Case, server: Smtpd) -> None:
    customers.add_reach(case.customer, kind="phone", text="06 12 34 56 78", by=amina(), at=clock.now())
    for told in ("not_yet", "by_call"):
        promise = a_lid(case, kind="action")
        given: dict[str, Any] = {"seen": promise.revision, "because": "stock", "by": amina(), "at": clock.now()}
        verbs.renegotiate(promise, due=dates.on(clock.now() + 5 * DAY), told=told, **given)
    plan()
    work(16 * MINUTE)
    assert server.received() == []


def test_what_will_be_late_is_said_before_when_we_can_say_why(case: Case, server: Smtpd) -> None:
    lids = a_lid(case, kind="action", what="Recevoir des couvercles", due=dates.by_the_clock(clock.now(), 3 * DAY))
    a_lid(case, kind="action", depends_on=lids)
    a_lid(case, kind="action", what="Nettoyer la rue")
    work(1.6 * DAY)
    work(1.6 * DAY + 20 * MINUTE)
    (text,) = texts(server)
    assert "risque d’être en retard" in text
    assert "Recevoir des couvercles" in text
    assert "Nettoyer la rue" not in text


@pytest.mark.parametrize(("wanted", "letters"), [("", 2), ("answers", 1), ("none", 0)])
def test_how_many_letters_somebody_wants(case: Case, server: Smtpd, wanted: str, letters: int) -> None:
    customers.set_preferences(case.customer, choices={"prefers_news": wanted}, by=case.customer, at=clock.now())
    promise = a_lid(case)
    plan()
    work(16 * MINUTE)
    deliver(promise)
    plan()
    work(16 * MINUTE)
    assert len(server.received()) == letters


def test_nobody_without_an_address_is_written_to_and_nothing_is_given_up(case: Case, server: Smtpd) -> None:
    case.customer.reaches.update(bounced_at=clock.now())
    deliver(a_lid(case))
    plan()
    work(16 * MINUTE)
    assert server.received() == []
    assert Task.objects.get(kind="email.promises").state == "done"


def test_a_worker_killed_after_the_letter_left_sends_nothing_twice(case: Case, server: Smtpd) -> None:
    deliver(a_lid(case))
    plan()
    task = Task.objects.get(kind="email.promises")
    with time_machine.travel(clock.now() + 16 * MINUTE):
        handlers["email.promises"](task)  # it was done, and nobody said so
    assert Letter.objects.get().sent_at is not None
    work(30 * MINUTE)
    assert Task.objects.get(kind="email.promises").state == "done"
    assert len(server.received()) == 1


def test_the_ledger_read_twice_plans_one_letter_and_old_news_none(case: Case, server: Smtpd) -> None:
    from tenir.channels.email import promises

    deliver(a_lid(case))
    plan()
    plan()
    (task,) = Task.objects.filter(kind="email.promises")
    assert len(task.data["events"]) == len(set(task.data["events"])) == 2
    task.delete()
    promises.follow(list(Event.objects.all()), at=clock.now() + 2 * DAY)
    assert not Task.objects.filter(kind="email.promises").exists()


def test_in_english(case: Case, server: Smtpd) -> None:
    Case.objects.filter(pk=case.pk).update(language="en")
    deliver(a_lid(case, what="Bring the lid"))
    plan()
    work(16 * MINUTE)
    (text,) = texts(server)
    assert "Bring the lid. Is it right for you?" in text
    assert "Yes, it’s done:" in text
