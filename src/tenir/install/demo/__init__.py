"""`tenir demo`: a living desk of an invented company, in a folder of its own, with both of its sides to play.

Its processes are those of a real desk plus one, the mail server on loopback to which everybody's letters go. Nothing
here touches a real desk: settings that could lead to one are left out, and a folder without the mark is refused.
"""

import argparse
import errno
import json
import os
import shutil
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tenir.install import settings as desk
from tenir.install.cli import EXIT_CONFIGURATION
from tenir.install.serve import Child, Supervisor, Unusable, take_folder
from tenir.install.tongue import say, speaks_french

MARK = "demonstration"
"""The file by which a folder of the demonstration is known."""
KEPT = ("DATA_DIR", "PORT", "BIND", "BASE_URL", "HOLD_SECONDS", "TIME_ZONE", "LOG_LEVEL", "LOG_FORMAT")
"""Settings that are taken over from the environment; none of the others can lead to a real desk."""
PORTS = range(8000, 8100)


def main(arguments: list[str]) -> int:
    """Makes the desk if it is not there, starts everything, prints the ways in; until Ctrl-C."""
    parser = argparse.ArgumentParser(
        prog="tenir demo",
        description=say(
            "Start a living demonstration desk in a folder of its own (TENIR_DATA_DIR, else var/demo).",
            "Démarrer un service de démonstration vivant, dans son propre dossier (TENIR_DATA_DIR, sinon var/demo).",
        ),
    )
    parser.add_argument("--fresh", action="store_true", help=say("begin again", "tout recommencer"))
    asked = parser.parse_args(arguments)
    try:
        set_apart()
        with _web_listener() as listener, _mail_listener() as post:
            settings = desk.current()
            _check_folder(settings.data_dir)
            with take_folder(settings):
                if asked.fresh:
                    _empty(settings.data_dir)
                _marked(settings.data_dir)
                return _run(settings, listener, post)
    except Unusable as refusal:
        print(refusal, file=sys.stderr)
        return EXIT_CONFIGURATION


def set_apart() -> None:
    """Leaves only such settings in the environment as cannot lead to a real desk."""
    for name in [name for name in os.environ if name.startswith(desk.PREFIX)]:
        if name.removeprefix(desk.PREFIX) not in KEPT and not name.startswith("TENIR_TEST_"):
            del os.environ[name]
    os.environ |= {"TENIR_CONFIG": os.devnull, "TENIR_DATABASE": "sqlite", "TENIR_DEMO": "yes"}
    os.environ.setdefault("TENIR_DATA_DIR", str(Path("var/demo").resolve()))
    os.environ.setdefault("TENIR_LOG_LEVEL", "warning")
    os.environ["TENIR_DEFAULT_LANGUAGE"] = "fr" if speaks_french() else "en"


def _web_listener() -> socket.socket:
    """The port that was asked for, else the first free one from 8000 on."""
    bind = os.environ.get("TENIR_BIND", "127.0.0.1")
    asked = os.environ.get("TENIR_PORT")
    # A value that is no port is refused by name when the settings are read.
    ports = [int(asked)] if asked and asked.isdigit() and 0 < int(asked) < 65536 else [] if asked else list(PORTS)
    for port in ports:
        try:
            listener = _listen(bind, port)
        except OSError as error:
            if error.errno == errno.EADDRINUSE and len(ports) > 1:
                continue
            raise Unusable(_cannot_listen(port, error)) from error
        os.environ["TENIR_PORT"] = str(port)
        if not asked and port != PORTS[0]:
            print(say(f"Port {PORTS[0]} is taken by another program: this is on {port}.",
                      f"Le port {PORTS[0]} est pris par un autre programme : ceci est sur le {port}."))  # fmt: skip
        return listener
    desk.current()  # says which value of TENIR_PORT is accepted
    raise Unusable(say(f"Ports {PORTS[0]} to {PORTS[-1]} are all taken.",
                       f"Les ports {PORTS[0]} à {PORTS[-1]} sont tous pris."))  # fmt: skip


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=2048, dualstack_ipv6=host == "::")


def _cannot_listen(port: int, error: OSError) -> str:
    return say(f"It is not possible to listen on port {port}: {error.strerror}. Choose another with TENIR_PORT.",
               f"Impossible d'écouter sur le port {port} : {error.strerror}. "
               "Choisissez-en un autre avec TENIR_PORT.")  # fmt: skip


