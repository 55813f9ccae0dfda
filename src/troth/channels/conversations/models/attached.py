from __future__ import annotations

from typing import ClassVar

from django.db import models

from troth.channels.conversations.models.conversation import Message
from troth.core.ids import opaque_ref, row_id
from troth.core.organisations.scoped import Scoped
from troth.core.people.models import Person
from troth.core.sealing.fields import SealedTextField


class Attachment(Scoped):
    """A file of a message. Nobody gets it before it was scanned and found clean."""

    class State(models.TextChoices):
        WAITING = "waiting"  # to be scanned
        CLEAN = "clean"
        REFUSED = "refused"  # its content is gone; `reason` says why

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    ref = models.CharField(max_length=32, unique=True, default=opaque_ref, editable=False)
    message = models.ForeignKey(
        Message, on_delete=models.CASCADE, null=True, related_name="attachments"
    )
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="attachments")
    name = SealedTextField(category="user.content.private")
    content_type = models.CharField(max_length=100, help_text="As sniffed, not as claimed.")
    size = models.PositiveIntegerField(help_text="Bytes.")
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    reason = models.CharField(max_length=40, default="")
    made_at = models.DateTimeField()

    class Privacy:
        not_personal: ClassVar = (
            *("id", "ref", "organisation", "message", "person", "content_type", "size"),
            *("state", "reason", "made_at"),
        )

    class Meta(Scoped.Meta):
        ordering: ClassVar = ["made_at", "id"]

    def __str__(self) -> str:
        return f"attachment {self.ref[:8]}"


class AttachmentPart(Scoped):
    """Up to 256 KiB of a file, sealed: base64 as text. Parts bound what memory a file takes."""

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    attachment = models.ForeignKey(Attachment, on_delete=models.CASCADE, related_name="parts")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="attachment_parts")
    number = models.PositiveIntegerField()
    content = SealedTextField(category="user.content.private")

    class Privacy:
        not_personal: ClassVar = ("id", "organisation", "attachment", "person", "number")

    class Meta(Scoped.Meta):
        ordering: ClassVar = ["attachment", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["attachment", "number"], name="conversations_part_in_order"
            )
        ]

    def __str__(self) -> str:
        return f"part {self.number} of {self.attachment_id}"
