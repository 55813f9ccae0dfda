"""Opening conversations: a chat, a mail, a call, a letter."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from troth.channels.conversations.models import Conversation, Message, Queue
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.people.records import Given


@action
def open_chat(
    *,
    actor: Actor,
    text: str = "",
    client_id: UUID | None = None,
    given: Sequence[Given] = (),
    secret: str = "",
) -> tuple[Conversation, str]:
    """Open a chat by its first message, its pre-chat form (`given`), or both.

    Returns it and the secret its browser holds; only the secret's SHA-256 is stored. A browser may
    make the secret itself (at least 32 characters): opening again with it gives the same chat, so
    that a lost answer opens no second one. Raises `UseDenied` where the policy has no chat,
    `PreChatInvalid` where the desk asks for a form and it is not filled in.
    """
    raise NotImplementedError


@action
def open_ticket(
    *,
    actor: Actor,
    way: str,
    touchpoint: str,
    given: Sequence[Given],
    text: str,
    client_id: UUID,
    subject: str = "",
    queue: Queue | None = None,
    automatic: bool = False,
    formatted: bool = False,
    message_id: bytes | None = None,
    checked: dict[str, str] | None = None,
    attachments: Sequence[UUID] = (),
    sent_at: datetime | None = None,
) -> tuple[Conversation, Message]:
    """Open a ticket for whoever `given` names: by mail, by telephone, by letter.

    `given` holds name and address, not the words. An address becomes a participant, who may write
    into it by mail from now on.
    """
    raise NotImplementedError


def open_by_hand(
    *,
    actor: Actor,
    way: str,
    given: Sequence[Given],
    text: str,
    client_id: UUID,
    subject: str = "",
) -> Conversation:
    """Enter a phone call or a letter, and take it."""
    raise NotImplementedError


@action
def take_offline(*, actor: Actor, given: Sequence[Given], client_id: UUID) -> Conversation:
    """Take the form for when nobody is there (`chat.offline`), words included: it becomes a ticket,
    once for each `client_id`.
    """
    raise NotImplementedError
