from __future__ import annotations

from typing import ClassVar

from django.db import models

from troth.core.ids import row_id


class Key(models.Model):
    """One wrapped key. Deleting the row destroys what it sealed."""

    class Kind(models.TextChoices):
        PERSON = "person"
        INDEX = "index"
        SIGNING = "signing"
        CHECK = "check"

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    organisation = models.UUIDField(null=True)
    owner = models.UUIDField(null=True, help_text="The person's row id; empty for other kinds.")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    master = models.CharField(max_length=16, help_text="Which master key wraps it.")
    wrapped = models.BinaryField()

    class Privacy:
        not_personal: ClassVar = ("id", "organisation", "owner", "kind", "master", "wrapped")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["owner"]),
            models.Index(fields=["master"]),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "kind"],
                condition=~models.Q(kind="person"),
                name="keyring_one_of_a_kind",
            ),
            # Apart, since SQLite holds no two empty organisations to be the same.
            models.UniqueConstraint(
                fields=["kind"],
                condition=~models.Q(kind="person") & models.Q(organisation=None),
                name="keyring_one_of_all",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} key {self.pk}"
