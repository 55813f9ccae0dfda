"""The ASGI application of a live process: a few paths, each served by one callable."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from troth.kit.live.topics import Send
from troth.kit.throttle.counting import network_of

LARGEST_BODY: Final = 64 * 1024
Receive = Callable[[], Awaitable[dict[str, Any]]]


@dataclass
class Call:
    """What is the same of a WebSocket and of a request: where it comes from."""

    scope: dict[str, Any]
    receive_event: Receive
    send: Send
    _headers: dict[str, str] = field(default_factory=dict)

    def header(self, name: str) -> str:
        """A header by its name in lower case; empty where there is none."""
        if not self._headers:
            self._headers = {
                key.decode("latin-1"): value.decode("latin-1")
                for key, value in self.scope["headers"]
            }
        return self._headers.get(name, "")

    @property
    def origin(self) -> str:
        return self.header("origin")

    @property
    def caller(self) -> str:
        """The address it comes from, or its network: see `throttle.counting.network_of`."""
        client = self.scope.get("client")
        return network_of(str(client[0]) if client else "", self.header("x-forwarded-for"))


class Connection(Call):
    """A WebSocket."""

    async def accept(self) -> None:
        await self.receive_event()  # websocket.connect
        await self.send({"type": "websocket.accept"})

    async def receive(self) -> str | None:
        """The next text; empty for what is none, None at the end."""
        event = await self.receive_event()
        if event["type"] == "websocket.disconnect":
            return None
        return event.get("text") or ""


class Request(Call):
    """A request over HTTP, answered with JSON to pages of any site, and without credentials."""

    @property
    def method(self) -> str:
        return str(self.scope["method"])

    @property
    def query(self) -> str:
        return str(self.scope["query_string"].decode("latin-1"))

    async def body(self) -> bytes | None:
        """All of it; None where it is larger than anybody needs."""
        parts, size = [], 0
        while True:
            event = await self.receive_event()
            part = event.get("body", b"")
            size += len(part)
            if size > LARGEST_BODY or event["type"] == "http.disconnect":
                return None
            parts.append(part)
            if not event.get("more_body"):
                return b"".join(parts)

    async def answer(self, status: int, body: str = "", *, headers: Mapping[str, str]) -> None:
        """Answer with JSON that is at hand."""
        found = {
            "content-type": "application/json",
            "cache-control": "no-store",
            "access-control-allow-origin": "*",
            "x-content-type-options": "nosniff",
            "content-length": str(len(body.encode())),
            **headers,
        }
        pairs = [(key.encode(), value.encode()) for key, value in found.items()]
        await self.send({"type": "http.response.start", "status": status, "headers": pairs})
        await self.send({"type": "http.response.body", "body": body.encode()})


Serve = Callable[[Any], Awaitable[None]]


@dataclass
class Application:
    """Callables by path. What stands in neither table is refused."""

    sockets: Mapping[str, Serve]
    requests: Mapping[str, Serve]
    allowed_headers: str = ""

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            serve = self.sockets.get(scope["path"])
            if serve is None:
                await receive()
                await send({"type": "websocket.close"})  # before accepting it is a 403
            else:
                await serve(Connection(scope, receive, send))
        elif scope["type"] == "http":
            await self._request(Request(scope, receive, send))

    async def _request(self, request: Request) -> None:
        serve = self.requests.get(request.scope["path"])
        if serve is None:
            await request.answer(404, json.dumps({"error": "There is nothing here."}), headers={})
        elif request.method == "OPTIONS":
            await request.answer(
                204,
                headers={
                    "access-control-allow-methods": "GET, POST",
                    "access-control-allow-headers": self.allowed_headers,
                    "access-control-max-age": "86400",
                },
            )
        else:
            await serve(request)
