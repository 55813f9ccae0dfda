from __future__ import annotations

from django.apps import AppConfig


class RecipientsConfig(AppConfig):
    name = "troth.core.recipients"
    label = "recipients"

    def ready(self) -> None:
        from troth.core.recipients import acts  # noqa: F401, PLC0415 - registers ledger acts
