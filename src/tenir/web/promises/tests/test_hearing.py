"""Heard in a reply, noted, promised when it is sent; taken back with the reply; nothing lost and nothing twice."""

import html
import re
from datetime import timedelta

import pytest
from django.test import Client

from tenir import clock
from tenir.cases.models import Case, Draft, Message
from tenir.cases.tests.scenes import bin_without_lid
from tenir.people.models import Agent
from tenir.people.tests.scenes import amina, bruno, denise, team
from tenir.problems.tests.scenes import TELL, no_lids
from tenir.problems.verbs import fix
from tenir.promises import jobs
from tenir.promises.models import Promise

pytestmark = pytest.mark.django_db(transaction=True)
TOMORROW = "Bonjour, nous vous livrerons le couvercle sous 48 heures."


@pytest.fixture
def case() -> Case:
    return bin_without_lid(at=clock.now() - timedelta(hours=2))


def signed_in(agent: Agent) -> Client:
    client = Client()
    client.force_login(agent)
    return client


def heard(client: Client, case: Case, text: str) -> list[dict[str, str]]:
    """The promises offered for a text, as the fields that the browser would send."""
    answer = client.post(f"/cases/{case}/hearing/", {"text": text})
    assert answer.status_code == 200
    rows = []
    for part in answer.text.split("<div class=")[1:]:
        fields = re.findall(r'name="(promised_\w+)"[^>]*? value="([^"]*)"', part)
        rows.append({name: html.unescape(value) for name, value in fields} | {"html": part})
    return rows


def send(client: Client, case: Case, text: str, *noted: dict[str, str]) -> Message | None:
    """Sends a reply with what was noted in it."""
    fields: dict[str, object] = {name: [row[name] for row in noted] for name in FIELDS}
    case.refresh_from_db()
    client.post(
        f"/cases/{case}/replies/",
        {"text": text, "to": "emile@example.org", "seen": case.last_inbound_id or "", "kind": "reply"} | fields,
    )
    jobs.keep_what_was_said(clock.now())
    return Message.objects.filter(kind="reply").order_by("-pk").first()


FIELDS = ("promised_what", "promised_kind", "promised_due", "promised_counted")


def test_what_is_noted_is_promised_when_it_is_sent_once(case: Case) -> None:
    client = signed_in(amina())
    (row,) = heard(client, case, TOMORROW)
    assert row["promised_kind"] == "delivery"
    message = send(client, case, TOMORROW, row)
    jobs.keep_what_was_said(clock.now())
    made = Promise.objects.get()
    assert message is not None
    assert (made.made_in_id, made.owner, made.counted) == (message.pk, amina(), "clock")
    assert timedelta(hours=47) < made.due_at - clock.now() <= timedelta(hours=48)
    assert "couvercle" in client.get(f"/cases/{case}/").text


def test_what_is_not_noted_is_no_promise(case: Case) -> None:
    send(signed_in(amina()), case, TOMORROW)
    assert not Promise.objects.exists()


def test_taken_back_it_is_unsaid_and_sent_again_it_is_promised_once(case: Case) -> None:
    client = signed_in(amina())
    (row,) = heard(client, case, TOMORROW)
    message = send(client, case, TOMORROW, row)
    assert message is not None
    client.post(f"/messages/{message.pk}/undoing/")
    jobs.keep_what_was_said(clock.now())
    assert Promise.objects.get().state == "withdrawn"
    assert not Promise.objects.filter(kind="tell").exists()
    send(client, case, TOMORROW, row)
    assert sorted(Promise.objects.values_list("state", flat=True)) == ["open", "withdrawn"]


def test_taken_back_before_anybody_looked_nothing_was_promised(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    client = signed_in(amina())
    (row,) = heard(client, case, TOMORROW)
    with monkeypatch.context() as patch:
        patch.setattr(jobs, "TURNS", 0)
        message = send(client, case, TOMORROW, row)
    assert message is not None
    client.post(f"/messages/{message.pk}/undoing/")
    jobs.keep_what_was_said(clock.now())
    assert not Promise.objects.exists()


def test_a_date_that_has_passed_holds_the_reply_back_and_loses_no_word(case: Case) -> None:
    client = signed_in(amina())
    (row,) = heard(client, case, TOMORROW)
    assert send(client, case, TOMORROW, row | {"promised_due": "2001-01-01T10:00"}) is None
    assert Draft.objects.get().text == TOMORROW
    assert send(client, case, TOMORROW, row | {"promised_due": "nonsense"}) is None
    assert not Promise.objects.exists()


@pytest.mark.parametrize(
    ("agent", "language", "text", "words"),
    [
        (amina, "fr", "Je vais me renseigner et je vous réponds.", "sans date"),
        (bruno, "en", "I'll check and get back to you.", "without a date"),
    ],
)
def test_without_a_date_it_asks_for_one(case: Case, agent: object, language: str, text: str, words: str) -> None:
    Case.objects.filter(pk=case.pk).update(language=language)
    rows = heard(signed_in(agent()), case, text)  # type: ignore[operator]
    assert rows
    assert any(words in row["html"] and "datetime-local" in row["html"] for row in rows)


@pytest.mark.parametrize("text", ["", "Merci beaucoup.", "x" * 50_000, "\x00 <b>nous vous livrons</b>"])
def test_anything_may_be_typed(case: Case, text: str) -> None:
    answer = signed_in(amina()).post(f"/cases/{case}/hearing/", {"text": text})
    assert answer.status_code == 200
    assert "<b>" not in answer.text


def test_nobody_hears_in_a_case_that_is_not_theirs(case: Case) -> None:
    Case.objects.filter(pk=case.pk).update(team=team("Secret", denise(), is_private=True))
    assert signed_in(bruno()).post(f"/cases/{case}/hearing/", {"text": TOMORROW}).status_code == 404
    assert Client().post(f"/cases/{case}/hearing/", {"text": TOMORROW}).status_code == 302
    assert signed_in(bruno()).get(f"/cases/{case}/hearing/").status_code == 405


def test_a_shared_cause_is_told_before_it_is_promised(case: Case) -> None:
    cause = no_lids()
    client = signed_in(bruno())
    bruno_reads = client.post(f"/cases/{case}/hearing/", {"text": "Nous vous livrerons un couvercle demain à 10 h."})
    typed = client.post("/promises/causes/", {"what": "Two new lids", "parts": ""})
    for page in (bruno_reads, typed):
        words = page.content.decode()
        assert "No lids in stock" in words
        assert f"/causes/{cause.pk}/" in words
    for nothing in ({"what": "A bin", "parts": ""}, {}):
        assert client.post("/promises/causes/", nothing).content.decode().strip() == ""
    assert client.get("/promises/causes/").status_code == 405
    fix(cause, dates=[], tell=TELL, by=denise(), at=clock.now())
    assert client.post("/promises/causes/", {"what": "lids"}).content.decode().strip() == ""
