"""A mail server that does what its script says: to be refused, kept waiting and dropped by."""

from __future__ import annotations

import socketserver
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, Self

DROP = "drop"
"""A script's answer that ends the connection without a word; ``250 drop`` takes the message and
loses its 250 on the way."""
Script = Callable[[str, str, int], str]
"""Stage (mail, rcpt, data, end), the address, how often it came before: the reply, or nothing."""


class Dropped(Exception):
    pass


@dataclass
class Sink:
    """Listens at `port`; keeps what it took as (recipient, bytes, return path)."""

    script: Script = lambda _stage, _address, _times: ""
    offers: tuple[str, ...] = ("PIPELINING", "8BITMIME", "SMTPUTF8", "SIZE 10000000")
    delay: float = 0
    taken: list[tuple[str, bytes, str]] = field(default_factory=list)
    seen: Counter[tuple[str, str]] = field(default_factory=Counter)
    arrived: threading.Condition = field(default_factory=threading.Condition)
    connections: int = 0

    def __enter__(self) -> Self:
        sink = self

        class Connection(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                sink.connections += 1
                try:
                    Session(sink, self.rfile, self.wfile).talk()
                except (Dropped, OSError):
                    return

        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Connection)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    def answer(self, stage: str, address: str) -> str:
        if self.delay and stage == "end":
            time.sleep(self.delay)
        with self.arrived:
            times = self.seen[stage, address]
            self.seen[stage, address] += 1
        return self.script(stage, address, times)

    def keep(self, address: str, content: bytes, sender: str) -> None:
        with self.arrived:
            self.taken.append((address, content, sender))
            self.arrived.notify_all()

    def wait(self, count: int, seconds: float = 30) -> None:
        with self.arrived:
            there = self.arrived.wait_for(lambda: len(self.taken) >= count, seconds)
            assert there, f"{len(self.taken)} of {count} arrived"

    def counts(self) -> Counter[str]:
        """How many copies each address got."""
        return Counter(address for address, _, _ in self.taken)

    def message(self, address: str) -> EmailMessage:
        """The first message for an address."""
        raw = next(content for to, content, _ in self.taken if to == address)
        found = message_from_bytes(raw, policy=policy.default)
        assert isinstance(found, EmailMessage)
        return found


@dataclass
class Session:
    """One connection."""

    sink: Sink
    read: Any
    write: Any
    sender: str = ""
    address: str = ""

    def talk(self) -> None:
        self.say("220 sink.example")
        while line := self.read.readline().decode("utf-8").rstrip("\r\n"):
            verb = line.partition(" ")[0].lower()
            act = getattr(self, f"on_{verb}", None)
            self.say("250 fine" if act is None else act(line))

    def say(self, text: str) -> None:
        self.write.write(text.encode() + b"\r\n")

    def on_ehlo(self, _line: str) -> str:
        said = ["sink.example", *self.sink.offers]
        for one in said[:-1]:
            self.say(f"250-{one}")
        return f"250 {said[-1]}"

    def on_quit(self, _line: str) -> str:
        self.say("221 bye")
        raise Dropped

    def on_mail(self, line: str) -> str:
        self.sender, self.address = line.partition("<")[2].partition(">")[0], ""
        return self.scripted("mail", self.sender)

    def on_rcpt(self, line: str) -> str:
        address = line.partition("<")[2].partition(">")[0]
        answer = self.scripted("rcpt", address)
        self.address = address if answer.startswith("2") else ""
        return answer

    def on_data(self, _line: str) -> str:
        if not self.address:
            return "503 5.5.1 nobody to send to"
        if not (answer := self.scripted("data", self.address)).startswith("2"):
            return answer
        self.say("354 go on")
        content = b""
        while (row := self.read.readline()) != b".\r\n":
            if not row:
                raise Dropped
            content += row[1:] if row.startswith(b"..") else row
        answer = self.sink.answer("end", self.address) or "250 2.0.0 fine"
        if answer.startswith("2"):
            self.sink.keep(self.address, content, self.sender)
        if answer.endswith(DROP):
            raise Dropped
        return answer

    def scripted(self, stage: str, address: str) -> str:
        answer = self.sink.answer(stage, address) or "250 2.0.0 fine"
        if answer == DROP:
            raise Dropped
        return answer
