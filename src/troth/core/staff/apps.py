from __future__ import annotations

from django.apps import AppConfig


class StaffConfig(AppConfig):
    name = "troth.core.staff"
    label = "staff"

    def ready(self) -> None:
        from troth.core.staff import acts  # noqa: F401, PLC0415 - registers ledger acts
