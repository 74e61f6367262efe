"""Two hundred kills: every mail is one message of one case, every reply arrives once, the ledger has no gap."""

import os
import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.crash.killed_desk import KilledDesk, pause
from tests.crash.letters import DESK, Post, Posted, fingerprint
from tests.postgres_cluster import cluster
from tests.servers import Dovecot, Received, Smtpd, dovecot, smtpd

KILLS = int(os.environ.get("TENIR_TEST_KILLS", "105"))
"""On each of the two databases."""
MAILS = 200
REPLIES = 80
SEED = 20260302
QUIET_SECONDS = 240


@pytest.mark.crash
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_nothing_is_lost_and_nothing_is_sent_twice(
    database: str, tmp_path: Path, free_port: int, capsys: pytest.CaptureFixture[str]
) -> None:
    chance = random.Random(f"{SEED} {database}")
    with ExitStack() as held:
        environ = _environ(tmp_path, free_port)
        if database == "postgresql":
            environ["TENIR_DATABASE"] = held.enter_context(cluster(durable=True))
        box = held.enter_context(dovecot(tmp_path))
        server = held.enter_context(smtpd(tmp_path))
        desk = held.enter_context(_desk(environ, tmp_path, chance, box, server))
        began = time.monotonic()
        posted = _storm(desk, box, server, chance)
        stormed = time.monotonic() - began
        _wait_until_quiet(desk, posted)
        found = desk.everything()
        sent = server.received()
    copies = _judge(found, posted, sent, desk)
    with capsys.disabled():
        kinds = ", ".join(f"{name} {count}" for name, count in sorted(desk.kills.items()))
        print(
            f"\n{database}: {desk.kills.total()} kills ({kinds}) in {stormed:.0f} s, quiet after "
            f"{time.monotonic() - began - stormed:.0f} s more; {len(posted)} mails in, {len(sent)} letters out, "
            f"{copies} of them a second copy; {len(found['events'])} events"
        )


def _environ(tmp_path: Path, port: int) -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith(("TENIR_", "LC_", "DJANGO"))}
    return own | {
        "LANG": "C.UTF-8",
        "TENIR_CONFIG": os.environ["TENIR_CONFIG"],
        "TENIR_DATA_DIR": str(tmp_path / "desk"),
        "TENIR_PORT": str(port),
        "TENIR_HOLD_SECONDS": "0",
        "TENIR_INBOUND_RATE": "100000",
    }


@contextmanager
def _desk(
    environ: dict[str, str], folder: Path, chance: random.Random, box: Dovecot, server: Smtpd
) -> Iterator[KilledDesk]:
    desk = KilledDesk(environ, folder, chance)
    try:
        way = {"host": "127.0.0.1", "security": "plain", "timeout": 10}
        mailbox = {"address": DESK, "password": "secret"}
        ways = {"incoming": way | {"port": box.port}, "outgoing": way | {"port": server.port}}
        desk.begin(mailbox | ways, workers=2)
        yield desk
    finally:
        desk.close()


# --- The storm -----------------------------------------------------------------------------------------------------


def _storm(desk: KilledDesk, box: Dovecot, server: Smtpd, chance: random.Random) -> list[Posted]:
    """Mails pour in as evenly as kills fall, replies are written from two sides, the mail servers fall too."""
    post, posted = Post(chance), list[Posted]()
    answered: set[str] = set()
    for number in range(1, 10_000):
        done = desk.kills.total() / KILLS
        while len(posted) < MAILS * min(done, 0.97) + 3:
            one = _next(post, server, chance, answered)
            box.deliver(DESK, one.raw)
            posted.append(one)
        desk.write(int(REPLIES * (0.1 + 0.9 * done)))
        if number % 6 == 0:
            _press_send(desk)
        if number in (15, 45):
            box.kill()
            box.start()
        if number in (10, 30, 50):
            server.kill()
            server.start()
        desk.kill_one()
        if done >= 1:
            break
        pause(chance)
    desk.write(REPLIES)
    return posted


def _next(post: Post, server: Smtpd, chance: random.Random, answered: set[str]) -> Posted:
    """Now and then somebody answers one of our letters."""
    unanswered = (
        [mail for mail in server.received() if str(mail.path) not in answered] if chance.random() < 0.25 else []
    )
    if not unanswered:
        return post.write()
    one = chance.choice(unanswered)
    answered.add(str(one.path))
    return post.answer(one)


def _press_send(desk: KilledDesk) -> None:
    waits = desk.state()["unanswered"]
    if waits:
        desk.answer_over_http(waits["case"], seen=waits["seen"], to=waits["to"])


def _wait_until_quiet(desk: KilledDesk, posted: list[Posted]) -> None:
    """Nothing is killed any more: what is owed is done, soon and by itself."""
    deadline = time.monotonic() + QUIET_SECONDS
    while time.monotonic() < deadline:
        desk.keep_up()
        state = desk.state()
        missing = [name for name, shas in _groups(posted).items() if shas.isdisjoint(state["sha"])]
        if not missing and not state["on their way"] and not state["tasks"]:
            if state["replies"] >= REPLIES or not state["unanswered"]:
                return
            desk.writer = None
            desk.write(REPLIES)
        time.sleep(1)
    pytest.fail(f"not quiet: {len(missing)} mails missing, {state}\n{desk.log[-6000:]}")


def _groups(posted: list[Posted]) -> dict[str, set[str]]:
    """What is one mail, in one or several copies: the bytes of any of them stand for all."""
    groups: dict[str, set[str]] = defaultdict(set)
    for one in posted:
        groups[one.token or one.sha].add(one.sha)
    return groups


# --- The judgement -------------------------------------------------------------------------------------------------


