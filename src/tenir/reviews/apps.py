"""The room as Django sees it."""

from django.apps import AppConfig


class ReviewsRoom(AppConfig):
    name = "tenir.reviews"
    label = "reviews"

    def ready(self) -> None:
        """Registers events, rights and the reader of the ledger."""
        from tenir.reviews import events, jobs, rights  # noqa: F401
