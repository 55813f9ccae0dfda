"""Reports that mail servers send: what became of a message (RFC 3464) and complaints (RFC 5965)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage, Message
from typing import Final

_STATUS: Final = re.compile(r"([245])\.(\d{1,3})\.(\d{1,3})")
# What is wrong with the address itself, not with the message or the moment (RFC 3463).
_GONE: Final = re.compile(r"5\.(1\.\d+|0\.0|2\.1|4\.4)")


@dataclass(frozen=True, slots=True)
class Bounce:
    """What became of a message. `hard`: it did not arrive; `gone`: the address is none any more;
    `delayed`: its server tries on, so nothing has come back yet.
    """

    status: str
    hard: bool
    gone: bool
    delayed: bool = False


def bounce(message: EmailMessage) -> Bounce | None:
    """The report in a mail, or None if there is none (an answer by a machine, say)."""
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status":
            return _delivery_status(part)
    if from_machine(message):
        return None
    # Its many patterns take longer to load than most commands run.
    from flufl.bounce import all_failures  # noqa: PLC0415

    temporary, permanent = all_failures(message)
    if permanent:
        return Bounce("5.0.0", hard=True, gone=True)
    return Bounce("4.0.0", hard=False, gone=False, delayed=True) if temporary else None


def _delivery_status(part: Message) -> Bounce | None:
    for group in _groups(part):
        action = str(group.get("Action", "")).strip().lower()
        found = _STATUS.search(str(group.get("Status", "")))
        if action == "failed":
            status = found[0] if found else "5.0.0"
            return Bounce(status, hard=True, gone=bool(_GONE.fullmatch(status)))
        if action == "delayed":
            return Bounce(found[0] if found else "4.0.0", hard=False, gone=False, delayed=True)
    return None


def _groups(part: Message) -> Iterator[Message]:
    payload = part.get_payload()
    if isinstance(payload, list):
        yield from (one for one in payload if isinstance(one, Message))


def from_machine(message: EmailMessage) -> bool:
    """An answer somebody's machine gives to all mail (RFC 3834): no bounce."""
    said = str(message.get("Auto-Submitted", "no")).lower()
    return said.startswith("auto-replied")


def is_complaint(message: EmailMessage) -> bool:
    """Whether it is a feedback report about unwanted mail."""
    for part in message.walk():
        if part.get_content_type() == "message/feedback-report":
            return any(
                str(group.get("Feedback-Type", "")).strip().lower() in ("abuse", "fraud", "other")
                for group in (*_groups(part), _fields(part))
            )
    return False


def _fields(part: Message) -> Message:
    """The fields of a part whose parser took them for text."""
    from email import message_from_string  # noqa: PLC0415 - rarely needed

    payload = part.get_payload()
    return message_from_string(payload if isinstance(payload, str) else "")


def about(message: EmailMessage) -> str:
    """Everything in a report that names the message it is about: return path and Message-ID."""
    found: list[str] = []
    for part in message.walk():
        kind = part.get_content_type()
        if kind in ("message/rfc822", "text/rfc822-headers", "message/rfc822-headers"):
            inner = [*_groups(part), _fields(part)]
            found += [str(one.get("Message-ID", "")) for one in inner]
            found += [str(one.get("Return-Path", "")) for one in inner]
        elif kind == "message/feedback-report":
            for group in (*_groups(part), _fields(part)):
                found.append(str(group.get("Original-Mail-From", "")))
    found += [str(message.get(name, "")) for name in ("In-Reply-To", "References")]
    return "\n".join(one for one in found if one)


def words(message: EmailMessage) -> str:
    """What somebody wrote: the plain text without what they quoted."""
    part = message.get_body(("plain",))
    if part is None:
        return ""
    try:
        text = str(part.get_content())
    except (LookupError, UnicodeError, ValueError, KeyError):
        return ""
    lines = []
    for line in text.splitlines():
        if line.startswith(">") or re.match(r"(On .* wrote:|-{2,} ?(Original|Forwarded))", line):
            break
        lines.append(line)
    return "\n".join(lines).strip()
