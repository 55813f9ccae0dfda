"""The desk: its settings, its queues, who is there."""

from __future__ import annotations

from troth.channels.conversations.models import CannedReply, Desk, FollowUp, Queue, SavedView
from troth.core.actors import Actor


def desk() -> Desk:
    """The organisation's desk, made as it stands by default if there is none."""
    raise NotImplementedError


def queues() -> list[Queue]:
    """In order."""
    raise NotImplementedError


def canned() -> list[CannedReply]:
    raise NotImplementedError


def saved_views(*, actor: Actor) -> list[SavedView]:
    """The member's own and everybody's."""
    raise NotImplementedError


def follow_ups(*, actor: Actor) -> list[FollowUp]:
    """What the member has to come back to, the next first."""
    raise NotImplementedError


def online() -> bool:
    """Whether somebody takes chats now: it is within hours, and somebody is there and available."""
    raise NotImplementedError
