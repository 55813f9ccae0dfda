from __future__ import annotations

from django.apps import AppConfig


class RequestsConfig(AppConfig):
    name = "troth.channels.rights"
    label = "requests"

    def ready(self) -> None:
        from troth.channels.accounts.api import register_part  # noqa: PLC0415 - needs the registry
        from troth.channels.rights import inbound, mails, reminding  # noqa: PLC0415

        mails.register()
        inbound.register()
        reminding.register()
        register_part("requests:own", "My requests")
