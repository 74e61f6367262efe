"""`tenir serve`: starts the desk's processes, keeps them alive, stops them together.

It imports neither Django nor the rooms, so it stays small and outlives their faults. It holds the listening socket:
while the web process is being restarted, requests wait in the queue of the kernel instead of being refused.
"""

import argparse
import fcntl
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from zoneinfo import ZoneInfo

from tenir.install import settings as desk
from tenir.install.cli import EXIT_CONFIGURATION
from tenir.install.listening import Taken, listen
from tenir.install.tongue import say

STOP_SECONDS = 15
"""What the processes may take to end cleanly; afterwards they are killed, which loses nothing."""
LONGEST_WAIT = 30.0
STEADY_SECONDS = 60.0
"""A process that lived so long is taken to be well: its next fall is restarted at once."""


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="tenir serve",
        description=say(
            "Start the whole desk and keep it alive; Ctrl-C stops it cleanly.",
            "Démarrer tout le service et le garder en vie ; Ctrl-C l'arrête proprement.",
        ),
    )
    parser.parse_args(arguments)
    settings = desk.current()
    try:
        lock = take_folder(settings)
        listener = listen(settings)
    except (Unusable, Taken) as refusal:
        print(refusal, file=sys.stderr)
        return EXIT_CONFIGURATION
    with lock, listener:
        return Supervisor(settings, listener).run()


class Unusable(Exception):
    """The data folder cannot be used; the sentence says why and what to do."""


class _Lock:
    """The data folder held by one supervisor; the kernel lets go of it however the process ends."""

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)

    def take(self) -> bool:
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def __enter__(self) -> "_Lock":
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._descriptor)


def take_folder(settings: desk.Settings) -> _Lock:
    """The data folder, made and held for the life of this process. Raises `Unusable`."""
    os.umask(0o077)
    try:
        desk.prepare(settings)
        lock = _Lock(settings.data_dir / "serve.lock")
    except OSError as error:
        raise Unusable(desk.unusable(settings, error)) from error
    if not lock.take():
        raise Unusable(
            say(f"Another “tenir serve” already runs on {settings.data_dir}.",
                f"Un autre « tenir serve » tourne déjà sur {settings.data_dir}.")
        )  # fmt: skip
    return lock


