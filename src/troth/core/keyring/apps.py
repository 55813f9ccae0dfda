from __future__ import annotations

from django.apps import AppConfig


class KeyringConfig(AppConfig):
    name = "troth.core.keyring"
    label = "keyring"

    def ready(self) -> None:
        from troth.core.keyring import checks  # noqa: F401, PLC0415 - registers system checks
