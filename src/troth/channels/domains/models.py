from __future__ import annotations

from typing import ClassVar

from django.db import models

from troth.core.ids import opaque_ref, row_id
from troth.core.organisations.scoped import OrganisationField, Scoped
from troth.core.people.models import Element, Person
from troth.core.sealing.fields import SealedJSONField


class Order(Scoped):
    """A domain that somebody ordered, until whoever reads the owner's address confirms it.

    Until then nobody is known and no name is taken: what was written is sealed under a key of the
    row's own, and goes with it.
    """

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    ref = models.CharField(max_length=32, unique=True, default=opaque_ref, editable=False)
    organisation = OrganisationField(db_index=False)  # the constraint below begins with it
    version = models.CharField(max_length=60)
    content = SealedJSONField(category="user", subject="self")
    once = models.BinaryField(max_length=32, help_text="Tells a repeat of the same sending.")
    tries = models.PositiveSmallIntegerField(default=0, help_text="Of sending the mail.")
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Privacy:
        not_personal: ClassVar = (
            *("id", "ref", "organisation", "version", "once", "tries", "asked_at", "expires_at"),
        )

    class Meta(Scoped.Meta):
        indexes: ClassVar = [models.Index(fields=["expires_at"])]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "once"], name="domains_ordered_once")
        ]

    def __str__(self) -> str:
        return f"order {self.ref[:8]}, not confirmed"


class Domain(Scoped):
    """A domain of somebody's. Its name and its owner's data are elements of theirs with this row's
    id; the technical contact's address is one of the contact's own.
    """

    class State(models.TextChoices):
        ORDERED = "ordered", "To be entered"
        ENTERED = "entered", "In the registry"

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    ref = models.CharField(max_length=32, unique=True, default=opaque_ref, editable=False)
    organisation = OrganisationField(db_index=False)  # the constraint below begins with it
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    name = models.ForeignKey(Element, on_delete=models.CASCADE, related_name="+")
    technical = models.ForeignKey(
        Element,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        help_text="The address; empty: the company itself.",
    )
    digest = models.BinaryField(max_length=32, help_text="What the name is found by.")
    shown = models.JSONField(default=list, help_text="The fields its owner chose to publish.")
    state = models.CharField(max_length=7, choices=State.choices, default=State.ORDERED)
    ordered_at = models.DateTimeField()
    entered_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()

    class Privacy:
        # The digest is keyed and one-way; which fields are shown says nothing of what they hold.
        not_personal: ClassVar = (
            *("id", "ref", "organisation", "person", "name", "technical", "digest", "shown"),
            *("state", "ordered_at", "entered_at", "changed_at"),
        )

    class Meta(Scoped.Meta):
        ordering: ClassVar = ["-ordered_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "digest"], name="domains_one_owner")
        ]

    def __str__(self) -> str:
        return f"domain {self.ref[:8]}"


class Move(Scoped):
    """That another technical contact was asked for. Its address is in the request, sealed under the
    request's own key; it moves after its owner confirmed it by mail, and not before.
    """

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    ref = models.CharField(max_length=32, unique=True, default=opaque_ref, editable=False)
    domain = models.ForeignKey(Domain, on_delete=models.CASCADE, related_name="moves")
    request = models.UUIDField(help_text="The request for correction that it is done by.")
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    class Privacy:
        not_personal: ClassVar = (
            *("id", "ref", "organisation", "domain", "request", "asked_at", "confirmed_at"),
            "done_at",
        )

    class Meta(Scoped.Meta):
        ordering: ClassVar = ["-asked_at"]
        indexes: ClassVar = [models.Index(fields=["request"])]

    def __str__(self) -> str:
        return f"move {self.ref[:8]}"
