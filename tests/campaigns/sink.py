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
from typing import Any

DROP = "drop"
"""A script's answer that ends the connection without a word."""
Script = Callable[[str, str, int], str]
"""Stage (mail, rcpt, data, end), the address, how often it came before: the reply, or nothing."""


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

    def __enter__(self) -> Sink:
        sink = self

        class Session(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                sink.connections += 1
                sink.talk(self.rfile, self.wfile)

        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    def talk(self, read: Any, write: Any) -> None:
        """One connection."""
        write.write(b"220 sink.example\r\n")
        sender = address = ""
        while line := read.readline().decode("utf-8").rstrip("\r\n"):
            verb = line.upper()
            if verb.startswith("EHLO"):
                said = ["sink.example", *self.offers]
                write.write("".join(f"250-{one}\r\n" for one in said[:-1]).encode())
                write.write(f"250 {said[-1]}\r\n".encode())
                continue
            if verb == "QUIT":
                write.write(b"221 bye\r\n")
                return
            if verb == "DATA" and not address:
                write.write(b"503 5.5.1 nobody to send to\r\n")
                continue
            stage = verb.partition(" ")[0].lower()
            if stage == "mail":
                sender, address = line.partition("<")[2].partition(">")[0], ""
            elif stage == "rcpt":
                address = line.partition("<")[2].partition(">")[0]
            elif stage == "rset":
                sender = address = ""
            answer = self._answer(stage, address) if stage in ("mail", "rcpt", "data") else ""
            if answer == DROP:
                return
            if stage == "rcpt" and answer:
                refused, address = address, ""
                del refused
            if stage == "data" and not answer:
                write.write(b"354 go on\r\n")
                content = b""
                while (row := read.readline()) not in (b".\r\n", b""):
                    content += row[1:] if row.startswith(b"..") else row
                if not row:
                    return
                answer = self._answer("end", address)
                if answer != DROP and not answer.startswith(("4", "5")):
                    self._keep(address, content, sender)
                if answer.startswith("2") and answer.endswith(DROP):
                    return  # taken, and its 250 is lost
                if answer == DROP:
                    return
                address = ""
            write.write((answer or "250 2.0.0 fine").encode() + b"\r\n")

    def _answer(self, stage: str, address: str) -> str:
        if self.delay and stage == "end":
            time.sleep(self.delay)
        with self.arrived:
            times = self.seen[stage, address]
            self.seen[stage, address] += 1
        return self.script(stage, address, times)

    def _keep(self, address: str, content: bytes, sender: str) -> None:
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
