from __future__ import annotations

from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "troth.channels.campaigns"
    label = "campaigns"

    def ready(self) -> None:
        from troth.channels.campaigns import acts  # noqa: F401, PLC0415 - need the registry
