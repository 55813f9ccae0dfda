from __future__ import annotations

from django.apps import AppConfig


class AgentsConfig(AppConfig):
    name = "troth.channels.agents"
    label = "agents"

    def ready(self) -> None:
        from troth.channels.agents import acts  # noqa: F401, PLC0415 - registers ledger acts
