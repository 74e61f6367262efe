"""The room as Django sees it."""

from django.apps import AppConfig


class PeopleRoom(AppConfig):
    name = "tenir.people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Declares the room's events and rights."""
        from tenir.people import events, rights  # noqa: F401
