from __future__ import annotations

from typing import ClassVar

from django.db import models

from troth.core.ids import opaque_ref, row_id
from troth.core.organisations.scoped import Scoped
from troth.core.people.models import Person


class Announcement(Scoped):
    """People are told by mail that their data is to go to a recipient for a purpose.

    Nothing but the mails says how far it came. Whoever comes later is told when they come.
    """

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    ref = models.CharField(max_length=32, unique=True, default=opaque_ref, editable=False)
    recipient = models.CharField(max_length=60)
    purpose = models.CharField(max_length=60)
    clause = models.CharField(max_length=20)
    version = models.CharField(max_length=60)
    begun_at = models.DateTimeField()
    begun_by = models.CharField(max_length=40)
    queued = models.PositiveIntegerField(default=0, help_text="Mails that were queued.")

    class Privacy:
        not_personal: ClassVar = (
            *("id", "organisation", "ref", "recipient", "purpose", "clause", "version"),
            *("begun_at", "begun_by", "queued"),
        )

    class Meta(Scoped.Meta):
        ordering: ClassVar = ["-begun_at"]

    def __str__(self) -> str:
        return f"{self.recipient} for {self.purpose}"


class Handover(Scoped):
    """A list for a recipient: what was asked for, what of it goes, who is left out and why.

    It holds numbers and keys. The list itself is made when it is handed over, and kept nowhere.
    """

    class State(models.TextChoices):
        READY = "ready", "Ready"
        SENDING = "sending", "Being sent"
        GIVEN = "given", "Handed over"
        FAILED = "failed", "Not taken"

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    ref = models.CharField(max_length=32, unique=True, default=opaque_ref, editable=False)
    recipient = models.CharField(max_length=60)
    purpose = models.CharField(max_length=60)
    clause = models.CharField(max_length=20)
    version = models.CharField(max_length=60)
    columns = models.JSONField(default=list, help_text="The categories that go.")
    stripped = models.JSONField(default=dict, help_text="Category to the clause that forbids it.")
    left_out = models.JSONField(default=dict, help_text="Reason to number of people.")
    people = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=8, choices=State.choices, default=State.READY)
    way = models.CharField(max_length=10, blank=True)
    fault = models.CharField(max_length=40, blank=True)
    made_by = models.CharField(max_length=40)
    made_at = models.DateTimeField()
    given_at = models.DateTimeField(null=True)

    class Privacy:
        not_personal: ClassVar = (
            *("id", "organisation", "ref", "recipient", "purpose", "clause", "version"),
            *("columns", "stripped", "left_out", "people", "state", "way", "fault"),
            *("made_by", "made_at", "given_at"),
        )

    class Meta(Scoped.Meta):
        ordering: ClassVar = ["-made_at"]

    def __str__(self) -> str:
        return f"list for {self.recipient}"


class Connector(Scoped):
    """A recipient's own service, and how it is spoken to. Its secret is not here."""

    class State(models.TextChoices):
        ACTIVE = "active", "in use"
        PAUSED = "paused", "paused"

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    key = models.CharField(max_length=40)
    recipient = models.CharField(max_length=60)
    purpose = models.CharField(max_length=60)
    description = models.TextField(help_text="As TOML.")
    secret_from = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.ACTIVE)
    fault = models.CharField(max_length=40, blank=True, help_text="What went wrong last: a key.")
    fault_at = models.DateTimeField(null=True)
    added_at = models.DateTimeField()

    class Privacy:
        not_personal: ClassVar = (
            *("id", "organisation", "key", "recipient", "purpose", "description"),
            *("secret_from", "state", "fault", "fault_at", "added_at"),
        )

    class Meta(Scoped.Meta):
        ordering: ClassVar = ["key"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "key"], name="handing_one_connector")
        ]

    def __str__(self) -> str:
        return self.key


class Delivery(Scoped):
    """One thing to be said to a service about one person: by ids alone.

    `ref` is the same at each try, so that the service takes it once, and names the person there.
    """

    class Kind(models.TextChoices):
        PUT = "put"
        REMOVE = "remove"
        CHECK = "check"

    class State(models.TextChoices):
        QUEUED = "queued"
        HELD = "held"  # the recipient is barred, or the time to refuse is not over
        DONE = "done"
        DROPPED = "dropped"  # the gate does not permit it
        FAILED = "failed"

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    ref = models.CharField(max_length=32, unique=True, default=opaque_ref, editable=False)
    connector = models.ForeignKey(Connector, on_delete=models.CASCADE, related_name="deliveries")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="deliveries")
    kind = models.CharField(max_length=6, choices=Kind.choices)
    state = models.CharField(max_length=7, choices=State.choices, default=State.QUEUED)
    answer = models.CharField(max_length=40, blank=True, help_text="A status or a reason: a key.")
    tries = models.PositiveSmallIntegerField(default=0)
    queued_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Privacy:
        not_personal: ClassVar = (
            *("id", "organisation", "ref", "connector", "person", "kind", "state", "answer"),
            *("tries", "queued_at", "done_at"),
        )

    class Meta(Scoped.Meta):
        indexes: ClassVar = [models.Index(fields=["connector", "state"])]

    def __str__(self) -> str:
        return f"{self.kind} ({self.state})"
