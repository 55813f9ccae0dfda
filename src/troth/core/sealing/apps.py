from __future__ import annotations

from django.apps import AppConfig


class SealingConfig(AppConfig):
    name = "troth.core.sealing"
    label = "sealing"

    def ready(self) -> None:
        from troth.core.sealing import declarations  # noqa: F401, PLC0415 - registers a check
