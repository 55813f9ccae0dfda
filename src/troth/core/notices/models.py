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


class Shown(Scoped):
    """How many visits of strangers began on a day with a version of the notice before them.

    It is a count: of whom, nothing is noted. Being shown it is not a yes to anything. What a person
    was shown who is known stands in their own entries, with its version.
    """

    id = models.BigAutoField(primary_key=True)
    version = models.CharField(max_length=60)
    day = models.DateField()
    visits = models.PositiveIntegerField(default=0)

    class Privacy:
        not_personal: ClassVar = ("id", "organisation", "version", "day", "visits")

    class Meta(Scoped.Meta):
        verbose_name_plural = "shown"
        ordering: ClassVar = ["-day", "version"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "version", "day"], name="notices_shown_once_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.version}: {self.visits}"
