"""Writing: messages into conversations, in order and once, many at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from troth.channels.conversations.models import Conversation, Message
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.people.records import Given


@dataclass(frozen=True, slots=True)
class Draft:
    """One message to be written. `client_id` is the writer's: a repeat is the same message.

    `side` is ``person``, ``staff``, ``note`` or ``system`` (then `said` is a key and `text` "").
    `touchpoint` is where a person's words came in, "" for the conversation's own. `given` are
    further elements that came with them (a subject). `seen` is the newest `seq` the writer had
    before them: a staff's answer after a colleague's they had not seen is refused (`Stale`).
    """

    conversation: UUID
    actor: Actor
    side: str
    text: str
    client_id: UUID
    touchpoint: str = ""
    given: Sequence[Given] = ()
    said: str = ""
    seen: int | None = None
    automatic: bool = False
    formatted: bool = False
    delivery: str = ""
    message_id: bytes | None = None
    checked: dict[str, str] = field(default_factory=dict)
    attachments: Sequence[UUID] = ()
    sent_at: datetime | None = None
    reopens: bool = True


@action
def write_many(drafts: Sequence[Draft]) -> list[Message]:
    """Write into many conversations of the organisation in scope, in one transaction.

    Returns the messages in the order of the drafts; `text` of each is what was stored, masked.
    Raises `ConversationMissing`, `ConversationClosed`, `Stale`, `UseDenied`: then none is written.
    """
    raise NotImplementedError


def write(
    conversation: Conversation,
    *,
    actor: Actor,
    side: str,
    text: str,
    client_id: UUID,
    given: Sequence[Given] = (),
    seen: int | None = None,
    automatic: bool = False,
    attachments: Sequence[UUID] = (),
) -> Message:
    """Write one message. See `Draft` and `write_many`."""
    raise NotImplementedError


def note(
    conversation: Conversation, *, actor: Actor, text: str, client_id: UUID | None = None
) -> Message:
    """Write a note that only staff see."""
    raise NotImplementedError
