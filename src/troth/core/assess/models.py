from __future__ import annotations

import json
from typing import Any, ClassVar

from django.db import models

from troth.core.ids import opaque_ref, row_id
from troth.core.organisations.scoped import Scoped


class Assessment(Scoped):
    """One assessment, kept for good: what was looked at, and what came of it."""

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    ref = models.CharField(max_length=32, unique=True, default=opaque_ref, editable=False)
    at = models.DateTimeField()
    source = models.CharField(max_length=64, help_text="Digest of the source it is of.")
    version = models.CharField(max_length=64, help_text="Of the policy.")
    passed = models.BooleanField()
    held = models.IntegerField(help_text="Checks.")
    failed = models.IntegerField()
    unseen = models.IntegerField()
    entry = models.UUIDField(help_text="Of the ledger.")
    document = models.TextField(help_text="The signed JSON, findings and all.")

    class Privacy:
        # Findings name fields, pages and clauses, never whom a value is about.
        not_personal: ClassVar = (
            *("id", "organisation", "ref", "at", "source", "version", "passed", "held", "failed"),
            *("unseen", "entry", "document"),
        )

    class Meta(Scoped.Meta):
        ordering: ClassVar = ["-at", "-id"]
        indexes: ClassVar = [models.Index(fields=["organisation", "-at"])]

    @property
    def read(self) -> dict[str, Any]:
        """The signed document."""
        found: dict[str, Any] = json.loads(self.document)
        return found

    @property
    def content(self) -> dict[str, Any]:
        """What was found."""
        found: dict[str, Any] = self.read["assessment"]
        return found

    @property
    def verdict(self) -> str:
        """The outcome in a sentence: nothing passes that nobody looked at."""
        if self.passed:
            return "It holds."
        return "It does not hold." if self.failed else "Not all of it was looked at."

    def __str__(self) -> str:
        return f"assessment {self.ref[:8]}"
