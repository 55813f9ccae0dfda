"""Deleting what a message says: everywhere, and again in a backup that is restored later.

Its words, its files, the mail it came as. That there was a message stays. A restored backup is
older: the erasure log says which messages went, and by which digest their mails are known, so that
one that lay in the spool then is not taken in a second time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, Final
from uuid import UUID

from troth.channels.conversations.models import Attachment, Forgotten, Message, RawMail
from troth.core.among import Ids
from troth.core.keyring import erasures
from troth.core.keyring.store import signing_key
from troth.core.people.models import Element
from troth.core.rights.ending import end

MESSAGES: Final = "conversations.messages"


def register() -> None:
    """Called once, when the application is ready."""
    erasures.on_replay(MESSAGES, again)


def delete(message: Message, *, clause: str) -> None:
    """Let what it says go, within the caller's transaction."""
    note(message.organisation_id, [message.pk, message.client_id])
    _remove([message.pk], [message.client_id], clause)


def note(organisation: UUID, ids: Collection[UUID]) -> None:
    """Have a restore do it again, for messages and for the mails they came as."""
    key = signing_key(organisation)
    erasures.note(organisation=organisation, owners=list(ids), keys={}, key=key, act=MESSAGES)


def again(ids: frozenset[UUID]) -> int:
    """Delete them in what was just restored. The number is of people, and none is gone by it."""
    here = set(Message.objects.filter(pk__among=Ids(ids)).values_list("pk", flat=True))
    known = set(
        Message.objects.filter(client_id__among=Ids(ids)).values_list("client_id", flat=True)
    )
    _remove(here, ids, "")
    for one in ids - here - known:
        Forgotten.objects.get_or_create(client_id=one)
    return 0


def is_forgotten(client_id: UUID) -> bool:
    """Whether a mail was deleted once, and comes out of a backup's spool."""
    return Forgotten.objects.filter(client_id=client_id).exists()


def _remove(messages: Iterable[UUID], mails: Collection[UUID], clause: str) -> None:
    ids = Ids(messages)
    words: Any = Element.objects.filter(record__among=ids)
    end(words, then="erase", clause=clause)
    Attachment.objects.filter(message__id__among=ids).delete()
    # The mail as it came, with its key: beside the message, held or in quarantine.
    raw = [
        pk
        for pk, message, digest in RawMail.objects.values_list("pk", "message_id", "digest")
        if message in set(messages) or UUID(bytes=bytes(digest)[:16]) in mails
    ]
    RawMail.objects.filter(pk__in=raw).delete()
