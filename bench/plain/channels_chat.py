"""The same chat as Channels' tutorial writes it: a group for each chat, a Redis layer, no storage.

Runs in a virtualenv of its own, with channels and channels-redis.
"""

from __future__ import annotations

import os
from typing import Any

import django
from django.conf import settings

settings.configure(
    SECRET_KEY="only-for-measuring",
    ALLOWED_HOSTS=["*"],
    CHANNEL_LAYERS={
        "default": {
            "BACKEND": "channels_redis.core.RedisChannelLayer",
            "CONFIG": {
                "hosts": [("127.0.0.1", int(os.environ["REDIS_PORT"]))],
                "capacity": 10_000,
            },
        }
    },
)
django.setup()

from channels.generic.websocket import AsyncWebsocketConsumer  # noqa: E402 - after the settings
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from django.urls import re_path  # noqa: E402

from bench.plain.echo import application as nothing  # noqa: E402


class Chat(AsyncWebsocketConsumer):  # type: ignore[misc]
    """Hands each message to everybody in the room, its sender too."""

    async def connect(self) -> None:
        self.group = f"chat_{self.scope['url_route']['kwargs']['room']}"
        await self.channel_layer.group_add(self.group, self.channel_name)
        await self.accept()

    async def disconnect(self, code: int) -> None:
        await self.channel_layer.group_discard(self.group, self.channel_name)

    async def receive(self, text_data: str = "", bytes_data: Any = None) -> None:
        await self.channel_layer.group_send(self.group, {"type": "said", "text": text_data})

    async def said(self, event: dict[str, str]) -> None:
        await self.send(text_data=event["text"])


application = ProtocolTypeRouter(
    {
        "http": nothing,
        "websocket": URLRouter([re_path(r"^chat/(?P<room>\d+)/$", Chat.as_asgi())]),
    }
)
