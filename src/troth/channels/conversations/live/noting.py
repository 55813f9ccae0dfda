"""What passes: typing, looking, read marks, who is there. Told, and only the marks are stored."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from troth.channels.conversations import actions, reading
from troth.channels.conversations.live import tickets
from troth.channels.conversations.live.clients import Client
from troth.channels.conversations.models import Conversation
from troth.channels.conversations.refusals import NotYoursDenied
from troth.core.errors import Refusal
from troth.core.organisations.scope import scope
from troth.kit.live import bus


@dataclass(frozen=True, slots=True)
class Note:
    """Something to be done for a client in its organisation, and told on the bus."""

    organisation: UUID
    told: tuple[tuple[str, dict[str, Any]], ...] = ()
    do: Callable[[], None] | None = None


def note(batch: Sequence[Note]) -> list[Refusal | None]:
    """Do and tell them. Returns what was refused."""
    found: list[Refusal | None] = []
    for one in batch:
        refusal = None
        if one.do is not None:
            with scope(one.organisation):
                try:
                    one.do()
                except Refusal as refused:
                    refusal = refused
        found.append(refusal)
    bus.publish_many(told for one in batch for told in one.told)
    return found


def saw(client: Client, conversation: UUID, seq: int) -> Note:
    """The client has seen the other side's messages up to `seq`."""

    def do() -> None:
        there = Conversation.objects.get(pk=conversation)
        if client.member is not None and not reading.may_read(there, actor=client.actor):
            raise NotYoursDenied(
                "This conversation is not yours.",
                why="Who may not read it cannot have seen it.",
                do="Take it first.",
            )
        actions.saw(there, actor=client.actor, seq=seq)

    return Note(client.organisation, do=do)


def rated(client: Client, conversation: UUID, rating: int) -> Note:
    """The visitor says how it was."""

    def do() -> None:
        there = Conversation.objects.get(pk=conversation)
        actions.rate(there, actor=client.actor, rating=rating)

    return Note(client.organisation, do=do)


def present(client: Client, *, available: bool | None) -> Note:
    """The member is there, and takes chats or does not; if they still may (`TicketDenied`)."""

    def do() -> None:
        assert client.member is not None  # a visitor does not say so
        actor = tickets.actor_of(client.member, client.sign_in)
        if actor != client.actor:
            raise tickets.TicketDenied(
                "Your role has changed.", do="The page gets a new ticket by itself."
            )
        actions.here(actor=actor, available=available)

    return Note(client.organisation, do=do)
