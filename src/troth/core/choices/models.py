from __future__ import annotations

from typing import ClassVar

from django.db import models

from troth.core.ids import row_id
from troth.core.organisations.scoped import Scoped
from troth.core.people.models import Person


class Choice(Scoped):
    """One decision of a person, as it was made. Rows are added, never changed.

    The current state, which the gate asks, is `troth.core.gate.models.Stance`.
    """

    class Decision(models.TextChoices):
        GIVEN = "given"
        REFUSED = "refused"
        WITHDRAWN = "withdrawn"
        EXPIRED = "expired"
        RENEWED = "renewed"

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="choices")
    purpose = models.CharField(max_length=60)
    manner = models.CharField(max_length=70, default="", blank=True)
    decision = models.CharField(max_length=9, choices=Decision.choices)
    wording = models.TextField(help_text="The words beside the switch, as shown.")
    language = models.CharField(max_length=10)
    version = models.CharField(max_length=60)
    way = models.CharField(max_length=40, help_text="Where it was made, such as a touchpoint.")
    at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, help_text="When a yes has to be given anew.")
    entry = models.UUIDField(null=True, help_text="The ledger's entry, which is its proof.")
    salt = models.BinaryField(
        max_length=32, default=b"", help_text="Opens what that entry is committed to."
    )

    class Privacy:
        not_personal: ClassVar = (
            *("id", "organisation", "person", "purpose", "manner", "decision", "wording"),
            *("language", "version", "way", "at", "ends_at", "entry", "salt"),
        )

    class Meta(Scoped.Meta):
        ordering: ClassVar = ["-at", "-id"]
        indexes: ClassVar = [models.Index(fields=["person", "purpose", "-at"])]

    def __str__(self) -> str:
        return f"{self.purpose}: {self.decision}"


class Suppression(Scoped):
    """An address that must not come back, as a keyed digest: nobody can read whose it was.

    It belongs to no person, so it outlives an erasure. Whoever lacks the organisation's key cannot
    even test a guess.
    """

    class Reason(models.TextChoices):
        ERASED = "erased"
        REFUSED = "refused"
        BOUNCED = "bounced"
        COMPLAINED = "complained"

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    digest = models.BinaryField(max_length=32)
    purpose = models.CharField(max_length=60, help_text="“*”: all that solicits.")
    reason = models.CharField(max_length=10, choices=Reason.choices)
    at = models.DateTimeField()

    class Privacy:
        # Pseudonymous and one-way: kept so that a no is kept (GDPR article 17(3)(b), 21).
        not_personal: ClassVar = ("id", "organisation", "digest", "purpose", "reason", "at")

    class Meta(Scoped.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "digest", "purpose", "reason"],
                name="choices_suppressed_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.purpose}: {self.reason}"
