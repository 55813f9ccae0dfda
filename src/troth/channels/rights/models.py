from __future__ import annotations

from typing import ClassVar

from django.db import models

from troth.core.ids import opaque_ref, row_id
from troth.core.organisations.scoped import Scoped
from troth.core.rights.models import Request


class Reminded(Scoped):
    """Up to when the staff was reminded of requests that are pressing: one row."""

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    at = models.DateTimeField()

    class Privacy:
        not_personal: ClassVar = ("id", "organisation", "at")

    class Meta(Scoped.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation"], name="requests_reminded_once")
        ]

    def __str__(self) -> str:
        return f"reminded up to {self.at:%Y-%m-%d %H:%M}"


class Ticket(Scoped):
    """A link that opens a person's package once. Nothing of the package is kept."""

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    ref = models.CharField(max_length=32, unique=True, default=opaque_ref, editable=False)
    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="tickets")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True)

    class Privacy:
        not_personal: ClassVar = (
            *("id", "organisation", "ref", "request", "made_at", "expires_at", "used_at"),
        )

    def __str__(self) -> str:
        return f"ticket {self.ref[:8]}"
