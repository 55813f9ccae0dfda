"""Taking files: looked at first, then sealed in parts."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final
from uuid import UUID

from troth.channels.conversations.attaching import kinds, scanning
from troth.channels.conversations.attaching.images import (
    ImageInvalid,
    ImageTooLargeInvalid,
    without_metadata,
)
from troth.channels.conversations.models import Attachment, AttachmentPart, Message
from troth.core import clock
from troth.core.inserting import insert
from troth.core.organisations.scope import current_organisation_id
from troth.core.people.models import Person

CATEGORY: Final = "user.content.private"
PART: Final = 256 * 1024  # bytes; what is sealed and opened at once
WORDS: Final = {
    "empty": "it is empty",
    "type": "files of this kind are not taken",
    "size": "it is too large",
    "broken": "it cannot be read as what it says it is",
    "virus": "a scanner found malware in it",
}
"""Why a file was refused, for people."""
_UNSENT: Final = timedelta(days=1)


def _refused(content: bytes, mime: str, name: str, most: int, *, from_mail: bool) -> str:
    if not content:
        return "" if from_mail else "empty"
    if most and len(content) > most:
        return "size"
    if kinds.runs(content, mime, name):
        return "type"
    return "" if from_mail or mime in kinds.TAKEN else "type"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A file that was looked at. `reason` says why it is refused; then `content` is empty."""

    name: str = field(repr=False)
    content_type: str
    content: bytes = field(repr=False)
    size: int
    state: str
    reason: str = ""


def prepare(name: str, content: bytes, *, from_mail: bool = False, most: int = 0) -> Prepared:
    """Look at a file: its kind, its metadata, what a scanner says. Call it before a transaction: a
    scanner takes its time.

    A visitor may send what `kinds.TAKEN` names; mail brings what it brings, but for programs.
    `most` is the largest size in bytes, 0 for none.
    """
    name = kinds.clean_name(name)
    mime = kinds.sniff(content, name)
    reason = _refused(content, mime, name, most, from_mail=from_mail)
    if not reason and mime in kinds.IMAGES:
        try:
            content = without_metadata(content, mime)
        except ImageTooLargeInvalid:
            reason, mime = ("", kinds.OCTETS) if from_mail else ("size", mime)
        except ImageInvalid:
            # Mail is never lost: what no program can draw is handed on as it is, and as no image.
            reason, mime = ("", kinds.OCTETS) if from_mail else ("broken", mime)
    state = Attachment.State.CLEAN
    if not reason:
        try:
            reason = "virus" if scanning.found_in(content) else ""
        except scanning.ScannerMissing:
            state = Attachment.State.WAITING
    if reason:
        return Prepared(name, mime, b"", len(content), Attachment.State.REFUSED, reason)
    return Prepared(name, mime, content, len(content), state)


def keep(prepared: Prepared, *, person: Person, message: Message | None = None) -> Attachment:
    """Seal a file under the person's key. The caller holds an opening that covers `CATEGORY`, and
    the transaction. Of a refused file it is kept that there was one, and why it is not here.
    """
    made = Attachment(
        organisation_id=current_organisation_id(),
        message=message,
        person=person,
        name=prepared.name,
        content_type=prepared.content_type,
        size=prepared.size,
        state=prepared.state,
        reason=prepared.reason,
        made_at=clock.now(),
    )
    insert([made])
    insert(
        [
            AttachmentPart(
                organisation_id=made.organisation_id,
                attachment=made,
                person=person,
                number=number,
                content=b64encode(prepared.content[start : start + PART]).decode(),
            )
            for number, start in enumerate(range(0, len(prepared.content), PART))
        ]
    )
    return made


def forget_unsent() -> int:
    """Throw away what was uploaded a day ago and never sent. Returns how many."""
    old = Attachment.objects.filter(message=None, made_at__lt=clock.now() - _UNSENT)
    ids: list[UUID] = list(old.values_list("pk", flat=True)[:200])
    Attachment.objects.filter(pk__in=ids).delete()
    return len(ids)
