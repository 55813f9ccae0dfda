"""Letting clients in: a visitor by the secret of their chat, a member of the staff by a ticket."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from troth.channels.conversations import queries
from troth.channels.conversations.live import tickets
from troth.channels.conversations.live.catching_up import seen_up_to
from troth.channels.conversations.models import Conversation, Message
from troth.channels.conversations.refusals import ConversationMissing
from troth.core.actors import Actor
from troth.core.errors import Refusal
from troth.core.organisations.scope import everywhere, scope

_NOBODY: Final = bytes(32)  # compared where there is no chat, so that it takes as long


@dataclass(frozen=True, slots=True)
class Hello:
    """Who wants in: `ref` and `secret`, or a `ticket` with the page's `origin`."""

    ref: str = ""
    secret: str = ""
    ticket: str = ""
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """Who was let in, and how their chat stands; or why nobody was."""

    organisation: UUID | None = None
    actor: Actor | None = None
    member: UUID | None = None
    sign_in: str = ""
    conversation: UUID | None = None
    seq: int = 0
    state: str = ""
    staff: bool = False
    seen: int = 0
    refusal: Refusal | None = None


def enter(batch: Sequence[Hello]) -> list[Entry]:
    """Look at each of them. Nobody learns whether it was the reference or the secret."""
    refs = {hello.ref for hello in batch if hello.ref}
    chats: dict[str, Conversation] = {}
    if refs:
        with everywhere("a reference says which organisation the chat is of"):
            rows = Conversation.objects.filter(ref__in=refs, way=Conversation.Way.CHAT)
            chats = {one.ref: one for one in rows.select_related("person")}
    online: dict[UUID, bool] = {}
    found = []
    for hello in batch:
        try:
            found.append(
                _member(hello) if hello.ticket else _visitor(hello, chats.get(hello.ref), online)
            )
        except Refusal as refusal:  # one organisation's trouble is not another's
            found.append(Entry(refusal=refusal))
    return found


def _visitor(hello: Hello, chat: Conversation | None, online: dict[UUID, bool]) -> Entry:
    kept = bytes(chat.visitor_digest or _NOBODY) if chat else _NOBODY
    given = hashlib.sha256(hello.secret.encode()).digest()
    if not hmac.compare_digest(kept, given) or chat is None:
        return Entry(
            refusal=ConversationMissing(
                "There is no such chat.",
                why="Its reference or its secret is wrong, or it was deleted.",
                do="Begin a new chat.",
            )
        )
    with scope(chat.organisation_id):
        if chat.organisation_id not in online:
            online[chat.organisation_id] = queries.online()
        return Entry(
            organisation=chat.organisation_id,
            actor=Actor("visitor", chat.person.ref, person_id=chat.person_id),
            conversation=chat.pk,
            seq=chat.last_seq,
            state=chat.state,
            staff=online[chat.organisation_id],
            seen=seen_up_to(chat.pk, Message.Side.PERSON),
        )


def _member(hello: Hello) -> Entry:
    try:
        found = tickets.redeem(hello.ticket, hello.origin)
    except Refusal as refusal:
        return Entry(refusal=refusal)
    return Entry(
        organisation=found.organisation,
        actor=found.actor,
        member=found.member,
        sign_in=found.sign_in,
    )
