from __future__ import annotations

from typing import ClassVar

from django.db import models

from troth.core.ids import opaque_ref, row_id
from troth.core.organisations.scoped import OrganisationField, Scoped
from troth.core.people.models import Person
from troth.core.rights.kinds import KINDS, WAYS
from troth.core.sealing.fields import SealedJSONField


class Request(Scoped):
    """What a person asks for, from its receipt to its end. It outlives the record it is about.

    `content` is sealed under a key named by this row, which goes when the request is over: what
    they wrote, and, from the start of its fulfilment, the identifiers that sources outside need
    once the person's own key is gone.
    """

    class State(models.TextChoices):
        UNPROVEN = "unproven", "Identity not shown yet"
        WAITING = "waiting", "Waits for the person"
        OPEN = "open", "Open"
        RUNNING = "running", "Being done"
        STUCK = "stuck", "Cannot be finished yet"
        DONE = "done", "Done"
        REFUSED = "refused", "Refused"
        WITHDRAWN = "withdrawn", "Taken back"

    ENDED: ClassVar = (State.DONE, State.REFUSED, State.WITHDRAWN)
    WORKING: ClassVar = (State.RUNNING, State.STUCK)

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    ref = models.CharField(max_length=32, unique=True, default=opaque_ref, editable=False)
    organisation = OrganisationField(db_index=False)  # an index below begins with it
    person = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, related_name="requests"
    )
    subject = models.CharField(
        max_length=32, blank=True, db_index=True, help_text="The person's name on the ledger."
    )
    kind = models.CharField(max_length=11, choices=[(kind, kind) for kind in KINDS])
    way = models.CharField(max_length=7, choices=[(way, way) for way in WAYS])
    clause = models.CharField(max_length=20, blank=True)
    version = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.UNPROVEN)
    proved = models.CharField(max_length=40, blank=True, help_text="How identity was shown.")
    received_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, help_text="Empty until the clock runs.")
    paused_at = models.DateTimeField(null=True)
    waits_for = models.CharField(max_length=40, blank=True, help_text="Why the clock stands.")
    extended = models.BooleanField(default=False)
    extension = models.CharField(max_length=40, blank=True, help_text="Why it takes longer.")
    approved_at = models.DateTimeField(null=True)
    moved_at = models.DateTimeField(null=True, help_text="When a step last began or ended.")
    closed_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True, help_text="When the person heard of the outcome.")
    emptied_at = models.DateTimeField(null=True, help_text="When its key was destroyed.")
    outcome = models.CharField(max_length=40, blank=True)
    content = SealedJSONField(category="user", subject="self", null=True)

    class Privacy:
        # Reasons and outcomes are keys, never what somebody wrote.
        not_personal: ClassVar = (
            *("id", "organisation", "ref", "person", "subject", "kind", "way", "clause", "version"),
            *("state", "proved", "received_at", "due_at", "paused_at", "waits_for", "extended"),
            *("extension", "approved_at", "moved_at", "closed_at", "answered_at", "emptied_at"),
            "outcome",
        )

    class Meta(Scoped.Meta):
        ordering: ClassVar = ["-received_at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "state", "due_at"]),
            models.Index(fields=["organisation", "-received_at"]),
        ]

    @property
    def ended(self) -> bool:
        return self.state in self.ENDED

    def __str__(self) -> str:
        return f"{self.kind} {self.ref[:8]}"


class Step(Scoped):
    """One piece of a request's fulfilment at one source: done wholly or not at all."""

    class State(models.TextChoices):
        TODO = "todo"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    request = models.ForeignKey(
        Request, on_delete=models.CASCADE, related_name="steps", db_index=False
    )
    number = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=60)
    name = models.CharField(max_length=40)
    state = models.CharField(max_length=7, choices=State.choices, default=State.TODO)
    tries = models.PositiveSmallIntegerField(default=0)
    rows = models.PositiveIntegerField(default=0, help_text="Rows it touched.")
    fault = models.CharField(max_length=40, blank=True, help_text="A key, no database's words.")
    started_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    class Privacy:
        not_personal: ClassVar = (
            *("id", "organisation", "request", "number", "source", "name", "state", "tries"),
            *("rows", "fault", "started_at", "done_at"),
        )

    class Meta(Scoped.Meta):
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["request", "number"], name="rights_one_step")
        ]

    def __str__(self) -> str:
        return f"{self.source}: {self.name} ({self.state})"


class Event(Scoped):
    """What happened with a request, in order: its history for the person and the operator."""

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="events")
    what = models.CharField(max_length=40, help_text="A key.")
    reason = models.CharField(max_length=40, blank=True, help_text="A key.")
    by = models.CharField(max_length=10, help_text="The kind of actor.")
    at = models.DateTimeField()

    class Privacy:
        not_personal: ClassVar = ("id", "organisation", "request", "what", "reason", "by", "at")

    class Meta(Scoped.Meta):
        ordering: ClassVar = ["at", "id"]

    def __str__(self) -> str:
        return self.what


class Telling(Scoped):
    """That a recipient of the data has to be told of a correction or deletion, and its answer."""

    class State(models.TextChoices):
        DUE = "due", "To be told"
        TOLD = "told", "Told, no answer yet"
        DONE = "done", "Has done it"
        REFUSED = "refused", "Says no"
        SILENT = "silent", "Does not answer"

    OPEN: ClassVar = (State.DUE, State.TOLD)

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    ref = models.CharField(max_length=32, unique=True, default=opaque_ref, editable=False)
    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="tellings")
    recipient = models.CharField(max_length=60, help_text="Its key in the policy.")
    kind = models.CharField(max_length=11)
    state = models.CharField(max_length=7, choices=State.choices, default=State.DUE)
    told_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True, help_text="When it is asked again.")
    tries = models.PositiveSmallIntegerField(default=0)

    class Privacy:
        not_personal: ClassVar = (
            *("id", "organisation", "ref", "request", "recipient", "kind", "state", "told_at"),
            *("answered_at", "next_at", "tries"),
        )

    class Meta(Scoped.Meta):
        indexes: ClassVar = [models.Index(fields=["organisation", "state", "next_at"])]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["request", "recipient"], name="rights_one_telling")
        ]

    def __str__(self) -> str:
        return f"{self.recipient}: {self.state}"


class Tally(Scoped):
    """What stays of depersonalised values: how many there were. Small groups are merged."""

    OTHER = "other"

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    touchpoint = models.CharField(max_length=60)
    category = models.CharField(max_length=100)
    month = models.CharField(max_length=7, help_text="Of collection, as 2026-01, or “other”.")
    count = models.PositiveBigIntegerField(default=0)

    class Privacy:
        # A number of values, never fewer than ten by themselves, and no way back to a person.
        not_personal: ClassVar = ("id", "organisation", "touchpoint", "category", "month", "count")

    class Meta(Scoped.Meta):
        verbose_name_plural = "tallies"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "touchpoint", "category", "month"], name="rights_one_tally"
            )
        ]

    def __str__(self) -> str:
        return f"{self.count} of {self.category}"
