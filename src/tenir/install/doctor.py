"""`tenir doctor`: looks at everything that a desk needs, and says of each what is wrong and what to do.

Exit status: 0 all is well, 1 something deserves a look, 2 something is broken.
"""

import argparse
import json
import os
import sys
import textwrap

from django.utils import translation

from tenir.install.checks import Check, State, checks, worst
from tenir.install.tongue import say, speaks_french

SIGNS = {State.OK: "✔", State.WARNING: "!", State.PROBLEM: "✘"}
COLOURS = {State.OK: "32", State.WARNING: "33", State.PROBLEM: "31"}
EXIT = {State.OK: 0, State.WARNING: 1, State.PROBLEM: 2}
WIDTH = 100


def main(arguments: list[str]) -> int:
    """Prints the findings; the exit status is that of the worst."""
    parser = argparse.ArgumentParser(
        prog="tenir doctor",
        description=say(
            "Check settings, disk, database, clock, processes, mailboxes and backups, and say what to do.",
            "Vérifier réglages, disque, base, horloge, processus, boîtes et sauvegardes, et dire que faire.",
        ),
    )
    parser.add_argument("--json", action="store_true", help=say("one JSON list", "une liste JSON"))
    parser.add_argument(
        "--thorough", action="store_true",
        help=say("read even a large database through", "lire en entier même une grande base"),
    )  # fmt: skip
    options = parser.parse_args(arguments)
    with translation.override("fr" if speaks_french() else "en"):
        found = checks(thorough=options.thorough)
    if options.json:
        print(json.dumps([check.as_dict() for check in found], ensure_ascii=False, indent=2))
    else:
        colours = sys.stdout.isatty() and "NO_COLOR" not in os.environ
        print("\n".join(_shown(check, colours=colours) for check in found))
    return EXIT[worst(found)]


def _shown(check: Check, *, colours: bool) -> str:
    sign = SIGNS[check.state]
    first = textwrap.fill(
        check.title + say(": ", "\u00a0: ") + check.found, WIDTH, initial_indent=" ", subsequent_indent="   ",
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip
    advice = textwrap.fill(
        check.advice, WIDTH, initial_indent="   → ", subsequent_indent="     ",
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip
    coloured = f"\033[{COLOURS[check.state]}m{sign}\033[0m" if colours else sign
    return f"{coloured}{first}" + (f"\n{advice}" if check.advice else "")
