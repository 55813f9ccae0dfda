from __future__ import annotations

import secrets
from typing import ClassVar

from django.db import models

from troth.core.ids import opaque_ref, row_id
from troth.core.organisations.scoped import Scoped
from troth.core.people.models import Person


def fresh_key() -> bytes:
    """256 random bits: from it and a person come the Message-IDs of a campaign."""
    return secrets.token_bytes(32)


class Campaign(Scoped):
    """One mailing for one purpose: what it says, whom it is for, and how far it is."""

    class State(models.TextChoices):
        DRAFT = "draft"
        WAITING = "waiting"  # for somebody to read it first
        REJECTED = "rejected"
        SCHEDULED = "scheduled"
        SENDING = "sending"
        PAUSED = "paused"
        DONE = "done"
        CANCELLED = "cancelled"

    class Kind(models.TextChoices):
        NEWS = "news", "Something people can refuse"
        NOTICE = "notice", "Part of the service: maintenance, an outage"

    class Format(models.TextChoices):
        MARKDOWN = "markdown", "Markdown"
        HTML = "html", "HTML"

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    ref = models.CharField(max_length=32, unique=True, default=opaque_ref, editable=False)
    name = models.CharField(max_length=120, help_text="For the staff; recipients do not see it.")
    kind = models.CharField(max_length=6, choices=Kind.choices, default=Kind.NEWS)
    purpose = models.CharField(max_length=60)
    subject = models.CharField(max_length=200)
    subject_b = models.CharField(max_length=200, blank=True)
    share_b = models.PositiveSmallIntegerField(
        default=0, help_text="How many of a hundred people get the second subject."
    )
    try_share = models.PositiveSmallIntegerField(
        default=100, help_text="Of a hundred people, who get one of two subjects at once."
    )
    try_hours = models.PositiveSmallIntegerField(
        default=4, help_text="Then the others get the better one."
    )
    chosen = models.CharField(max_length=1, blank=True, help_text="The subject of the others.")
    chosen_by = models.CharField(max_length=8, blank=True, help_text="See choosing.py.")
    format = models.CharField(max_length=8, choices=Format.choices, default=Format.MARKDOWN)
    body = models.TextField(blank=True)
    sender_name = models.CharField(max_length=120, blank=True)
    layout = models.ForeignKey("campaigns.Layout", on_delete=models.SET_NULL, null=True)
    segment = models.JSONField(default=list, help_text="Conditions; see segments.py.")
    in_archive = models.BooleanField(default=False, help_text="Shown on the public archive page.")
    state = models.CharField(max_length=9, choices=State.choices, default=State.DRAFT)
    author = models.CharField(max_length=32, blank=True, help_text="Reference of the member.")
    ground = models.CharField(max_length=60, blank=True, help_text="Of the policy: why rejected.")
    reason = models.TextField(blank=True, help_text="Why it was rejected, for its author.")
    scheduled_for = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    frozen_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    audience = models.PositiveIntegerField(default=0, help_text="Copies made when it was frozen.")
    clause = models.CharField(max_length=20, blank=True)
    version = models.CharField(max_length=60, blank=True)
    key = models.BinaryField(max_length=32, default=fresh_key, editable=False)

    class Privacy:
        # What it says are the author's words to many; a segment holds blind indexes, no values.
        not_personal: ClassVar = (
            *("id", "organisation", "ref", "name", "kind", "purpose", "subject", "subject_b"),
            *(
                "share_b",
                "try_share",
                "try_hours",
                "chosen",
                "chosen_by",
                "format",
                "body",
                "layout",
                "sender_name",
                "segment",
                "in_archive",
                "state",
                "author",
            ),
            *("ground", "reason", "scheduled_for", "created_at", "frozen_at", "finished_at"),
            *("audience", "clause", "version", "key"),
        )

    class Meta(Scoped.Meta):
        ordering: ClassVar = ["-created_at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "state", "scheduled_for"]),
            models.Index(fields=["organisation", "-created_at"]),
        ]

    def __str__(self) -> str:
        return f"campaign {self.ref[:8]}"

    @property
    def tries(self) -> bool:
        """Whether two subjects are tried on some before the others get theirs."""
        return bool(self.subject_b) and self.try_share < 100  # noqa: PLR2004 - of a hundred


