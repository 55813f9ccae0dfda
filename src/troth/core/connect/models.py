from __future__ import annotations

from typing import ClassVar

from django.db import models

from troth.core.ids import opaque_ref, row_id
from troth.core.organisations.scoped import Scoped


class Connection(Scoped):
    """Another place where the company keeps data about people, and how it is described.

    The address holds no password: that is sealed with a key from the keyring (`secrets.py`), or
    named by an environment variable or a file.
    """

    class Kind(models.TextChoices):
        DATABASE = "database", "Database"
        FOLDER = "folder", "Folder of CSV files"
        HTTP = "http", "HTTP service"

    class State(models.TextChoices):
        NEW = "new", "not tried yet"
        READY = "ready", "ready"
        REFUSED = "refused", "description does not hold"
        UNREACHABLE = "unreachable", "cannot be reached"

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    ref = models.CharField(max_length=32, unique=True, default=opaque_ref, editable=False)
    key = models.CharField(max_length=40)
    label = models.CharField(max_length=80)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    address = models.CharField(max_length=500, help_text="Without its password.")
    secret = models.BinaryField(null=True, help_text="The password, sealed.")
    secret_from = models.CharField(
        max_length=300, blank=True, help_text="`env:NAME` or `file:PATH` of the password."
    )
    description = models.TextField(help_text="The dataset or service, as YAML.")
    state = models.CharField(max_length=12, choices=State.choices, default=State.NEW)
    faults = models.JSONField(default=list, help_text="Problems found last: key and place.")
    seen_at = models.DateTimeField(null=True, help_text="When it last answered.")
    added_at = models.DateTimeField(auto_now_add=True)

    class Privacy:
        not_personal: ClassVar = (
            *("id", "organisation", "ref", "key", "label", "kind", "address", "secret"),
            *("secret_from", "description", "state", "faults", "seen_at", "added_at"),
        )

    class Meta(Scoped.Meta):
        ordering: ClassVar = ["key"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "key"], name="connect_one_key")
        ]

    def __str__(self) -> str:
        return self.key
