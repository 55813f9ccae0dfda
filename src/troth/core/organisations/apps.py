from __future__ import annotations

from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "troth.core.organisations"
    label = "organisations"

    def ready(self) -> None:
        from troth.core.organisations import rls  # noqa: PLC0415 - needs the app registry

        rls.connect()
