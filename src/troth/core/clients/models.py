from __future__ import annotations

from typing import ClassVar

from django.db import models

from troth.core.ids import opaque_ref, row_id
from troth.core.organisations.scoped import Scoped


class Contract(Scoped):
    """One version of the contract that the host has with its clients, or with its resellers."""

    class Kind(models.TextChoices):
        CLIENT = "client", "for clients"
        RESELLER = "reseller", "for resellers"

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    number = models.PositiveIntegerField(help_text="Counts from 1 for each kind.")
    text = models.TextField(help_text="Markdown; it has a section called Confidentiality.")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the text.")
    published_at = models.DateTimeField()

    class Privacy:
        not_personal: ClassVar = (
            *("id", "organisation", "kind", "number", "text", "digest", "published_at"),
        )

    class Meta(Scoped.Meta):
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "kind", "number"], name="clients_one_number"
            )
        ]

    def __str__(self) -> str:
        return f"contract {self.get_kind_display()}, version {self.number}"


class Acceptance(Scoped):
    """That a client accepted a version. The version is the host's row, so it is named by digest."""

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    kind = models.CharField(max_length=10, choices=Contract.Kind.choices)
    number = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    accepted_by = models.CharField(max_length=40, help_text="Reference of the member who did.")
    accepted_at = models.DateTimeField()

    class Privacy:
        not_personal: ClassVar = (
            *("id", "organisation", "kind", "number", "digest", "accepted_by", "accepted_at"),
        )

    class Meta(Scoped.Meta):
        ordering: ClassVar = ["-accepted_at", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "kind", "number"], name="clients_one_acceptance"
            )
        ]

    def __str__(self) -> str:
        return f"acceptance of version {self.number}"


class ClientGrant(Scoped):
    """That the provider's staff may see people of a client, for one purpose and for a while."""

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    ref = models.CharField(max_length=32, unique=True, default=opaque_ref, editable=False)
    purpose = models.CharField(max_length=60, help_text="A purpose of the client's policy.")
    ground = models.CharField(max_length=60, help_text="A key: one of `grants.grounds()`.")
    given_by = models.CharField(max_length=40, help_text="Reference of the member who gave it.")
    given_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, help_text="When it was taken back before its time.")

    class Privacy:
        not_personal: ClassVar = (
            *("id", "organisation", "ref", "purpose", "ground", "given_by", "given_at"),
            *("expires_at", "ended_at"),
        )

    class Meta(Scoped.Meta):
        ordering: ClassVar = ["-given_at", "-id"]

    def __str__(self) -> str:
        return f"grant to the provider {self.ref[:8]}"
