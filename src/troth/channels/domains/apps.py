from __future__ import annotations

from django.apps import AppConfig


class DomainsConfig(AppConfig):
    name = "troth.channels.domains"
    label = "domains"

    def ready(self) -> None:
        from troth.channels.accounts.api import register_part  # noqa: PLC0415 - needs the registry
        from troth.channels.domains import erasing, mails, publishing, telling  # noqa: PLC0415
        from troth.channels.domains.clauses import offered  # noqa: PLC0415
        from troth.channels.domains.source import Domains  # noqa: PLC0415
        from troth.core.choices.deciding import on_choice  # noqa: PLC0415
        from troth.core.gate.erasing import on_erase  # noqa: PLC0415
        from troth.core.gate.purging import on_purge  # noqa: PLC0415
        from troth.core.rights.api import register_source  # noqa: PLC0415

        mails.register()
        telling.register()
        on_choice(publishing.chosen)
        on_erase(erasing.forget)
        on_purge(erasing.forget)
        register_source(Domains())
        register_part("domains:mine", "Domains", where=offered)
