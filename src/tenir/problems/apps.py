"""The room as Django sees it."""

from django.apps import AppConfig


class ProblemsRoom(AppConfig):
    name = "tenir.problems"
    label = "problems"

    def ready(self) -> None:
        """Registers events and rights."""
        from tenir.problems import events, rights  # noqa: F401
