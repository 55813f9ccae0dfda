"""A WebSocket client of little weight (RFC 6455): text frames, no fragments, no extensions.

What measures runs on the same cores as what is measured, so it must not be the larger part.
"""

from __future__ import annotations

import asyncio
import base64
import os
import struct
from collections.abc import Callable
from typing import Any, Self

TEXT, CLOSE, PING, PONG = 1, 8, 9, 10
_MASK = bytes(4)  # any mask is a mask; this one leaves the text as it is


class Wire(asyncio.Protocol):
    """One connection; `heard` is called with each text."""

    def __init__(self, path: str, heard: Callable[[bytes], Any], origin: str = "") -> None:
        self.path, self.heard, self.origin = path, heard, origin
        self.open: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.paused = False
        self._buffer = b""
        self._upgraded = False
        self.transport: asyncio.Transport

    @classmethod
    async def connect(
        cls, port: int, path: str, heard: Callable[[bytes], Any], origin: str = ""
    ) -> Self:
        """Connected and upgraded."""
        loop = asyncio.get_running_loop()
        _, made = await loop.create_connection(lambda: cls(path, heard, origin), "127.0.0.1", port)
        await asyncio.wait_for(made.open, 60)
        return made

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        key = base64.b64encode(os.urandom(16)).decode()
        origin = f"Origin: {self.origin}\r\n" if self.origin else ""
        transport.write(
            f"GET {self.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n{origin}"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
            "Sec-WebSocket-Version: 13\r\n\r\n".encode()
        )

    def connection_lost(self, exc: Exception | None) -> None:
        for future in (self.open, self.lost):
            if not future.done():
                future.set_result(None)

    def send(self, text: bytes) -> None:
        self._frame(TEXT, text)

    def _frame(self, opcode: int, content: bytes) -> None:
        size = len(content)
        if size < 126:
            head = struct.pack("!BB", 0x80 | opcode, 0x80 | size)
        else:
            head = struct.pack("!BBH", 0x80 | opcode, 0x80 | 126, size)
        self.transport.write(head + _MASK + content)

    def data_received(self, data: bytes) -> None:
        buffer = self._buffer + data if self._buffer else data
        if not self._upgraded:
            head, there, buffer = buffer.partition(b"\r\n\r\n")
            if not there:
                self._buffer = head
                return
            if b" 101 " not in head[:20]:
                self.transport.close()
                return
            self._upgraded = True
            self.open.set_result(None)
        self._buffer = self._take(buffer)

    def _take(self, buffer: bytes) -> bytes:
        """Hear the frames that are whole; what is left of the buffer."""
        place, end = 0, len(buffer)
        while end - place >= 2:
            size, start = buffer[place + 1], place + 2
            if size > 125:
                start = place + (4 if size == 126 else 10)
                if end < start:
                    break
                size = int.from_bytes(buffer[place + 2 : start])
            if end - start < size:
                break
            self._one(buffer[place] & 15, buffer[start : start + size])
            place = start + size
        return buffer[place:]

    def _one(self, opcode: int, content: bytes) -> None:
        if opcode == TEXT:
            self.heard(content)
        elif opcode == PING:
            self._frame(PONG, content)
        elif opcode == CLOSE:
            self.transport.close()