class Layout(Scoped):
    """An organisation's own HTML around its letters; see layouts.py for what may stand in it."""

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    ref = models.CharField(max_length=32, unique=True, default=opaque_ref, editable=False)
    name = models.CharField(max_length=80)
    html = models.TextField()
    changed_at = models.DateTimeField()

    class Privacy:
        # The company's own words and looks.
        not_personal: ClassVar = ("id", "organisation", "ref", "name", "html", "changed_at")

    class Meta(Scoped.Meta):
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "name"], name="campaigns_one_layout_name"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Copy(Scoped):
    """The copy of a campaign for one person, and what became of it.

    It is accepted only after the server's 250. `uncertain` says that a connection or a process
    ended between the message and that answer, so that it was sent again.
    """

    class State(models.TextChoices):
        QUEUED = "queued"
        CLAIMED = "claimed"
        ACCEPTED = "accepted"
        DEFERRED = "deferred"
        FAILED = "failed"
        BOUNCED = "bounced"
        COMPLAINED = "complained"
        DROPPED = "dropped"  # it was no longer permitted when it was about to leave

    LEFT: ClassVar = (State.QUEUED, State.CLAIMED, State.DEFERRED)
    UNDECIDED: ClassVar = "-"
    """The subject of a copy that waits for the better one of two."""

    id = models.BigAutoField(primary_key=True)
    campaign = models.ForeignKey(
        Campaign, on_delete=models.CASCADE, related_name="copies", db_index=False
    )
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, related_name="copies", db_index=False
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    subject = models.CharField(max_length=1, default="a", help_text="Which of the two subjects.")
    due_at = models.DateTimeField(help_text="When it is tried next.")
    worker = models.UUIDField(null=True, help_text="The process that has it in hand.")
    tries = models.PositiveSmallIntegerField(default=0)
    uncertain = models.BooleanField(default=False)
    code = models.CharField(max_length=14, blank=True, help_text="The server's reply: 550 5.1.1")
    words = models.CharField(
        max_length=200, blank=True, help_text="What the server said, without the address."
    )
    reason = models.CharField(max_length=20, blank=True, help_text="Why it was dropped or failed.")
    settled_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    clicked_at = models.DateTimeField(null=True)

    class Privacy:
        # Opening is collected only where a clause and the person's own choice permit it.
        not_personal: ClassVar = (
            *("id", "organisation", "campaign", "person", "state", "subject", "due_at", "worker"),
            *("tries", "uncertain", "code", "words", "reason", "settled_at", "opened_at"),
            "clicked_at",
        )

    class Meta(Scoped.Meta):
        verbose_name_plural = "copies"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "campaign"], name="campaigns_one_copy_each")
        ]
        indexes: ClassVar = [
            models.Index(fields=["campaign", "state", "due_at"], name="campaigns_copies_to_send"),
            models.Index(
                fields=["campaign"], condition=models.Q(uncertain=True), name="campaigns_uncertain"
            ),
            models.Index(
                fields=["worker"],
                condition=models.Q(worker__isnull=False),
                name="campaigns_in_hand",
            ),
        ]

    def __str__(self) -> str:
        return f"copy {self.pk}: {self.state}"


class Conduct(Scoped):
    """How an organisation may send: read before it leaves or not, and whether all is stopped."""

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    moderation_needed = models.BooleanField(default=False)
    complaint_limit = models.PositiveSmallIntegerField(
        default=30, help_text="Complaints among ten thousand copies that stop everything."
    )
    sender_name = models.CharField(max_length=120, blank=True)
    reply_to = models.EmailField(blank=True, help_text="Of the company; empty: answers come here.")
    soft_most = models.PositiveSmallIntegerField(
        default=5, help_text="Letters that came back for now until an address is mailed no more."
    )
    soft_days = models.PositiveSmallIntegerField(default=30, help_text="Within so many days.")
    stopped_at = models.DateTimeField(null=True)
    cause = models.CharField(max_length=20, blank=True, help_text="Why all was stopped.")

    class Privacy:
        not_personal: ClassVar = (
            *("id", "organisation", "moderation_needed", "complaint_limit", "stopped_at", "cause"),
            # An address of the company itself, which every letter shows.
            *("sender_name", "reply_to", "soft_most", "soft_days"),
        )

    class Meta(Scoped.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation"], name="campaigns_one_conduct")
        ]

    def __str__(self) -> str:
        return "stopped" if self.stopped_at else "sending"


class Undeliverable(Scoped):
    """An address that is mailed no more, as the blind index it has among people's data."""

    class Reason(models.TextChoices):
        BOUNCED = "bounced"
        COMPLAINED = "complained"

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    index = models.BinaryField(max_length=32, editable=True)
    reason = models.CharField(max_length=10, choices=Reason.choices)
    at = models.DateTimeField()

    class Privacy:
        # A keyed digest; without the organisation's key nobody can even test a guess.
        not_personal: ClassVar = ("id", "organisation", "index", "reason", "at")

    class Meta(Scoped.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "index"], name="campaigns_undeliverable_once"
            )
        ]

    def __str__(self) -> str:
        return self.reason


class Pace(models.Model):
    """A token bucket that all sending processes share: of the installation, or of one domain."""

    key = models.BinaryField(primary_key=True, max_length=16)
    tokens = models.FloatField(help_text="Messages that may leave now.")
    at = models.FloatField(help_text="When that was counted, in seconds since 1970.")

    class Privacy:
        # A keyed digest of a recipients' domain; it tells no person from another.
        not_personal: ClassVar = ("key", "tokens", "at")

    def __str__(self) -> str:
        return f"{self.tokens:.1f} messages"
