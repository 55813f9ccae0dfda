from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from django.db import models

from troth.core.errors import Missing
from troth.core.ids import row_id
from troth.core.organisations.scoped import Scoped
from troth.core.people.models import Element, Person


class Message(Scoped):
    """A mail to be sent: to whom and why, by id alone. The words are made when it is sent."""

    class State(models.TextChoices):
        QUEUED = "queued"
        ACCEPTED = "accepted"
        DEFERRED = "deferred"
        REFUSED = "refused"
        DROPPED = "dropped"  # the gate no longer permits it, or there is no address any more

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="messages")
    kind = models.CharField(max_length=60)
    purpose = models.CharField(max_length=60)
    record = models.UUIDField(null=True, help_text="What it is about.")
    to = models.ForeignKey(
        Element, on_delete=models.CASCADE, null=True, help_text="The address; empty: the newest."
    )
    state = models.CharField(max_length=8, choices=State.choices, default=State.QUEUED)
    tries = models.PositiveSmallIntegerField(default=0)
    answer = models.CharField(max_length=20, blank=True, help_text="The server's status code.")
    queued_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Privacy:
        not_personal: ClassVar = (
            *("id", "organisation", "person", "kind", "purpose", "record", "to", "state"),
            *("tries", "answer", "queued_at", "sent_at"),
        )

    class Meta(Scoped.Meta):
        indexes: ClassVar = [models.Index(fields=["state", "queued_at"])]

    @property
    def about(self) -> UUID:
        """What it is about. Raises `Missing` for a mail that is about nothing in particular."""
        if self.record is None:
            raise Missing("This mail is about nothing that is kept.")
        return self.record

    def __str__(self) -> str:
        return f"{self.kind} ({self.state})"
