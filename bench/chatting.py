"""Load for a chat: paced as people write, or as fast as it goes. Ours and the peers'."""

from __future__ import annotations

import asyncio
import json
import random
import statistics
import time
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import uuid4

from bench.wire import Wire

ORIGIN: Final = "http://comm100.localhost"
TEXT: Final = "Thank you. The printer is on, it has paper, and it still says that it is not there."
AT_A_DESK: Final = 40  # chats of one member
LATE: Final = 10.0  # seconds after which a message counts as lost


@dataclass
class Seen:
    """Messages on their way, and how long they took to the other socket and to their own answer."""

    begun: dict[str, float] = field(default_factory=dict)
    took: list[float] = field(default_factory=list)
    answered: list[float] = field(default_factory=list)
    refused: list[dict[str, Any]] = field(default_factory=list)
    waiting: dict[str, asyncio.Future[None]] = field(default_factory=dict)

    def arrived(self, made: str) -> None:
        if (at := self.begun.get(made)) is not None:
            self.took.append(time.perf_counter() - at)

    def answer(self, made: str) -> None:
        if (at := self.begun.get(made)) is not None:
            self.answered.append(time.perf_counter() - at)
        if (future := self.waiting.pop(made, None)) is not None and not future.done():
            future.set_result(None)

    def summary(self, seconds: float) -> dict[str, float]:
        took = sorted(self.took) or [0.0]
        return {
            "sent": len(self.begun),
            "arrived": len(self.took),
            "answered": len(self.answered),
            "refused": len(self.refused),
            "rate": len(self.took) / seconds,
            "median": statistics.median(took),
            "p99": took[min(len(took) - 1, len(took) * 99 // 100)],
            "worst": took[-1],
            "ack_median": statistics.median(self.answered or [0.0]),
        }


class Ours:
    """Visitors with a chat each, and members with some of the chats each."""

    def __init__(self, port: int, chats: list[dict[str, str]], seen: Seen) -> None:
        self.port, self.chats, self.seen = port, chats, seen
        self.visitors: list[Wire] = []
        self.desks: list[Wire] = []
        self.welcome = asyncio.Semaphore(0)
        self.joined = asyncio.Semaphore(0)

    def _heard(self, text: bytes) -> None:
        frame = json.loads(text)
        kind = frame["t"]
        if kind == "ack":
            self.seen.answer(frame["id"])
        elif kind == "messages":
            for item in frame["items"]:
                if "text" in item:
                    self.seen.arrived(item["id"])
        elif kind == "welcome":
            self.welcome.release()
        elif kind == "news" and frame["kind"] == "presence" and frame.get("side") == "staff":
            self.joined.release()
        elif kind == "error":
            self.seen.refused.append(frame)

    async def connect(self, tickets: Any) -> None:
        """Everybody is there. `tickets` makes a ticket for a member's id."""
        by_member: dict[str, list[dict[str, str]]] = {}
        for chat in self.chats:
            by_member.setdefault(chat["member"], []).append(chat)
        for member, chats in by_member.items():
            desk = await Wire.connect(self.port, "/live/desk", self._heard, ORIGIN)
            desk.send(json.dumps({"t": "hello", "ticket": tickets(member)}).encode())
            await asyncio.wait_for(self.welcome.acquire(), 30)
            self.desks.append(desk)
            for chat in chats:
                frame = {"t": "join", "conversation": chat["id"], "after": 1}
                desk.send(json.dumps(frame).encode())
            for _ in chats:
                await asyncio.wait_for(self.joined.acquire(), 60)
        for start in range(0, len(self.chats), 50):
            some = self.chats[start : start + 50]
            made = await asyncio.gather(
                *(Wire.connect(self.port, "/live/chat", self._heard) for _ in some)
            )
            for chat, wire in zip(some, made, strict=True):
                hello = {"t": "hello", "ref": chat["ref"], "secret": chat["secret"], "after": 1}
                wire.send(json.dumps(hello).encode())
            for _ in some:
                await asyncio.wait_for(self.welcome.acquire(), 60)
            self.visitors += made

    def say(self, number: int, *, staff: bool = False) -> str:
        """One side of chat `number` writes."""
        made = str(uuid4())
        frame = {"t": "send", "id": made, "text": TEXT}
        wire = self.visitors[number]
        if staff:
            members = list(dict.fromkeys(chat["member"] for chat in self.chats))
            frame["conversation"] = self.chats[number]["id"]
            wire = self.desks[members.index(self.chats[number]["member"])]
        self.seen.begun[made] = time.perf_counter()
        wire.send(json.dumps(frame).encode())
        return made


class Peer:
    """A room with two sockets for each chat; a server that stores nothing."""

    def __init__(self, port: int, rooms: int, seen: Seen, *, echo: bool = False) -> None:
        self.port, self.rooms, self.seen, self.echo = port, rooms, seen, echo
        self.visitors: list[Wire] = []
        self.others: list[Wire] = []

    def _own(self, text: bytes) -> None:
        made = json.loads(text)["id"]
        if self.echo:
            self.seen.arrived(made)
        self.seen.answer(made)

    def _other(self, text: bytes) -> None:
        self.seen.arrived(json.loads(text)["id"])

    async def connect(self) -> None:
        """All sockets of all rooms."""
        for number in range(self.rooms):
            path = f"/chat/{number}/"
            self.visitors.append(await Wire.connect(self.port, path, self._own))
            if not self.echo:
                self.others.append(await Wire.connect(self.port, path, self._other))

    def say(self, number: int, *, staff: bool = False) -> str:
        made = str(uuid4())
        self.seen.begun[made] = time.perf_counter()
        self.visitors[number].send(json.dumps({"t": "send", "id": made, "text": TEXT}).encode())
        return made


async def paced(side: Ours | Peer, seconds: float, every: float) -> None:
    """Each chat has a message every `every` seconds, of either side in turn."""
    count, chance = len(side.visitors), random.Random(1)
    due = sorted(
        (chance.random() * every + turn * every, number, turn)
        for number in range(count)
        for turn in range(int(seconds / every) + 1)
    )
    begun = time.perf_counter()
    for at, number, turn in due:
        if at > seconds:
            break
        if (wait := begun + at - time.perf_counter()) > 0:
            await asyncio.sleep(wait)
        side.say(number, staff=bool(turn % 2))
    await _until_all(side.seen)


async def saturated(side: Ours | Peer, seconds: float) -> None:
    """Each chat's visitor writes the next message as soon as the last was answered."""
    until = time.perf_counter() + seconds

    async def one(number: int) -> None:
        loop = asyncio.get_running_loop()
        while time.perf_counter() < until:
            future: asyncio.Future[None] = loop.create_future()
            side.seen.waiting[side.say(number)] = future
            try:
                await asyncio.wait_for(future, LATE)
            except TimeoutError:
                return

    await asyncio.gather(*(one(number) for number in range(len(side.visitors))))
    await _until_all(side.seen)


async def _until_all(seen: Seen) -> None:
    until = time.perf_counter() + LATE
    while len(seen.took) < len(seen.begun) and time.perf_counter() < until:  # noqa: ASYNC110 - hurry
        await asyncio.sleep(0.01)
