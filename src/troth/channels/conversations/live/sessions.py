"""One WebSocket each: a visitor's chat, or a member's desk."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError

from troth.channels.conversations.actions import Draft
from troth.channels.conversations.live import frames, noting
from troth.channels.conversations.live.clients import ChatSocket, Client, topic
from troth.channels.conversations.live.entering import Entry, Hello
from troth.channels.conversations.live.exchange import Exchange
from troth.channels.conversations.live.frames import FrameInvalid
from troth.channels.conversations.live.saying import Said
from troth.channels.conversations.live.tickets import TicketDenied
from troth.core.errors import Denied, Refusal
from troth.kit.live.asgi import Connection
from troth.kit.live.limits import Bucket, Callers

HERE_EVERY: Final = 20.0  # seconds
IDLE: Final = 2 * 60 * 60.0
MOST_JOINED: Final = 50  # conversations at one desk
MOST_AT_ONE: Final = 20  # sockets of one chat
FOR_ONE: Final = 50  # messages fetched again count as much as one frame
RENEW: Final = 15 * 60.0  # seconds that a ticket's socket lasts
RESTART, REFUSED, BUSY, LATE = 1012, 4403, 1013, 4408
Frame = dict[str, Any]


class TooFastDenied(Denied):
    """More came from one connection than a person writes."""

    status = 429


def too_fast() -> TooFastDenied:
    return TooFastDenied(
        "That was too fast.",
        why="Floods are slowed down, so that chats stay quick for everybody.",
        do="Wait a moment and send it again.",
    )


def pace() -> Bucket:
    """Messages of one connection: `live_messages_per_second` in the long run, ten times at once."""
    rate = float(settings.HOME.option("live_messages_per_second", "2"))
    return Bucket(rate, 10 * rate)


class Idle:
    """Ends a socket over which nothing came for `IDLE`. One timer, however much comes."""

    def __init__(self, socket: ChatSocket) -> None:
        self._socket, self._loop = socket, asyncio.get_running_loop()
        self._at = self._loop.time()
        self._timer = self._loop.call_later(IDLE, self._look)

    def heard(self) -> None:
        self._at = self._loop.time()

    def stop(self) -> None:
        self._timer.cancel()

    def _look(self) -> None:
        left = self._at + IDLE - self._loop.time()
        if left > 0:
            self._timer = self._loop.call_later(left, self._look)
        else:
            self._socket.end(LATE, "idle")


class Session(ABC):
    """What both sides share: hello, then frames until one of them ends."""

    def __init__(self, exchange: Exchange, tries: Callers) -> None:
        self.exchange, self.tries = exchange, tries
        self.hello_within = float(settings.HOME.option("live_hello_seconds", "10"))

    async def __call__(self, connection: Connection) -> None:
        """Serve one WebSocket until it is closed."""
        await connection.accept()
        socket = ChatSocket(connection.send)
        try:
            await socket.serve(self._read(connection, socket))
        finally:
            if socket.client is not None:
                self.exchange.gone(socket.client)

    async def _read(self, connection: Connection, socket: ChatSocket) -> None:
        client = await self._hello(connection, socket)
        if client is None:
            return
        # Frames one after the other: the next is read when this one is dealt with.
        bucket, idle = pace(), Idle(socket)
        try:
            while (text := await connection.receive()) is not None and not socket.over:
                idle.heard()
                await self._one(text, socket, client, bucket)
        finally:
            idle.stop()

    async def _one(self, text: str, socket: ChatSocket, client: Client, bucket: Bucket) -> None:
        frame: Frame = {}
        try:
            frame = frames.read(text)
            if not (bucket if frame["t"] == "send" else client.whims).take():
                raise too_fast()
            await self.dealt(frame, client)
        except Refusal as refusal:
            socket.take(frames.error(refusal, **_which(frame)))
            if isinstance(refusal, TicketDenied):
                socket.end(RESTART, "a new ticket")
        except DatabaseError:
            # Nothing was acknowledged: the client comes back and sends it again.
            socket.end(BUSY, "try again")

    async def _hello(self, connection: Connection, socket: ChatSocket) -> Client | None:
        try:
            text = await asyncio.wait_for(connection.receive(), self.hello_within)
            if text is None:
                return None
            frame = frames.read(text)
            if frame["t"] != "hello":
                raise FrameInvalid("The first frame is a hello.")
            if not self.tries.take(connection.caller):
                raise too_fast()
            entry = await self.exchange.entering.put(self.introduced(frame, connection))
            if entry.refusal is not None:
                raise entry.refusal
            if not self.tries.take(connection.caller, distance(entry, frame)):
                raise too_fast()
            return self.admitted(frame, entry, socket)
        except TimeoutError:
            socket.end(LATE, "no hello")
        except DatabaseError:
            socket.end(BUSY, "try again")
        except Refusal as refusal:
            socket.take(frames.error(refusal))
            socket.end(REFUSED, "refused")
        return None

    @abstractmethod
    def introduced(self, frame: Frame, connection: Connection) -> Hello:
        """What the first frame says of who it is."""

    @abstractmethod
    def admitted(self, frame: Frame, entry: Entry, socket: ChatSocket) -> Client:
        """Let them hear what they may hear."""

    @abstractmethod
    async def dealt(self, frame: Frame, client: Client) -> None:
        """Do what a frame asks for. Raises a `Refusal` that its sender is told."""


class Chat(Session):
    """A visitor: one conversation, whose secret they hold."""

    def introduced(self, frame: Frame, connection: Connection) -> Hello:
        return Hello(ref=frames.word(frame, "ref", 64), secret=frames.word(frame, "secret"))

    def admitted(self, frame: Frame, entry: Entry, socket: ChatSocket) -> Client:
        client = visitor(entry, socket)
        conversation = chat_of(client, entry)
        if len(self.exchange.topics.of(topic(conversation))) >= MOST_AT_ONE:
            raise too_fast()
        socket.client = client
        socket.take(welcome(entry))
        self.exchange.join(client, conversation, frames.number(frame, "after", 0))
        return client

    async def dealt(self, frame: Frame, client: Client) -> None:
        [conversation] = client.places
        await visitor_frame(self.exchange, frame, client, conversation)


async def visitor_frame(
    exchange: Exchange, frame: Frame, client: Client, conversation: UUID
) -> None:
    """What a visitor may ask for, over a socket or by polling."""
    kind = frame["t"]
    if kind == "send":
        await exchange.say(Said(client, _draft(frame, client, conversation, "person")))
    elif kind == "typing":
        exchange.tell(
            topic(conversation),
            {"kind": "typing", "conversation": str(conversation), "side": "person"},
        )
    elif kind == "read":
        await _noted(exchange, noting.saw(client, conversation, frames.number(frame, "seq")))
    elif kind == "rating":
        rating = frames.number(frame, "rating")
        await _noted(exchange, noting.rated(client, conversation, rating))
    elif kind == "since":
        since(exchange, client, conversation, frames.number(frame, "after"))
    elif kind == "ping":
        client.listener.take(frames.out("pong"))
    else:
        raise unknown(kind)


class Desk(Session):
    """A member of the staff: the desk's news, and the conversations they joined."""

    def introduced(self, frame: Frame, connection: Connection) -> Hello:
        return Hello(ticket=frames.word(frame, "ticket", 500), origin=connection.origin)

    def admitted(self, frame: Frame, entry: Entry, socket: ChatSocket) -> Client:
        assert entry.organisation is not None  # an entry without refusal has all of it
        assert entry.actor is not None
        client = Client(
            socket, entry.organisation, entry.actor, entry.member, sign_in=entry.sign_in
        )
        socket.client = client
        for name in (f"desk:{entry.organisation}", f"member:{entry.member}"):
            self.exchange.topics.join(socket, name)
        socket.take(frames.out("welcome"))
        # Whoever is not on the staff any more gets no further ticket.
        asyncio.get_running_loop().call_later(RENEW, socket.end, RESTART, "a new ticket")
        self.exchange.soon(self._here(client))
        return client

    async def _here(self, client: Client) -> None:
        """Say that the member is there, as long as they are, and look whether they still may be:
        a log-in that ended, or another role, ends what was begun under it.
        """
        while client.listener.topics:
            try:
                refusal = await self.exchange.noting.put(noting.present(client, available=None))
            except DatabaseError:
                refusal = None  # the next time tells
            if isinstance(refusal, TicketDenied):
                client.listener.end(RESTART, "a new ticket")
                return
            await asyncio.sleep(HERE_EVERY)

    async def dealt(self, frame: Frame, client: Client) -> None:
        kind = frame["t"]
        if kind == "present":
            available = frame.get("available") is True
            await _noted(self.exchange, noting.present(client, available=available))
        elif kind == "ping":
            client.listener.take(frames.out("pong"))
        elif kind == "join":
            if len(client.places) >= MOST_JOINED:
                raise too_fast()
            conversation = frames.uuid(frame, "conversation")
            await self.exchange.join_staff(client, conversation, frames.number(frame, "after", 0))
        else:
            await self._within(kind, frame, client)

    async def _within(self, kind: str, frame: Frame, client: Client) -> None:
        """What is done in a conversation that was joined."""
        conversation = frames.uuid(frame, "conversation")
        if conversation not in client.places:
            raise FrameInvalid("Join the conversation first.")
        if kind == "send":
            side = "note" if frame.get("note") is True else "staff"
            draft = _draft(frame, client, conversation, side)
            await self.exchange.say(Said(client, draft))
        elif kind == "leave":
            self.exchange.leave(client, conversation)
        elif kind in ("typing", "looking"):
            message = {"kind": kind, "conversation": str(conversation), "side": "staff"}
            self.exchange.tell(topic(conversation), {**message, "by": str(client.member)})
        elif kind == "read":
            seq = frames.number(frame, "seq")
            await _noted(self.exchange, noting.saw(client, conversation, seq))
        elif kind == "since":
            since(self.exchange, client, conversation, frames.number(frame, "after"))
        else:
            raise unknown(kind)


