from __future__ import annotations

from django.apps import AppConfig


class ChoicesConfig(AppConfig):
    name = "troth.core.choices"
    label = "choices"

    def ready(self) -> None:
        from troth.core.choices import acts, suppression  # noqa: F401, PLC0415 - registers acts
        from troth.core.gate.collecting import on_new_person  # noqa: PLC0415
        from troth.core.gate.purging import on_purge  # noqa: PLC0415

        on_new_person(suppression.recall)
        on_purge(suppression.forget)
