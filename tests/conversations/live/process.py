"""A live process of a test's own, and what speaks to it: real sockets on loopback."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self
from uuid import uuid4

from django.conf import settings
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from support.installations import free_port
from troth.channels.accounts import sign_ins
from troth.channels.accounts.devices import Device
from troth.channels.conversations.live import tickets
from troth.channels.conversations.models import Conversation
from troth.core.actors import Actor
from troth.core.staff.models import Membership

PATIENCE = 20
Frame = dict[str, Any]


@dataclass
class Live:
    """A live process on databases of the test, which can be ended and begun again."""

    urls: tuple[str, str]
    options: dict[str, str]
    home: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    def begin(self) -> Self:
        """Start it, unless it runs."""
        if self.process is not None and self.process.poll() is None:
            return self
        environment = os.environ | {
            "TROTH_HOME": str(self.home),
            "DATABASE_URL": self.urls[0],
            "KEYRING_URL": self.urls[1],
            "TROTH_SECRET_KEY": settings.SECRET_KEY,
            **self.options,
        }
        command = [sys.executable, "-m", "troth.hub.live", "127.0.0.1", str(self.port)]
        self.process = subprocess.Popen(command, env=environment)
        deadline = time.monotonic() + PATIENCE
        while not self._answers():
            assert self.process.poll() is None, "the live process ended"
            assert time.monotonic() < deadline, "the live process does not answer"
            time.sleep(0.02)
        return self

    def _answers(self) -> bool:
        try:
            urllib.request.urlopen(f"{self.http}/", timeout=5).close()
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False
        return True

    def end(self, *, kill: bool = False) -> None:
        if self.process is not None:
            self.process.kill() if kill else self.process.terminate()
            self.process.wait(PATIENCE)

    @property
    def http(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}"

    # Who speaks to it

    def socket(self, path: str = "/live/chat", origin: str = "", *, small: bool = False) -> Talk:
        """A WebSocket; a small one keeps little of what nobody takes."""
        there = socket.socket()
        if small:
            there.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        try:
            there.connect(("127.0.0.1", self.port))
        except OSError:
            there.close()
            raise
        there.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return Talk(
            connect(
                f"{self.url}{path}",
                sock=there,
                origin=Origin(origin),
                compression=None,
                max_size=None,
                max_queue=1 if small else 16,
            )
        )

    def visitor(
        self, chat: tuple[Conversation, str], *, after: int = 0, small: bool = False
    ) -> Talk:
        """A visitor's browser that has opened its chat."""
        talk = self.socket(small=small)
        talk.send(t="hello", ref=chat[0].ref, secret=chat[1], after=after)
        talk.last = after
        talk.welcome = talk.until("welcome")
        return talk

    def member(self, member: Membership, *join: Conversation, after: int = 0) -> Talk:
        """A member's browser, with conversations joined."""
        origin = "http://comm100.localhost"
        talk = self.socket("/live/desk", origin)
        talk.send(t="hello", ticket=tickets.issue(member, origin, signed_in(member)))
        talk.until("welcome")
        for one in join:
            talk.send(t="join", conversation=str(one.pk), after=after)
        talk.last = after
        return talk

    def call(
        self, path: str, chat: tuple[Conversation, str], frames: Any = None, *, timeout: float = 30
    ) -> tuple[int, list[Frame]]:
        """The same over HTTP: status and frames."""
        request = urllib.request.Request(
            f"{self.http}/live/chat/{path}",
            data=None if frames is None else json.dumps(frames).encode(),
            headers={"X-Chat-Ref": chat[0].ref, "X-Chat-Secret": chat[1]},
        )
        try:
            with urllib.request.urlopen(request, timeout=timeout) as answer:
                return answer.status, json.load(answer)["frames"]
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.load(error)["frames"]


class Talk:
    """One socket: sends frames, and keeps what came by what it is."""

    def __init__(self, connecting: connect) -> None:
        self._connecting = connecting
        self.connection: ClientConnection = connecting.__enter__()
        self.got: list[Frame] = []
        self.items: dict[int, Frame] = {}
        self.last = 0
        self.welcome: Frame = {}
        self.joins_again = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connecting.__exit__(None, None, None)

    def send(self, **frame: Any) -> None:
        self.connection.send(json.dumps(frame))

    def say(self, text: str, **more: Any) -> str:
        """Send a message; its id."""
        made = more.pop("id", None) or str(uuid4())
        self.send(t="send", id=made, text=text, **more)
        return made

    def next(self, timeout: float = 10) -> Frame:
        frame: Frame = json.loads(self.connection.recv(timeout))
        self.got.append(frame)
        if "after" in frame and "seq" in frame:
            assert frame["after"] <= self.last, f"a gap: {frame} after {self.last}"
            assert frame["after"] == self.last or self.joins_again, f"twice: {frame}"
            for item in frame.get("items", [frame]):
                assert item["seq"] > frame["after"], f"out of order: {frame}"
                if item["seq"] > self.last:  # what is not is old news, after a second join
                    self.items[item["seq"]] = item
            self.last = max(self.last, frame["seq"])
        return frame

    def until(self, frame_kind: str, timeout: float = 10, **wanted: Any) -> Frame:
        """The next frame of this kind with these values; others are kept."""
        deadline = time.monotonic() + timeout
        while True:
            frame = self.next(max(0.01, deadline - time.monotonic()))
            same = all(frame.get(key) == value for key, value in wanted.items())
            if frame["t"] == frame_kind and same:
                return frame

    def hear(self, count: int = 1) -> list[str | None]:
        """The texts of the next `count` messages of others, in order."""
        texts: list[str | None] = []
        while len(texts) < count:
            texts += [item.get("text") for item in self.until("messages")["items"]]
        return texts

    def closed(self) -> int:
        """Take whatever comes until the other side closes; the code it gave."""
        try:
            while True:
                self.got.append(json.loads(self.connection.recv(10)))
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else 1006


def signed_in(member: Membership) -> str:
    """A log-in of the member, as a browser's session has one."""
    begun = sign_ins.begin(
        member.user, Device("Firefox", "127.0.0.0/16"), actor=Actor.system("cli"), session_key=""
    )
    return str(begun.pk)


@contextmanager
def at_home(folder: Path) -> Iterator[None]:
    """Work in that home: beside SQLite, what happens is told to the live process through it."""
    before = settings.HOME
    settings.HOME = replace(before, folder=folder)
    try:
        yield
    finally:
        settings.HOME = before


@contextmanager
def served(urls: tuple[str, str], home: Path, **options: str) -> Iterator[Live]:
    """A live process until the block ends."""
    live = Live(urls, options, home)
    try:
        yield live.begin()
    finally:
        live.end()