def _draft(frame: Frame, client: Client, conversation: UUID, side: str) -> Draft:
    return Draft(
        conversation=conversation,
        actor=client.actor,
        side=side,
        text=frames.word(frame, "text", frames.LONGEST_TEXT),
        client_id=frames.uuid(frame, "id"),
        seen=frames.number(frame, "seen") if side == "staff" and "seen" in frame else None,
    )


def since(exchange: Exchange, client: Client, conversation: UUID, after: int) -> None:
    """The client found a gap: from `after` on, again, at a price by how far back that is."""
    place = client.places.get(conversation)
    if place is None:
        return
    place.reached = max(place.reached, place.known)
    if not client.whims.take(max(0, place.reached - after) / FOR_ONE):
        raise too_fast()
    exchange.back(client, conversation, after)


def distance(entry: Entry, frame: Frame) -> float:
    """What a hello costs beside itself: by how much has to be fetched for it."""
    return max(0, entry.seq - frames.number(frame, "after", 0)) / FOR_ONE


async def _noted(exchange: Exchange, note: noting.Note) -> None:
    refusal = await exchange.noting.put(note)
    if refusal is not None:
        raise refusal


def _which(frame: Frame) -> dict[str, str]:
    """Of which message a refusal speaks."""
    given = frame.get("id")
    return {"id": given} if isinstance(given, str) and len(given) <= 36 else {}  # noqa: PLR2004


def unknown(kind: str) -> FrameInvalid:
    return FrameInvalid("There is no such frame.", do="See the protocol of the live process.")


def visitor(entry: Entry, listener: Any) -> Client:
    assert entry.organisation is not None  # an entry without refusal has all of it
    assert entry.actor is not None
    return Client(listener, entry.organisation, entry.actor)


def chat_of(client: Client, entry: Entry) -> UUID:
    assert entry.conversation is not None
    return entry.conversation


def welcome(entry: Entry) -> str:
    return frames.out(
        "welcome", seq=entry.seq, state=entry.state, staff=entry.staff, read=entry.seen
    )
