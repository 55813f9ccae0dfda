from __future__ import annotations

from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "troth.channels.cases"
    label = "casework"

    def ready(self) -> None:
        from troth.channels.cases import authors, telling  # noqa: PLC0415 - needs the registry

        telling.register()
        authors.register()
