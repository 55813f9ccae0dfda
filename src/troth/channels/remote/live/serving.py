"""Remote help in the live process: one path, over which two pages find each other."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from django.conf import settings
from django.db import DatabaseError

from troth.channels.remote.live import asking, wire
from troth.channels.remote.live.asking import CUSTOMER, Hello
from troth.channels.remote.live.rooms import Rooms, Seat
from troth.core.errors import Denied, Refusal
from troth.kit.live.asgi import Connection
from troth.kit.live.limits import Callers
from troth.kit.live.parts import Part

REFUSED, BUSY, LATE = 4403, 1013, 4408


class TooFastDenied(Denied):
    """More came from one connection than two browsers have to tell each other."""

    status = 429


def part() -> Part:
    """The path ``/live/remote``."""
    rooms = Rooms()
    hellos = float(settings.HOME.option("live_hellos_per_minute", "600")) / 60
    door = Door(rooms, Callers(rate=hellos, burst=60 * hellos))
    return Part(
        sockets={"/live/remote": door},
        start=rooms.start,
        going=rooms.going,
        stop=rooms.stop,
        told=rooms.heard,
        missed=rooms.look_again,
    )


class Door:
    """Serves one WebSocket: a hello, then frames until one of the two ends."""

    def __init__(self, rooms: Rooms, tries: Callers) -> None:
        self._rooms, self._tries = rooms, tries
        self._within: Final = float(settings.HOME.option("live_hello_seconds", "10"))

    async def __call__(self, connection: Connection) -> None:
        await connection.accept()
        seat = Seat(connection.send)
        try:
            await seat.serve(self._read(connection, seat))
        finally:
            self._rooms.gone(seat)

    async def _read(self, connection: Connection, seat: Seat) -> None:
        if not await self._hello(connection, seat):
            return
        while (text := await connection.receive()) is not None and not seat.over:
            try:
                if not seat.bucket.take():
                    raise TooFastDenied("That was too fast.", do="Wait a moment.")
                await self._one(wire.read(text), text, seat)
            except Refusal as refusal:
                seat.take(wire.error(refusal))
            except DatabaseError:
                seat.end(BUSY, "try again")

    async def _hello(self, connection: Connection, seat: Seat) -> bool:
        try:
            text = await asyncio.wait_for(connection.receive(), self._within)
            frame = wire.read(text or "")
            if frame["t"] != "hello" or not self._tries.take(connection.caller):
                raise TooFastDenied("The first frame is a hello, and not too often.")
            hello = Hello(
                wire.word(frame, "session", 64),
                wire.word(frame, "secret", 100),
                wire.word(frame, "ticket", 1000),
                connection.origin,
            )
            entry = await self._rooms.entering.put(hello)
            if entry.refusal is not None:
                raise entry.refusal
            self._rooms.sit(seat, entry)
        except TimeoutError:
            seat.end(LATE, "no hello")
        except DatabaseError:
            seat.end(BUSY, "try again")
        except Refusal as refusal:
            seat.take(wire.error(refusal))
            seat.end(REFUSED, "refused")
        else:
            return True
        return False

    async def _one(self, frame: dict[str, Any], text: str, seat: Seat) -> None:
        kind = frame["t"]
        if kind == "signal":
            await self._rooms.signal(seat, text)
        elif kind == "stop":
            await self._rooms.do(seat, asking.finish(seat.side))
        elif kind == "pointer" and seat.side == CUSTOMER:
            await self._rooms.do(seat, asking.pointing(on=frame.get("on") is True))
        elif kind == "ping":
            seat.take(wire.out("pong"))
        else:
            raise wire.FrameInvalid("There is no such frame.")
