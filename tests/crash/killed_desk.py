"""A desk of several processes, any of which is killed and begun again: `tenir serve` with its children, and beside it
more workers and agents who write, forked by the nursery."""

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.running_desk import Desk, wait_for


class Nursery:
    """The process that forks (see `nursery.py`)."""

    def __init__(self, environ: dict[str, str]) -> None:
        self._errors = Path(environ["TENIR_DATA_DIR"] + ".nursery.log").open("ab")  # noqa: SIM115 (closed in `close`)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.crash.nursery"],
            env=environ | {"DJANGO_SETTINGS_MODULE": "tenir.install.django_settings"},
            cwd=Path(__file__).parents[2],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
        )

    def say(self, words: str) -> str:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(words.encode() + b"\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline().decode().strip()
        assert answer, Path(self._errors.name).read_text()[-3000:]
        return answer

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()
        self._errors.close()


@dataclass
class KilledDesk:
    """`kills` counts every SIGKILL by what it hit; `promised` are the replies that the desk said over HTTP it has."""

    environ: dict[str, str]
    folder: Path
    chance: random.Random
    kills: Counter[str] = field(default_factory=Counter)
    promised: list[str] = field(default_factory=list)
    cookie: str = ""
    workers: list[int] = field(default_factory=list)
    writer: int | None = None
    _serve: "subprocess.Popen[bytes] | None" = None

    def __post_init__(self) -> None:
        subprocess.run(
            [sys.executable, "-m", "tenir", "migrate"], env=self.environ, check=True, capture_output=True, timeout=120
        )
        self.nursery = Nursery(self.environ)
        self._log = Path(self.environ["TENIR_DATA_DIR"] + ".log").open("ab")  # noqa: SIM115 (closed in `close`)

    def begin(self, mailbox: dict[str, Any], *, workers: int) -> None:
        self.cookie = self.nursery.say("begin " + json.dumps(mailbox))
        self.workers = [int(self.nursery.say("work")) for _ in range(workers)]
        self.keep_up()

    def close(self) -> None:
        self.nursery.close()
        if self._serve is not None:
            self._serve.terminate()
            try:
                self._serve.wait(30)
            except subprocess.TimeoutExpired:
                self._serve.kill()
                self._serve.wait()
        self._log.close()

    @property
    def log(self) -> str:
        return Path(self._log.name).read_text("utf-8", "replace") + Path(
            self.environ["TENIR_DATA_DIR"] + ".nursery.log"
        ).read_text("utf-8", "replace")

    def keep_up(self) -> None:
        """`tenir serve` again when it is gone, as an operator's service manager does. While its orphans still hold the
        port it refuses, and is begun again."""
        if self._serve is None or self._serve.poll() is not None:
            self._serve = subprocess.Popen(
                [sys.executable, "-m", "tenir", "serve"],
                env=self.environ, stdout=self._log, stderr=self._log, start_new_session=True,
            )  # fmt: skip

    def kill_one(self) -> None:
        """SIGKILL to one process, or to a whole desk at once as when the machine loses its power."""
        kind = self.chance.choices(["worker", "writer", "work", "web", "serve", "power"], [45, 8, 20, 14, 5, 8])[0]
        hits: dict[str, Callable[[], None]] = {
            "worker": self._kill_worker,
            "writer": self._kill_writer,
            "work": lambda: self._kill_child("work"),
            "web": lambda: self._kill_child("web"),
            "serve": lambda: self._kill_serve(with_children=False),
            "power": lambda: self._kill_serve(with_children=True),
        }
        hits[kind]()
        self.keep_up()

    def _kill(self, name: str, pid: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
            self.kills[name] += 1

    def _kill_worker(self) -> None:
        at = self.chance.randrange(len(self.workers))
        self._kill("worker", self.workers[at])
        self.workers[at] = int(self.nursery.say("work"))

    def _kill_writer(self) -> None:
        if self.writer is not None:
            self._kill("writer", self.writer)
            self.writer = None

    def _kill_child(self, name: str) -> None:
        assert self._serve is not None
        pid = Desk(self.environ, self._serve, Path(self._log.name)).pid(name)
        if pid is None:
            self._kill_worker()
        else:
            self._kill(f"tenir {name}", pid)

    def _kill_serve(self, *, with_children: bool) -> None:
        assert self._serve is not None
        desk = Desk(self.environ, self._serve, Path(self._log.name))
        children = {name: desk.pid(name) for name in ("web", "work")} if with_children else {}
        self._kill("tenir serve", self._serve.pid)
        for name, pid in children.items():
            if pid is not None:
                self._kill(f"tenir {name}", pid)
        self._serve.wait()

    def write(self, most: int) -> None:
        """An agent writes through the verbs, in a process of his own, until there are so many replies."""
        if self.writer is None:
            self.writer = int(self.nursery.say(f"write {most}"))

    def answer_over_http(self, case: str, *, seen: int, to: str) -> None:
        """An agent presses “send” in her browser; when the desk answers, it must have the words for ever."""
        text = f"Bonjour, réponse par la page {self.chance.getrandbits(48):012x}."
        secret = "c" * 32
        form = {"text": text, "to": to, "seen": str(seen), "csrfmiddlewaretoken": secret}
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.environ['TENIR_PORT']}/cases/{case}/replies/",
            urllib.parse.urlencode(form).encode(),
            {"Cookie": f"{self.cookie}; tenir_csrf={secret}"},
        )
        try:
            with _opener().open(request, timeout=20):
                return
        except urllib.error.HTTPError as answer:
            if answer.code == 302 and "/cases/" in answer.headers["Location"]:
                self.promised.append(text)
        except (OSError, urllib.error.URLError):
            return  # killed meanwhile: nobody was told anything

    def state(self) -> dict[str, Any]:
        return self._report(self.folder / "counts.json")

    def everything(self) -> dict[str, Any]:
        return self._report(self.folder / "whole.json")

    def _report(self, path: Path) -> dict[str, Any]:
        path.unlink(missing_ok=True)
        assert self.nursery.say(f"report {path}") == "done"
        told: dict[str, Any] = json.loads(wait_for(path.read_text, 1))
        return told


class _Still(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object, **__: object) -> None:
        """The answer itself is what counts."""


def _opener() -> urllib.request.OpenerDirector:
    return urllib.request.build_opener(_Still, urllib.request.ProxyHandler({}))


def pause(chance: random.Random) -> None:
    """Between two kills: sometimes none at all, sometimes long enough for a process to come to its work."""
    time.sleep(chance.choice([0.0, 0.05, 0.2, 0.4, 0.7, 1.1]))