@dataclass
class Child:
    """One process of the desk, and how it has fared."""

    name: str
    arguments: list[str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    falls: int = 0
    again_at: float = field(default=0.0)
    module: str = "tenir"
    passed: tuple[int, ...] = ()

    def wait_before_restart(self, now: float) -> float:
        """Seconds to wait after a fall: none at first, then 1, 2, 4 … up to half a minute."""
        self.falls = 1 if now - self.started_at > STEADY_SECONDS else self.falls + 1
        return 0.0 if self.falls == 1 else min(2.0 ** (self.falls - 2), LONGEST_WAIT)


class Supervisor:
    """The loop around the children. One thread, woken by signals, by a child's end or by the clock."""

    def __init__(self, settings: desk.Settings, listener: socket.socket) -> None:
        self._settings = settings
        self._listener = listener
        self._lifeline, self._lifeline_held = os.pipe()
        self._ready, self._ready_sent = os.pipe()
        self._wake, self._woken = os.pipe()
        os.set_blocking(self._wake, False)
        os.set_blocking(self._woken, False)
        self._web = Child("web", ["web", "--migrate"])
        self._children = [self._web]
        self._is_ready = False
        self._stops = 0
        self._exit_code = 0

    def run(self) -> int:
        """Until asked to stop, or until nothing can be done without somebody; the exit code."""
        signal.set_wakeup_fd(self._woken)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is not signal.SIG_IGN:  # `nohup` asked to outlive the terminal
                signal.signal(number, self._asked_to_stop)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        while not self._stops:
            now = time.monotonic()
            for child in self._children:
                if child.process is None and child.again_at <= now:
                    self._start(child)
            self._sleep(self._next_restart(now))
            self._notice_the_fallen()
        self._stop_all()
        return self._exit_code

    def _asked_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stops += 1

    def _start(self, child: Child) -> None:
        passed = [self._lifeline, *child.passed]
        command = [sys.executable, "-m", child.module, *child.arguments, "--lifeline", str(self._lifeline)]
        if child is self._web:
            passed += [self._listener.fileno(), self._ready_sent]
            command += ["--listen", str(self._listener.fileno()), "--ready", str(self._ready_sent)]
        # A session of its own: Ctrl-C reaches the supervisor only, which stops everything in order.
        child.process = subprocess.Popen(command, pass_fds=passed, start_new_session=True, stdin=subprocess.DEVNULL)
        child.started_at = time.monotonic()

    def _sleep(self, seconds: float | None) -> None:
        awake, _, _ = select.select([self._wake, self._ready], [], [], seconds)
        if self._wake in awake:
            os.read(self._wake, 4096)
        if self._ready in awake:
            os.read(self._ready, 4096)
            self._web_is_ready()

    def _web_is_ready(self) -> None:
        if self._is_ready:
            return
        self._is_ready = True
        # Only now: the web process has brought the database to this version.
        self._children.append(Child("work", ["work"]))
        self.say_ready()
        _tell_systemd("READY=1")

    def say_ready(self) -> None:
        """What the terminal shows once pages are served."""
        print(say(f"Tenir is ready: {self._settings.base_url}   (Ctrl-C stops it)",
                  f"Tenir est prêt : {self._settings.base_url}   (Ctrl-C l'arrête)"), flush=True)  # fmt: skip

    def _next_restart(self, now: float) -> float | None:
        waiting = [child.again_at - now for child in self._children if child.process is None]
        return max(min(waiting), 0.0) if waiting else None

    def _notice_the_fallen(self) -> None:
        now = time.monotonic()
        for child in self._children:
            if child.process is None or (code := child.process.poll()) is None:
                continue
            child.process = None
            if self._stops:
                continue
            if code == EXIT_CONFIGURATION and child.falls == 0 and now - child.started_at < STEADY_SECONDS:
                self._exit_code = EXIT_CONFIGURATION
                self._stops += 1
                continue
            wait = child.wait_before_restart(now)
            child.again_at = now + wait
            self._warn(say(f"The process “{child.name}” ended ({_ending(code)}); starting it again in {wait:.0f} s.",
                           f"Le processus « {child.name} » s'est arrêté ({_ending(code)}) ; "
                           f"nouveau départ dans {wait:.0f} s."))  # fmt: skip

    def _warn(self, sentence: str) -> None:
        """A line of the log, in the form of those that the other processes write (see `logs`)."""
        at = datetime.now(UTC)
        if self._settings.log_format == "json":
            event = {"event": sentence, "level": "warning", "at": at.isoformat(), "process": "serve"}
            line = json.dumps(event, ensure_ascii=False)
        else:
            line = f"{at.astimezone(ZoneInfo(self._settings.time_zone)):%Y-%m-%d %H:%M:%S} serve warning {sentence}"
        print(line, file=sys.stderr, flush=True)

    def _stop_all(self) -> None:
        _tell_systemd("STOPPING=1")
        running = [child.process for child in self._children if child.process is not None]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        asked = self._stops
        # Asked a second time, it stops at once.
        while any(p.poll() is None for p in running) and time.monotonic() < deadline and self._stops == asked:
            self._sleep(0.2)
        for process in running:
            if process.poll() is None:
                process.kill()
            process.wait()


def _ending(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else say(f"exit code {code}", f"code {code}")


def _tell_systemd(state: str) -> None:
    """The notification protocol of systemd (sd_notify(3)), when it asked for it."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
        notify.connect("\0" + address[1:] if address.startswith("@") else address)
        notify.sendall(state.encode())
