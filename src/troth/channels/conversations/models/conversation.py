from __future__ import annotations

from typing import ClassVar

from django.db import models

from troth.core.errors import Refusal
from troth.core.ids import opaque_ref, row_id
from troth.core.organisations.scoped import OrganisationField, Scoped
from troth.core.people.models import Person
from troth.core.sealing.fields import BlindIndexField, SealedTextField
from troth.core.staff.models import Membership


class Conversation(Scoped):
    """What one person and the company say to each other about one matter, whichever way it goes.

    `revision` grows with every change that staff make: a page sends the one it was made from, and a
    change that was made from an older one is refused and shown what happened meanwhile.
    """

    class Way(models.TextChoices):
        CHAT = "chat"
        MAIL = "mail"
        CALL = "call"
        LETTER = "letter"

    class State(models.TextChoices):
        OPEN = "open", "Open"  # the company has to do something
        WAITING = "waiting", "Waiting for them"
        HOLD = "hold", "On hold"
        SOLVED = "solved", "Solved"
        CLOSED = "closed", "Closed"  # over: a further mail opens another

    class Priority(models.IntegerChoices):
        LOW = 1, "Low"
        NORMAL = 2, "Normal"
        HIGH = 3, "High"
        URGENT = 4, "Urgent"

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    ref = models.CharField(max_length=32, unique=True, default=opaque_ref, editable=False)
    organisation = OrganisationField(db_index=False)  # indexes below begin with it
    number = models.PositiveIntegerField(help_text="What people quote; counted per organisation.")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="conversations")
    way = models.CharField(max_length=6, choices=Way.choices)
    touchpoint = models.CharField(max_length=60)
    clause = models.CharField(max_length=20)
    version = models.CharField(max_length=60)
    state = models.CharField(max_length=7, choices=State.choices, default=State.OPEN)
    priority = models.PositiveSmallIntegerField(choices=Priority.choices, default=Priority.NORMAL)
    queue = models.ForeignKey(
        "Queue", on_delete=models.PROTECT, null=True, related_name="conversations"
    )
    assignee = models.ForeignKey(
        Membership, on_delete=models.SET_NULL, null=True, related_name="conversations"
    )
    revision = models.PositiveIntegerField(default=1)
    last_seq = models.PositiveIntegerField(default=0, help_text="Of its newest message.")
    visitor_digest = models.BinaryField(
        max_length=32, null=True, help_text="SHA-256 of the secret the chat's browser holds."
    )
    merged_into = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, related_name="merged"
    )
    split_from = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, related_name="splits"
    )
    reopenings = models.PositiveSmallIntegerField(default=0, help_text="By mail; there is a cap.")
    rating = models.PositiveSmallIntegerField(null=True, help_text="1 to 5.")
    opened_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    person_last_at = models.DateTimeField(null=True)
    staff_last_at = models.DateTimeField(null=True)
    first_answer_at = models.DateTimeField(null=True)
    first_answer_due_at = models.DateTimeField(null=True)
    next_answer_due_at = models.DateTimeField(null=True)
    solve_due_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True, help_text="Since when its clocks stand still.")
    solved_at = models.DateTimeField(null=True)
    asked_rating_at = models.DateTimeField(null=True)
    rated_at = models.DateTimeField(null=True)

    class Privacy:
        not_personal: ClassVar = (
            *("id", "ref", "organisation", "number", "person", "way", "touchpoint", "clause"),
            *("version", "state", "priority", "queue", "assignee", "revision", "last_seq"),
            *("visitor_digest", "merged_into", "split_from", "reopenings", "rating"),
            *("opened_at", "changed_at", "person_last_at", "staff_last_at", "first_answer_at"),
            *("first_answer_due_at", "next_answer_due_at", "solve_due_at", "paused_at"),
            *("solved_at", "asked_rating_at", "rated_at"),
        )

    class Meta(Scoped.Meta):
        ordering: ClassVar = ["-changed_at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "state", "-changed_at"]),
            models.Index(fields=["assignee", "state"]),
            models.Index(fields=["person", "-opened_at"]),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "number"], name="conversations_one_number"
            ),
            models.UniqueConstraint(
                fields=["organisation", "visitor_digest"],
                condition=models.Q(visitor_digest__isnull=False),
                name="conversations_opened_once",
            ),
        ]

    def __str__(self) -> str:
        return f"conversation {self.number}"


