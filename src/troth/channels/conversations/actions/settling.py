"""How far a conversation is, and how urgent."""

from __future__ import annotations

from troth.channels.conversations.models import Conversation
from troth.core.actions import action
from troth.core.actors import Actor


@action
def set_state(
    conversation: Conversation, *, actor: Actor, state: str, revision: int | None
) -> Conversation:
    """Set the state. Clocks stand still while it waits for them or is on hold."""
    raise NotImplementedError


def solve(conversation: Conversation, *, actor: Actor, revision: int | None) -> Conversation:
    """Solved; the person is asked how it was, if the desk asks."""
    return set_state(conversation, actor=actor, state="solved", revision=revision)


def reopen(conversation: Conversation, *, actor: Actor, revision: int | None) -> Conversation:
    """Open it again."""
    return set_state(conversation, actor=actor, state="open", revision=revision)


def close(conversation: Conversation, *, actor: Actor) -> Conversation:
    """End it (a visitor ends a chat, the worker one left idle): secure forms are destroyed."""
    return set_state(conversation, actor=actor, state="closed", revision=None)


@action
def set_priority(
    conversation: Conversation, *, actor: Actor, priority: int, revision: int | None
) -> Conversation:
    """1 low, 2 normal, 3 high, 4 urgent."""
    raise NotImplementedError
