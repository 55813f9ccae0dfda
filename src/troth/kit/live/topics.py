"""Who listens to what in this process: a plain dictionary of sets.

Everything here runs in the event loop's thread and holds no lock. What is delivered is put into
each socket's queue, which a task of its own empties; a queue that grows too long ends the socket,
whose reader is too slow, and comes back later for what it missed.
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Final

MOST_WAITING: Final = 200  # frames for one socket
MOST_BYTES: Final = 512 * 1024
PATIENCE: Final = 2.0  # seconds to tell the other side that it is over

Send = Callable[[dict[str, Any]], Awaitable[None]]


class Listener(ABC):
    """Somebody who hears topics: a socket, or a poll that waits."""

    def __init__(self) -> None:
        self.topics: set[str] = set()

    @abstractmethod
    def take(self, frame: str) -> None:
        """A frame for it. Never waits."""

    @abstractmethod
    def end(self, code: int, reason: str) -> None:
        """It is not served any more."""

    @abstractmethod
    async def settled(self) -> None:
        """Wait until its reader has taken what waits."""


class Socket(Listener):
    """A WebSocket: frames for it wait here until its reader takes them."""

    def __init__(self, send: Send) -> None:
        super().__init__()
        self._send = send
        self._waiting: deque[str] = deque()
        self._bytes = 0
        self._new = asyncio.Event()
        self._empty = asyncio.Event()
        self._over: tuple[int, str] | None = None
        self._delivering: asyncio.Task[None] | None = None

    def take(self, frame: str) -> None:
        if self._over is not None:
            return
        self._waiting.append(frame)
        self._bytes += len(frame)
        many = len(self._waiting)
        # One alone may be of any length: whoever comes back after long has much to get.
        if many > MOST_WAITING or (many > 1 and self._bytes > MOST_BYTES):
            self._waiting.clear()
            self._over = 1013, "too slow"  # RFC 6455's registry: try again later
            if self._delivering is not None:  # it waits for a reader that does not read
                self._delivering.cancel()
            return
        self._new.set()

    def end(self, code: int, reason: str) -> None:
        if self._over is None:
            self._over = code, reason
            self._new.set()

    async def settled(self) -> None:
        while self._waiting and self._over is None:
            self._empty.clear()
            await self._empty.wait()

    @property
    def over(self) -> bool:
        return self._over is not None

    async def serve(self, reading: Awaitable[None]) -> None:
        """Read and deliver until one of the two ends, and the other side was told of it."""
        reader = asyncio.ensure_future(reading)
        self._delivering = asyncio.create_task(self._deliver())
        try:
            await asyncio.wait({reader, self._delivering}, return_when=asyncio.FIRST_COMPLETED)
            if self._over is not None and not self._delivering.done():
                await asyncio.wait({self._delivering}, timeout=PATIENCE)
        finally:
            self._over = self._over or (1000, "gone")
            self._empty.set()
            self._delivering.cancel()
            reader.cancel()
            await asyncio.gather(reader, self._delivering, return_exceptions=True)
        if not reader.cancelled():
            reader.result()  # what went wrong in it is not lost

    async def _deliver(self) -> None:
        while True:
            await self._new.wait()
            self._new.clear()
            while self._waiting:
                frame = self._waiting.popleft()
                self._bytes -= len(frame)
                await self._send({"type": "websocket.send", "text": frame})
            self._empty.set()
            if self._over is not None:
                code, reason = self._over
                await self._send({"type": "websocket.close", "code": code, "reason": reason})
                return


class Topics:
    """Listeners by topic."""

    def __init__(self) -> None:
        self._of: dict[str, set[Listener]] = {}

    def join(self, listener: Listener, topic: str) -> None:
        self._of.setdefault(topic, set()).add(listener)
        listener.topics.add(topic)

    def leave(self, listener: Listener, topic: str) -> None:
        listener.topics.discard(topic)
        there = self._of.get(topic)
        if there is not None:
            there.discard(listener)
            if not there:
                del self._of[topic]

    def leave_all(self, listener: Listener) -> None:
        for topic in tuple(listener.topics):
            self.leave(listener, topic)

    def of(self, topic: str) -> tuple[Listener, ...]:
        """Whoever listens now. A copy, so that another thread may ask too."""
        return tuple(self._of.get(topic, ()))

    def names(self) -> Iterable[str]:
        return tuple(self._of)

    def __len__(self) -> int:
        return len(self._of)
