from __future__ import annotations

from django.apps import AppConfig


class GateConfig(AppConfig):
    name = "troth.core.gate"
    label = "gate"

    def ready(self) -> None:
        from troth.core.actions import on_denial  # noqa: PLC0415
        from troth.core.gate import denials, permits, purging  # noqa: PLC0415 - registers acts
        from troth.core.keyring import erasures  # noqa: PLC0415
        from troth.core.notices.publish import on_publish  # noqa: PLC0415

        on_denial(denials.record_denial)
        on_publish(permits.publish)
        erasures.on_replay(purging.PURGE, purging.purge_again)
