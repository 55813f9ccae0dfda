from __future__ import annotations

from django.apps import AppConfig


class FormsConfig(AppConfig):
    name = "troth.channels.forms"
    label = "forms"

    def ready(self) -> None:
        from troth.channels.forms import acts, mails  # noqa: F401, PLC0415 - need the registry

        mails.register()
