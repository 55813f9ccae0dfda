from __future__ import annotations

from django.apps import AppConfig


class NoticesChannelConfig(AppConfig):
    name = "troth.channels.notices"
    label = "telling"

    def ready(self) -> None:
        from troth.channels.notices import announcing, mails  # noqa: PLC0415 - need the registry
        from troth.core.notices.publish import after_publish  # noqa: PLC0415

        mails.register()
        after_publish(announcing.begin)
