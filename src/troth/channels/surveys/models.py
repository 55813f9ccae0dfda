from __future__ import annotations

from typing import ClassVar

from django.db import models

from troth.core.ids import opaque_ref, row_id
from troth.core.organisations.scoped import OrganisationField, Scoped
from troth.core.people.models import Person


class Survey(Scoped):
    """A survey, or a contest with its entry form. What people answer is theirs, not in here."""

    class Kind(models.TextChoices):
        SURVEY = "survey", "Survey"
        CONTEST = "contest", "Contest"

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        OPEN = "open", "Open"
        CLOSED = "closed", "Closed"

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    ref = models.CharField(max_length=32, unique=True, default=opaque_ref, editable=False)
    organisation = OrganisationField(db_index=False)  # an index below begins with it
    kind = models.CharField(max_length=7, choices=Kind.choices)
    state = models.CharField(max_length=6, choices=State.choices, default=State.DRAFT)
    title = models.CharField(max_length=120)
    intro = models.TextField(blank=True)
    asks = models.JSONField(
        default=list, help_text="Of the clause's fields those asked beside the questions."
    )
    prizes = models.PositiveSmallIntegerField(default=0, help_text="How many win.")
    prize = models.CharField(max_length=120, blank=True)
    made_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    closes_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    lot = models.CharField(
        max_length=64, blank=True, help_text="Decides a draw; its digest is told before."
    )
    drawn_at = models.DateTimeField(null=True)
    entries = models.JSONField(
        default=list, help_text="The numbers that a draw was held among, and of nobody's name."
    )

    class Privacy:
        not_personal: ClassVar = (
            *("id", "ref", "organisation", "kind", "state", "title", "intro", "asks", "prizes"),
            *("prize", "made_at", "opened_at", "closes_at", "closed_at", "lot", "drawn_at"),
            "entries",
        )

    class Meta(Scoped.Meta):
        ordering: ClassVar = ["-made_at", "-id"]
        indexes: ClassVar = [models.Index(fields=["organisation", "state", "-made_at"])]

    def __str__(self) -> str:
        return self.title

    @property
    def touchpoint(self) -> str:
        """Where the policy says what may be asked."""
        return f"surveys.{'contest' if self.kind == self.Kind.CONTEST else 'answer'}"


class Question(Scoped):
    """One question. `element` is what of the clause its answers are."""

    class Kind(models.TextChoices):
        ONE = "one", "One of several"
        SOME = "some", "Any of several"
        SCALE = "scale", "A number from 0 to 10"
        WORDS = "words", "In their own words"

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="questions")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=5, choices=Kind.choices)
    words = models.CharField(max_length=300)
    options = models.JSONField(default=list)
    element = models.CharField(max_length=60)

    class Privacy:
        not_personal: ClassVar = (
            *("id", "organisation", "survey", "number", "kind", "words", "options", "element"),
        )

    class Meta(Scoped.Meta):
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["survey", "number"], name="surveys_one_number")
        ]

    def __str__(self) -> str:
        return self.words


class Response(Scoped):
    """That somebody answered. The answers are elements of theirs, tied to the submission that has
    this row's id; they go when their clause says so, and this row goes with the person.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    ref = models.CharField(max_length=32, unique=True, default=opaque_ref, editable=False)
    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="responses")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    entrant = models.UUIDField(help_text="Whoever may enter once; its own id in a survey.")
    won_at = models.DateTimeField(null=True, verbose_name="won")

    class Privacy:
        not_personal: ClassVar = (
            *("id", "ref", "organisation", "survey", "person", "entrant", "won_at"),
        )

    class Meta(Scoped.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["survey", "entrant"], name="surveys_enter_once")
        ]

    def __str__(self) -> str:
        return f"answer {self.ref[:8]}"
