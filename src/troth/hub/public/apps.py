from __future__ import annotations

from django.apps import AppConfig


class PublicConfig(AppConfig):
    name = "troth.hub.public"
    label = "public"

    def ready(self) -> None:
        from troth.channels.accounts.api import register_choices  # noqa: PLC0415 - needs the apps
        from troth.hub.public import mailing  # noqa: PLC0415

        mailing.register()
        register_choices("public:own-choices")
