"""Any mail as something to read: who wrote what to whom, and the files that came with it.

`read` never raises for what a mail holds. What it cannot make sense of is named in `faults`, and
the caller keeps the mail as it came.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from typing import Final

from troth.kit.inbound import headers
from troth.kit.inbound.bodies import File, Found, bodies
from troth.kit.inbound.charsets import decoded, shown
from troth.kit.inbound.machines import Automatic, automatic

HEAD: Final = 512 * 1024  # bytes of headers that are looked at
_after_blank: Final = re.compile(rb"\A.*?\r?\n\r?\n", re.DOTALL)
FIELD: Final = 32 * 1024  # bytes of one of them


@dataclass(frozen=True)
class Letter:
    """A mail, read. `html` is cleaned, and empty where the text says as much."""

    sender: str = ""
    sender_name: str = ""
    authors: int = 0
    """How many addresses From names. Of more than one, none is who wrote it."""
    to: tuple[str, ...] = ()
    subject: str = ""
    identity: str = ""
    """Its Message-ID, without brackets."""
    references: tuple[str, ...] = ()
    """What it answers, the nearest first."""
    dated: datetime | None = None
    text: str = ""
    html: str = ""
    files: tuple[File, ...] = ()
    automatic: Automatic = field(default_factory=Automatic)
    faults: tuple[str, ...] = ()
    """What was wrong with it, by keys such as ``headers-cut``; ``unreadable``: all of it."""
    source: Message = field(default_factory=Message, repr=False, compare=False)


def read(content: bytes, *, envelope: str | None = None) -> Letter:
    """`envelope` is the sender of the envelope; "" says that a machine reports, None: not known."""
    try:
        trimmed, faults = _trimmed(content)
        message = BytesParser(policy=compat32).parsebytes(trimmed)
        return _read(message, bodies(message), faults, envelope)
    except (Exception, RecursionError):  # noqa: BLE001 - whatever mail does to a parser, it is mail
        return _unreadable(content, envelope)


def _unreadable(content: bytes, envelope: str | None) -> Letter:
    """Its headers, and the first of it as text: somebody sees who wrote, and what about."""
    text = shown(decoded(content[:20_000], None))
    found = Found(text, "", (), ())
    try:
        head, _ = _trimmed(content[:HEAD])
        message = BytesParser(policy=compat32).parsebytes(head, headersonly=True)
        return _read(message, found, ("unreadable",), envelope)
    except (Exception, RecursionError):  # noqa: BLE001 - not even the headers
        return Letter(text=text, faults=("unreadable",))


def _read(message: Message, found: Found, faults: tuple[str, ...], envelope: str | None) -> Letter:
    sender_name, sender = _from(message)
    return Letter(
        authors=sum(len(headers.addresses(one)) for one in headers.every(message, "From")),
        sender=sender,
        sender_name=sender_name[:200],
        to=tuple(
            address
            for name in ("To", "Cc", "Delivered-To", "X-Original-To")
            for value in headers.every(message, name)
            for _, address in headers.addresses(value)
        )[:200],
        subject=headers.words(headers.raw(message, "Subject"))[:500],
        identity=next(iter(headers.identities(headers.raw(message, "Message-ID"))), ""),
        references=_references(message),
        dated=headers.moment(headers.raw(message, "Date")),
        text=found.text,
        html=found.html,
        files=found.files,
        automatic=automatic(message, envelope=envelope, sender=sender),
        faults=(*faults, *found.faults),
        source=message,
    )


def _from(message: Message) -> tuple[str, str]:
    """The one who wrote: From; Reply-To is where an answer goes, and no proof of who it is."""
    for name in ("From", "Sender"):
        for value in headers.every(message, name):
            found = headers.addresses(value)
            if found:
                return found[0]
    return "", ""


def _references(message: Message) -> tuple[str, ...]:
    named = headers.identities(headers.raw(message, "In-Reply-To"))
    chain = headers.identities(headers.raw(message, "References"))
    return tuple(dict.fromkeys([*named, *reversed(chain)]))[:30]


def _trimmed(content: bytes) -> tuple[bytes, tuple[str, ...]]:
    """The mail with its headers cut to a size that parsers take in their stride."""
    head = re.match(rb"(?:[^\r\n]*\r?\n)*?\r?\n", content[: HEAD + 2])
    if head is None and len(content) <= HEAD:
        return content, ()
    end = head.end() if head else HEAD
    fields = re.split(rb"\r?\n(?![ \t])", content[:end].rstrip(b"\r\n"))
    long = [one for one in fields if len(one) > FIELD]
    if head and not long and len(fields) <= headers.FIELDS:
        return content, ()
    kept = [one[:FIELD].rpartition(b"\n")[0] or one[:FIELD] for one in fields[: headers.FIELDS]]
    rest = (
        content[end:] if head else re.sub(rb"\A.*?\r?\n\r?\n", b"", content[HEAD:], flags=re.DOTALL)
    )
    return b"\r\n".join(kept) + b"\r\n\r\n" + rest, ("headers-cut",)
