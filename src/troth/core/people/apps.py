from __future__ import annotations

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "troth.core.people"
    label = "people"

    def ready(self) -> None:
        from troth.core.people import acts  # noqa: F401, PLC0415 - registers ledger acts
