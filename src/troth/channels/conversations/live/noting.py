"""What passes: typing, looking, read marks, who is there. Told, and only the marks are stored."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from troth.channels.conversations import actions
from troth.channels.conversations.live.clients import Client
from troth.channels.conversations.models import Conversation
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
        actions.saw(there, actor=client.actor, seq=seq)

    return Note(client.organisation, do=do)


def rated(client: Client, conversation: UUID, rating: int) -> Note:
    """The visitor says how it was."""

    def do() -> None:
        there = Conversation.objects.get(pk=conversation)
        actions.rate(there, actor=client.actor, rating=rating)

    return Note(client.organisation, do=do)


def present(client: Client, *, available: bool | None) -> Note:
    """The member is there, and takes chats or does not."""

    def do() -> None:
        actions.here(actor=client.actor, available=available)

    return Note(client.organisation, do=do)
