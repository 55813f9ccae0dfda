"""ClamAV's daemon as far as `INSTREAM` goes, by clamd(8): frames, limits and words as its own."""

from __future__ import annotations

import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from troth.channels.conversations.attaching.scanning import EICAR

MOST = 1024 * 1024  # StreamMaxLength, which is 25M by default


class Session(socketserver.StreamRequestHandler):
    """One command a connection. With `z` before it, commands and answers end in NUL."""

    def handle(self) -> None:
        start = self.rfile.read(1)
        end = b"\0" if start == b"z" else b"\n"
        command = b"" if start in (b"z", b"n") else start
        while (one := self.rfile.read(1)) not in (end, b""):
            command += one
        said = {b"PING": b"PONG", b"INSTREAM": None}.get(command, b"UNKNOWN COMMAND")
        self.wfile.write((self.instream() if said is None else said) + end)

    def instream(self) -> bytes:
        content = b""
        while True:
            (size,) = struct.unpack("!L", self.rfile.read(4))
            if size == 0:
                return self.server.verdict(content)  # type: ignore[attr-defined, no-any-return]
            if len(content) + size > MOST:
                return b"INSTREAM size limit exceeded. ERROR"
            content += self.rfile.read(size)


class _Tcp(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


class _Unix(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True


@contextmanager
def clamd(socket: Path | None = None, *, also: bytes = b"") -> Iterator[str]:
    """A daemon that finds EICAR, and what is given as `also`. Yields the setting that names it."""

    def verdict(content: bytes) -> bytes:
        if EICAR in content:
            return b"stream: Win.Test.EICAR_HDB-1 FOUND"
        return b"stream: Test.Also FOUND" if also and also in content else b"stream: OK"

    server: Any = _Unix(str(socket), Session) if socket else _Tcp(("127.0.0.1", 0), Session)
    server.verdict = verdict
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"unix:{socket}" if socket else f"tcp://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
