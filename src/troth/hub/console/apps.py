from __future__ import annotations

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "troth.hub.console"
    label = "console"

    def ready(self) -> None:
        from troth.hub.console import acts  # noqa: F401, PLC0415 - registers ledger acts