def _mail_listener() -> socket.socket:
    """Any free port of this machine, for the mail server."""
    return _listen("127.0.0.1", 0)


def _check_folder(folder: Path) -> None:
    """Refuses a folder that holds anything and was not made by a demonstration."""
    if folder.is_dir() and any(folder.iterdir()) and not (folder / MARK).exists():
        raise Unusable(
            say(f"{folder} holds something that is not a demonstration; nothing was touched. Choose another folder "
                "with TENIR_DATA_DIR.",
                f"{folder} contient autre chose qu'une démonstration ; rien n'a été touché. Choisissez un autre "
                "dossier avec TENIR_DATA_DIR.")
        )  # fmt: skip


def _empty(folder: Path) -> None:
    """Takes the former demonstration away; the lock that is held and the mark stay."""
    for path in folder.iterdir():
        if path.name not in (MARK, "serve.lock"):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    desk.prepare(desk.current())


def _marked(folder: Path) -> None:
    (folder / MARK).write_text(say("A demonstration of Tenir: it may be thrown away.\n",
                                   "Une démonstration de Tenir : on peut la jeter.\n"))  # fmt: skip


def _run(settings: desk.Settings, listener: socket.socket, post: socket.socket) -> int:
    prepared = subprocess.run(
        [sys.executable, "-m", "tenir.install.demo.prepare", str(post.getsockname()[1])],
        stdout=subprocess.PIPE,
        check=False,
    )
    if prepared.returncode:
        return prepared.returncode
    ways_in: dict[str, Any] = json.loads(prepared.stdout)
    server = Child("post", ["--listen", str(post.fileno())], module="tenir.install.demo.post", passed=(post.fileno(),))
    return DemonstrationSupervisor(settings, listener, server, ways_in).run()


class DemonstrationSupervisor(Supervisor):
    """The desk's supervisor with one process more; it says the ways in once everything is ready."""

    def __init__(self, settings: desk.Settings, listener: socket.socket, post: Child, ways_in: dict[str, Any]) -> None:
        super().__init__(settings, listener)
        self._children.append(post)
        self._ways_in = ways_in

    def say_ready(self) -> None:
        print(welcome(self._settings.base_url, self._ways_in), flush=True)


@dataclass(frozen=True)
class _Way:
    english: str
    french: str
    path: str

    def line(self, base: str, width: int) -> str:
        return f"  {say(self.english, self.french):<{width}}  {base}{self.path}"


def welcome(base: str, ways_in: dict[str, Any]) -> str:
    """What is printed when the demonstration is ready, in the language of the terminal."""
    doors = ways_in["doors"]
    inside = [
        _Way("Amina, agent", "Amina, conseillère (agent)", f"/demo/enter/{doors['amina']}/"),
        _Way("Denise, supervisor", "Denise, responsable (supervisor)", f"/demo/enter/{doors['denise']}/"),
        _Way("Farid, administrator", "Farid, administrateur (administrator)", f"/demo/enter/{doors['farid']}/"),
    ]
    outside = [
        _Way("The customers’ mailbox", "La boîte aux lettres des clients", "/demo/mailbox/"),
        _Way("The public form", "Le formulaire public", "/contact/"),
        _Way("Hélène Laurent’s own page", "La page d’Hélène Laurent", ways_in["customer_page"]),
    ]
    width = max(len(say(way.english, way.french)) for way in (*inside, *outside))
    return "\n".join([
        "",
        say("The demonstration of Tenir is ready: the customer service of Val-de-Lune, which does not exist.",
            "La démonstration de Tenir est prête : le service clients de Val-de-Lune, qui n’existe pas."),
        "",
        say("Come in (each link lets in once):", "Entrer (chaque lien fait entrer une fois) :"),
        *(way.line(base, width) for way in inside),
        "",
        say("Be the customer (in a private window, or another browser):",
            "Être le client (dans une fenêtre privée, ou un autre navigateur) :"),
        *(way.line(base, width) for way in outside),
        "",
        say("Ctrl-C stops it; started again, it is as you left it. “tenir demo --fresh” begins again.",
            "Ctrl-C l’arrête ; relancée, elle est comme vous l’avez laissée. « tenir demo --fresh » recommence tout."),
    ])  # fmt: skip
