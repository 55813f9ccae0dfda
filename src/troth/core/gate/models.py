from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q

from troth.core.ids import row_id
from troth.core.organisations.scoped import OrganisationField, Scoped
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
    # Both are the beginning of an index below; one alone would only cost time at every insert.
    organisation = OrganisationField(db_index=False)
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, related_name="permits", db_index=False
    )
    purpose = models.CharField(max_length=60)
    category = models.CharField(max_length=100)
    state = models.CharField(max_length=8, choices=State.choices)
    opens_at = models.DateTimeField(null=True)
    usable_from = models.DateTimeField(null=True, help_text="Empty: not usable now.")
    usable_until = models.DateTimeField(null=True, help_text="When a yes ends; empty: it holds.")
    touchpoint = models.CharField(max_length=60)
    clause = models.CharField(max_length=20)
    version = models.CharField(max_length=60)

    class Privacy:
        not_personal: ClassVar = (
            *("id", "organisation", "person", "purpose", "category", "state", "opens_at"),
            *("usable_from", "usable_until", "touchpoint", "clause", "version"),
        )

    class Meta(Scoped.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "purpose", "category"], name="gate_one_permit"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=[
                    *("organisation", "purpose", "category"),
                    *("usable_from", "usable_until", "person"),
                ],
                condition=Q(usable_from__isnull=False),
                name="gate_audience",
            ),
        ]

    @staticmethod
    def usable(now: datetime, prefix: str = "") -> Q:
        """What holds of a permit that is usable at `now`; `prefix` leads to it from a query."""
        begun = Q(**{f"{prefix}usable_from__lte": now})
        ends = f"{prefix}usable_until"
        return begun & (Q(**{f"{ends}__isnull": True}) | Q(**{f"{ends}__gt": now}))

    def usable_at(self, now: datetime) -> bool:
        begun = self.usable_from is not None and self.usable_from <= now
        return begun and (self.usable_until is None or self.usable_until > now)

    def __str__(self) -> str:
        return f"{self.purpose}/{self.category}: {self.state}"


class Stance(Scoped):
    """What a person last decided about a purpose; or a mark above all of them (`gate.above`):
    `SOLICITATION` stands for all of marketing, `COLLECTION` for whatever the service does not need,
    `ONWARD` for all giving to others.

    `manner` narrows the decision: a channel of contact (``email``, ``post``, ``phone``), or
    ``to.`` and a recipient's key; empty, it is about the purpose as a whole.
    """

    SOLICITATION = "*"
    COLLECTION = "*collecting"
    ONWARD = "*onward"
    MARKS: ClassVar = (SOLICITATION, COLLECTION, ONWARD)

    class Decision(models.TextChoices):
        GIVEN = "given"
        REFUSED = "refused"

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="stances")
    purpose = models.CharField(max_length=60)
    manner = models.CharField(max_length=70, default="", blank=True)
    decision = models.CharField(max_length=8, choices=Decision.choices)
    at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, help_text="When a yes has to be given anew.")

    class Privacy:
        not_personal: ClassVar = (
            *("id", "organisation", "person", "purpose", "manner", "decision", "at", "ends_at"),
        )

    class Meta(Scoped.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "purpose", "manner"], name="gate_one_stance")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["ends_at"], condition=Q(ends_at__isnull=False), name="gate_yes_ends"
            )
        ]

    def __str__(self) -> str:
        return f"{self.purpose}: {self.decision}"


class Told(Scoped):
    """This person was told of this version, and until when they may refuse what is new in it.

    From `opens_at` what they gave before is held as if it had been given under this version.
    """

    class Answer(models.TextChoices):
        NONE = "", "Nothing yet"
        SEEN = "seen", "Shown to them"
        ACCEPTED = "accepted", "Accepted"

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="told")
    version = models.CharField(max_length=60)
    way = models.CharField(max_length=40, help_text="How they were told: a mail, a page.")
    at = models.DateTimeField()
    opens_at = models.DateTimeField()
    answer = models.CharField(max_length=8, choices=Answer.choices, default="", blank=True)
    answered_at = models.DateTimeField(null=True)

    class Privacy:
        not_personal: ClassVar = (
            *("id", "organisation", "person", "version", "way", "at", "opens_at"),
            *("answer", "answered_at"),
        )

    class Meta(Scoped.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "version"], name="gate_told_once")
        ]

    def __str__(self) -> str:
        return f"told of {self.version}"
