"""What goes over the wire: server-sent events (WHATWG HTML, "Server-sent events"), as bytes."""

import json
from dataclasses import dataclass

from tenir.ledger.models import Event
from tenir.ledger.readers import Position, position_of
from tenir.live.rules import Told


@dataclass(frozen=True)
class News:
    """One event, ready to be sent to whoever may see it."""

    position: Position
    told: Told
    chunk: bytes
    changes_rights: bool


def news(event: Event, told: Told, *, changes_rights: bool) -> News:
    """The event as it is sent: names and ids, never a person's words."""
    position = position_of(event)
    data: dict[str, object] = {"name": event.name}
    if event.case_id is not None:
        data |= {"case": told.reference, "case_id": event.case_id}
    data |= {"lists": list(told.lists), "actor": actor(event)}
    return News(position, told, _event(position, event.name, data), changes_rights)


def actor(event: Event) -> str:
    """`agent:7`, `customer:12`, or `system`: a screen that caused the event itself knows its own."""
    return event.actor_kind if event.actor_id is None else f"{event.actor_kind}:{event.actor_id}"


def _event(position: Position, name: str, data: object) -> bytes:
    body = json.dumps(data, separators=(",", ":"), ensure_ascii=False)
    return f"id: {position}\nevent: {name}\ndata: {body}\n\n".encode()


def behind(position: Position) -> bytes:
    """Too much was missed to tell one by one: the screen takes everything afresh, and goes on from `position`."""
    return _event(position, "behind", {"name": "behind", "lists": ["all"]})


def here(position: Position) -> bytes:
    """Moves the client's place without an event: it resumes from `position`. Also the heartbeat."""
    return f"id: {position}\n\n".encode()


def retry(milliseconds: int) -> bytes:
    """How long to wait before coming back, once the connection is lost."""
    return f"retry: {milliseconds}\n\n".encode()
