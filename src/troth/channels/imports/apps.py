from __future__ import annotations

from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "troth.channels.imports"
    label = "imports"

    def ready(self) -> None:
        from troth.channels.imports import acts, erasing, mails  # noqa: F401, PLC0415 - registry
        from troth.core.gate.erasing import on_erase  # noqa: PLC0415

        mails.register()
        on_erase(erasing.leave_out)
