"""The room as Django sees it."""

from django.apps import AppConfig


class PromisesRoom(AppConfig):
    name = "tenir.promises"
    label = "promises"

    def ready(self) -> None:
        """Registers events, rights and jobs; what keeps a case open; the rows that follow a merged customer."""
        from tenir.cases import lid
        from tenir.customers import merging
        from tenir.promises import access, events, jobs, rights  # noqa: F401

        lid.keeps_open(access.owed_on)
        merging.moves("promises_promise", "customer_id")
