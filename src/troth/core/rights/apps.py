from __future__ import annotations

from django.apps import AppConfig


class RightsConfig(AppConfig):
    name = "troth.core.rights"
    label = "rights"

    def ready(self) -> None:
        from troth.core.keyring import erasures  # noqa: PLC0415
        from troth.core.rights import acts  # noqa: F401, PLC0415 - registers ledger acts
        from troth.core.rights.own import erasing  # noqa: PLC0415
        from troth.core.rights.own.source import Own  # noqa: PLC0415
        from troth.core.rights.sources import register_source  # noqa: PLC0415

        register_source(Own())
        erasures.on_replay(erasing.ACT, erasing.erase_again)
