from __future__ import annotations

from django.apps import AppConfig


class RightsConfig(AppConfig):
    name = "troth.core.rights"
    label = "rights"

    def ready(self) -> None:
        from troth.core.rights import acts  # noqa: F401, PLC0415 - registers ledger acts
