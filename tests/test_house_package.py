"""The package and its locks: what is installed is what was written down."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def test_what_builds_tenir_is_locked_as_declared(project: dict[str, Any]) -> None:
    assert (ROOT / "requirements/build.in").read_text().split() == project["build-system"]["requires"]


@pytest.mark.parametrize("lock", ["run", "test", "build"])
def test_every_locked_requirement_has_its_hashes(lock: str) -> None:
    text = (ROOT / f"requirements/{lock}.txt").read_text()
    named = re.findall(r"^[A-Za-z0-9_.\[\]-]+==", text, re.MULTILINE)
    followed = re.findall(r"^[A-Za-z0-9_.\[\]-]+==[^\n]*\\\n    --hash=sha256:", text, re.MULTILINE)
    assert named
    assert len(named) == len(followed)


def test_the_locks_name_no_place_to_download_from() -> None:
    for lock in (ROOT / "requirements").glob("*.txt"):
        assert "://" not in lock.read_text(), lock.name


def test_a_shared_requirement_has_one_version_everywhere() -> None:
    versions: dict[str, set[str]] = {}
    for lock in (ROOT / "requirements").glob("*.txt"):
        for name, version in re.findall(r"^([A-Za-z0-9_.-]+)==(\S+)", lock.read_text(), re.MULTILINE):
            versions.setdefault(name, set()).add(version)
    assert {name: found for name, found in versions.items() if len(found) > 1} == {}


def test_every_room_stands_on_a_floor(project: dict[str, Any]) -> None:
    """A new room that the contract does not know could import anything."""
    layers = project["tool"]["importlinter"]["contracts"][0]["layers"]
    known = {room.strip(" ()") for layer in layers for room in layer.split("|")}
    rooms = {path.parent.name for path in (ROOT / "src/tenir").glob("*/__init__.py")}
    assert rooms - known == set()


def test_the_licence_is_named_by_its_short_name(project: dict[str, Any]) -> None:
    assert project["project"]["license"] == "AGPL-3.0-or-later"
    assert "SPDX-License-Identifier: AGPL-3.0-or-later" in (ROOT / "LICENSE").read_text("utf-8")
