"""A mail server that keeps what it is given."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from support.installations import free_port


@dataclass(frozen=True)
class Received:
    """One delivery: the envelope's addresses and the message itself."""

    sender: str
    recipients: list[str]
    message: EmailMessage
    raw: bytes = b""


@dataclass
class Mailbox:
    """Everything delivered so far, at `host`:`port`."""

    host: str
    port: int
    received: list[Received] = field(default_factory=list)
    arrived: threading.Condition = field(default_factory=threading.Condition)
    refused: set[str] = field(default_factory=set)
    """Addresses that this server knows nobody at."""

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refused:
            return "550 5.1.1 Nobody here by that name"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        message = message_from_bytes(envelope.original_content or b"", policy=policy.default)
        assert isinstance(message, EmailMessage)
        with self.arrived:
            sender, recipients = envelope.mail_from or "", [*envelope.rcpt_tos]
            raw = envelope.original_content or b""
            self.received.append(Received(sender, recipients, message, raw))
            self.arrived.notify_all()
        return "250 OK"

    def wait(self, count: int = 1, *, seconds: float = 60) -> list[Received]:
        """The first `count` deliveries, as soon as they are there."""
        with self.arrived:
            there = self.arrived.wait_for(lambda: len(self.received) >= count, seconds)
            assert there, f"{len(self.received)} of {count} messages arrived in {seconds} s"
            return self.received[:count]


@pytest.fixture
def smtp() -> Iterator[Mailbox]:
    """A mail server on a free port of loopback."""
    mailbox = Mailbox("127.0.0.1", free_port())
    controller = Controller(mailbox, hostname=mailbox.host, port=mailbox.port)
    controller.start()
    yield mailbox
    controller.stop()
