from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "troth.channels.accounts"
    label = "accounts"

    def ready(self) -> None:
        from troth.channels.accounts import (  # noqa: PLC0415
            acts,  # noqa: F401 - registers them
            grounds,
            joining,
            leaving,
            mails,
        )
        from troth.core.gate.erasing import object_to_erasures, on_erase  # noqa: PLC0415
        from troth.core.gate.merging import object_to_merges  # noqa: PLC0415
        from troth.core.gate.purging import on_purge  # noqa: PLC0415
        from troth.core.retention.api import came_in  # noqa: PLC0415
        from troth.core.rights.own.telling import comes_from  # noqa: PLC0415

        came_in("accounts.Source", "touchpoint")
        for model in ("SignIn", "SecondFactor", "Passkey"):
            comes_from(f"accounts.{model}", grounds.REGISTER)
        mails.register_all()
        on_purge(leaving.forget)
        on_erase(leaving.end_sessions)
        object_to_erasures(leaving.keep_staff)
        object_to_merges(joining.keep_staff_apart)
