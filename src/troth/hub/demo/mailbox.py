"""The outside world's mailbox: it takes all outgoing mail of a demo and keeps it as Maildir.

It stands for the inboxes of customers. What is in it has left the company, so nothing here is
sealed, and no clause of the policy speaks of it.
"""

from __future__ import annotations

import mailbox as stdlib_mailbox
import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Final

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from troth.hub.home import Home

LARGEST: Final = 25 * 1024 * 1024
KEY: Final = re.compile(r"[0-9A-Za-z._=,+-]{1,200}")


class _Keep:
    """Takes every message for every address."""

    def __init__(self, folder: Path) -> None:
        self.box = stdlib_mailbox.Maildir(folder, create=True)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        to = ", ".join(envelope.rcpt_tos)
        head = f"Return-Path: <{envelope.mail_from}>\r\nDelivered-To: {to}\r\n".encode()
        self.box.add(head + (envelope.original_content or b""))
        return "250 2.0.0 Kept in the demo's mailbox"


def server(home: Home, port: int) -> Controller:
    """A running mail server on loopback; `stop()` it at the end. OSError if `port` is taken."""
    controller = Controller(
        _Keep(home.mailbox), hostname="127.0.0.1", port=port, data_size_limit=LARGEST
    )
    controller.start()
    return controller


def messages(home: Home) -> list[tuple[str, EmailMessage]]:
    """Key and message of everything kept, the newest first."""
    if not home.mailbox.exists():
        return []
    box = stdlib_mailbox.Maildir(home.mailbox, create=False)
    found = [(key, _parsed(box.get_bytes(key))) for key in box.keys()]  # noqa: SIM118 - not a dict
    return sorted(found, key=lambda pair: pair[0], reverse=True)


def source(home: Home, key: str) -> bytes | None:
    """One message as it arrived, or None."""
    if not home.mailbox.exists() or not KEY.fullmatch(key):
        return None
    try:
        return stdlib_mailbox.Maildir(home.mailbox, create=False).get_bytes(key)
    except KeyError:
        return None


def message(home: Home, key: str) -> EmailMessage | None:
    """One message, parsed, or None."""
    found = source(home, key)
    return None if found is None else _parsed(found)


def _parsed(content: bytes) -> EmailMessage:
    found = message_from_bytes(content, policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found
