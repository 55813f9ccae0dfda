from __future__ import annotations

from typing import ClassVar

from django.db import models

from troth.core.ids import opaque_ref, row_id
from troth.core.organisations.scoped import Scoped
from troth.core.people.models import Person
from troth.core.sealing.fields import SealedJSONField, SealedTextField


class Case(Scoped):
    """Why data may leave, or why something was stopped: who answers for it, and where it stands.

    `content` is what people wrote about it, sealed under a key of the case's own.
    """

    class Kind(models.TextChoices):
        LEGAL = "legal", "Legal process"
        REPORT = "report", "Report of an unlawful act"
        PROTECTION = "protection", "Protection of rights and safety"
        CONTENT = "content", "What messages say"
        TRANSFER = "transfer", "Transfer of ownership"
        REMEDY = "remedy", "Remedy"
        MODERATION = "moderation", "Moderation"

    class State(models.TextChoices):
        DRAFT = "draft", "Being prepared"
        WAITING = "waiting", "Waits for a second person"
        OPEN = "open", "Open"
        REFUSED = "refused", "Refused"
        CLOSED = "closed", "Closed"

    class Telling(models.TextChoices):
        NOW = "now", "The people are told at once"
        LATER = "later", "An order forbids it until a day"

    DISCLOSING: ClassVar = (Kind.LEGAL, Kind.REPORT, Kind.PROTECTION, Kind.CONTENT, Kind.TRANSFER)
    ENDED: ClassVar = (State.REFUSED, State.CLOSED)

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    ref = models.CharField(max_length=32, unique=True, default=opaque_ref, editable=False)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    ground = models.CharField(max_length=60, blank=True, help_text="A key of the clause's list.")
    recipient = models.CharField(max_length=60, blank=True, help_text="A key of the policy.")
    clause = models.CharField(max_length=20, blank=True)
    version = models.CharField(max_length=60, blank=True)
    purpose = models.CharField(max_length=60, blank=True)
    categories = models.JSONField(default=list, help_text="The data it is about.")
    since = models.DateTimeField(null=True, help_text="What was collected before is not meant.")
    until = models.DateTimeField(null=True, help_text="What was collected later is not meant.")
    ends_at = models.DateTimeField(null=True, help_text="From then on it opens nothing.")
    about = models.CharField(
        max_length=80, blank=True, help_text="What it is about, where that is no person: a key."
    )
    opened_by = models.CharField(max_length=40, help_text="The reference of who did.")
    opened_at = models.DateTimeField()
    owner = models.CharField(max_length=40, blank=True, help_text="Who sees to it: a reference.")
    decided_by = models.CharField(max_length=40, blank=True)
    decided_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=40, blank=True)
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=40, blank=True, help_text="A key.")
    undone = models.CharField(
        max_length=10, blank=True, help_text="What was done at first and then taken back."
    )
    telling = models.CharField(max_length=5, choices=Telling.choices, default=Telling.NOW)
    silent_until = models.DateTimeField(null=True, help_text="Until then an order forbids to tell.")
    told_at = models.DateTimeField(null=True, help_text="When all whom it is about had been told.")
    begun_at = models.DateTimeField(null=True, help_text="When telling the people began.")
    objections_until = models.DateTimeField(null=True, help_text="When the time to object is over.")
    given_at = models.DateTimeField(null=True, help_text="When the bundle was handed over.")
    given_by = models.CharField(max_length=40, blank=True)
    digest = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the bundle.")
    window = models.CharField(max_length=40, blank=True, help_text="The clause's time to object.")
    written = models.JSONField(default=list, help_text="Names of what is written in `content`.")
    content = SealedJSONField(category="user", subject="self", null=True)

    class Privacy:
        not_personal: ClassVar = (
            *(
                "id",
                "organisation",
                "ref",
                "window",
                "written",
                "kind",
                "state",
                "ground",
                "recipient",
                "clause",
            ),
            *("version", "purpose", "categories", "since", "until", "ends_at", "about"),
            *("opened_by", "opened_at", "owner", "decided_by", "decided_at", "closed_by"),
            *("closed_at", "outcome", "undone", "telling", "silent_until", "told_at", "begun_at"),
            "objections_until",
            *("given_at", "given_by", "digest"),
        )

    class Meta(Scoped.Meta):
        ordering: ClassVar = ["-opened_at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "state", "-opened_at"]),
            models.Index(fields=["organisation", "kind", "about"]),
        ]

    @property
    def ended(self) -> bool:
        return self.state in self.ENDED

    def __str__(self) -> str:
        return f"case {self.ref[:8]}"


class Concern(Scoped):
    """A person whom a case is about, and what became of it for them."""

    class State(models.TextChoices):
        NAMED = "named", "Named"
        TOLD = "told", "Told"
        BOUNCED = "bounced", "The mail did not reach them"
        UNREACHED = "unreached", "No address: to be told by post or otherwise"
        OBJECTED = "objected", "Objected"
        GIVEN = "given", "Given"

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    ref = models.CharField(max_length=32, unique=True, default=opaque_ref, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="concerns")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="cases")
    state = models.CharField(max_length=9, choices=State.choices, default=State.NAMED)
    told_at = models.DateTimeField(null=True)
    way = models.CharField(max_length=10, blank=True, help_text="How they were told.")
    goes_from = models.DateTimeField(null=True, help_text="When their time to object is over.")
    objected_at = models.DateTimeField(null=True)
    given_at = models.DateTimeField(null=True)

    class Privacy:
        not_personal: ClassVar = (
            *("id", "organisation", "ref", "case", "person", "state", "told_at", "way"),
            *("goes_from", "objected_at", "given_at"),
        )

    class Meta(Scoped.Meta):
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "person"], name="cases_one_concern")
        ]
        indexes: ClassVar = [models.Index(fields=["case", "state"])]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.state}"


class Document(Scoped):
    """A paper that a case rests on, sealed under the case's key."""

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="documents")
    name = SealedTextField(category="user", subject="case")
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64, help_text="SHA-256 of what was uploaded.")
    added_by = models.CharField(max_length=40)
    added_at = models.DateTimeField()

    class Privacy:
        not_personal: ClassVar = (
            *("id", "organisation", "case", "content_type", "size", "digest"),
            *("added_by", "added_at"),
        )

    class Meta(Scoped.Meta):
        ordering: ClassVar = ["added_at", "id"]

    def __str__(self) -> str:
        return f"document of {self.case_id}"


class DocumentPart(Scoped):
    """A piece of a document, as base64: what is sealed and opened at once."""

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="parts")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()
    content = SealedTextField(category="user", subject="case")

    class Privacy:
        not_personal: ClassVar = ("id", "organisation", "document", "case", "number")

    class Meta(Scoped.Meta):
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["document", "number"], name="cases_one_part")
        ]

    def __str__(self) -> str:
        return f"part {self.number}"


class Event(Scoped):
    """What happened with a case, in order; `words` are sealed under the case's key."""

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="events")
    what = models.CharField(max_length=40, help_text="A key.")
    by = models.CharField(max_length=40, help_text="The reference of who did it.")
    at = models.DateTimeField()
    count = models.PositiveIntegerField(null=True)
    words = SealedTextField(category="user", subject="case", null=True)

    class Privacy:
        not_personal: ClassVar = ("id", "organisation", "case", "what", "by", "at", "count")

    class Meta(Scoped.Meta):
        ordering: ClassVar = ["at", "id"]

    def __str__(self) -> str:
        return self.what
