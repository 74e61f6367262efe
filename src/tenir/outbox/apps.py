"""The room as Django sees it."""

from django.apps import AppConfig


class OutboxRoom(AppConfig):
    name = "tenir.outbox"

    def ready(self) -> None:
        """Declares the room's events."""
        from tenir.outbox import events  # noqa: F401
