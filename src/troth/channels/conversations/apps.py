from __future__ import annotations

from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    name = "troth.channels.conversations"
    label = "conversations"

    def ready(self) -> None:
        from troth.channels.campaigns.api import on_reply  # noqa: PLC0415 - needs the apps
        from troth.channels.conversations import (  # noqa: PLC0415 - needs the apps
            acts,  # noqa: F401 - registers
            deleting,
            moderating,
            rights,
        )
        from troth.channels.conversations.actions import storing  # noqa: PLC0415
        from troth.channels.conversations.mailing import (  # noqa: PLC0415
            addressing,
            copies,
            incoming,
            outgoing,
            rating,
        )
        from troth.channels.conversations.widget import transcript  # noqa: PLC0415 - needs the apps

        rights.register()
        moderating.register()
        deleting.register()
        transcript.register()
        incoming.register()
        on_reply(incoming.hear)
        rating.register()
        addressing.register()
        copies.register()
        storing.on_written(outgoing.queue)
