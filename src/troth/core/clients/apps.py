from __future__ import annotations

from django.apps import AppConfig


class ClientsConfig(AppConfig):
    name = "troth.core.clients"
    label = "clients"

    def ready(self) -> None:
        from troth.core.clients import acts  # noqa: F401, PLC0415 - registers ledger acts
