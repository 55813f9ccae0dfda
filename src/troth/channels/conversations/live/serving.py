"""Chats in the live process: their paths, and what they run on."""

from __future__ import annotations

from django.conf import settings

from troth.channels.conversations.live import polling
from troth.channels.conversations.live.exchange import Exchange
from troth.channels.conversations.live.polling import Polling
from troth.channels.conversations.live.sessions import Chat, Desk
from troth.kit.live.limits import Callers
from troth.kit.live.parts import Part


def part() -> Part:
    """Chats, and the staff's desk."""
    exchange = Exchange()
    hellos = float(settings.HOME.option("live_hellos_per_minute", "600")) / 60
    tries = Callers(rate=hellos, burst=60 * hellos)
    messages = float(settings.HOME.option("live_messages_per_second", "2"))
    polls = Polling(exchange, tries, Callers(rate=messages, burst=10 * messages))
    return Part(
        sockets={"/live/chat": Chat(exchange, tries), "/live/desk": Desk(exchange, tries)},
        requests={"/live/chat/send": polls.send, "/live/chat/poll": polls.poll},
        allowed_headers=polling.ALLOWED_HEADERS,
        start=exchange.start,
        going=exchange.going,
        stop=exchange.stop,
        told=exchange.heard,
        missed=exchange.look_again,
    )
