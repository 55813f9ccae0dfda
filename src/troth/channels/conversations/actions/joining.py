"""Making one conversation of two, two of one, a ticket of a chat and a chat of a ticket."""

from __future__ import annotations

from troth.channels.conversations.models import Conversation, Message
from troth.core.actions import action
from troth.core.actors import Actor


@action
def merge_conversations(
    conversation: Conversation, *, actor: Actor, into: Conversation, revision: int | None
) -> Conversation:
    """Close one and go on in the other, which shows the messages of both. Only for one person."""
    raise NotImplementedError


@action
def unmerge(conversation: Conversation, *, actor: Actor, revision: int | None) -> Conversation:
    """Take it apart again, as it was."""
    raise NotImplementedError


@action
def split(
    conversation: Conversation, *, actor: Actor, message: Message, revision: int | None
) -> Conversation:
    """Make a conversation of its own of everything from `message` on. Returns the new one."""
    raise NotImplementedError


@action
def to_ticket(conversation: Conversation, *, actor: Actor, revision: int | None) -> Conversation:
    """Go on by mail. Raises `Invalid` when no address of theirs is known."""
    raise NotImplementedError


@action
def to_chat(conversation: Conversation, *, actor: Actor, revision: int | None) -> Conversation:
    """Go on by chat. Raises `Invalid` when it never was one."""
    raise NotImplementedError
