from __future__ import annotations

from typing import ClassVar

from django.db import models

from troth.channels.conversations.models.conversation import Conversation, Message
from troth.core.ids import opaque_ref, row_id
from troth.core.organisations.scoped import Scoped
from troth.core.sealing.fields import SealedTextField


class RawMail(Scoped):
    """A mail as it came, until it is a message, and as long as somebody has to look at it.

    Sealed under a key of its own (`core.gate.deposits`): there is no person yet whose it could be.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        HELD = "held"  # somebody decides, see `Held`
        UNREADABLE = "unreadable"  # kept raw beside a message that says so
        QUARANTINE = "quarantine"  # failed a few times; blocks nothing

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    ref = models.CharField(max_length=32, unique=True, default=opaque_ref, editable=False)
    content = SealedTextField(category="user.content.private", subject="self")
    digest = models.BinaryField(max_length=32, help_text="Keyed; tells a mail that came twice.")
    sender = models.BinaryField(
        max_length=32, null=True, help_text="Keyed mark of who it says it is from."
    )
    size = models.PositiveIntegerField(help_text="Bytes.")
    source = models.CharField(max_length=10, default="smtp")  # smtp, imap
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    fault = models.CharField(max_length=60, default="", help_text="A class name, never words.")
    message = models.ForeignKey(Message, on_delete=models.CASCADE, null=True, related_name="raw")
    came_at = models.DateTimeField()
    due_at = models.DateTimeField(help_text="When it is tried next.")

    class Privacy:
        not_personal: ClassVar = (
            *("id", "ref", "organisation", "digest", "sender", "size", "source", "state", "tries"),
            *("fault", "message", "came_at", "due_at"),
        )

    class Meta(Scoped.Meta):
        indexes: ClassVar = [models.Index(fields=["state", "due_at"])]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "digest"], name="conversations_mail_once"
            )
        ]

    def __str__(self) -> str:
        return f"mail {self.ref[:8]}"


class Forgotten(Scoped):
    """A mail that was deleted after the backup that was restored: it may lie in the spool of that
    backup, and is not taken in again.
    """

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    client_id = models.UUIDField(help_text="As of its message: of a keyed digest.")

    class Privacy:
        not_personal: ClassVar = ("id", "organisation", "client_id")

    class Meta(Scoped.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "client_id"], name="conversations_forgotten_once"
            )
        ]

    def __str__(self) -> str:
        return f"forgotten {self.client_id}"


class Held(Scoped):
    """A mail that names a conversation and comes from none of its participants."""

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    raw = models.OneToOneField(RawMail, on_delete=models.CASCADE, related_name="held")
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="held")
    why = models.CharField(max_length=20, default="stranger")  # stranger, forged, looping
    checked = models.JSONField(default=dict, help_text="What SPF and DKIM said when it came.")
    held_at = models.DateTimeField()

    class Privacy:
        not_personal: ClassVar = (
            *("id", "organisation", "raw", "conversation", "why", "checked", "held_at"),
        )

    class Meta(Scoped.Meta):
        ordering: ClassVar = ["held_at"]

    def __str__(self) -> str:
        return f"held mail of {self.conversation_id}"


class Outgoing(Scoped):
    """A message that leaves by mail: what its headers need, and how far it is."""

    message = models.OneToOneField(
        Message, on_delete=models.CASCADE, primary_key=True, related_name="outgoing"
    )
    header_id = models.CharField(max_length=80, help_text="Its Message-ID: ours, of no meaning.")
    automatic = models.BooleanField(default=False, help_text="Marked Auto-Submitted (RFC 3834).")
    tries = models.PositiveSmallIntegerField(default=0)
    settled = models.JSONField(
        default=list, help_text="Ids of participants whose copy was taken, or never will be."
    )
    due_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)

    class Privacy:
        not_personal: ClassVar = (
            *("message", "organisation", "header_id", "automatic", "tries", "settled", "due_at"),
            "left_at",
        )

    class Meta(Scoped.Meta):
        indexes: ClassVar = [models.Index(fields=["left_at", "due_at"])]

    def __str__(self) -> str:
        return f"outgoing {self.message_id}"
