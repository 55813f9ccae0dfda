from __future__ import annotations

from django.apps import AppConfig


class PublicConfig(AppConfig):
    name = "troth.hub.public"
    label = "public"

    def ready(self) -> None:
        from troth.hub.public import mailing  # noqa: PLC0415 - needs the app registry

        mailing.register()
