from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from troth.core.ids import row_id
from troth.core.organisations.scoped import Scoped
from troth.core.people.models import Person


class Permit(Scoped):
    """This person's data of this category may serve this purpose: since when, by which clause.

    It is made when the data is collected, for the purposes of the clause in force then. A purpose
    that a later version adds has no permit for older data, so it is denied until the person was
    told. `state` and `opens_at` are the permit's own; `usable_from` is what holds after the
    person's choices, restrictions and merged records are counted in, and is what is asked.
    """

    class State(models.TextChoices):
        OPEN = "open"
        AWAITING = "awaiting"  # needs the person's yes, which has not come
        TOLD = "told"  # a new purpose, told; opens when the time to refuse is over

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="permits")
    purpose = models.CharField(max_length=60)
    category = models.CharField(max_length=100)
    state = models.CharField(max_length=8, choices=State.choices)
    opens_at = models.DateTimeField(null=True)
    usable_from = models.DateTimeField(null=True, help_text="Empty: not usable now.")
    touchpoint = models.CharField(max_length=60)
    clause = models.CharField(max_length=20)
    version = models.CharField(max_length=60)

    class Privacy:
        not_personal: ClassVar = (
            *("id", "organisation", "person", "purpose", "category", "state", "opens_at"),
            *("usable_from", "touchpoint", "clause", "version"),
        )

    class Meta(Scoped.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "purpose", "category"], name="gate_one_permit"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["organisation", "purpose", "category", "usable_from", "person"],
                condition=Q(usable_from__isnull=False),
                name="gate_audience",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose}/{self.category}: {self.state}"


class Stance(Scoped):
    """What a person last decided about a purpose; `SOLICITATION` stands for all of marketing."""

    SOLICITATION = "*"

    class Decision(models.TextChoices):
        GIVEN = "given"
        REFUSED = "refused"

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="stances")
    purpose = models.CharField(max_length=60)
    decision = models.CharField(max_length=8, choices=Decision.choices)
    at = models.DateTimeField()

    class Privacy:
        not_personal: ClassVar = (*("id", "organisation", "person", "purpose", "decision", "at"),)

    class Meta(Scoped.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "purpose"], name="gate_one_stance")
        ]

    def __str__(self) -> str:
        return f"{self.purpose}: {self.decision}"
