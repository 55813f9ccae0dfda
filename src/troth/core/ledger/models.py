"""The tables of the ledger. All but `Pending` only ever grow; `guards` makes sure of it for the
tree, and the commitment of an entry for who its `Roll` names.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from troth.core.ids import row_id
from troth.core.organisations.scoped import OrganisationField, Scoped


class Pending(Scoped):
    """An act recorded in its own transaction, waiting for its place in the tree."""

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    organisation = OrganisationField(db_index=False)
    subject = models.CharField(max_length=32, blank=True)
    body = models.BinaryField()
    at = models.CharField(max_length=24)

    class Privacy:
        not_personal: ClassVar = ("id", "organisation", "subject", "body", "at")

    def __str__(self) -> str:
        return f"pending {self.pk}"


class Entry(Scoped):
    """A leaf of an organisation's tree. `act`, `subject` and `at` repeat the body for queries."""

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    organisation = OrganisationField(db_index=False)
    position = models.BigIntegerField()
    body = models.BinaryField()
    leaf = models.BinaryField(max_length=32)
    act = models.CharField(max_length=64)
    subject = models.CharField(max_length=32, blank=True)
    at = models.CharField(max_length=24)

    class Privacy:
        not_personal: ClassVar = (
            *("id", "organisation", "position", "body", "leaf", "act", "subject", "at"),
        )

    class Meta(Scoped.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "position"], name="ledger_entry_position"
            )
        ]
        indexes: ClassVar = [
            # References are random and unique, so the organisation would only widen this index.
            models.Index(
                fields=["subject", "position"],
                name="ledger_entry_subject",
                condition=~Q(subject=""),
            ),
            models.Index(fields=["organisation", "act", "position"], name="ledger_entry_act"),
        ]

    def __str__(self) -> str:
        return f"entry {self.position}"


class Node(Scoped):
    """The root over a complete subtree of 2^8, 2^16, … leaves, so that proofs are quick."""

    organisation = OrganisationField(db_index=False)
    level = models.SmallIntegerField(help_text="log2 of the leaves below: a multiple of 8.")
    index = models.BigIntegerField(help_text="Which subtree of that level, from the left, from 0.")
    hash = models.BinaryField(max_length=32)

    class Privacy:
        not_personal: ClassVar = ("id", "organisation", "level", "index", "hash")

    class Meta(Scoped.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "level", "index"], name="ledger_node_place"
            )
        ]

    def __str__(self) -> str:
        return f"node {self.level}/{self.index}"


class Checkpoint(Scoped):
    """A signed tree head. Every batch appended ends with one, so no entry is ever unsigned."""

    organisation = OrganisationField(db_index=False)
    size = models.BigIntegerField()
    root = models.BinaryField(max_length=32)
    note = models.TextField()
    at = models.CharField(max_length=24)

    class Privacy:
        not_personal: ClassVar = ("id", "organisation", "size", "root", "note", "at")

    class Meta(Scoped.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "size"], name="ledger_checkpoint_size")
        ]

    def __str__(self) -> str:
        return self.note


class Roll(Scoped):
    """Whom a bulk act was about: the salt of its entry's commitment, and the names in parts."""

    id = models.UUIDField(primary_key=True, editable=False, help_text="The entry's id.")
    size = models.IntegerField()
    salt = models.BinaryField(max_length=32)

    class Privacy:
        not_personal: ClassVar = ("id", "organisation", "size", "salt")

    def __str__(self) -> str:
        return f"roll of {self.size}"


class RollPart(Scoped):
    """256 names of a roll, in order: opaque references of 16 bytes each, one after the other.

    A row for each name would be 50 times the space and the time. The index finds the one part a
    name can be in, for each roll.
    """

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    organisation = OrganisationField(db_index=False)
    roll = models.ForeignKey(Roll, on_delete=models.CASCADE, related_name="parts", db_index=False)
    number = models.IntegerField(help_text="From 0.")
    first = models.CharField(max_length=32)
    last = models.CharField(max_length=32)
    names = models.BinaryField()
    root = models.BinaryField(max_length=32, help_text="Of 256 leaves; empty for fewer.")

    class Privacy:
        not_personal: ClassVar = (
            *("id", "organisation", "roll", "number", "first", "last", "names", "root"),
        )

    class Meta(Scoped.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["roll", "first"], name="ledger_roll_part")
        ]

    def __str__(self) -> str:
        return f"part {self.number} of {self.roll_id}"
