"""Files that came while the scanner was away: scanned once it is back."""

from __future__ import annotations

from typing import Final

from django.db import transaction

from troth.channels.conversations import queries
from troth.channels.conversations.attaching.handing_out import whole
from troth.channels.conversations.attaching.keeping import CATEGORY
from troth.channels.conversations.attaching.scanning import (
    ScannerMissing,
    UnscannableMissing,
    found_in,
)
from troth.channels.conversations.models import Attachment
from troth.core.actors import Actor
from troth.core.gate.uses import use
from troth.kit.live.bus import publish

_AT_ONCE, _LOOKED_AT = 20, 200
_WORKER: Final = Actor.system("worker")


def scan_waiting() -> int:
    """Scan what waits and belongs to a message; returns how many were. 0 where the scanner is away
    still.
    """
    waiting = Attachment.objects.filter(
        state=Attachment.State.WAITING, message__isnull=False, person__root__restricted_at=None
    )
    scanned = 0
    waiting = waiting.select_related("person", "message__conversation")
    # By chance, so that what the scanner never takes does not stand before all others for good.
    for attachment in waiting.order_by("?")[:_LOOKED_AT]:
        if scanned == _AT_ONCE:
            break
        assert attachment.message is not None  # excluded above
        purpose = queries.purpose_of(attachment.message.conversation)
        try:
            with use(actor=_WORKER, purpose=purpose, person=attachment.person, data=[CATEGORY]):
                found = found_in(whole(attachment))
        except UnscannableMissing:
            continue  # it waits on, and holds up no other
        except ScannerMissing:
            break
        _note(attachment, found)
        scanned += 1
    return scanned


def _note(attachment: Attachment, found: str) -> None:
    with transaction.atomic():
        if found:
            attachment.parts.all().delete()
            attachment.state, attachment.reason = Attachment.State.REFUSED, "virus"
        else:
            attachment.state = Attachment.State.CLEAN
        attachment.save(update_fields=["state", "reason"])
        assert attachment.message is not None  # only those of messages are scanned
        conversation = attachment.message.conversation_id
        publish(
            f"conversation:{conversation}", {"kind": "files", "conversation": str(conversation)}
        )