def _judge(found: dict[str, Any], posted: list[Posted], sent: list[Received], desk: KilledDesk) -> int:
    assert desk.kills.total() >= KILLS
    _every_mail_is_one_message(found, posted)
    _every_message_has_its_events(found)
    _the_ledger_has_no_gap(found)
    _nothing_is_left_behind(found)
    words = {message["text"] for message in found["messages"]} | set(found["drafts"])
    assert [text for text in desk.promised if text not in words] == []
    return _every_reply_arrived_once(found, sent, desk)


def _every_mail_is_one_message(found: dict[str, Any], posted: list[Posted]) -> None:
    mails = {mail["sha256"]: mail for mail in found["mails"]}
    assert len(mails) == len(found["mails"])
    groups = _groups(posted)
    kinds = {one.token or one.sha: one.kind for one in reversed(posted)}
    messages = {message["id"]: message for message in found["messages"]}
    inbound = [message for message in found["messages"] if message["kind"] == "inbound"]
    seen: list[int] = []
    for name, shas in groups.items():
        kept = [mails[sha] for sha in shas if sha in mails]
        assert len(kept) == 1, (kinds[name], name, kept)
        if kinds[name] == "machine":
            assert (kept[0]["outcome"], kept[0]["message_id"]) == ("machine", None)
        else:
            assert kept[0]["outcome"] == "message", (kinds[name], kept)
            assert messages[kept[0]["message_id"]]["raw_sha256"] == kept[0]["sha256"]
            seen.append(kept[0]["message_id"])
    assert len(found["mails"]) == len(groups)
    assert sorted(seen) == sorted(message["id"] for message in inbound)
    _answers_are_in_their_case(posted, found["messages"])
    _files_are_whole(found, posted)


def _answers_are_in_their_case(posted: list[Posted], messages: list[dict[str, Any]]) -> None:
    replies = {m["message_id"].strip("<>"): m["case_id"] for m in messages if m["kind"] == "reply"}
    by_raw = {m["raw_sha256"]: m["case_id"] for m in messages if m["kind"] == "inbound"}
    answers = [one for one in posted if one.kind == "answer"]
    assert answers, "nobody answered a letter: the test shows too little"
    assert [one.answers for one in answers if replies[one.answers] != by_raw[one.sha]] == []
    first = [m for m in messages if m["kind"] == "inbound" and m["raw_sha256"] not in {one.sha for one in answers}]
    assert len({m["case_id"] for m in first}) == len(first)


def _files_are_whole(found: dict[str, Any], posted: list[Posted]) -> None:
    assert found["spoilt files"] == []
    named = Counter(file["name"] for file in found["attachments"])
    with_file = {one.token for one in posted if one.kind == "with a file"}
    assert with_file
    assert [token for token in with_file if named[f"{token}.bin"] != 1] == []


def _every_message_has_its_events(found: dict[str, Any]) -> None:
    told: dict[int, Counter[str]] = defaultdict(Counter)
    opened: Counter[int] = Counter()
    for event in found["events"]:
        if "message" in event["data"]:
            told[event["data"]["message"]][event["name"]] += 1
        if event["name"] == "case_opened":
            opened[event["case_id"]] += 1
    assert set(opened) == {case["id"] for case in found["cases"]}
    assert set(opened.values()) == {1}
    wanted = {
        "inbound": {"message_received": 1},
        "reply": {"reply_written": 1, "message_left": 1, "message_sent": 1},
    }
    wrong = [(m["id"], m["kind"], dict(told[m["id"]])) for m in found["messages"] if told[m["id"]] != wanted[m["kind"]]]
    assert wrong == []


def _the_ledger_has_no_gap(found: dict[str, Any]) -> None:
    ids = [event["id"] for event in found["events"]]
    if found["vendor"] == "sqlite":
        assert ids == list(range(1, len(ids) + 1))
    assert found["read in order"] == {str(event): 1 for event in ids}


def _nothing_is_left_behind(found: dict[str, Any]) -> None:
    replies = [message for message in found["messages"] if message["kind"] == "reply"]
    assert {message["delivery"] for message in replies} == {"sent"}
    tasks = Counter(task["state"] for task in found["tasks"])
    assert set(tasks) == {"done"}, [task for task in found["tasks"] if task["state"] != "done"]
    assert len([task for task in found["tasks"] if task["kind"] == "email.send"]) == len(replies)
    assert found["not found by search"] == []


def _every_reply_arrived_once(found: dict[str, Any], sent: list[Received], desk: KilledDesk) -> int:
    """A second copy is permitted where a kill fell between the letter's last byte and the commit of the answer: the
    task was then claimed twice, and the copy is the same letter to the byte."""
    arrived: dict[tuple[str, str], list[bytes]] = defaultdict(list)
    for mail in sent:
        named = next(line for line in mail.raw.split(b"\r\n") if line.lower().startswith(b"message-id:"))
        for recipient in mail.recipients:
            arrived[named.partition(b":")[2].strip().decode().strip("<>"), recipient].append(mail.raw)
    replies = [message for message in found["messages"] if message["kind"] == "reply"]
    owed = {(m["message_id"].strip("<>"), to): m for m in replies for way in m["recipients"].values() for to in way}
    assert set(arrived) == set(owed)
    attempts = {task["key"]: task["attempts"] for task in found["tasks"]}
    copies = 0
    for which, letters in arrived.items():
        assert len({fingerprint(raw) for raw in letters}) == 1
        if len(letters) > 1:
            copies += len(letters) - 1
            assert attempts[f"reply:{owed[which]['id']}"] > 1
    assert copies <= desk.kills.total() // 10
    return copies
