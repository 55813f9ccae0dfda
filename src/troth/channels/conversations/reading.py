"""Reading: the one way to the words of a conversation.

They open for whoever it is assigned to, and under a grant with a ground; for the visitor of a chat,
who holds its secret, their own conversation alone. Any other try is refused, and on the ledger.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from troth.channels.conversations.models import Conversation
from troth.core.actors import Actor


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file of a message, as it may be shown."""

    ref: str
    name: str
    content_type: str
    size: int
    state: str
    reason: str


@dataclass(frozen=True, slots=True)
class Read:
    """One message in clear."""

    id: UUID
    seq: int
    client_id: UUID
    side: str
    author: str  # a member's reference, or ""
    text: str
    subject: str
    said: str
    masked: tuple[str, ...]
    automatic: bool
    formatted: bool
    delivery: str
    delivery_status: str
    checked: dict[str, Any]
    sent_at: datetime
    seen_at: datetime | None
    attachments: tuple[ReadFile, ...] = ()
    conversation: UUID | None = None


def may_read(conversation: Conversation, *, actor: Actor) -> bool:
    """Whether bodies open for this member: assigned, or a grant. Asks and records nothing."""
    raise NotImplementedError


def subjects(conversations: Sequence[Conversation], *, actor: Actor) -> dict[UUID, str]:
    """The subjects of those among them that are the member's own, by the conversation's id."""
    raise NotImplementedError


def messages(
    conversation: Conversation, *, actor: Actor, purpose: str = "", after: int = 0
) -> list[Read]:
    """The messages in order, notes too, for staff; on the ledger as a use. `after` gives those of
    a higher `seq`. Raises `NotYoursDenied`, which is on the ledger too.
    """
    raise NotImplementedError


def visitor_messages(conversation: Conversation, *, actor: Actor, after: int = 0) -> list[Read]:
    """What the visitor sees of their own chat: no notes, nobody else's, nothing of other chats.
    The caller has compared the secret (`queries.chat_of`).
    """
    raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Card:
    """What the purpose permits to show of the person: `(label, value)`, and their other matters."""

    lines: tuple[tuple[str, str], ...]
    anonymous: bool
    earlier: tuple[tuple[str, int, str], ...]  # ref, number, state
    person_ref: str


def card(conversation: Conversation, *, actor: Actor) -> Card:
    """The visitor card. Same conditions as `messages`."""
    raise NotImplementedError
