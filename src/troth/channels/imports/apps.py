from __future__ import annotations

from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "troth.channels.imports"
    label = "imports"

    def ready(self) -> None:
        from troth.channels.imports import acts, mails  # noqa: F401, PLC0415 - need the registry

        mails.register()
