from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "troth.channels.accounts"
    label = "accounts"

    def ready(self) -> None:
        from troth.channels.accounts import acts, mails  # noqa: F401, PLC0415 - ledger acts

        mails.register_all()
