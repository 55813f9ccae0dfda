"""Who of the staff is there."""

from __future__ import annotations

from troth.channels.conversations.models import Presence
from troth.core.actors import Actor


def here(*, actor: Actor, available: bool | None = None) -> Presence:
    """The member is there now; `available` changes whether they take chats. Call it about every
    20 s: who was not seen for a minute is away. Chats that wait are handed out at once.
    """
    raise NotImplementedError
