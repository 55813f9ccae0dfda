from __future__ import annotations

from django.apps import AppConfig


class ReferralConfig(AppConfig):
    name = "troth.channels.referral"
    label = "referral"

    def ready(self) -> None:
        from troth.channels.referral import acts  # noqa: F401, PLC0415 - registers ledger acts
