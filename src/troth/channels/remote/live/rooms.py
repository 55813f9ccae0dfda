"""Rooms: for each session the two pages that are connected, and what goes from one to the other.

All of it runs in the event loop's thread; the database is met in another. What the two browsers say
to each other goes through only while the session runs, which is looked up each time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from django.db import DatabaseError, transaction

from troth.channels.remote.live import asking, carrying
from troth.channels.remote.live.asking import AGENT, CUSTOMER, Deed, Entry, Hello, Standing
from troth.channels.remote.live.wire import out
from troth.channels.remote.models import Session
from troth.core import clock
from troth.core.errors import Denied, Refusal
from troth.kit.live import bus
from troth.kit.live.gathering import Gathering
from troth.kit.live.limits import Bucket
from troth.kit.live.topics import Send, Socket

LOOK_EVERY: Final = 4.0  # seconds
OVER, REPLACED = 4410, 4409
TOPIC: Final = "remote:"
OTHER: Final = {AGENT: CUSTOMER, CUSTOMER: AGENT}


class OverDenied(Denied):
    """The session does not run, so nothing goes from one side to the other."""


class Seat(Socket):
    """One side's page."""

    def __init__(self, send: Send) -> None:
        super().__init__(send)
        self.room: Room | None = None
        self.side = ""
        self.bucket = Bucket(10, 200)
        self.member: tuple[UUID, str] | None = None


@dataclass(eq=False)
class Room:
    """One session, as far as it is connected here."""

    session: UUID
    organisation: UUID
    standing: Standing
    seats: dict[str, Seat] = field(default_factory=dict)
    timer: asyncio.TimerHandle | None = None


