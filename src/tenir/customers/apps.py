"""The room as Django sees it."""

from django.apps import AppConfig


class CustomersRoom(AppConfig):
    name = "tenir.customers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Declares the room's events and rights."""
        from tenir.customers import events, rights  # noqa: F401
