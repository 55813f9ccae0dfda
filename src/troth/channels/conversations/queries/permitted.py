"""What the policy in force permits of conversations."""

from __future__ import annotations

from troth.channels.conversations.models import Conversation


def ways() -> frozenset[str]:
    """Touchpoints the policy has: of chat.message, chat.pre-chat, chat.offline, tickets.mail,
    tickets.call. A company without ``chat.message`` has no chat.
    """
    raise NotImplementedError


def purpose_of(conversation: Conversation) -> str:
    """The purpose under which staff deal with it: the touchpoint's of support, else its first."""
    raise NotImplementedError
