"""Mail in over SMTP, mail out to a server that keeps it."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from conversations.company import Company
from support.installations import free_port
from support.mail import Mailbox, Received
from troth.channels.conversations.mailing import desks, post
from troth.hub.home import Home
from troth.kit.inbound import spool
from troth.kit.inbound.server import LARGEST, Door, Receiver
from troth.kit.mail.transport import transport


@dataclass
class Mails:
    """What the world sends to the desk, and what the desk sends to the world."""

    port: int
    out: Mailbox
    read: int = field(default=0)

    def deliver(
        self,
        content: EmailMessage | bytes,
        *,
        sender: str = "mary@example.com",
        to: str = "",
        deal: bool = True,
    ) -> None:
        """Hand a mail in by SMTP, and have what was kept dealt with."""
        raw = content if isinstance(content, bytes) else content.as_bytes(policy=SMTP)
        with smtplib.SMTP("127.0.0.1", self.port) as client:
            client.sendmail(sender, [to or desks.address()], raw)
        if deal:
            self.deal()

    def deal(self) -> None:
        for path in spool.waiting():
            assert spool.deal(path, {}), "a mail could not be dealt with"

    def carry(self) -> list[Received]:
        """Send what is due; what the world got since the last time."""
        while post.carry():
            pass
        found = self.out.received[self.read :]
        self.read += len(found)
        return found


def letter(
    text: str = "It prints nothing.",
    *,
    sender: str = "Mary Smith <mary@example.com>",
    subject: str = "Printer",
    identity: str = "",
    **headers: str,
) -> EmailMessage:
    """A mail as somebody's mailer writes it."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, "support@comm100.example", subject
    made["Date"] = "Mon, 5 Jan 2026 10:00:00 +0000"
    made["Message-ID"] = identity or f"<{abs(hash((text, sender, subject)))}@mailer.example>"
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return made


@pytest.fixture
def mails(
    company: Company, smtp: Mailbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Mails]:
    monkeypatch.setattr(settings, "HOME", Home(tmp_path / "home"))
    monkeypatch.setattr(settings, "EMAIL_HOST", smtp.host)
    monkeypatch.setattr(settings, "EMAIL_PORT", smtp.port)
    transport.cache_clear()
    desks.forget()
    controller = Door(Receiver(), hostname="127.0.0.1", port=free_port(), data_size_limit=LARGEST)
    controller.start()
    yield Mails(controller.port, smtp)
    controller.stop()
    transport.cache_clear()


@pytest.fixture
def read() -> Any:
    from troth.channels.conversations import reading  # noqa: PLC0415 - needs the apps

    return reading.messages
