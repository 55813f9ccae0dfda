from __future__ import annotations

from typing import ClassVar

from django.db import models

from troth.channels.conversations.models.conversation import Conversation
from troth.core.ids import opaque_ref, row_id
from troth.core.organisations.scoped import Scoped
from troth.core.sealing.fields import SealedJSONField


class SecureForm(Scoped):
    """Sensitive values asked for in a chat: readable while it lasts, gone from it after.

    Sealed under a key of its own (`core.gate.deposits`), which is destroyed when the chat ends.
    """

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    ref = models.CharField(max_length=32, unique=True, default=opaque_ref, editable=False)
    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="secure_forms"
    )
    asks = models.JSONField(help_text="Labels of what is asked for, as staff worded them.")
    answers = SealedJSONField(category="user.content.private", subject="self", null=True)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    gone_at = models.DateTimeField(null=True)

    class Privacy:
        not_personal: ClassVar = (
            *("id", "ref", "organisation", "conversation", "asks", "asked_at", "answered_at"),
            *("gone_at",),
        )

    class Meta(Scoped.Meta):
        ordering: ClassVar = ["asked_at"]

    def __str__(self) -> str:
        return f"secure form {self.ref[:8]}"