class Participant(Scoped):
    """Somebody who may write into a conversation by mail: its person, or whom staff added."""

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="participants"
    )
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="takes_part")
    address = SealedTextField(category="user.contact.email")
    address_index = BlindIndexField(of="address")
    copied = models.BooleanField(default=False, help_text="Gets copies, and is not its person.")
    added_at = models.DateTimeField()

    class Privacy:
        not_personal: ClassVar = (
            *("id", "organisation", "conversation", "person", "copied", "added_at"),
        )

    class Meta(Scoped.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["conversation", "address_index"], name="conversations_participant_once"
            )
        ]

    def __str__(self) -> str:
        return f"participant of {self.conversation_id}"


class Message(Scoped):
    """One message, in its place. `client_id` is made by whoever sends it: a repeat is the same.

    What a person wrote are elements of theirs (`Element.record` is this row's id): `message` and,
    for mail, `subject`. What staff wrote stands in `words`, sealed under the person's key, so that
    it goes with the conversation; it is nobody's to export but the staff's.
    """

    class Side(models.TextChoices):
        PERSON = "person"
        STAFF = "staff"
        NOTE = "note"  # among staff
        SYSTEM = "system"  # what happened, by a key of `system_words`, e.g. "transferred"

    class Delivery(models.TextChoices):
        NONE = ""
        QUEUED = "queued"
        SENT = "sent"
        FAILED = "failed"
        BOUNCED = "bounced"

    text: str | None = None  # what was stored, on those that were written just now
    repeated: bool = False  # it was there already
    refused: Refusal | None = None  # why it was not stored

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    organisation = OrganisationField(db_index=False)  # the index of sent_at begins with it
    conversation = models.ForeignKey(  # constraints below begin with it
        Conversation, on_delete=models.CASCADE, related_name="messages", db_index=False
    )
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, related_name="conversation_messages"
    )
    seq = models.PositiveIntegerField()
    client_id = models.UUIDField()
    side = models.CharField(max_length=6, choices=Side.choices)
    author = models.ForeignKey(
        Membership, on_delete=models.SET_NULL, null=True, related_name="messages"
    )
    words = SealedTextField(category="user.content.private", null=True)
    said = models.CharField(max_length=40, default="", help_text="The key of a system message.")
    masked = models.JSONField(default=list, help_text="Kinds of values masked before storing.")
    automatic = models.BooleanField(default=False, help_text="A machine wrote it (RFC 3834).")
    delivery = models.CharField(
        max_length=7, choices=Delivery.choices, default=Delivery.NONE, blank=True
    )
    delivery_status = models.CharField(max_length=12, default="", help_text="RFC 3463, e.g. 5.1.1")
    message_id = models.BinaryField(
        max_length=32, null=True, help_text="Keyed digest of its Message-ID."
    )
    checked = models.JSONField(
        default=dict, help_text="What SPF and DKIM say, by a word each; no name, no address."
    )
    formatted = models.BooleanField(default=False, help_text="It came as HTML, kept cleaned.")
    sent_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, help_text="By the other side.")

    class Privacy:
        not_personal: ClassVar = (
            *("id", "organisation", "conversation", "person", "seq", "client_id", "side"),
            *("author", "said", "masked", "automatic", "delivery", "delivery_status"),
            *("message_id", "checked", "formatted", "sent_at", "seen_at"),
        )

    class Meta(Scoped.Meta):
        ordering: ClassVar = ["conversation", "seq"]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "sent_at"]),
            models.Index(fields=["message_id"]),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["conversation", "seq"], name="conversations_message_in_order"
            ),
            models.UniqueConstraint(
                fields=["conversation", "client_id"], name="conversations_message_once"
            ),
        ]

    def __str__(self) -> str:
        return f"message {self.seq} of {self.conversation_id}"


class Event(Scoped):
    """The history of a conversation: who changed what, by references and keys alone."""

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="events")
    actor = models.CharField(max_length=40, help_text="Kind and opaque reference.")
    did = models.CharField(max_length=30)
    detail = models.JSONField(default=dict)
    happened_at = models.DateTimeField()

    class Privacy:
        not_personal: ClassVar = (
            *("id", "organisation", "conversation", "actor", "did", "detail", "happened_at"),
        )

    class Meta(Scoped.Meta):
        ordering: ClassVar = ["happened_at", "id"]

    def __str__(self) -> str:
        return f"{self.did} of {self.conversation_id}"
