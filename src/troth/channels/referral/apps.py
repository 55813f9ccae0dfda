from __future__ import annotations

from django.apps import AppConfig


class ReferralConfig(AppConfig):
    name = "troth.channels.referral"
    label = "referral"

    def ready(self) -> None:
        from troth.channels.referral import actions, acts, erasing  # noqa: F401, PLC0415 - acts
        from troth.core.gate.erasing import on_erase  # noqa: PLC0415
        from troth.core.gate.purging import on_purge  # noqa: PLC0415

        on_purge(actions.forget_invited)
        on_erase(erasing.forget_waiting)
