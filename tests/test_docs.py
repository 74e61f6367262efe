"""What exists is documented: settings, events, rights, commands. A name that is missing from docs/ fails here."""

import re
from pathlib import Path

import pytest

from tenir.install.cli import COMMANDS
from tenir.install.settings import meanings

DOCS = Path(__file__).resolve().parents[1] / "docs"


def documented(page: str) -> set[str]:
    """Every name written as code on this page."""
    return set(re.findall(r"`([^`\n]+)`", (DOCS / page).read_text("utf-8")))


def test_every_setting_is_documented_with_its_default() -> None:
    rows = dict(
        re.findall(r"^\| `(TENIR_\w+)` \| (?:`([^`]*)`)? *\|", (DOCS / "settings.md").read_text("utf-8"), re.MULTILINE)
    )
    assert rows == {name: meaning.default for name, meaning in meanings().items()}


def test_every_event_is_documented() -> None:
    from tenir.ledger.events import registry

    ours = {name for name, event in registry.items() if ".tests." not in event.__module__}
    assert ours
    assert ours - set().union(*(documented(page.name) for page in DOCS.glob("events*.md"))) == set()


def test_every_right_is_documented() -> None:
    from tenir.people.rights import RIGHTS

    assert RIGHTS
    assert set(RIGHTS) - documented("rights.md") == set()


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_is_documented(name: str) -> None:
    assert f"tenir {name}" in documented("operation.md")


@pytest.mark.django_db
def test_every_table_has_its_migration() -> None:
    from django.core.management import call_command

    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
