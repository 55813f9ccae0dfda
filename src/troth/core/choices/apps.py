from __future__ import annotations

from django.apps import AppConfig


class ChoicesConfig(AppConfig):
    name = "troth.core.choices"
    label = "choices"

    def ready(self) -> None:
        from troth.core.choices import acts  # noqa: F401, PLC0415 - registers ledger acts
