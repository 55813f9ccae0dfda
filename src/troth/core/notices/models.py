from __future__ import annotations

from typing import ClassVar

from django.db import models

from troth.core.ids import row_id
from troth.core.organisations.scoped import Scoped


class PolicyVersion(Scoped):
    """One published version of an organisation's policy. Rows are added, never changed."""

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    version = models.CharField(max_length=60)
    source = models.TextField(help_text="The policy file as published.")
    material = models.BooleanField(default=False, help_text="Changes that people must be told of.")
    published_at = models.DateTimeField()

    class Privacy:
        not_personal: ClassVar = (
            *("id", "organisation", "version", "source", "material", "published_at"),
        )

    class Meta(Scoped.Meta):
        ordering: ClassVar = ["-published_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "version"], name="notices_one_version")
        ]
        indexes: ClassVar = [models.Index(fields=["organisation", "-published_at"])]

    def __str__(self) -> str:
        return self.version
