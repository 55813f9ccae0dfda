from __future__ import annotations

from typing import ClassVar

from django.db import models

from troth.core.ids import opaque_ref, row_id
from troth.core.organisations.scoped import OrganisationField, Scoped
from troth.core.people.models import Person
from troth.core.staff.models import Membership


class Session(Scoped):
    """One time that an agent is shown a customer's screen, from the code to the note about it.

    Nothing of what was on the screen is here or anywhere else. What the agent did is an element of
    the person's (`Element.record` is this row's id).
    """

    class State(models.TextChoices):
        OFFERED = "offered", "The code waits"
        JOINED = "joined", "The code was entered"
        RUNNING = "running", "Running"
        ENDED = "ended", "Over"

    class Ending(models.TextChoices):
        CUSTOMER = "customer", "The customer ended it"
        AGENT = "agent", "The agent ended it"
        TIME = "time", "Its time was up"
        LOST = "lost", "The connection was lost"
        UNUSED = "unused", "Nobody used the code in time"

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    ref = models.CharField(max_length=32, unique=True, default=opaque_ref, editable=False)
    organisation = OrganisationField(db_index=False)  # an index below begins with it
    agent = models.ForeignKey(
        Membership, on_delete=models.SET_NULL, null=True, related_name="remote_sessions"
    )
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, null=True, related_name="remote_sessions"
    )
    conversation = models.UUIDField(null=True, help_text="The case it is noted on.")
    ground = models.CharField(max_length=60)
    state = models.CharField(max_length=7, choices=State.choices, default=State.OFFERED)
    seconds = models.PositiveIntegerField(help_text="How long it may last.")
    code_digest = models.BinaryField(
        max_length=32, null=True, help_text="Keyed digest of the code; gone once it was entered."
    )
    secret_digest = models.BinaryField(
        max_length=32, null=True, help_text="SHA-256 of what the customer's page holds."
    )
    clause = models.CharField(max_length=20)
    version = models.CharField(max_length=60)
    made_at = models.DateTimeField()
    lapses_at = models.DateTimeField(help_text="Until when it has to be granted.")
    joined_at = models.DateTimeField(null=True)
    accepted = models.CharField(
        max_length=60, default="", help_text="The version whose advice the customer accepted."
    )
    accepted_at = models.DateTimeField(null=True)
    given = models.JSONField(default=list, help_text="The purposes with a yes for this session.")
    granted_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    pointer_at = models.DateTimeField(null=True, help_text="Since when the agent may point.")
    pointed = models.BooleanField(default=False, help_text="Whether they ever might.")
    agent_seen_at = models.DateTimeField(null=True)
    customer_seen_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=8, choices=Ending.choices, default="")
    noted_at = models.DateTimeField(null=True)

    class Privacy:
        not_personal: ClassVar = (
            *("id", "ref", "organisation", "agent", "person", "conversation", "ground", "state"),
            *("seconds", "code_digest", "secret_digest", "clause", "version", "made_at"),
            *("lapses_at", "joined_at", "accepted", "accepted_at", "given", "granted_at"),
            *("ends_at", "pointer_at", "pointed", "agent_seen_at", "customer_seen_at"),
            *("ended_at", "ended_by", "noted_at"),
        )

    class Meta(Scoped.Meta):
        ordering: ClassVar = ["-made_at", "-id"]
        indexes: ClassVar = [models.Index(fields=["organisation", "state", "-made_at"])]

    def __str__(self) -> str:
        return f"remote session {self.ref[:8]}"

    @property
    def topic(self) -> str:
        """Where the live processes hear of it."""
        return f"remote:{self.pk}"

    @property
    def to_note(self) -> bool:
        """Whether the agent has yet to write down what they did."""
        return bool(self.granted_at and self.ended_at and not self.noted_at)
