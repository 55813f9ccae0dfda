"""What another channel may do about a conversation: name it, say or note something, lead away."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from troth.channels.conversations import actions, queries, reading
from troth.channels.conversations.models import Conversation
from troth.channels.conversations.refusals import ConversationMissing
from troth.core.actors import Actor
from troth.core.ids import row_id
from troth.kit.shell import Link

Offer = Callable[[UUID, str, Actor], Link | None]


@dataclass(frozen=True, slots=True)
class Matter:
    """A conversation as other parts know it: no word of it."""

    id: UUID
    ref: str
    number: int
    person: UUID


_offers: Final[list[Offer]] = []


def offer(make: Offer) -> None:
    """Have `make` asked what a conversation's page leads to: by its id, its reference, and who
    looks at it.
    """
    if make not in _offers:  # `ready()` may run again
        _offers.append(make)


def offers(conversation: Conversation, actor: Actor) -> list[Link]:
    """Where the page of a conversation leads, for whoever may read it."""
    made = (one(conversation.pk, conversation.ref, actor) for one in _offers)
    return [link for link in made if link is not None]


def matter_of(ref: str, *, actor: Actor) -> Matter:
    """The conversation of this reference. Raises `ConversationMissing`, and `NotYoursDenied` for
    whoever may not read it.
    """
    found = queries.by_ref(ref)
    reading.require(found, actor=actor)
    return Matter(found.pk, found.ref, found.number, found.person_id)


def tell_them(conversation: UUID, *, actor: Actor, text: str) -> None:
    """Write into it as its member of the staff. Raises what `actions.write` does."""
    found = Conversation.objects.get(pk=conversation)
    actions.write(found, actor=actor, side="staff", text=text, client_id=row_id())


def note_on(conversation: UUID, *, actor: Actor, text: str, once: UUID) -> None:
    """Leave a note for the staff, once; nothing where the conversation is gone."""
    with suppress(ConversationMissing):
        draft = actions.Draft(conversation, actor, "note", text, once)
        actions.write_many([draft])
