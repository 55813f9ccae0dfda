"""Chats over real sockets: 2,000 of them as people write, and as many messages as there can be."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from bench.chatting import Peer, Seen, saturated
from bench.figure import Figure
from bench.places import POSTGRES, ROOT, inside, installed, processor
from bench.serving import answers, end
from support.installations import Installation, free_port

CHATS, SECONDS, EVERY = 2_000, 60, 10
BUSY, BUSY_SECONDS, ROUNDS = 200, 15, 3
PUBLISHED: Final = 1_000.0  # messages a second that Channels' own documents and users report
PEER: Final = "TROTH_BENCH_CHANNELS"
"""Names a folder with a virtualenv ``peer`` that has channels, channels-redis and uvicorn, and with
``redis-server``: what the peer needs and this project does not."""


def measure(names: Sequence[str]) -> dict[str, Figure]:
    """`chat_2000` and `chat_saturation`."""
    figures: dict[str, Figure] = {}
    open_all = {"TROTH_LIVE_MESSAGES_PER_SECOND": "1000", "TROTH_LIVE_HELLOS_PER_MINUTE": "1000000"}
    settings = {"DJANGO_SETTINGS_MODULE": "troth.hub.settings", **open_all}
    with installed(POSTGRES, **settings) as installation:
        chats = prepared(installation, CHATS)
        if "chat_2000" in names:
            figures["chat_2000"] = _paced(installation, chats)
        if "chat_saturation" in names:
            figures["chat_saturation"] = _saturated(installation, chats)
    return {name: figures[name] for name in names}


def prepared(installation: Installation, count: int) -> Path:
    """A file of so many open chats."""
    path = installation.home / "chats.json"
    path.write_text(json.dumps(inside(installation, "chats", str(count))), "utf-8")
    return path


@contextmanager
def live(installation: Installation) -> Iterator[tuple[int, int]]:
    """A live process of the installation: its port and its process id."""
    port, log = free_port(), installation.home / "live.log"
    command = [sys.executable, "-m", "troth.hub.live", "127.0.0.1", str(port)]
    with log.open("ab") as file:
        process = subprocess.Popen(command, env=installation.variables(), stdout=file, stderr=file)
    try:
        answers(f"http://127.0.0.1:{port}/", process, log)
        yield port, process.pid
    finally:
        end(process)


def load(
    installation: Installation, manner: str, chats: Path, port: int, pid: int, seconds: float
) -> dict[str, Any]:
    """What a load in a process of its own found."""
    given = (manner, str(chats), str(port), str(pid), str(seconds))
    return inside(installation, "chat_load", *given)


def _paced(installation: Installation, chats: Path) -> Figure:
    with live(installation) as (port, pid):
        found = load(installation, "paced", chats, port, pid, SECONDS)
    assert found["arrived"] == found["sent"] == found["answered"], found
    return Figure(
        round(found["median"] * 1000, 2),
        "ms",
        "none",
        None,
        f"{CHATS:,} open chats, each with a message every {EVERY} s, of either side in turn, for "
        f"{SECONDS} s: the median from sending to the other socket; 99th percentile "
        f"{found['p99'] * 1000:.1f} ms, worst {found['worst'] * 1000:.0f} ms, to the "
        f"acknowledgement {found['ack_median'] * 1000:.1f} ms. {found['sent']:,} messages, each "
        "sealed, on the ledger and committed with fsync on PostgreSQL before either, and handed on "
        f"under a recorded use. {found['memory'] / 1024:.0f} KiB of the live process for each "
        f"connection, {found['cpu'] / SECONDS:.0%} of a core. The load runs on the same cores. "
        f"{processor()}.",
    )


def _saturated(installation: Installation, chats: Path) -> Figure:
    some = installation.home / "some.json"
    some.write_text(json.dumps(json.loads(chats.read_text("utf-8"))[:BUSY]), "utf-8")
    ours, echo, channels = list[float](), list[float](), list[float]()
    for _ in range(ROUNDS):
        with live(installation) as (port, pid):
            found = load(installation, "saturated", some, port, pid, BUSY_SECONDS)
        ours.append(found["rate"])
        echo.append(_peer("bench.plain.echo:application", sys.executable, {}, echo=True))
        if folder := os.environ.get(PEER):
            channels.append(_channels(Path(folder)))
    ours.sort()
    middle, bare = ours[ROUNDS // 2], sorted(echo)[ROUNDS // 2]
    peer = sorted(channels)[len(channels) // 2] if channels else PUBLISHED
    said = "measured beside" if channels else "about what is reported of it, not measured here"
    return Figure(
        round(middle, 1),
        "messages/s",
        f"the same chat on Channels with its Redis layer, which stores nothing ({peer:,.0f}/s, "
        f"{said})",
        round(middle / peer, 2),
        f"{BUSY} chats whose visitors write the next message as soon as the last was "
        f"acknowledged, to the other socket, for {BUSY_SECONDS} s; durable on PostgreSQL. The last "
        f"round: median {found['median'] * 1000:.0f} ms. A bare ASGI echo under the same server "
        f"takes {bare:,.0f} a second ({bare / middle:.1f}x): no other socket, nothing stored, no "
        f"gate. {processor()}.",
    )


def _peer(
    application: str, python: str, environment: dict[str, str], *, echo: bool = False
) -> float:
    port, log = free_port(), Path(os.devnull)
    command = [python, "-m", "uvicorn", application, "--port", str(port), "--log-level", "error"]
    command += ["--ws", "websockets-sansio", "--ws-per-message-deflate", "false"]
    command += ["--lifespan", "off"]
    with log.open("wb") as file:
        process = subprocess.Popen(
            command,
            env=os.environ | {"PYTHONPATH": str(ROOT)} | environment,
            stdout=file,
            stderr=file,
        )
    try:
        answers(f"http://127.0.0.1:{port}/", process, log)
        return asyncio.run(_load_peer(port, echo=echo))
    finally:
        end(process)


async def _load_peer(port: int, *, echo: bool) -> float:
    seen = Seen()
    peer = Peer(port, BUSY, seen, echo=echo)
    await peer.connect()
    await saturated(peer, BUSY_SECONDS)
    return seen.summary(BUSY_SECONDS)["rate"]


def _channels(folder: Path) -> float:
    port = free_port()
    programs = next(folder.rglob("bin/redis-server"))
    libraries = str(next(folder.rglob("liblzf.so.1"), folder).parent)
    redis = subprocess.Popen(
        [programs, "--port", str(port), "--save", "", "--appendonly", "no"],
        env=os.environ | {"LD_LIBRARY_PATH": libraries},
        stdout=subprocess.DEVNULL,
    )
    try:
        _listens(port)
        return _peer(
            "bench.plain.channels_chat:application",
            str(folder / "peer" / "bin" / "python"),
            {"REDIS_PORT": str(port)},
        )
    finally:
        end(redis)


def _listens(port: int) -> None:
    deadline = time.monotonic() + 10
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if time.monotonic() > deadline:
                raise SystemExit("redis-server does not answer.") from None
            time.sleep(0.05)
        else:
            return
