from __future__ import annotations

from django.apps import AppConfig


class ConnectConfig(AppConfig):
    name = "troth.core.connect"
    label = "connect"

    def ready(self) -> None:
        from troth.core.connect import acts  # noqa: F401, PLC0415 - registers ledger acts
        from troth.core.connect.providing import connected  # noqa: PLC0415
        from troth.core.rights.sources import register_sources  # noqa: PLC0415

        register_sources(connected)
