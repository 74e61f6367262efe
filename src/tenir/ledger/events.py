"""Typed events. A room declares its own as frozen dataclasses, registered by name.

```python
@register("case_taken")
class CaseTaken(Fact):
    owner: int

    def sentence(self) -> str:
        return _("took the case")
```
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, ClassVar, Protocol, TypeVar, cast, dataclass_transform

registry: dict[str, type["Fact"]] = {}


class Doer(Protocol):
    """Whoever can act: an agent, a customer, or the desk itself (`SYSTEM`)."""

    @property
    def actor_kind(self) -> str: ...
    @property
    def pk(self) -> Any: ...


@dataclass(frozen=True)
class _System:
    actor_kind: str = "system"
    pk: None = None


SYSTEM = _System()
"""The desk acting by itself: a rule, a due date, a machine."""


@dataclass(frozen=True)
class Actor:
    """Somebody known by kind and id only, where reading their row would be one query too many."""

    actor_kind: str
    pk: int


@dataclass(frozen=True, kw_only=True)
class Fact:
    """Base of all events; `case` and `customer` are the ids that it is about."""

    name: ClassVar[str] = ""
    case: int | None = None
    customer: int | None = None

    def sentence(self) -> str:
        """What happened, after the doer's name, in the reader's language: "took the case"."""
        raise NotImplementedError

    def data(self) -> dict[str, Any]:
        """The event's own fields, as the ledger stores them."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name not in ("case", "customer")}


FactType = TypeVar("FactType", bound=type[Fact])


@dataclass_transform(frozen_default=True, kw_only_default=True)
def register(name: str) -> Callable[[FactType], FactType]:
    """Class decorator: makes the class a frozen event and enters it into the registry under `name`."""

    def enter(cls: FactType) -> FactType:
        if name in registry:
            raise ValueError(f"two events are named {name}")
        made = dataclass(frozen=True, kw_only=True)(cls)
        made.name = name
        registry[name] = made
        return cast("FactType", made)

    return enter


def read_fact(name: str, *, case: int | None, customer: int | None, data: dict[str, Any]) -> Fact | None:
    """The typed event of a stored row; fields that a later version dropped are passed over, an unknown name is None."""
    cls = registry.get(name)
    if cls is None:
        return None
    known = {f.name for f in fields(cls)}
    return cls(case=case, customer=customer, **{k: v for k, v in data.items() if k in known})
