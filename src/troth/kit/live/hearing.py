"""Hearing the bus in a live process: LISTEN on PostgreSQL, a socket in the home beside SQLite."""

from __future__ import annotations

import asyncio
import fcntl
import logging
import os
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, Final

import psycopg
from django.conf import settings
from django.db import connection

from troth.core.errors import Denied
from troth.kit.live import bus

AGAIN_AFTER: Final = 0.5  # seconds
SAY_EVERY: Final = 10.0
NAME: Final = "troth live bus"  # as PostgreSQL shows the connection
logger = logging.getLogger(__name__)

Hear = Callable[[Sequence[bus.Told]], None]


class AloneDenied(Denied):
    """Another live process has this installation's socket."""


async def hear(told: Hear, missed: Callable[[], None]) -> None:
    """Call `told` with what other processes publish, and `missed` whenever some of it may have
    been missed: at the beginning, and after each interruption. Runs until it is cancelled.
    """
    bus.listen_here()
    if connection.vendor == "postgresql":
        await _from_postgres(told, missed)
    else:
        await _from_socket(told, missed)


async def _from_postgres(told: Hear, missed: Callable[[], None]) -> None:
    failed = False
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(
                **_address(), application_name=NAME, autocommit=True
            ) as listening:
                await listening.execute(f"LISTEN {bus.CHANNEL}".encode())
                failed = False
                while True:
                    missed()
                    await _say(listening)
                    while not await _heard(listening, told):
                        await _say(listening)
        except psycopg.OperationalError:
            if not failed:  # told once, and again after it worked
                logger.warning("The live process does not hear the bus; it tries again.")
            failed = True
        await asyncio.sleep(AGAIN_AFTER)


async def _heard(listening: psycopg.AsyncConnection[Any], told: Hear) -> bool:
    """Pass on what comes for a while; true as soon as another live process is new here, which has
    to hear of this one.
    """
    async for note in listening.notifies(timeout=SAY_EVERY):
        if _take(note.payload, told):
            return True
    return False


async def _say(listening: psycopg.AsyncConnection[Any]) -> None:
    """Say that this process is there."""
    await listening.execute("SELECT pg_notify(%s, %s)", [bus.CHANNEL, next(bus.packed([]))])


def _address() -> dict[str, Any]:
    parameters: dict[str, Any] = connection.get_connection_params()
    names = ("dbname", "user", "password", "host", "port", "sslmode", "sslrootcert")
    return {name: parameters[name] for name in names if name in parameters}


async def _from_socket(told: Hear, missed: Callable[[], None]) -> None:
    with owned() as receiving:
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(lambda: _Taker(told), sock=receiving)
        missed()
        try:
            await asyncio.Event().wait()
        finally:
            transport.close()


class _Taker(asyncio.DatagramProtocol):
    def __init__(self, told: Hear) -> None:
        self._told = told

    def datagram_received(self, data: bytes, _: Any) -> None:
        _take(data.decode(), self._told)


def _take(payload: str, told: Hear) -> bool:
    """Pass on what another process told; whether it is a live process not heard of before."""
    try:
        process, messages = bus.unpacked(payload)
    except ValueError:  # not ours; the channel has a name that anybody may use
        return False
    if process == bus.here():
        return False
    if not messages:
        return bus.heard(process)
    told(messages)
    return False


class owned:  # noqa: N801 - a context manager
    """The datagram socket in the home folder, for one process alone. Raises `AloneDenied`."""

    def __enter__(self) -> socket.socket:
        path = settings.HOME.folder / bus.SOCKET
        self._lock = os.open(path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._lock)
            raise AloneDenied(
                "Another live process serves this installation.",
                why="Beside SQLite there is one; with PostgreSQL there may be several.",
                do="End the other one first.",
            ) from None
        with suppress(FileNotFoundError):
            path.unlink()  # left by one that was killed: the lock says that it is gone
        receiving = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        receiving.setblocking(False)
        with bus.reachable(path) as address:
            receiving.bind(address)
        return receiving

    def __exit__(self, *_: object) -> None:
        os.close(self._lock)
