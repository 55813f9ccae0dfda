"""Browsers that do what the protocol asks of them: they keep what was not acknowledged, come back
after whatever happens, and remember all they saw. Used where processes are killed.
"""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import uuid4

from bench.chatting import ORIGIN
from bench.wire import Wire

PATIENCE: Final = 5.0  # seconds for an answer, after which the connection counts as lost


@dataclass
class Keeper:
    """One side of one chat. `hello` makes its first frames anew for each connection."""

    name: str
    port: int
    path: str
    hello: Callable[[int], list[dict[str, Any]]]
    more: dict[str, str] = field(default_factory=dict)
    last: int = 1
    pending: list[tuple[str, str]] = field(default_factory=list)
    acknowledged: dict[str, int] = field(default_factory=dict)
    seen: dict[int, str] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    connections: int = 0
    _wire: Wire | None = None
    _ready: asyncio.Event = field(default_factory=asyncio.Event)
    _heard_at: float = 0.0

    def say(self, text: str) -> None:
        """Write a message: it waits here until it is acknowledged."""
        self.pending.append((str(uuid4()), text))
        if self._wire is not None and self._ready.is_set():
            self._send(self.pending[-1])

    def _send(self, message: tuple[str, str]) -> None:
        assert self._wire is not None  # who calls it looked
        frame = {"t": "send", "id": message[0], "text": message[1], **self.more}
        self._wire.send(json.dumps(frame).encode())

    def _heard(self, text: bytes) -> None:
        frame = json.loads(text)
        self._heard_at = asyncio.get_running_loop().time()
        kind = frame["t"]
        if kind == "welcome":
            self._ready.set()
            for message in self.pending:
                self._send(message)
        elif kind == "ack":
            self._acknowledge(frame)
        elif kind == "error":
            self.wrong.append(f"{self.name}: {frame['what']}")
        if "after" in frame and "seq" in frame:
            self._follow(frame)

    def _acknowledge(self, frame: dict[str, Any]) -> None:
        made = frame["id"]
        before = self.acknowledged.setdefault(made, frame["seq"])
        if before != frame["seq"]:
            self.wrong.append(f"{self.name}: {made} is {before} and {frame['seq']}")
        if self.pending and self.pending[0][0] == made:
            self.pending.pop(0)
        elif any(made == one for one, _ in self.pending):
            self.wrong.append(f"{self.name}: {made} was acknowledged out of order")

    def _follow(self, frame: dict[str, Any]) -> None:
        if frame["after"] > self.last:
            self.wrong.append(f"{self.name}: a gap after {self.last} before {frame['after']}")
        for item in frame.get("items", [frame]):
            if item["seq"] > self.last:
                self.seen[item["seq"]] = item["id"]
        self.last = max(self.last, frame["seq"])

    async def keep(self, until: Callable[[], bool]) -> None:
        """Be connected, again and again, until it is over."""
        loop = asyncio.get_running_loop()
        while not until():
            try:
                self._wire = await asyncio.wait_for(
                    Wire.connect(self.port, self.path, self._heard, ORIGIN), PATIENCE
                )
            except (OSError, TimeoutError):
                await asyncio.sleep(random.random() * 0.3)
                continue
            self.connections += 1
            self._heard_at = loop.time()
            for frame in self.hello(self.last):
                self._wire.send(json.dumps(frame).encode())
            while not self._wire.lost.done() and not until():
                await asyncio.wait({self._wire.lost}, timeout=0.2)
                waits = self.pending or not self._ready.is_set()
                if waits and loop.time() - self._heard_at > PATIENCE:
                    break
            self._ready.clear()
            self._wire.transport.abort()
            self._wire = None

    @property
    def settled(self) -> bool:
        return not self.pending
