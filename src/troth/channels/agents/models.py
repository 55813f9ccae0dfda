from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from troth.core.ids import opaque_ref, row_id
from troth.core.organisations.scoped import Scoped
from troth.core.rights.models import Request


class Agent(Scoped):
    """A party that asks on behalf of people: what the network's directory says of it, entered by
    an owner. Its token is kept as a digest alone.
    """

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    ref = models.CharField(max_length=32, unique=True, default=opaque_ref, editable=False)
    key = models.CharField(max_length=64, help_text="Its agent-id in the network.")
    name = models.CharField(max_length=120)
    verify_key = models.CharField(max_length=44, help_text="Ed25519, 32 bytes in Base64.")
    web_url = models.CharField(max_length=200, blank=True)
    vouches = models.BooleanField(
        default=False, help_text="An address it says it has verified counts as shown."
    )
    token_digest = models.BinaryField(max_length=32, null=True)
    token_at = models.DateTimeField(null=True)
    entered_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Privacy:
        # Companies, as the network's directory lists them.
        not_personal: ClassVar = (
            *("id", "organisation", "ref", "key", "name", "verify_key", "web_url", "vouches"),
            *("token_digest", "token_at", "entered_at", "ended_at"),
        )

    class Meta(Scoped.Meta):
        ordering: ClassVar = ["name", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "key"],
                condition=Q(ended_at=None),
                name="agents_one_of_a_key",
            ),
            models.UniqueConstraint(
                fields=["organisation", "token_digest"], name="agents_one_of_a_token"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Business(Scoped):
    """What the organisation is called in the network of agents."""

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    key = models.CharField(max_length=64, help_text="Its business-id.")

    class Privacy:
        not_personal: ClassVar = ("id", "organisation", "key")

    class Meta(Scoped.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation"], name="agents_one_business")
        ]

    def __str__(self) -> str:
        return self.key


class Exercise(Scoped):
    """A request as its agent knows it, beside what the company knows of it."""

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="exercises")
    request = models.OneToOneField(Request, on_delete=models.CASCADE, related_name="exercise")
    exercise = models.CharField(max_length=20, help_text="The action asked for, as the agent did.")
    regime = models.CharField(max_length=10, blank=True)
    agent_request_id = models.CharField(max_length=100, blank=True)
    callback = models.CharField(max_length=500, blank=True, help_text="Where states are told.")
    told = models.CharField(max_length=64, blank=True, help_text="The state that was told last.")
    tried = models.CharField(max_length=64, blank=True, help_text="The state the tries are of.")
    tries = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True, help_text="When the callback is tried again.")

    class Privacy:
        # The agent's own number and address for the request, which name nobody to us.
        not_personal: ClassVar = (
            *("id", "organisation", "agent", "request", "exercise", "regime", "agent_request_id"),
            *("callback", "told", "tried", "tries", "next_at"),
        )

    class Meta(Scoped.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "agent", "agent_request_id"],
                condition=~Q(agent_request_id=""),
                name="agents_one_of_an_id",
            )
        ]

    def __str__(self) -> str:
        return f"{self.exercise} by {self.agent_id}"


class Seen(Scoped):
    """A signed message that was taken already, until it would be too old anyway."""

    digest = models.BinaryField(max_length=32)
    until = models.DateTimeField(db_index=True)

    class Privacy:
        # A digest of a whole signed message.
        not_personal: ClassVar = ("id", "organisation", "digest", "until")

    class Meta(Scoped.Meta):
        verbose_name_plural = "seen"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "digest"], name="agents_seen_once")
        ]

    def __str__(self) -> str:
        return f"until {self.until:%Y-%m-%d}"
