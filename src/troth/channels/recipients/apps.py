from __future__ import annotations

from django.apps import AppConfig


class RecipientsChannelConfig(AppConfig):
    name = "troth.channels.recipients"
    label = "handing"

    def ready(self) -> None:
        from troth.channels.recipients import (  # noqa: F401, PLC0415 - need the registry
            acts,
            connecting,
            erasing,
            mails,
            remedying,
        )

        mails.register()
        connecting.register()
        remedying.register()
        erasing.register()
