"""The room as Django sees it."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class LedgerRoom(AppConfig):
    name = "tenir.ledger"

    def ready(self) -> None:
        post_migrate.connect(_go_on, sender=self)


def _go_on(**_: Any) -> None:
    from tenir.ledger.readers import go_on_after_restore

    go_on_after_restore()
