from __future__ import annotations

from django.apps import AppConfig


class RemoteConfig(AppConfig):
    name = "troth.channels.remote"
    label = "remote"

    def ready(self) -> None:
        from troth.channels.accounts.api import on_my_data  # noqa: PLC0415 - needs the apps
        from troth.channels.conversations.api import offer  # noqa: PLC0415 - needs the apps
        from troth.channels.remote import acts, ending, offering, telling  # noqa: F401, PLC0415
        from troth.core.choices.deciding import on_choice  # noqa: PLC0415 - needs the apps
        from troth.core.gate.erasing import on_erase  # noqa: PLC0415

        on_my_data(telling.in_my_data)
        offer(offering.from_conversation)
        on_erase(ending.end_theirs)
        on_choice(ending.chosen)
