"""The one-time doors into the demonstration desk: a link for each role, made anew at every start.

A door is a file whose name is the SHA-256 of the link's secret; whoever removes it first goes in.
"""

import hashlib
import secrets
import shutil
from pathlib import Path

FOLDER = "doors"


def make(data_dir: Path, emails: list[str]) -> dict[str, str]:
    """New doors for these agents, by address; the older ones no longer open."""
    folder = data_dir / FOLDER
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    tokens = {email: secrets.token_urlsafe(24) for email in emails}
    for email, token in tokens.items():
        (folder / _name(token)).write_text(email)
    return tokens


def go_through(data_dir: Path, token: str) -> str | None:
    """The agent's address, once; None for a door that is closed or was never made."""
    door = data_dir / FOLDER / _name(token)
    try:
        email = door.read_text()
        door.unlink()
    except FileNotFoundError:
        return None
    return email


def _name(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
