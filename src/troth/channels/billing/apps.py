from __future__ import annotations

from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "troth.channels.billing"
    label = "billing"

    def ready(self) -> None:
        from troth.channels.accounts.api import register_part  # noqa: PLC0415 - needs the apps
        from troth.channels.billing import acts, mails  # noqa: F401, PLC0415 - registry

        mails.register()
        register_part("billing:mine", "Orders")
