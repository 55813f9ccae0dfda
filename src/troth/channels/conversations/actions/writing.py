"""Writing: messages into conversations, in order and once, many at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from troth.channels.conversations.actions.judging import Places
from troth.channels.conversations.actions.storing import Batch
from troth.channels.conversations.models import Conversation, Message
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.errors import Refusal
from troth.core.ids import row_id
from troth.core.people.records import Given


@dataclass(frozen=True, slots=True)
class Draft:
    """One message to be written. `client_id` is the writer's: a repeat is the same message.

    `side` is ``person``, ``staff``, ``note`` or ``system`` (then `said` is a key and `text` "").
    `touchpoint` is where a person's words came in, "" for the conversation's own; `person` is whose
    they are, None for the conversation's person. `given` are further elements that came with them
    (a subject). `seen` is the newest `seq` the writer had before them: a staff's answer after a
    colleague's they had not seen is refused (`StaleDenied`). A person's words open what waits
    for them or is solved, unless `reopens` is false.
    """

    conversation: UUID
    actor: Actor
    side: str
    text: str
    client_id: UUID
    touchpoint: str = ""
    person: UUID | None = None
    given: Sequence[Given] = ()
    said: str = ""
    seen: int | None = None
    automatic: bool = False
    formatted: bool = False
    message_id: bytes | None = None
    checked: dict[str, str] = field(default_factory=dict)
    attachments: Sequence[UUID] = ()
    sent_at: datetime | None = None
    reopens: bool = True


@action
def write_many(drafts: Sequence[Draft], *, strict: bool = True) -> list[Message]:
    """Write into many conversations of the organisation in scope, in one transaction.

    Returns the messages in the order of the drafts. `text` of each is what was stored, masked;
    None, and `repeated` true, where it was there already. Without `strict` a draft that is refused
    (`ConversationMissing`, `ConversationClosedDenied`, `NotYoursDenied`, `StaleDenied`) stops no
    other: its message is not stored and has the refusal as `refused`. Otherwise it is raised, and
    none is written. A touchpoint the policy does not have (`UseDenied`) always stops all.
    """
    places = Places(drafts)
    batch, found = Batch(places), list[Message]()
    for draft in drafts:
        repeat = places.written(draft) or batch.written(draft)
        if repeat is not None:
            found.append(repeat)
            continue
        try:
            place = places.judge(draft)
        except Refusal as refused:
            if strict:
                raise
            found.append(Message(client_id=draft.client_id, side=draft.side))
            found[-1].refused = refused
        else:
            found.append(batch.add(draft, place))
    batch.store()
    return found


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
    draft = Draft(
        conversation=conversation.pk,
        actor=actor,
        side=side,
        text=text,
        client_id=client_id,
        given=given,
        seen=seen,
        automatic=automatic,
        attachments=attachments,
    )
    return write_many([draft])[0]


def note(
    conversation: Conversation, *, actor: Actor, text: str, client_id: UUID | None = None
) -> Message:
    """Write a note that only staff see."""
    return write(conversation, actor=actor, side="note", text=text, client_id=client_id or row_id())
