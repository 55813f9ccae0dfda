from __future__ import annotations

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "troth.kit.outbox"
    label = "outbox"

    def ready(self) -> None:
        from troth.kit.outbox import acts, returning  # noqa: F401, PLC0415 - registers ledger acts

        returning.register()
