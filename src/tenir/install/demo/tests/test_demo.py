"""`tenir demo` as a newcomer starts it: both sides can be played, a second start finds the same desk, no real desk is
ever touched."""

import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.cookiejar import CookieJar
from pathlib import Path

import pytest
from django.utils.html import escape

from tenir.install.demo.build import Stage
from tenir.install.demo.crowd import PEOPLE, SHORT, WAITING
from tenir.install.demo.stories import STORIES
from tests.running_desk import wait_for

pytestmark = pytest.mark.crash


@contextmanager
def demonstration(folder: Path, *options: str) -> Iterator[tuple[list[str], "subprocess.Popen[bytes]"]]:
    """A demonstration that runs: the addresses that it printed, and its process; it must end by itself on Ctrl-C."""
    log = folder.with_suffix(".log")
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "tenir", "demo", *options], env=environ(folder), stdout=out, stderr=out
        )
    try:
        wait_for(lambda: "Ctrl-C" in log.read_text() or process.poll() is not None, 240)
        assert process.poll() is None, log.read_text()
        yield re.findall(r"http://\S+", log.read_text()), process
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
        assert "Traceback" not in log.read_text(), log.read_text()
    finally:
        process.kill()
        process.wait()


def environ(folder: Path) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("TENIR_", "LC_"))}
    return clean | {"LANG": "en_GB.UTF-8", "TENIR_DATA_DIR": str(folder), "TENIR_HOLD_SECONDS": "0"}


class Visitor:
    """A browser's cookies and no more."""

    def __init__(self) -> None:
        self._open = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def get(self, address: str, **form: str) -> str:
        data = urllib.parse.urlencode(form).encode() if form else None
        request = urllib.request.Request(address, data, {"Referer": address, "Accept-Language": "en"})
        with self._open.open(request, timeout=60) as answer:
            return str(answer.read().decode())


def test_both_sides_can_be_played_and_a_second_start_finds_the_same_desk(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    with demonstration(folder) as (links, _process):
        base = links[0].split("/demo/")[0]
        amina, customer = Visitor(), Visitor()
        assert "Deuxième bac" in amina.get(links[0])
        with pytest.raises(urllib.error.HTTPError):
            Visitor().get(links[0])  # it let somebody in already
        for link in links[3:6]:
            assert "Val-de-Lune" in customer.get(link)
        writing = f"{base}/demo/mailbox/linh.nguyen@courriel.example/writing/"
        customer.get(writing, subject="Un second bac", text="Bonjour, puis-je avoir un second bac ?")
        to_take = amina.get(f"{base}/cases/?list=waiting")
        assert "Un second bac" in to_take
        page = amina.get(base + _case(to_take, "Un second bac"))
        _reply(amina, base, page, "Oui, il arrive mardi.")
        letters = f"{base}/demo/mailbox/linh.nguyen@courriel.example/"
        assert wait_for(lambda: "il arrive mardi" in customer.get(letters), 60)
    with demonstration(folder) as (links, _process):
        assert "Deuxième bac" in Visitor().get(links[0])
        assert "il arrive mardi" in Visitor().get(letters.replace(base, links[0].split("/demo/")[0]))


def _case(page: str, subject: str) -> str:
    before = page.split(escape(subject))[0]
    return str(re.findall(r'href="(/cases/T-[^"?]+)', before)[-1])


def _reply(amina: Visitor, base: str, page: str, text: str) -> None:
    form = page.split('id="composer-reply"')[1].split("</form>")[0]
    # The first of each name: an empty shape for one more recipient stands behind those that are there.
    fields = dict(reversed(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form)))
    action = re.findall(r'action="([^"]+)"', form)[0]
    amina.get(base + action, **(fields | {"text": text}))


def test_a_folder_that_holds_something_else_is_refused_untouched(tmp_path: Path) -> None:
    folder = tmp_path / "desk"
    folder.mkdir()
    (folder / "tenir.sqlite3").write_bytes(b"a real desk")
    refused = subprocess.run(
        [sys.executable, "-m", "tenir", "demo", "--fresh"], env=environ(folder), capture_output=True, text=True
    )
    assert refused.returncode == 78
    assert "not a demonstration" in refused.stderr
    assert [(path.name, path.read_bytes()) for path in folder.iterdir()] == [("tenir.sqlite3", b"a real desk")]


def test_nothing_that_could_lead_to_a_real_desk_is_taken_over(monkeypatch: pytest.MonkeyPatch) -> None:
    from tenir.install import demo

    for name, value in {
        "TENIR_DATABASE": "postgresql://desk@db/real",
        "TENIR_DATABASE_FILE": "/etc/real",
        "TENIR_SECRET_KEY": "k" * 40,
        "TENIR_CONFIG": "/etc/tenir/tenir.toml",
        "TENIR_PORT": "8123",
    }.items():
        monkeypatch.setenv(name, value)
    with monkeypatch.context() as inside:
        inside.setattr(os, "environ", dict(os.environ))
        demo.set_apart()
        assert os.environ["TENIR_DATABASE"] == "sqlite"
        assert os.environ["TENIR_CONFIG"] == os.devnull
        assert os.environ["TENIR_PORT"] == "8123"
        assert "TENIR_SECRET_KEY" not in os.environ
        assert "TENIR_DATABASE_FILE" not in os.environ


@pytest.mark.parametrize("hour", range(0, 24, 3))
def test_every_story_is_told_in_its_order_at_whatever_hour(hour: int) -> None:
    now = datetime(2026, 11, 22, hour, 7, tzinfo=UTC)
    for story in STORIES:
        moments = Stage(now).instants(story)
        assert moments == sorted(set(moments))
        assert moments[-1] < now
        assert now - moments[0] < timedelta(days=40)


def test_the_stories_are_some_forty_cases_of_people_who_exist() -> None:
    assert 35 <= len(STORIES) + len(SHORT) + len(WAITING) <= 50
    keys = {person.key for person in PEOPLE}
    assert {story.person for story in STORIES} | {told[0] for told in (*SHORT, *WAITING)} <= keys
