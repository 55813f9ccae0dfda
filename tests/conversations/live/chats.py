"""Chats as these tests begin with them, and what is in the database of them."""

from __future__ import annotations

from conversations.company import Company
from troth.channels.conversations import actions
from troth.channels.conversations.models import Conversation, Message


def taken(company: Company) -> tuple[Conversation, str]:
    """A chat that Ann has, with one message."""
    chat, secret = company.chat()
    return actions.take(chat, actor=company.actor("ann"), revision=None), secret


def stored(chat: Conversation) -> list[str]:
    """The ids of its messages, in order."""
    rows = Message.objects.filter(conversation=chat).order_by("seq")
    return [str(one) for one in rows.values_list("client_id", flat=True)]
