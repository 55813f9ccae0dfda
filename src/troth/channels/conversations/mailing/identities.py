"""Message-IDs: recognised by keyed digests, so that the tables name nobody's mail server."""

from __future__ import annotations

import hmac
import os
from hashlib import sha256
from typing import Final
from uuid import UUID

from troth.core.organisations.scope import current_organisation_id
from troth.kit.inbound import headers
from troth.kit.inbound.letter import Letter
from troth.kit.keys import kept

_KIND: Final = "mailid"
LENGTH: Final = 20
"""Digits of a token: a local part has room for two and the mailbox (RFC 5321 section 4.5.3.1.1)."""


def _new() -> bytes:
    return os.urandom(32)


def _mark(what: bytes, text: bytes) -> bytes:
    key = kept(_KIND, current_organisation_id(), _new)
    return hmac.digest(key, what + b"\0" + text, sha256)


def digest(identity: str) -> bytes:
    """The digest of a Message-ID, with or without its brackets."""
    return _mark(b"id", identity.strip("<>").encode("utf-8", "surrogatepass"))


def token(message: UUID) -> str:
    """The local part of the Message-ID of a message of ours: always the same, and meaningless."""
    return _mark(b"out", message.bytes).hex()[:LENGTH]


def return_token(message: UUID) -> str:
    """What stands in the return path of a message and nowhere else: who reports with it has had
    the envelope, not a copy that was forwarded.
    """
    return _mark(b"return", message.bytes).hex()[:LENGTH]


def of_bytes(content: bytes) -> bytes:
    """What tells a mail that nothing can be read of."""
    return _mark(b"raw", sha256(content).digest())


def of_mail(letter: Letter, content: bytes) -> bytes:
    """What tells a mail that came twice, by whatever way: its words, not the trace of its way."""
    named = [headers.raw(letter.source, name) for name in ("From", "Date", "Message-ID", "Subject")]
    cut = min(
        (at for at in (content.find(b"\r\n\r\n"), content.find(b"\n\n")) if at >= 0), default=0
    )
    body = sha256(content[cut:].replace(b"\r\n", b"\n").strip()).digest()
    head = "\0".join(named).encode("utf-8", "surrogatepass")
    return _mark(b"mail", head + b"\0" + body)
