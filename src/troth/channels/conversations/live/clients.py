"""Who is connected: a visitor with their chat, a member of the staff with the chats they joined."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from troth.core.actors import Actor
from troth.kit.live.limits import Bucket
from troth.kit.live.topics import Listener, Send, Socket


@dataclass(slots=True)
class Place:
    """How far a client is in a conversation."""

    seq: int  # up to which nothing is left to tell
    known: int  # the newest that the client itself knows of
    catching: bool = False  # what it lacks is being fetched
    reached: int = 0  # the most it has known; going back does not make that less
    back: int | None = None  # from where the client wants it again
    missed: bool = False  # and there is more to be fetched after that
    # What was written meanwhile, to go on after that, and whether the client itself wrote it.
    later: list[tuple[Any, bool]] = field(default_factory=list)


@dataclass(eq=False)
class Client:
    """What is known of whoever listens. `member` is None for a visitor."""

    listener: Listener
    organisation: UUID
    actor: Actor
    member: UUID | None = None
    places: dict[UUID, Place] = field(default_factory=dict)
    sign_in: str = ""  # of a member: the log-in that the ticket came from
    whims: Bucket = field(default_factory=lambda: Bucket(5, 100))

    @property
    def side(self) -> str:
        return "person" if self.member is None else "staff"


class ChatSocket(Socket):
    """A WebSocket that knows whose it is, once that was said."""

    def __init__(self, send: Send) -> None:
        super().__init__(send)
        self.client: Client | None = None


class Poll(Listener):
    """A request that waits until there is something to answer."""

    def __init__(self) -> None:
        super().__init__()
        self.client: Client | None = None
        self.frames: list[str] = []
        self.new = asyncio.Event()

    def take(self, frame: str) -> None:
        self.frames.append(frame)
        self.new.set()

    def end(self, code: int, reason: str) -> None:
        self.new.set()

    async def settled(self) -> None:
        """It takes all at once."""


def topic(conversation: UUID | str) -> str:
    return f"conversation:{conversation}"
