"""What a newcomer meets first: nothing in it leads nowhere, and every page of the documentation can be found."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
DOORS = ["README.md", "README.fr.md", "CHANGELOG.md", "docs/index.md"]
LARGEST_IMAGE = 300_000


def links(page: Path) -> list[str]:
    return [link for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8")) if "://" not in link]


@pytest.mark.parametrize("door", DOORS)
def test_a_link_leads_somewhere(door: str) -> None:
    page = ROOT / door
    assert [link for link in links(page) if not (page.parent / link.partition("#")[0]).exists()] == []


def test_every_page_of_the_documentation_is_in_its_index() -> None:
    docs = ROOT / "docs"
    linked = {(docs / link).resolve() for link in links(docs / "index.md")}
    written = {page for page in docs.rglob("*.md") if page.name != "index.md"}
    assert written - linked == set()


def test_both_readmes_open_with_the_two_commands_and_show_the_product() -> None:
    for name in DOORS[:2]:
        text = (ROOT / name).read_text("utf-8")
        assert text.index("make run") < text.index("make test") < 200
        (image,) = re.findall(r"!\[[^\]]+\]\((docs/images/[^)]+\.png)\)", text)
        assert (ROOT / image).stat().st_size <= LARGEST_IMAGE


def test_both_readmes_say_the_same_things() -> None:
    english, french = ((ROOT / name).read_text("utf-8") for name in DOORS[:2])
    for pattern in (r"(?m)^## ", r"(?m)^- \*\*", r"`[^`\n]+`"):
        assert abs(len(re.findall(pattern, english)) - len(re.findall(pattern, french))) <= 2, pattern
