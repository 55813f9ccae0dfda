from __future__ import annotations

from typing import ClassVar

from django.db import models

from troth.core.ids import opaque_ref, row_id
from troth.core.organisations.scoped import Scoped
from troth.core.people.models import Person
from troth.core.sealing.fields import SealedJSONField, SealedTextField


class Import(Scoped):
    """One list of people: from its upload until it has come in or was thrown away.

    What the list says is sealed under a key of the import's own, which goes when it ends. What
    stays are counts, lines and reasons.
    """

    class State(models.TextChoices):
        READING = "reading", "Being read"
        MAPPING = "mapping", "Waits for its columns"
        TRYING = "trying", "Being tried"
        TRIED = "tried", "Tried, waits for you"
        RUNNING = "running", "Coming in"
        DONE = "done", "Done"
        CANCELLED = "cancelled", "Cancelled"
        REFUSED = "refused", "Refused"
        EXPIRED = "expired", "Thrown away after a week"

    WORKING: ClassVar = (State.READING, State.TRYING, State.RUNNING)
    ENDED: ClassVar = (State.DONE, State.CANCELLED, State.REFUSED, State.EXPIRED)

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    ref = models.CharField(max_length=32, unique=True, default=opaque_ref, editable=False)
    by = models.CharField(max_length=32, help_text="The reference of the member who brought it.")
    state = models.CharField(max_length=9, choices=State.choices, default=State.READING)
    fault = models.CharField(max_length=10, blank=True, help_text="Why it was refused.")
    fault_line = models.PositiveIntegerField(null=True)
    size = models.PositiveIntegerField(help_text="Bytes of the file.")
    kind = models.CharField(max_length=30, blank=True, help_text="How it was read.")
    head = SealedJSONField(category="user", subject="self", null=True)
    columns = models.JSONField(default=dict, help_text="Element of the policy to column number.")
    version = models.CharField(max_length=60, blank=True, help_text="The policy it was tried by.")
    rows = models.PositiveIntegerField(default=0)
    pieces = models.PositiveIntegerField(default=0)
    begun = models.BooleanField(default=False, help_text="Whether repeats were looked for.")
    position = models.PositiveIntegerField(default=0, help_text="Pieces done in this pass.")
    dry = models.BooleanField(default=True, help_text="Whether the counts are of the trial.")
    new = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0, help_text="Rows that may not come in.")
    bad = models.PositiveIntegerField(default=0, help_text="Rows that cannot be read.")
    asked = models.PositiveIntegerField(default=0, help_text="People asked for their yes by mail.")
    unproved = models.PositiveIntegerField(default=0, help_text="Came in without proof.")
    turn = models.UUIDField(null=True, help_text="The one task that may work on it.")
    tries = models.PositiveSmallIntegerField(default=0, help_text="Failures in a row.")
    uploaded_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    emptied_at = models.DateTimeField(null=True, help_text="When its key was destroyed.")

    class Privacy:
        # A column may be called anything, also by a person's name: `head` is sealed.
        not_personal: ClassVar = (
            *("id", "organisation", "ref", "by", "state", "fault", "fault_line", "size", "kind"),
            *(
                "columns",
                "version",
                "rows",
                "pieces",
                "begun",
                "position",
                "dry",
                "new",
                "known",
                "refused",
                "bad",
            ),
            *("asked", "unproved", "turn", "tries", "uploaded_at", "moved_at", "ended_at"),
            "emptied_at",
        )

    class Meta(Scoped.Meta):
        ordering: ClassVar = ["-uploaded_at", "-id"]
        indexes: ClassVar = [models.Index(fields=["organisation", "-uploaded_at"])]

    @property
    def taken(self) -> int:
        """Rows that came in, or would."""
        return self.new + self.known

    def __str__(self) -> str:
        return f"import {self.ref[:8]}"


class Piece(Scoped):
    """A part of what was uploaded: of the file as it came, then of its rows."""

    class Kind(models.TextChoices):
        FILE = "file"
        ROWS = "rows"

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    run = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="parts")
    kind = models.CharField(max_length=4, choices=Kind.choices)
    number = models.PositiveIntegerField()
    content = SealedTextField(category="user", subject="run")

    class Privacy:
        not_personal: ClassVar = ("id", "organisation", "run", "kind", "number")

    class Meta(Scoped.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "kind", "number"], name="imports_one_piece")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


class Problem(Scoped):
    """A row that does not come in: which line, which column, why. Never what stands there."""

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    run = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="problems")
    line = models.PositiveIntegerField()
    column = models.CharField(max_length=60, blank=True, help_text="The element of the policy.")
    reason = models.CharField(max_length=10)

    class Privacy:
        not_personal: ClassVar = ("id", "organisation", "run", "line", "column", "reason")

    class Meta(Scoped.Meta):
        ordering: ClassVar = ["line", "id"]
        indexes: ClassVar = [models.Index(fields=["run", "line"])]

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}"


class Asked(Scoped):
    """A person of a list who is asked by mail whether the permission holds."""

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    ref = models.CharField(max_length=32, unique=True, default=opaque_ref, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="asked_of_import")
    run = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="people_asked")
    wishes = models.JSONField(default=dict, help_text="What waits for a yes by mail, as worded.")
    clause = models.CharField(max_length=20)
    version = models.CharField(max_length=60)
    asked_at = models.DateTimeField()

    class Privacy:
        not_personal: ClassVar = (
            *("id", "organisation", "ref", "person", "run", "wishes", "clause", "version"),
            "asked_at",
        )

    class Meta(Scoped.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "run"], name="imports_asked_once")
        ]

    def __str__(self) -> str:
        return f"asked {self.ref[:8]}"
