"""What a client lacks: fetched when it comes back, when it missed something, when it joins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import Final
from uuid import UUID

from django.db import transaction

from troth.channels.conversations import reading
from troth.channels.conversations.live.clients import Client
from troth.channels.conversations.live.frames import Item
from troth.channels.conversations.models import Conversation, Message
from troth.channels.conversations.refusals import ConversationMissing
from troth.core.errors import Denied, Refusal
from troth.core.gate.denials import record_denial
from troth.core.organisations.scope import scope

PAGE: Final = 200  # messages opened at once


@dataclass(frozen=True, slots=True)
class Ask:
    """A client asks for what came after `after` in a conversation."""

    client: Client
    conversation: UUID
    after: int

    @property
    def organisation(self) -> UUID:
        return self.client.organisation


@dataclass(frozen=True, slots=True)
class Found:
    """The messages there are, up to `seq`, and whether there are more; or why there are none."""

    seq: int
    items: tuple[Item, ...] = ()
    refusal: Refusal | None = None
    more: bool = False


def catch_up(batch: Sequence[Ask]) -> list[Found]:
    """What each of them lacks."""
    found: dict[int, Found] = {}
    places = sorted(range(len(batch)), key=lambda place: batch[place].organisation)
    for organisation, some in groupby(places, key=lambda place: batch[place].organisation):
        mine = list(some)
        with scope(organisation):
            there = Conversation.objects.select_related("person").in_bulk(
                {batch[place].conversation for place in mine}
            )
            lacking = []
            for place in mine:
                ask, conversation = batch[place], there.get(batch[place].conversation)
                if conversation is None or not _for(ask.client, conversation):
                    found[place] = Found(0, refusal=_missing())
                elif conversation.last_seq <= ask.after:
                    found[place] = Found(conversation.last_seq)
                else:
                    lacking.append(place)
            if lacking:
                with transaction.atomic():  # one wait for the disk for all their uses
                    for place in lacking:
                        found[place] = _read(batch[place], there[batch[place].conversation])
    return [found[place] for place in range(len(batch))]


def _for(client: Client, conversation: Conversation) -> bool:
    """A visitor has a chat. What became a ticket goes by mail, to an address that was shown."""
    return client.member is not None or conversation.way == Conversation.Way.CHAT


def _missing() -> ConversationMissing:
    """Another organisation's is none, too."""
    return ConversationMissing("There is no such conversation.", do="Look at the list again.")


def _read(ask: Ask, conversation: Conversation) -> Found:
    try:
        with transaction.atomic():
            if ask.client.member is None:
                seen = reading.visitor_messages(
                    conversation, actor=ask.client.actor, after=ask.after, most=PAGE
                )
            else:
                seen = reading.messages(
                    conversation, actor=ask.client.actor, after=ask.after, most=PAGE
                )
    except Refusal as refusal:
        if isinstance(refusal, Denied):
            transaction.on_commit(partial(record_denial, refusal))
        return Found(conversation.last_seq, refusal=refusal)
    items = tuple(map(_item, seen))
    if len(items) >= PAGE:
        return Found(items[-1].seq, items, more=True)
    # Between the two statements more may have been written; those are told of by themselves.
    newest = max((item.seq for item in items), default=0)
    return Found(max(newest, conversation.last_seq), items)


def _item(read: reading.Read) -> Item:
    return Item(
        seq=read.seq,
        id=str(read.client_id),
        side=read.side,
        at=read.sent_at.isoformat(),
        text=read.text,
        said=read.said,
        masked=read.masked,
        author=read.author,
        files=tuple(
            {
                "ref": one.ref,
                "name": one.name,
                "type": one.content_type,
                "size": one.size,
                "state": one.state,
            }
            for one in read.attachments
        ),
    )


def newest(of: Sequence[UUID]) -> dict[UUID, int]:
    """The newest `seq` of each conversation, for whoever looks whether something was missed."""
    return dict(Conversation.objects.filter(pk__in=of).values_list("id", "last_seq"))


def seen_up_to(conversation: UUID, side: str) -> int:
    """Up to where the other side saw what `side` wrote."""
    seen = Message.objects.filter(
        conversation=conversation, side=side, seen_at__isnull=False
    ).order_by("-seq")
    return seen.values_list("seq", flat=True).first() or 0
