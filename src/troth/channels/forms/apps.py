from __future__ import annotations

from django.apps import AppConfig


class FormsConfig(AppConfig):
    name = "troth.channels.forms"
    label = "forms"

    def ready(self) -> None:
        from troth.channels.forms import acts, mails, signing_up  # noqa: F401, PLC0415 - registry
        from troth.core.gate.erasing import on_erase  # noqa: PLC0415
        from troth.core.gate.purging import on_purge  # noqa: PLC0415

        mails.register()
        on_purge(signing_up.forget_purged)
        on_erase(signing_up.forget_purged)
