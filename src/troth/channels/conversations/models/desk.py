from __future__ import annotations

from typing import ClassVar

from django.db import models

from troth.channels.conversations.models.conversation import Conversation
from troth.core.ids import opaque_ref, row_id
from troth.core.organisations.scoped import Scoped
from troth.core.staff.models import Membership


class Desk(Scoped):
    """How an organisation answers: one row each."""

    class PreChat(models.TextChoices):
        REQUIRED = "required", "Ask before a chat"
        OFFERED = "offered", "Offer it, and chat without it too"
        OFF = "off", "Do not ask"

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    pre_chat = models.CharField(max_length=8, choices=PreChat.choices, default=PreChat.OFF)
    greeting = models.CharField(max_length=200, default="", blank=True)
    mailbox = models.CharField(
        max_length=60, default="support", help_text="Local part that mail comes in at."
    )
    hours = models.JSONField(
        default=dict, help_text='By weekday, "0" Monday: [["09:00", "17:00"], …].'
    )
    attachments_mb = models.PositiveSmallIntegerField(default=10)
    ask_rating = models.BooleanField(default=True)
    last_number = models.PositiveIntegerField(default=1000, help_text="Given to a conversation.")
    read_marks = models.BooleanField(default=True)
    acknowledge = models.BooleanField(default=True, help_text="Say by mail that a mail came.")

    class Privacy:
        not_personal: ClassVar = (
            *("id", "organisation", "pre_chat", "greeting", "mailbox", "hours", "attachments_mb"),
            *("ask_rating", "last_number", "read_marks"),
            "acknowledge",
        )

    class Meta(Scoped.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation"], name="conversations_one_desk")
        ]

    def __str__(self) -> str:
        return f"desk of {self.organisation_id}"


class Queue(Scoped):
    """Where conversations wait for somebody, and within what time they should be answered."""

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    ref = models.CharField(max_length=32, unique=True, default=opaque_ref, editable=False)
    name = models.CharField(max_length=60)
    takes = models.JSONField(default=list, help_text="Ways, e.g. chat, mail; empty: by hand.")
    round_robin = models.BooleanField(default=False)
    most = models.PositiveSmallIntegerField(default=5, help_text="Open chats one member has.")
    first_answer_minutes = models.PositiveIntegerField(null=True, blank=True)
    next_answer_minutes = models.PositiveIntegerField(null=True, blank=True)
    solve_minutes = models.PositiveIntegerField(null=True, blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    members = models.ManyToManyField(Membership, through="QueueMember", related_name="queues")

    class Privacy:
        not_personal: ClassVar = (
            *("id", "ref", "organisation", "name", "takes", "round_robin", "most"),
            *("first_answer_minutes", "next_answer_minutes", "solve_minutes", "order"),
        )

    class Meta(Scoped.Meta):
        ordering: ClassVar = ["order", "name"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "name"], name="conversations_one_queue_name"
            )
        ]

    def __str__(self) -> str:
        return self.name


class QueueMember(Scoped):
    """A member of the staff who takes from a queue."""

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    last_given_at = models.DateTimeField(null=True, help_text="Whose turn it is.")

    class Privacy:
        not_personal: ClassVar = ("id", "organisation", "queue", "member", "last_given_at")

    class Meta(Scoped.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["queue", "member"], name="conversations_one_place_in_a_queue"
            )
        ]

    def __str__(self) -> str:
        return f"member {self.member_id} of {self.queue_id}"


class Presence(Scoped):
    """Whether a member takes chats now. Who was not seen for a minute is away."""

    member = models.OneToOneField(
        Membership, on_delete=models.CASCADE, primary_key=True, related_name="presence"
    )
    available = models.BooleanField(default=False)
    seen_at = models.DateTimeField()

    class Privacy:
        not_personal: ClassVar = ("member", "organisation", "available", "seen_at")

    class Meta(Scoped.Meta):
        pass

    def __str__(self) -> str:
        return f"presence of {self.member_id}"


class Tag(Scoped):
    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    name = models.CharField(max_length=40)

    class Privacy:
        not_personal: ClassVar = ("id", "organisation", "name")

    class Meta(Scoped.Meta):
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "name"], name="conversations_one_tag_name"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Tagging(Scoped):
    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="taggings"
    )
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="taggings")

    class Privacy:
        not_personal: ClassVar = ("id", "organisation", "conversation", "tag")

    class Meta(Scoped.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["conversation", "tag"], name="conversations_tagged_once"
            )
        ]

    def __str__(self) -> str:
        return f"tag of {self.conversation_id}"


class Link(Scoped):
    """That two conversations have to do with each other."""

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    one = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="links")
    other = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="linked")
    kind = models.CharField(max_length=10, default="related")  # related, cause, duplicate

    class Privacy:
        not_personal: ClassVar = ("id", "organisation", "one", "other", "kind")

    class Meta(Scoped.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["one", "other"], name="conversations_linked_once")
        ]

    def __str__(self) -> str:
        return f"{self.one_id} {self.kind} {self.other_id}"


class CannedReply(Scoped):
    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    short = models.CharField(max_length=30, help_text="What brings it up after a slash.")
    text = models.TextField(max_length=4000)

    class Privacy:
        not_personal: ClassVar = ("id", "organisation", "short", "text")

    class Meta(Scoped.Meta):
        ordering: ClassVar = ["short"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "short"], name="conversations_one_canned_reply"
            )
        ]

    def __str__(self) -> str:
        return self.short


class SavedView(Scoped):
    """A filter of the inbox under a name: a member's own, or everybody's."""

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    ref = models.CharField(max_length=32, unique=True, default=opaque_ref, editable=False)
    member = models.ForeignKey(
        Membership, on_delete=models.CASCADE, null=True, related_name="saved_views"
    )
    name = models.CharField(max_length=60)
    filters = models.JSONField(default=dict)

    class Privacy:
        not_personal: ClassVar = ("id", "ref", "organisation", "member", "name", "filters")

    class Meta(Scoped.Meta):
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class FollowUp(Scoped):
    """Something to come back to: a task with a day."""

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="follow_ups"
    )
    member = models.ForeignKey(
        Membership, on_delete=models.SET_NULL, null=True, related_name="follow_ups"
    )
    kind = models.CharField(max_length=10, default="look")  # look, call, write
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Privacy:
        not_personal: ClassVar = (
            *("id", "organisation", "conversation", "member", "kind", "due_at", "done_at"),
        )

    class Meta(Scoped.Meta):
        ordering: ClassVar = ["due_at"]

    def __str__(self) -> str:
        return f"follow-up of {self.conversation_id}"
