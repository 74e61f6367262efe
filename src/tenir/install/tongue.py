"""The language of the terminal: French when the system speaks French, English otherwise.

The command line speaks before Django is loaded (and often about why it cannot be), so gettext is not used here:
each sentence is written in both languages, side by side, where it is said.
"""

import os
from collections.abc import Mapping


def speaks_french(environ: Mapping[str, str] | None = None) -> bool:
    """Whether LC_ALL, LC_MESSAGES or LANG (the first that is set, as in POSIX) asks for French."""
    environ = os.environ if environ is None else environ
    asked = next((environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environ.get(name)), "")
    return asked.lower().startswith("fr")


def say(english: str, french: str) -> str:
    """The one of the two sentences that the person at the terminal reads."""
    return french if speaks_french() else english
