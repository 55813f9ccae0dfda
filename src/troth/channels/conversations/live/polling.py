"""The same chat over plain HTTP, for networks that let no WebSocket through."""

from __future__ import annotations

import asyncio
import json
from typing import Any, Final
from urllib.parse import parse_qs

from django.db import DatabaseError

from troth.channels.conversations.live import frames
from troth.channels.conversations.live.clients import Client, Poll, topic
from troth.channels.conversations.live.entering import Entry, Hello
from troth.channels.conversations.live.exchange import Exchange
from troth.channels.conversations.live.sessions import (
    MOST_AT_ONE,
    distance,
    too_fast,
    visitor,
    visitor_frame,
    welcome,
)
from troth.core.errors import Refusal
from troth.kit.live.asgi import Request
from troth.kit.live.limits import Callers

LONGEST_WAIT: Final = 25.0  # seconds, under what proxies take for a dead answer
MOST_FRAMES: Final = 20
ALLOWED_HEADERS: Final = "content-type, x-chat-ref, x-chat-secret"
REF, SECRET = "x-chat-ref", "x-chat-secret"  # names of headers


class Polling:
    """POST sends frames; GET waits for some."""

    def __init__(self, exchange: Exchange, tries: Callers, pace: Callers) -> None:
        self.exchange, self.tries, self.pace = exchange, tries, pace

    async def send(self, request: Request) -> None:
        """POST /live/chat/send: a frame, or a list of them; answers what they were answered."""
        await self._answered(request, "POST", self._send)

    async def poll(self, request: Request) -> None:
        """GET /live/chat/poll?after=n: what came after n, as soon as there is something."""
        await self._answered(request, "GET", self._poll)

    async def _answered(self, request: Request, method: str, work: Any) -> None:
        poll = Poll()
        status = 200
        try:
            if request.method != method:
                raise frames.FrameInvalid(f"This is a {method}.")
            if not self.tries.take(request.caller):
                raise too_fast()
            entry = await self._entry(request)
            poll.client = visitor(entry, poll)
            await work(request, poll, poll.client, entry)
        except Refusal as refusal:
            status = refusal.status
            poll.take(frames.error(refusal))
        except DatabaseError:
            status = 503
        finally:
            if poll.client is not None:
                self.exchange.gone(poll.client)
        await request.answer(status, f'{{"frames":[{",".join(poll.frames)}]}}', headers={})

    async def _entry(self, request: Request) -> Entry:
        hello = Hello(ref=request.header(REF)[:64], secret=request.header(SECRET)[:200])
        entry = await self.exchange.entering.put(hello)
        if entry.refusal is not None:
            raise entry.refusal
        return entry

    async def _send(self, request: Request, poll: Poll, client: Client, entry: Entry) -> None:
        assert entry.conversation is not None  # an entry without refusal has it
        body = await request.body()
        try:
            given = json.loads(body or b"")
        except (ValueError, RecursionError):
            raise frames.FrameInvalid("The body is JSON, and not deep.") from None
        for one in (given if isinstance(given, list) else [given])[:MOST_FRAMES]:
            frame = frames.read(json.dumps(one))
            try:
                if frame["t"] == "send" and not self.pace.take(str(entry.conversation)):
                    raise too_fast()
                await visitor_frame(self.exchange, frame, client, entry.conversation)
            except Refusal as refusal:
                poll.take(frames.error(refusal, id=frame.get("id")))

    async def _poll(self, request: Request, poll: Poll, client: Client, entry: Entry) -> None:
        assert entry.conversation is not None  # an entry without refusal has it
        asked = parse_qs(request.query).get("after", ["0"])[0]
        after = int(asked) if asked.isdecimal() and len(asked) < 10 else 0  # noqa: PLR2004
        if not self.tries.take(request.caller, distance(entry, {"after": after})):
            raise too_fast()
        if len(self.exchange.topics.of(topic(entry.conversation))) >= MOST_AT_ONE:
            raise too_fast()
        await request.body()  # there is none; what comes next is that the browser goes away
        self.exchange.join(client, entry.conversation, after, quietly=True)
        if self.exchange.leaving:
            poll.end(1012, "going")
        gone = asyncio.ensure_future(request.receive_event())
        new = asyncio.ensure_future(poll.new.wait())
        try:
            await asyncio.wait(
                {gone, new}, timeout=LONGEST_WAIT, return_when=asyncio.FIRST_COMPLETED
            )
            await asyncio.sleep(0)  # what comes at the same moment goes along
        finally:
            gone.cancel()
            new.cancel()
        poll.frames.append(welcome(entry))
