from __future__ import annotations

from django.apps import AppConfig


class AssessingConfig(AppConfig):
    name = "troth.hub.assessing"
    label = "assessing"

    def ready(self) -> None:
        from troth.hub.assessing import (  # noqa: PLC0415
            attacks,  # noqa: F401 - registers checks
            backups,  # noqa: F401
            dependencies,  # noqa: F401
            places,
        )

        places.register()
