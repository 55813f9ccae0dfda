from __future__ import annotations

from django.apps import AppConfig


class AssessConfig(AppConfig):
    name = "troth.core.assess"
    label = "assess"

    def ready(self) -> None:
        from troth.core.assess import (  # noqa: F401, PLC0415 - they register acts and checks
            accurate,
            acts,
            comprehensive,
            conforming,
            displayed,
            implemented,
        )
