from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from troth.core.ids import opaque_ref, row_id
from troth.core.organisations.scoped import Scoped
from troth.core.sealing.fields import BlindIndexField, SealedTextField

# What people are looked up by. Free text is not: an index would tell equal messages apart.
SEARCHABLE = ("user.contact", "user.name", "user.account", "user.unique_id")


class Person(Scoped):
    """One human known to one organisation; a visitor stays anonymous until identified.

    Two records of one human are merged by pointing one at the other; rows keep the record they
    came with, so that a merge can be undone. `root` is the record all of a family answer to.
    """

    class State(models.TextChoices):
        ANONYMOUS = "anonymous"
        IDENTIFIED = "identified"
        CARRIER = "carrier"  # nobody: what the software itself keeps hangs on it, such as a log

    class Standing(models.TextChoices):
        PROSPECTIVE = "prospective", "Prospective client"
        CURRENT = "current", "Current client"
        FORMER = "former", "Former client"

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    ref = models.CharField(max_length=32, unique=True, default=opaque_ref, editable=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ANONYMOUS)
    standing = models.CharField(
        max_length=11, choices=Standing.choices, default=Standing.PROSPECTIVE, editable=False
    )
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, editable=False, related_name="merged"
    )
    root = models.ForeignKey(
        "self", on_delete=models.CASCADE, editable=False, related_name="family"
    )
    restricted_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField()
    last_contact_at = models.DateTimeField()

    class Privacy:
        # `ref` is the opaque name on the ledger; times of contact are kept for retention alone.
        not_personal: ClassVar = (
            *("id", "organisation", "ref", "state", "merged_into", "root", "restricted_at"),
            *("standing", "created_at", "last_contact_at"),
        )

    class Meta(Scoped.Meta):
        verbose_name_plural = "people"
        indexes: ClassVar = [
            models.Index(fields=["organisation", "-last_contact_at"]),
        ]

    def __str__(self) -> str:
        return f"person {self.ref[:8]}"


class Element(Scoped):
    """One data element held about a person: what, where it came from, and under which clause."""

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="elements")
    name = models.CharField(max_length=60, help_text="The element's key in the policy.")
    category = models.CharField(max_length=100, help_text="Its data category.")
    value = SealedTextField(
        category="@category", origin=("touchpoint", "version"), lock="locked_at"
    )
    index = BlindIndexField(of="value", only=SEARCHABLE)
    identifies = models.BooleanField(default=False, help_text="It finds this person alone.")
    verified_at = models.DateTimeField(null=True)
    touchpoint = models.CharField(max_length=60)
    clause = models.CharField(max_length=20)
    version = models.CharField(max_length=60)
    record = models.UUIDField(null=True, help_text="What it came with, such as a submission.")
    collected_at = models.DateTimeField()
    offline = models.BooleanField(
        default=False, help_text="It came on paper or by word of mouth, and was entered by hand."
    )
    locked_at = models.DateTimeField(
        null=True, help_text="Since when it opens for nothing but what its keep clause names."
    )

    class Privacy:
        not_personal: ClassVar = (
            *("id", "organisation", "person", "name", "category", "identifies", "verified_at"),
            *("touchpoint", "clause", "version", "record", "offline", "collected_at", "locked_at"),
        )

    class Meta(Scoped.Meta):
        indexes: ClassVar = [
            models.Index(fields=["person", "category"]),
            models.Index(fields=["record"]),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "category", "index"],
                condition=Q(identifies=True),
                name="people_one_owner_of_an_identifier",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.person_id}"
