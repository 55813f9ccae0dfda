from __future__ import annotations

from typing import ClassVar

from django.db import models

from troth.core.ids import opaque_ref, row_id
from troth.core.organisations.scoped import Scoped
from troth.core.people.models import Person


class Bond(Scoped):
    """What a recipient showed or assured: by which document, from when until when.

    Of each kind the newest counts. Nothing here is about a person: the document is named, not kept.
    """

    class Kind(models.TextChoices):
        SECURITY = "security", "How strongly it guards data"
        OWN_PURPOSE = "own-purpose", "It uses the data for this company alone"
        FRAMEWORK = "framework", "It is a member of the data privacy framework"
        TELLS = "tells-inability", "It says when it can no longer protect the data"

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    recipient = models.CharField(max_length=60)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    level = models.CharField(max_length=8, blank=True, help_text="Of its security: as attested.")
    document = models.CharField(max_length=120, help_text="The name of the document it stands in.")
    given_on = models.DateField()
    until = models.DateField(help_text="The first day it no longer holds.")
    entered_by = models.CharField(max_length=40)
    entered_at = models.DateTimeField()

    class Privacy:
        not_personal: ClassVar = (
            *("id", "organisation", "recipient", "kind", "level", "document", "given_on"),
            *("until", "entered_by", "entered_at"),
        )

    class Meta(Scoped.Meta):
        ordering: ClassVar = ["-entered_at", "-id"]
        indexes: ClassVar = [models.Index(fields=["organisation", "recipient"])]

    def __str__(self) -> str:
        return f"{self.recipient}: {self.kind} until {self.until}"


class Suspension(Scoped):
    """A recipient that gets nothing until what was wrong is put right."""

    class Ground(models.TextChoices):
        INABILITY = "inability", "It can no longer protect the data"
        BREACH = "breach", "Data went further than it may"
        FRAMEWORK = "framework", "It left the data privacy framework"
        OTHER = "other", "Something else is wrong"

    class Source(models.TextChoices):
        RECIPIENT = "recipient", "the recipient itself"
        STAFF = "staff", "a member of the staff"

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    ref = models.CharField(max_length=32, unique=True, default=opaque_ref, editable=False)
    recipient = models.CharField(max_length=60)
    ground = models.CharField(max_length=10, choices=Ground.choices)
    source = models.CharField(max_length=10, choices=Source.choices)
    clause = models.CharField(max_length=20, blank=True)
    begun_at = models.DateTimeField()
    remedy = models.UUIDField(null=True, help_text="The case in which it is put right.")
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.CharField(max_length=40, blank=True)

    class Privacy:
        not_personal: ClassVar = (
            *("id", "organisation", "ref", "recipient", "ground", "source", "clause", "begun_at"),
            *("remedy", "lifted_at", "lifted_by"),
        )

    class Meta(Scoped.Meta):
        ordering: ClassVar = ["-begun_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "recipient"],
                condition=models.Q(lifted_at__isnull=True),
                name="recipients_one_suspension",
            )
        ]

    def __str__(self) -> str:
        return f"{self.recipient} suspended: {self.ground}"


class Foretold(Scoped):
    """This person was told that their data is to go to this recipient for this purpose.

    From `opens_at`, when the clause's time to refuse is over, it may: unless they refused.
    """

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="foretold")
    recipient = models.CharField(max_length=60)
    purpose = models.CharField(max_length=60)
    clause = models.CharField(max_length=20)
    version = models.CharField(max_length=60)
    way = models.CharField(max_length=40, help_text="How they were told: a mail, a page.")
    at = models.DateTimeField()
    opens_at = models.DateTimeField()

    class Privacy:
        not_personal: ClassVar = (
            *("id", "organisation", "person", "recipient", "purpose", "clause", "version"),
            *("way", "at", "opens_at"),
        )

    class Meta(Scoped.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "recipient", "purpose"], name="recipients_foretold_once"
            )
        ]

    def __str__(self) -> str:
        return f"told of {self.recipient}"