class Rooms:
    """All rooms of this process."""

    def __init__(self) -> None:
        self._of: dict[UUID, Room] = {}
        self._aside = ThreadPoolExecutor(1, "live-remote")
        self.entering: Gathering[Hello, Entry] = Gathering(asking.enter, self._aside)
        self.doing: Gathering[Deed, tuple[Standing, Refusal | None]] = Gathering(
            asking.do, self._aside
        )
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._leaving = False

    def start(self) -> None:
        self._loop = asyncio.get_running_loop()
        bus.hear_here(self._told_here)
        self._soon(self._look_always())

    def going(self) -> None:
        """The process ends: its sessions do not; whoever comes back soon goes on."""
        self._leaving = True

    async def stop(self) -> None:
        await self.doing.rest()
        for task in tuple(self._tasks):
            task.cancel()
        self._aside.shutdown()

    def _soon(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # Who is there

    def sit(self, seat: Seat, entry: Entry) -> None:
        """Let a page in. One that was there for the same side has to go."""
        assert entry.session is not None  # an entry without refusal has all of it
        assert entry.organisation is not None
        room = self._of.get(entry.session)
        if room is None:
            room = Room(entry.session, entry.organisation, entry.standing)
            self._of[entry.session] = room
        before = room.seats.get(entry.side)
        room.seats[entry.side] = seat
        seat.room, seat.side = room, entry.side
        if entry.member is not None:
            seat.member = (entry.member, entry.sign_in)
        if before is not None:
            before.end(REPLACED, "another page")
        seat.take(out("welcome", side=entry.side, there=OTHER[entry.side] in room.seats))
        self.pass_on(room, OTHER[entry.side], out("there", there=True))
        self._stands(room, entry.standing, new=seat)

    def gone(self, seat: Seat) -> None:
        """A page is not connected any more: what runs ends with it, for both."""
        room = seat.room
        if room is None or room.seats.get(seat.side) is not seat:
            return
        del room.seats[seat.side]
        if not self._leaving:
            self.pass_on(room, OTHER[seat.side], out("there", there=False))
            self._soon(self._do_quietly(room, asking.left(seat.side)))
        if not room.seats:
            self._forget(room)

    def _forget(self, room: Room) -> None:
        self._of.pop(room.session, None)
        if room.timer is not None:
            room.timer.cancel()

    # What goes from one to the other

    async def signal(self, seat: Seat, frame: str) -> None:
        """Hand what one browser has to tell the other on. Raises `OverDenied` but while it runs."""
        assert seat.room is not None
        standing, _ = await self._done(seat.room, None)
        if not standing.runs:
            raise OverDenied(
                "This session does not run.",
                why="Nothing goes from one side to the other before it is allowed, or after.",
                do="Ask for a new code.",
            )
        self.pass_on(seat.room, OTHER[seat.side], frame)

    def pass_on(self, room: Room, side: str, frame: str) -> None:
        """To the other page, here or at another live process."""
        there = room.seats.get(side)
        if there is not None:
            there.take(frame)
        elif not bus.alone() and (box := carrying.closed(frame)) is not None:
            told = (f"{TOPIC}{room.session}", {"kind": "pass", "to": side, "box": box})
            self._aside.submit(_publish, told)

    # What is done

    async def do(self, seat: Seat, deed: Callable[[Session], None]) -> None:
        """Do it; whoever listens hears how the session stands then. Raises what refuses it."""
        assert seat.room is not None
        _, refusal = await self._done(seat.room, deed)
        if refusal is not None:
            raise refusal

    async def _done(
        self, room: Room, deed: Callable[[Session], None] | None
    ) -> tuple[Standing, Refusal | None]:
        standing, refusal = await self.doing.put(Deed(room.organisation, room.session, deed))
        self._stands(room, standing)
        return standing, refusal

    async def _do_quietly(self, room: Room, deed: Callable[[Session], None] | None) -> None:
        try:
            await self._done(room, deed)
        except DatabaseError:
            return  # it is looked at again in a moment

    def _stands(self, room: Room, standing: Standing, new: Seat | None = None) -> None:
        """Tell the pages how it stands where that is new to them; what is over is over at once."""
        changed, room.standing = standing != room.standing, standing
        left = 0.0
        if standing.ends_at is not None:
            left = max(0.0, (standing.ends_at - clock.now()).total_seconds())
        if room.timer is not None:
            room.timer.cancel()
            room.timer = None
        over = standing.state == Session.State.ENDED
        frame = out("state", state=standing.state, pointer=standing.pointer, left=round(left, 1))
        for seat in tuple(room.seats.values()):
            if changed or seat is new:
                seat.take(frame)
            if over:
                seat.end(OVER, "over")
        if over:
            self._forget(room)
        elif standing.state == Session.State.RUNNING and self._loop is not None:
            room.timer = self._loop.call_later(left, self._time_is_up, room)

    def _time_is_up(self, room: Room) -> None:
        self._soon(self._do_quietly(room, asking.finish(Session.Ending.TIME)))

    # What is heard

    def _told_here(self, told: Sequence[bus.Told]) -> None:
        """From whichever thread just committed."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self.heard, told)

    def heard(self, told: Sequence[bus.Told]) -> None:
        for topic, message in told:
            if not topic.startswith(TOPIC):
                continue
            room = self._of.get(UUID(topic.removeprefix(TOPIC)))
            if room is None:
                continue
            if message.get("kind") != "pass":
                self._soon(self._do_quietly(room, None))
            elif (there := room.seats.get(message.get("to", ""))) is not None:
                frame = carrying.opened(message.get("box", ""))
                if frame is not None:
                    there.take(frame)

    def look_again(self) -> None:
        """Something may have been missed."""
        for room in tuple(self._of.values()):
            self._soon(self._do_quietly(room, None))

    async def _look_always(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY)
            for room in tuple(self._of.values()):
                agent = room.seats.get(AGENT)
                deed = asking.here(tuple(room.seats), agent.member if agent else None)
                await self._do_quietly(room, deed)


def _publish(told: bus.Told) -> None:
    with transaction.atomic():
        bus.publish(*told)
