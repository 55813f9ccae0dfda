from __future__ import annotations

from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "troth.channels.campaigns"
    label = "campaigns"

    def ready(self) -> None:
        from troth.channels.campaigns import (  # noqa: PLC0415
            acts,  # noqa: F401 - registers them
            notifying,
            receiving,
            suppression,
        )
        from troth.channels.campaigns.endpoints import tracking  # noqa: PLC0415
        from troth.core.gate.erasing import on_erase  # noqa: PLC0415
        from troth.core.gate.purging import on_purge  # noqa: PLC0415

        receiving.register()
        notifying.register()
        tracking.connect()
        on_purge(suppression.forget)
        on_erase(suppression.forget)
