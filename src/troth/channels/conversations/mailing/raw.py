"""Mail kept as it came: sealed under a key of its own, until somebody has decided about it."""

from __future__ import annotations

from datetime import datetime
from email.parser import BytesHeaderParser
from email.utils import getaddresses
from typing import Final

from troth.channels.conversations.mailing import desks
from troth.channels.conversations.models import Message, RawMail
from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.gate.deposits import deposit
from troth.core.inserting import insert
from troth.core.organisations.scope import current_organisation_id
from troth.core.sealing.blind import mark

EMAIL: Final = "user.contact.email"
HEAD: Final = 64 * 1024  # bytes in which From is looked for
SYSTEM: Final = Actor.system("mail")


@action
def keep(
    content: bytes,
    *,
    digest: bytes,
    state: RawMail.State,
    way: str,
    fault: str = "",
    tries: int = 0,
    message: Message | None = None,
    came_at: datetime | None = None,
) -> RawMail:
    """Keep a mail; one that is kept already stays as it is, and is returned."""
    if (known := RawMail.objects.filter(digest=digest).defer("content").first()) is not None:
        return known
    now = clock.now()
    raw = RawMail(
        organisation_id=current_organisation_id(),
        content=content.decode("latin-1"),
        digest=digest,
        size=len(content),
        source=way,
        state=state,
        tries=tries,
        fault=fault[:60],
        message=message,
        came_at=came_at or now,
        due_at=now,
    )
    with deposit(row=raw.pk, actor=SYSTEM, touchpoint=desks.TOUCHPOINT) as opening:
        address = _sender(content)
        raw.sender = mark(opening, EMAIL, address) if address else None
        insert([raw])
    return raw


def _sender(content: bytes) -> str:
    """The address a mail says it is from: by it an erasure finds the mail."""
    try:
        head = BytesHeaderParser().parsebytes(content[:HEAD])
        found = getaddresses(head.get_all("From", []))
    except (ValueError, LookupError, TypeError, AttributeError):
        return ""  # nobody's that anybody could read
    return next((address for _, address in found if "@" in address), "")


def read(raw: RawMail, *, actor: Actor) -> bytes:
    """The mail as it came. The caller has seen to it that `actor` may look."""
    with deposit(row=raw.pk, actor=actor, touchpoint=desks.TOUCHPOINT):
        text = RawMail.objects.get(pk=raw.pk).content
        return str(text).encode("latin-1")


def destroy(raw: RawMail) -> None:
    """Throw it away, within a transaction of the caller's. Its key lies in another database and
    goes once this one has let the mail go, never before (see `rights`).
    """
    RawMail.objects.filter(pk=raw.pk).delete()
