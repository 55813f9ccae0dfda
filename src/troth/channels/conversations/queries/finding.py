"""Finding one conversation."""

from __future__ import annotations

from troth.channels.conversations.models import Conversation


def by_ref(ref: str) -> Conversation:
    """Raises `ConversationMissing`."""
    raise NotImplementedError


def by_number(number: int) -> Conversation | None:
    raise NotImplementedError


def chat_of(ref: str, secret: str) -> Conversation:
    """The chat whose browser holds `secret`, compared in constant time. Raises
    `ConversationMissing`, which tells nobody whether there is such a chat.
    """
    raise NotImplementedError


def joins(conversation: Conversation, address: str) -> bool:
    """Whether a mail from this address may join it: it is a participant's."""
    raise NotImplementedError
