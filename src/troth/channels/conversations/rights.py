"""Conversations in a person's rights: what is theirs in an access package, what goes with them.

Their own words are elements, and told as such. What staff wrote is sealed with the person's key and
goes with it, and is not theirs to be given; files they sent are given as files.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any, Final

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.signals import pre_delete

from troth.channels.conversations import deleting
from troth.channels.conversations.models import Attachment, Message, RawMail, SecureForm
from troth.core.gate.deposits import discard
from troth.core.gate.erasing import on_erase
from troth.core.gate.purging import addresses, on_purge
from troth.core.keyring import erasures
from troth.core.keyring.opening import require
from troth.core.people.models import Person
from troth.core.retention.api import came_in
from troth.core.rights.own.telling import leave_out, present
from troth.core.rights.sources import Found
from troth.core.sealing.blind import mark

STAFF: Final = (Message.Side.STAFF, Message.Side.NOTE, Message.Side.SYSTEM)
PLACE: Final = "This service"
EMAIL: Final = "user.contact.email"


def register() -> None:
    """Called once, when the application is ready."""
    leave_out("conversations.Message", fields=("words",), rows=Q(side__in=STAFF))
    leave_out("conversations.Attachment", rows=Q(message__side__in=STAFF))
    present("conversations.Attachment", _files)
    present("conversations.AttachmentPart", _nothing)  # told with the file they are of
    present("conversations.SecureForm", _nothing)  # its own key, and gone with the chat
    came_in("conversations.Message", "conversation__touchpoint")
    came_in("conversations.Participant", "conversation__touchpoint")
    came_in("conversations.Attachment", "message__conversation__touchpoint")
    came_in("conversations.AttachmentPart", "attachment__message__conversation__touchpoint")
    pre_delete.connect(_discard_key, sender=RawMail)
    pre_delete.connect(_discard_key, sender=SecureForm)
    on_erase(forget_deposits)
    on_purge(forget_deposits)


def forget_deposits(person: Person) -> None:
    """Destroy what is sealed for nobody yet: mails kept raw, of theirs or on their conversations,
    and answers of secure forms. A mail of theirs in the spool of a backup is not taken in again.
    """
    mails = Message.objects.filter(person__root_id=person.root_id, message_id__isnull=False)
    written = mails.filter(side=Message.Side.PERSON).values_list("client_id", flat=True)
    if (ids := list(written)) and not erasures.replaying():
        deleting.note(person.organisation_id, ids)
    mine = Q(message__person__root_id=person.root_id) | Q(
        held__conversation__person__root_id=person.root_id
    )
    # Also what they wrote and nobody has decided about: of nobody yet, and known by its sender.
    theirs = addresses(person)
    if marks := [mark(require(one), one, text) for one, text in theirs if one == EMAIL]:
        mine |= Q(sender__in=marks)
    raw = list(RawMail.objects.filter(mine).values_list("pk", flat=True))
    forms = SecureForm.objects.filter(
        conversation__person__root_id=person.root_id, answered_at__isnull=False
    )
    for row in [*raw, *forms.values_list("pk", flat=True)]:
        discard(row)
    RawMail.objects.filter(pk__in=raw).delete()


def _discard_key(instance: Any, **_: Any) -> None:
    """A deposit that goes with its conversation takes its key along."""
    transaction.on_commit(partial(discard, instance.pk), robust=True)


def _files(rows: QuerySet[Any]) -> Iterator[Found]:
    found: QuerySet[Attachment] = rows
    for one in found.select_related("message__conversation").iterator(chunk_size=100):
        where = one.message.conversation if one.message else None
        yield Found(
            place=PLACE,
            label="File you sent",
            category="user.content.private",
            value=one.name if isinstance(one.name, str) else None,
            clause=where.clause if where else "",
            version=where.version if where else "",
            at=one.made_at,
            content=tuple(
                part.content
                for part in one.parts.order_by("number")
                if isinstance(part.content, str)
            ),
        )


def _nothing(_rows: QuerySet[Any]) -> Iterator[Found]:
    return iter(())
