"""A recipient's own service, as it would answer over HTTP: it notes what it was told."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Told:
    """One request that came."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any


@dataclass
class Service:
    """What came, and what is answered. `faults` are statuses to answer first."""

    port: int = 0
    told: list[Told] = field(default_factory=list)
    faults: list[int] = field(default_factory=list)
    answers: dict[str, Any] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def about(self, text: str) -> list[Told]:
        """The requests that hold a text, in the order they came."""
        return [one for one in list(self.told) if text in json.dumps(one.body)]

    def at(self, path: str) -> list[Told]:
        return [one for one in list(self.told) if one.path == path]


@contextmanager
def service() -> Iterator[Service]:
    """Serve one on a port of this machine."""
    found = Service()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _take(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            body = json.loads(raw) if raw else None
            found.told.append(Told(self.command, self.path, dict(self.headers), body))
            status = found.faults.pop(0) if found.faults else 200
            answer = json.dumps(found.answers.get((body or {}).get("email", ""), {})).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        do_GET = do_POST = do_PUT = do_DELETE = _take  # noqa: N815 - the names it asks for

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
