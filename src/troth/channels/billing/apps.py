from __future__ import annotations

from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "troth.channels.billing"
    label = "billing"

    def ready(self) -> None:
        from troth.channels.accounts.api import register_part  # noqa: PLC0415 - needs the apps
        from troth.channels.billing import acts, beginning, mails, recording  # noqa: F401, PLC0415 - registry
        from troth.channels.billing.pages import collect_beside  # noqa: PLC0415
        from troth.channels.billing.placing import on_ordered  # noqa: PLC0415
        from troth.channels.billing.source import Orders  # noqa: PLC0415
        from troth.core.rights.api import register_source  # noqa: PLC0415

        mails.register()
        register_source(Orders())
        collect_beside(beginning.source)
        on_ordered(recording.ordered)
        register_part("billing:mine", "Orders")
