from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q

from troth.core.ids import opaque_ref, row_id
from troth.core.organisations.scoped import Scoped
from troth.core.people.models import Person
from troth.core.retention.words import GROUNDS, THEN


class Hold(Scoped):
    """Nothing that this covers is removed while it lasts: one person, or a category or touchpoint
    (empty: all). It has a ground and an end; whoever needs it longer sets another.
    """

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    ref = models.CharField(max_length=32, unique=True, default=opaque_ref, editable=False)
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, null=True, related_name="holds", help_text="Empty: all."
    )
    category = models.CharField(max_length=100, blank=True)
    touchpoint = models.CharField(max_length=60, blank=True)
    ground = models.CharField(max_length=10, choices=list(GROUNDS.items()))
    set_by = models.CharField(max_length=64)
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)

    class Privacy:
        not_personal: ClassVar = (
            *("id", "organisation", "ref", "person", "category", "touchpoint", "ground", "set_by"),
            *("begins_at", "ends_at", "lifted_at"),
        )

    class Meta(Scoped.Meta):
        ordering: ClassVar = ["ends_at"]

    @staticmethod
    def standing(at: datetime) -> Q:
        """What holds of a hold that lasts at that moment."""
        return Q(begins_at__lte=at, ends_at__gt=at, lifted_at=None)

    def __str__(self) -> str:
        return f"hold {self.ref[:8]}"


class Closing(Scoped):
    """Something of a person's that ended: the contract, a purpose, a delivery. Clauses such as
    “1 year after contract end” count from it. A contract that begins anew takes it away.
    """

    class What(models.TextChoices):
        CONTRACT = "contract", "Contract"
        PURPOSE = "purpose", "Purpose"
        DELIVERY = "delivery", "Delivery"

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="closings")
    what = models.CharField(max_length=8, choices=What.choices)
    purpose = models.CharField(max_length=60, blank=True)
    record = models.UUIDField(null=True, help_text="What was delivered, such as a message.")
    at = models.DateTimeField()

    class Privacy:
        not_personal: ClassVar = ("id", "organisation", "person", "what", "purpose", "record", "at")

    class Meta(Scoped.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "what", "purpose"],
                condition=Q(record=None),
                name="retention_closed_once",
            ),
            models.UniqueConstraint(
                fields=["person", "what", "record"],
                condition=Q(record__isnull=False),
                name="retention_delivered_once",
            ),
        ]

    def __str__(self) -> str:
        return f"end of a {self.what}"


class Run(Scoped):
    """One run: all that was due at a moment, clause by clause."""

    class State(models.TextChoices):
        STOPPED = "stopped", "Waits to be confirmed"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        DROPPED = "dropped", "Overtaken by a later run"

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    ref = models.CharField(max_length=32, unique=True, default=opaque_ref, editable=False)
    at = models.DateTimeField(help_text="What was due at this moment.")
    state = models.CharField(max_length=7, choices=State.choices)
    version = models.CharField(max_length=60)
    due = models.IntegerField()
    held = models.IntegerField(help_text="All values there were.")
    share = models.FloatField(default=0)
    people = models.IntegerField(default=0, help_text="People of whom nothing was left.")
    confirmed_by = models.CharField(max_length=64, blank=True)
    finished_at = models.DateTimeField(null=True)

    class Privacy:
        not_personal: ClassVar = (
            *("id", "organisation", "ref", "at", "state", "version", "due", "held", "share"),
            *("people", "confirmed_by", "finished_at"),
        )

    class Meta(Scoped.Meta):
        ordering: ClassVar = ["-at", "-id"]

    def __str__(self) -> str:
        return f"run {self.ref[:8]}: {self.state}"


class Part(Scoped):
    """What one clause ended in a run. Due and done differ where something changed meanwhile."""

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="parts")
    number = models.IntegerField()
    clause = models.CharField(max_length=20)
    period = models.CharField(max_length=60)
    then = models.CharField(max_length=13, choices=list(THEN.items()))
    due = models.IntegerField()
    done = models.IntegerField(default=0)

    class Privacy:
        not_personal: ClassVar = (
            *("id", "organisation", "run", "number", "clause", "period", "then", "due", "done"),
        )

    class Meta(Scoped.Meta):
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["run", "clause", "period", "then"], name="retention_one_part"
            )
        ]

    def __str__(self) -> str:
        return f"§ {self.clause}: {self.done} of {self.due}"
