"""What conversations put on the ledger."""

from __future__ import annotations

from troth.channels.conversations.models import Conversation
from troth.core.ledger import kinds
from troth.core.ledger.acts import register

_WAY = kinds.one_of(*Conversation.Way.values)
_SIDE = kinds.one_of("person", "staff", "note", "system")

OPENED = register(
    "conversations.opened",
    sentence="You began a conversation by {way}",
    detail={"way": _WAY},
).name
WRITTEN = register(
    "conversations.written",
    sentence="{actor} wrote into your conversation ({side})",
    detail={"side": _SIDE},
).name
CHANGED = register(
    "conversations.changed",
    sentence="{actor} changed your conversation: {did}",
    detail={"did": kinds.key},
).name
SET_UP = register(
    "conversations.set_up",
    sentence="{actor} changed how the desk works: {did}",
    detail={"did": kinds.key},
).name
SECURE = register(
    "conversations.secure",
    sentence="A secure form of your conversation: {did}",
    detail={"did": kinds.one_of("asked", "answered", "read", "gone")},
).name
