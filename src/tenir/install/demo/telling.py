"""How a story of the demonstration is told: people, steps, and the words for each step."""

from dataclasses import dataclass, field
from typing import Literal

Who = Literal["amina", "bruno", "chloe", "denise"]


@dataclass(frozen=True)
class Person:
    """An invented customer."""

    key: str
    name: str
    email: str
    phone: str = ""
    language: str = "fr"
    prefers_channel: str = ""
    prefers_hours: str = ""
    prefers_pace: str = ""
    subscription: tuple[str, str, str, str] | None = None
    """Number, product, plan, state."""


@dataclass(frozen=True)
class Step:
    """One thing that happened: `kind` in, reply, note, call, cut, take, end, solved, promise, partly, answer_for."""

    kind: str
    days: float
    hour: str
    who: str = ""
    text: str = ""


@dataclass(frozen=True)
class Story:
    """A case: whose it is, how it came, and its steps in order."""

    person: str
    team: str
    subject: str
    steps: tuple[Step, ...]
    channel: str = "email"
    wish: str = ""
    tags: tuple[str, ...] = field(default=())


def came(days: float, hour: str, text: str) -> Step:
    return Step("in", days, hour, text=text)


def replied(days: float, hour: str, who: Who, text: str) -> Step:
    return Step("reply", days, hour, who, text)


def noted(days: float, hour: str, who: Who, text: str) -> Step:
    return Step("note", days, hour, who, text)


def called(days: float, hour: str, who: Who, text: str) -> Step:
    return Step("call", days, hour, who, text)


def cut(days: float, hour: str, who: Who, text: str) -> Step:
    return Step("cut", days, hour, who, text)


def taken(days: float, hour: str, who: Who) -> Step:
    return Step("take", days, hour, who)


def ended(days: float, hour: str, who: Who, kind: str, because: str = "") -> Step:
    return Step("end:" + kind, days, hour, who, because)


def solved(days: float, hour: str) -> Step:
    return Step("solved", days, hour)


def promised(days: float, hour: str, who: Who, what: str, *, hours: int, parts: tuple[str, ...] = ()) -> Step:
    """Something is owed, so many hours later by the clock."""
    return Step(f"promise:{hours}:{';'.join(parts)}", days, hour, who, what)


def partly(days: float, hour: str, who: Who, missing: str) -> Step:
    """What was promised is there, but for one part: that becomes a promise of its own."""
    return Step("partly", days, hour, who, missing)


def answers_for_it(days: float, hour: str, who: Who) -> Step:
    """Whoever takes over what is still owed in the case."""
    return Step("answer_for", days, hour, who)
