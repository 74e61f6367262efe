"""Who may be told what: the question is asked here and answered by the room of the cases, which lies above.

A room registers one object with `use`. Until then nobody is told anything.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from tenir.ledger.models import Event


class Told(Protocol):
    """What one event comes to on the screens, and for whom."""

    @property
    def reference(self) -> str:
        """The case as people call it (`T-7K4H-W2R`), or "" when the event is about no case."""

    @property
    def lists(self) -> Sequence[str]:
        """The lists on which something may have moved."""

    def visible_to(self, viewer: Hashable) -> bool:
        """Whether this viewer may know."""


class Rules(Protocol):
    def viewer_of(self, user: object) -> Hashable | None:
        """What decides what `user` may know, equal for two people with equal rights; None for nobody's business."""

    def told(self, events: Sequence[Event]) -> Sequence[Told]:
        """One answer for each event, in the same order, in a few queries for all of them."""

    def changes_rights(self, event: Event) -> bool:
        """Whether somebody may see more or less from this event on."""


@dataclass(frozen=True)
class _Nothing:
    reference: str = ""
    lists: Sequence[str] = field(default=())

    def visible_to(self, viewer: Hashable) -> bool:
        return False


class _Nobody:
    """Before any room has spoken."""

    def viewer_of(self, user: object) -> Hashable | None:
        return None

    def told(self, events: Sequence[Event]) -> Sequence[Told]:
        return [_Nothing() for _ in events]

    def changes_rights(self, event: Event) -> bool:
        return False


_in_force: list[Rules] = [_Nobody()]


def use(rules: Rules) -> None:
    """Puts the rules in force, for this process."""
    _in_force[0] = rules


def in_force() -> Rules:
    """The rules of this process."""
    return _in_force[0]
