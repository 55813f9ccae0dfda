"""Writing what came in at once, and opening it for those who listen: one transaction.

The words that are handed on are those that were just stored. Handing them on is a use like any
other: the gate decides it for all people of the batch together, and its entry stands on the ledger
with the messages, or neither does.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from django.db import DatabaseError, OperationalError, connection, transaction

from troth.channels.conversations import queries, reading
from troth.channels.conversations.actions import Draft, write_many
from troth.channels.conversations.actions.storing import on_written
from troth.channels.conversations.live.clients import Client
from troth.channels.conversations.live.frames import Item
from troth.channels.conversations.models import Conversation, Message
from troth.core.actors import Actor
from troth.core.errors import Invalid, Refusal
from troth.core.gate.denials import UseDenied
from troth.core.gate.uses import use, use_many
from troth.core.organisations.scope import scope

DATA: Final = ("user.content.private",)
LIVE: Final = Actor.system("live")
NOTHING: Final = Item(0, "", "", "")
logger = logging.getLogger(__name__)


class MessageInvalid(Invalid):
    """A message could not be stored, and would not be the next time."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a client wants written."""

    client: Client
    draft: Draft


@dataclass(frozen=True, slots=True)
class Written:
    """What became of it: the message, or why there is none. Of the members in `asked_of`, who
    listened when it was written, those in `open_to` may read it.
    """

    conversation: UUID
    item: Item
    repeated: bool
    told: bool = False
    asked_of: frozenset[UUID] = frozenset()
    open_to: frozenset[UUID] = frozenset()
    chat: bool = True  # whether its visitor hears of it
    refusal: Refusal | None = None
    fault: DatabaseError | None = None  # nothing was stored, and may be sent again


@dataclass
class Saying:
    """Writes batches. `hearers` tells who listens to a conversation, from any thread."""

    hearers: Callable[[UUID], Sequence[Client]]
    writing: bool = field(default=False, init=False)
    _places: dict[UUID, Conversation] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        on_written(self._note)

    def _note(self, pairs: Sequence[tuple[Conversation, Message]]) -> None:
        """The conversations as they are written to, so that they need not be fetched again."""
        if self.writing:
            self._places |= {message.pk: place for place, message in pairs}

    def __call__(self, batch: Sequence[Said]) -> list[Written]:
        found: dict[int, Written] = {}
        of: dict[UUID, list[int]] = {}
        for place, said in enumerate(batch):
            of.setdefault(said.client.organisation, []).append(place)
        for organisation, places in of.items():
            mine = [batch[place] for place in places]
            with scope(organisation):
                found |= zip(places, self._each(mine), strict=True)
        return [found[place] for place in range(len(batch))]

    def _each(self, batch: Sequence[Said]) -> list[Written]:
        """Write them together; where that fails, in halves. What is wrong with one is not the
        others' fault, nor is an organisation's those of another, which may be committed already.
        """
        try:
            return self._write(batch)
        except OperationalError as fault:
            connection.close_if_unusable_or_obsolete()
            return [_not(said, fault=fault) for said in batch]
        except Refusal as refusal:
            if len(batch) == 1:
                return [_not(batch[0], refusal=refusal)]
        except Exception as error:  # a fault of ours, whatever it is: told by its name
            if len(batch) == 1:
                logger.exception("A message was not stored: %s", type(error).__name__)
                return [_not(batch[0], refusal=_failed())]
        half = len(batch) // 2
        return self._each(batch[:half]) + self._each(batch[half:])

    def _write(self, batch: Sequence[Said]) -> list[Written]:
        self.writing = True
        self._places.clear()
        try:
            with transaction.atomic():
                written = write_many([said.draft for said in batch], strict=False)
                return self._open(batch, written)
        finally:
            self.writing = False

    def _open(self, batch: Sequence[Said], written: Sequence[Message]) -> list[Written]:
        places: dict[UUID, Conversation] = {}
        senders: dict[UUID, set[Client]] = {}
        for said, message in zip(batch, written, strict=True):
            if (place := self._places.get(message.pk)) is not None:
                places[place.pk] = place
                senders.setdefault(place.pk, set()).add(said.client)
        wanted = {
            key: (place, others)
            for key, place in places.items()
            # Whoever alone has written needs nobody's leave to know it.
            if (others := [one for one in self.hearers(key) if senders[key] != {one}])
        }
        told, members = _opened(wanted)
        asked = {
            key: frozenset(one.member for one in others if one.member is not None)
            for key, (_, others) in wanted.items()
        }
        return [
            Written(
                message.conversation_id,  # another than the draft's, where that was merged
                _item(message, said.client),
                message.repeated,
                message.conversation_id in told,
                asked.get(message.conversation_id, frozenset()),
                members.get(message.conversation_id, frozenset()),
                message.pk not in self._places
                or self._places[message.pk].way == Conversation.Way.CHAT,
            )
            if message.refused is None
            else _not(said, refusal=message.refused)
            for said, message in zip(batch, written, strict=True)
        ]


def _not(
    said: Said, *, refusal: Refusal | None = None, fault: DatabaseError | None = None
) -> Written:
    return Written(said.draft.conversation, NOTHING, False, refusal=refusal, fault=fault)


def _failed() -> MessageInvalid:
    return MessageInvalid(
        "This message could not be stored.",
        why="It is our fault, and noted.",
        do="Write it in other words.",
    )


def _opened(
    wanted: dict[UUID, tuple[Conversation, list[Client]]],
) -> tuple[set[UUID], dict[UUID, frozenset[UUID]]]:
    """Of which conversations the words may be handed on now, and to which members."""
    members: dict[UUID, frozenset[UUID]] = {}
    groups: dict[str, list[Conversation]] = {}
    for place, clients in wanted.values():
        members[place.pk] = frozenset(
            one.member
            for one in clients
            if one.member is not None
            and (place.assignee_id == one.member or reading.may_read(place, actor=one.actor))
        )
        chat = place.way == Conversation.Way.CHAT
        if members[place.pk] or (chat and any(one.member is None for one in clients)):
            groups.setdefault(place.touchpoint, []).append(place)
    told: set[UUID] = set()
    for some in groups.values():
        told |= _told(queries.purpose_of(some[0]), some)  # which the touchpoint decides
    return told, members


def _told(purpose: str, conversations: Sequence[Conversation]) -> set[UUID]:
    people = [one.person_id for one in conversations]
    with ExitStack() as open_uses:
        try:
            open_uses.enter_context(use_many(actor=LIVE, purpose=purpose, data=DATA, people=people))
            return {one.pk for one in conversations}
        except UseDenied:
            pass  # somebody among them refused, or is a record that was merged: each by itself
    told = set()
    for conversation in conversations:
        try:
            with use(actor=LIVE, purpose=purpose, person=conversation.person, data=DATA):
                told.add(conversation.pk)
        except UseDenied:
            continue  # they read it where they may: the page says why not here
    return told


def _item(message: Message, client: Client) -> Item:
    return Item(
        seq=message.seq,
        id=str(message.client_id),
        side=message.side,
        at=message.sent_at.isoformat(),
        text=message.text,
        said=message.said,
        masked=tuple(message.masked),
        author=client.actor.ref if client.member else "",
    )
