"""`tenir settings` and `tenir version`: what this desk is set to, without touching anything."""

import argparse
import json
import platform
import shutil
import sqlite3
import textwrap
from dataclasses import asdict
from importlib import metadata

from tenir import __version__
from tenir.install.settings import Row, load
from tenir.install.tongue import say


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="tenir settings",
        description=say(
            "List every setting: its meaning, what is accepted, its value and where it comes from.",
            "Lister chaque réglage : son sens, ce qui est accepté, sa valeur et d'où elle vient.",
        ),
    )
    parser.add_argument("--json", action="store_true", help=say("one JSON list", "une liste JSON"))
    options = parser.parse_args(arguments)
    rows = load().rows()
    if options.json:
        print(json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=2))
    else:
        print("\n\n".join(_shown(row) for row in rows))
    return 0


def _shown(row: Row) -> str:
    width = min(shutil.get_terminal_size().columns, 100)
    meaning = textwrap.fill(row.meaning, width, initial_indent="    ", subsequent_indent="    ")
    accepted = textwrap.fill(
        say("Accepted: ", "Accepté : ") + row.accepted, width, initial_indent="    ", subsequent_indent="    "
    )
    return f"{row.name} = {row.value}   ({row.origin})\n{meaning}\n{accepted}"


def version(arguments: list[str]) -> int:
    argparse.ArgumentParser(prog="tenir version").parse_args(arguments)
    print(f"Tenir {__version__}")
    print(f"Python {platform.python_version()}, Django {metadata.version('django')}, "
          f"SQLite {sqlite3.sqlite_version}, psycopg {metadata.version('psycopg')}")  # fmt: skip
    return 0
