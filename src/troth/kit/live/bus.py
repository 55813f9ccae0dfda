"""The bus: what happened, told to the live processes by ids alone.

A message on it says that there is something new and where; whoever may see it fetches it. So
nothing that travels here, or is lost here, is a value: a live process that missed a message finds
what is new by looking (`catching.py`), later.

On PostgreSQL it is LISTEN and NOTIFY, beside SQLite a datagram to a socket in the home folder.
Telling comes after the commit: a NOTIFY inside a transaction holds a lock of the whole server until
the disk has answered, so that commits would queue up behind each other.
"""

from __future__ import annotations

import json
import os
import secrets
import socket
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any, Final

from django.conf import settings
from django.db import connection, transaction

CHANNEL: Final = "troth_live"
SOCKET: Final = "live.sock"
LONGEST: Final = 7_900  # bytes; PostgreSQL takes under 8,000 in one NOTIFY
HEARD_WITHIN: Final = 30.0  # seconds; live processes say three times as often that they are there
PATIENCE: Final = 0.05  # seconds for a live process whose queue is full

Told = tuple[str, dict[str, Any]]
_here: Final = [secrets.token_hex(4)]
_hear: Final[list[Callable[[Sequence[Told]], None]]] = []
_heard_at: Final[dict[str, float]] = {}
_live: Final[list[bool]] = []


def here() -> str:
    """Whose messages these are: a process knows its own."""
    return _here[0]


def _another() -> None:
    _here[0] = secrets.token_hex(4)


# Forked from what has loaded this already, all processes would take the others' for their own.
os.register_at_fork(after_in_child=_another)


def publish(topic: str, message: Mapping[str, Any]) -> None:
    """Tell, once the transaction is committed, all who listen to `topic` (``desk:<uuid>``).

    `message` has a ``kind``, ids and numbers, and never a value.
    """
    publish_many([(topic, message)])


def publish_many(told: Iterable[tuple[str, Mapping[str, Any]]]) -> None:
    """As `publish`, of many in one go."""
    all_of_it = [(topic, dict(message)) for topic, message in told]
    if all_of_it:
        # A message lost is found by looking; what was committed must not fail for it.
        transaction.on_commit(partial(_tell, all_of_it), robust=True)


def hear_here(hear: Callable[[Sequence[Told]], None]) -> None:
    """Have `hear` called with what this very process publishes, without the way round."""
    _hear.append(hear)


def listen_here() -> None:
    """This is a live process: it need not tell what nobody else would hear."""
    _live.append(True)


def heard(process: str) -> bool:
    """Note that another live process is there; whether it is a new one."""
    new = process not in _heard_at
    _heard_at[process] = monotonic()
    return new


def alone() -> bool:
    """Whether no other live process said within half a minute that it is there."""
    since = monotonic() - HEARD_WITHIN
    return bool(_live) and not any(at > since for at in tuple(_heard_at.values()))


def _tell(told: Sequence[Told]) -> None:
    for hear in _hear:
        hear(told)
    if alone():
        return
    payloads = list(packed(told))
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_notify(%s, payload) FROM unnest(%s::text[]) payload",
                [CHANNEL, payloads],
            )
    else:
        _to_socket(payloads)


def packed(told: Iterable[Told]) -> Iterator[str]:
    """The messages as JSON texts of bounded length: ``[process, [topic, message], …]``."""
    parts, size = [json.dumps(here())], 12
    for one in told:
        part = json.dumps(one, separators=(",", ":"), default=str)
        if len(parts) > 1 and size + len(part) + 1 > LONGEST:
            yield f"[{','.join(parts)}]"
            parts, size = parts[:1], 12
        parts.append(part)
        size += len(part) + 1
    yield f"[{','.join(parts)}]"


def unpacked(payload: str) -> tuple[str, list[Told]]:
    """Which process told, and what."""
    process, *told = json.loads(payload)
    return process, [(topic, message) for topic, message in told]


def _to_socket(payloads: Iterable[str]) -> None:
    # Nobody listens where no live process runs.
    with (
        suppress(FileNotFoundError, ConnectionRefusedError, TimeoutError, BlockingIOError),
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sending,
        reachable(settings.HOME.folder / SOCKET) as address,
    ):
        sending.settimeout(PATIENCE)
        sending.connect(address)
        for payload in payloads:
            sending.send(payload.encode())


@contextmanager
def reachable(path: Path) -> Iterator[str]:
    """An address for the socket at `path`. The name of one has at most 108 bytes on Linux, which a
    folder deep down exceeds; there it is named by its folder's descriptor.
    """
    if len(os.fsencode(path)) < 100:  # noqa: PLR2004 - explained above
        yield str(path)
        return
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)
