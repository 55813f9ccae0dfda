"""Running a live process: uvicorn, the bus, and an end that leaves nothing half done."""

from __future__ import annotations

import asyncio
import resource
import signal
import socket
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from types import FrameType
from typing import Any, Final

import uvicorn

from troth.kit.live.asgi import Application
from troth.kit.live.hearing import Hear, hear

PING_EVERY: Final = 20.0  # seconds
DEAF: Final = 30_000  # milliseconds for what was sent and is not acknowledged
SEND_BUFFER: Final = 128 * 1024  # bytes
QUEUE: Final = 2048  # connections that wait to be taken


def listening(host: str, port: int) -> socket.socket:
    """The socket that connections come to. One whose reader is gone, or does not read, is ended by
    the kernel (TCP_USER_TIMEOUT), which knows it better than we do.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    # What the kernel keeps for one that does not read; what we keep has its own bound.
    made.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
    if sys.platform == "linux":
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, DEAF)
    made.bind((host, port))
    made.listen(QUEUE)
    return made


def run(
    application: Application,
    *,
    host: str,
    port: int,
    start: Callable[[], None],
    going: Callable[[], None],
    stop: Callable[[], Awaitable[None]],
    told: Hear,
    missed: Callable[[], None],
    longest: int,
) -> None:
    """Serve until a signal comes. `start` and `stop` run in the event loop, before the first
    connection and after the last; `going` as soon as the signal is there; `told` and `missed` are
    for `hearing.hear`; no frame is longer than `longest` bytes.
    """
    _many_files()
    config = uvicorn.Config(
        _app(application),
        ws="websockets-sansio",
        ws_per_message_deflate=False,  # a window for each connection costs more than it saves
        ws_max_size=longest,
        ws_ping_interval=PING_EVERY,
        ws_ping_timeout=PING_EVERY,
        http="h11",
        lifespan="off",
        log_config=None,  # Django's, which prints no value
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=5,
        backlog=QUEUE,
    )
    server = _Server(config, going)

    def leave(_signal: int, _frame: FrameType | None) -> None:
        # Once it serves uvicorn takes the signal, and hands it on when it has ended: what is left
        # to do comes after that. Before, nobody else would hear it.
        if not server.started:
            raise SystemExit(0)

    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, leave)
    with listening(host, port) as there:
        asyncio.run(_serve(server, there, start, stop, told, missed))


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, going: Callable[[], None]) -> None:
        super().__init__(config)
        self._going = going

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        super().handle_exit(sig, frame)
        asyncio.get_running_loop().call_soon_threadsafe(self._going)


def _app(application: Application) -> Any:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await application(scope, receive, send)

    return app


async def _serve(
    server: uvicorn.Server,
    there: socket.socket,
    start: Callable[[], None],
    stop: Callable[[], Awaitable[None]],
    told: Hear,
    missed: Callable[[], None],
) -> None:
    start()
    hearing = asyncio.create_task(hear(told, missed))
    serving = asyncio.create_task(server.serve(sockets=[there]))
    try:
        await asyncio.wait({hearing, serving}, return_when=asyncio.FIRST_COMPLETED)
        if hearing.done():
            hearing.result()  # it ends by itself only where it may not begin
    finally:
        server.should_exit = True
        await asyncio.gather(serving, return_exceptions=True)
        await stop()
        hearing.cancel()
        with suppress(asyncio.CancelledError):
            await hearing


def _many_files() -> None:
    """A connection is a file; the usual limit is a thousand."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = most if most != resource.RLIM_INFINITY else 65_536
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(wanted, 65_536), most))
