from __future__ import annotations

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "troth.core.notices"
    label = "notices"

    def ready(self) -> None:
        from troth.core.notices import acts  # noqa: F401, PLC0415 - registers ledger acts
