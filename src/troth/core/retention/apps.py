from __future__ import annotations

from django.apps import AppConfig


class RetentionConfig(AppConfig):
    name = "troth.core.retention"
    label = "retention"

    def ready(self) -> None:
        from troth.core.gate.erasing import on_erase  # noqa: PLC0415
        from troth.core.gate.purging import on_purge  # noqa: PLC0415
        from troth.core.keyring import erasures  # noqa: PLC0415
        from troth.core.retention import acts, ending, holds  # noqa: F401, PLC0415 - registers acts

        on_purge(holds.refuse_held)
        on_erase(holds.refuse_held)
        erasures.on_replay(ending.ELEMENTS, ending.end_again)
