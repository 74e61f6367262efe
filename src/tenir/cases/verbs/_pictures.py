"""What a case was before something was done to it and just after, so that undoing spares what changed since."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from tenir.cases.models import Case

TIMES = ("snoozed_until", "unanswered_since", "moved_at", "first_request_at")
Picture = dict[str, Any]


def take(case: Case, names: Sequence[str]) -> Picture:
    """These fields of the case, as JSON keeps them."""
    return {name: _plain(getattr(case, name)) for name in names}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def put_back(case: Case, *, before: Picture, after: Picture) -> list[str]:
    """Sets each field that is still as the action left it to what it was; returns those that were set.

    A field that somebody changed since stays as they made it. The caller saves the case.
    """
    changed = []
    for name, was in before.items():
        if was != after[name] and _plain(getattr(case, name)) == after[name]:
            setattr(case, name, read(name, was))
            changed.append(name)
    return changed


def read(name: str, plain: Any) -> Any:
    """A field's value from what JSON kept of it."""
    return datetime.fromisoformat(plain) if plain is not None and name in TIMES else plain
