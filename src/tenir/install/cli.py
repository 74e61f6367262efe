"""The `tenir` command: a table of names, each with the function that does it.

A command is `main(arguments: list[str]) -> int | None` in its own module, imported only when it is asked for. To add
one, add its line to `COMMANDS`. With `needs=DESK`, settings are read, the data folder exists and Django is set up
before the module is imported; with `DJANGO`, Django is set up but nothing is written; with `NOTHING`, neither.
"""

import enum
import importlib
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn

from tenir.install.tongue import say

EXIT_USAGE = 64
EXIT_MISSING = 69
EXIT_LATER = 75
"""It may work later without anybody's doing (a database that starts): try again."""
EXIT_CONFIGURATION = 78
"""Somebody has to change something first: trying again is of no use."""
EXIT_INTERRUPTED = 128 + 2


class Needs(enum.Enum):
    NOTHING = enum.auto()
    DJANGO = enum.auto()
    DESK = enum.auto()


@dataclass(frozen=True)
class Command:
    """Where a command is (`module:function`), what must stand before it runs, what it does in two languages."""

    where: str
    needs: Needs
    english: str
    french: str


NOTHING, DJANGO, DESK = Needs.NOTHING, Needs.DJANGO, Needs.DESK

COMMANDS: dict[str, Command] = {
    "serve": Command("tenir.install.serve:main", NOTHING,
                     "start the whole desk and keep it alive", "démarrer tout le service et le garder en vie"),
    "web": Command("tenir.install.web:main", NOTHING,
                   "start only the process that serves pages", "démarrer seulement le processus des pages"),
    "work": Command("tenir.install.work:main", DESK,
                    "start only the process that works: mail in and out, what is due",
                    "démarrer seulement le processus de travail : courriels, échéances"),
    "receive": Command("tenir.channels.email.receive:main", DESK,
                       "take in one raw mail from standard input", "recevoir un courriel brut sur l'entrée standard"),
    "read": Command("tenir.install.read:main", DJANGO,
                    "read one raw mail from standard input and print what was understood, as JSON",
                    "lire un courriel brut sur l'entrée standard et imprimer ce qui est compris, en JSON"),
    "hear": Command("tenir.install.hear:main", NOTHING,
                    "read replies on standard input and print which promises are heard in them, as JSON",
                    "lire des réponses sur l'entrée standard et imprimer les promesses entendues, en JSON"),
    "invite": Command("tenir.install.invite:main", DESK,
                      "make a one-time link that lets somebody in", "créer un lien à usage unique qui fait entrer"),
    "demo": Command("tenir.install.demo:main", NOTHING,
                    "start a living demonstration desk, in its own folder",
                    "démarrer un service de démonstration vivant, dans son propre dossier"),
    "doctor": Command("tenir.install.doctor:main", DESK,
                      "check mailbox, sending, database, clock and disk, and say what to do",
                      "vérifier boîte, envoi, base, horloge et disque, et dire que faire"),
    "backup": Command("tenir.install.backup:main", DESK,
                      "write everything into one file, while the desk runs",
                      "tout écrire dans un fichier, pendant que le service tourne"),
    "restore": Command("tenir.install.backup:restore_main", DESK,
                       "put a backup back into an empty desk", "remettre une sauvegarde dans un service vide"),
    "settings": Command("tenir.install.listing:main", NOTHING,
                        "list every setting, its meaning, its value and where it comes from",
                        "lister chaque réglage, son sens, sa valeur et d'où elle vient"),
    "migrate": Command("tenir.install.migrate:main", DESK,
                       "bring the database to this version", "amener la base de données à cette version"),
    "version": Command("tenir.install.listing:version", NOTHING,
                       "say which version this is", "dire quelle est cette version"),
}  # fmt: skip


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run `tenir` with these arguments (those of the process by default) and leave with its exit code."""
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def run(arguments: list[str]) -> int:
    """Run one command; its exit code. Settings that are refused end here, by name."""
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(usage())
        return 0
    name, rest = arguments[0], arguments[1:]
    if name in ("-V", "--version"):
        name = "version"
    command = COMMANDS.get(name)
    if command is None:
        print(_unknown(name), file=sys.stderr)
        return EXIT_USAGE
    from tenir.install.settings import SettingsRefused

    try:
        return _run(name, command, rest)
    except SettingsRefused as refused:
        print(say("These settings are refused:", "Ces réglages sont refusés :"), file=sys.stderr)
        for problem in refused.problems:
            print(f"  {problem}", file=sys.stderr)
        return EXIT_CONFIGURATION
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        # The reader of our output left (`tenir settings | head`): nothing more to say, and no trace of it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _run(name: str, command: Command, rest: list[str]) -> int:
    # A question about the command must be answered on a machine where nothing is set up yet.
    needs = DJANGO if command.needs is DESK and {"-h", "--help"} & set(rest) else command.needs
    if needs is DESK and (refusal := make_ready(name)):
        print(refusal, file=sys.stderr)
        return EXIT_CONFIGURATION
    if needs is DJANGO:
        set_up_django(name)
    function = _find(command)
    if function is None:
        print(say(f"“tenir {name}” is not part of this installation.",
                  f"« tenir {name} » ne fait pas partie de cette installation."), file=sys.stderr)  # fmt: skip
        return EXIT_MISSING
    return function(rest) or 0


def _find(command: Command) -> Callable[[list[str]], int | None] | None:
    module_name, _, function_name = command.where.partition(":")
    try:
        module = importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        if error.name is not None and (module_name + ".").startswith(error.name + "."):
            return None
        raise
    function: Callable[[list[str]], int | None] = getattr(module, function_name)
    return function


def make_ready(process: str) -> str | None:
    """Data folder, secret key, log and Django: what every process of a desk begins with.

    Returns the sentence to show when the disk does not allow it. Raises `SettingsRefused`.
    """
    from tenir.install import settings as desk

    os.umask(0o077)
    settings = desk.current()
    try:
        desk.prepare(settings)
    except OSError as error:
        return desk.unusable(settings, error)
    set_up_django(process)
    return None


def set_up_django(process: str) -> None:
    """Log and Django, for the process of this name. Raises `SettingsRefused`."""
    from tenir.install import logs
    from tenir.install import settings as desk

    logs.configure(desk.current(), process=process)
    os.environ["DJANGO_SETTINGS_MODULE"] = "tenir.install.django_settings"
    import django

    django.setup()


def usage() -> str:
    """The list of commands, in the language of the terminal."""
    width = max(map(len, COMMANDS))
    lines = [f"  {name:<{width}}  {say(c.english, c.french)}" for name, c in COMMANDS.items()]
    return "\n".join([
        say("tenir: a customer-service desk that keeps its word.", "tenir : un service client qui tient parole."),
        "",
        say("Usage: tenir COMMAND [options]   (tenir COMMAND --help says more)",
            "Usage : tenir COMMANDE [options]   (tenir COMMANDE --help en dit plus)"),
        "",
        *lines,
    ])  # fmt: skip


def _unknown(name: str) -> str:
    import difflib

    near = difflib.get_close_matches(name, COMMANDS, n=1)
    guess = say(f" Did you mean “{near[0]}”?", f" Vouliez-vous dire « {near[0]} » ?") if near else ""
    return say(f"There is no command “{name}”.", f"La commande « {name} » n'existe pas.") + guess + "\n\n" + usage()
