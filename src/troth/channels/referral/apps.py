from __future__ import annotations

from django.apps import AppConfig


class ReferralConfig(AppConfig):
    name = "troth.channels.referral"
    label = "referral"

    def ready(self) -> None:
        from troth.channels.referral import actions, acts  # noqa: F401, PLC0415 - registers acts
        from troth.core.gate.purging import on_purge  # noqa: PLC0415

        on_purge(actions.forget_invited)
