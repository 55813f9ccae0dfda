from __future__ import annotations

from typing import ClassVar

from django.db import models

from troth.core.ids import opaque_ref, row_id
from troth.core.organisations.scoped import OrganisationField, Scoped
from troth.core.people.models import Person
from troth.core.sealing.fields import SealedJSONField, SealedTextField


class Submission(Scoped):
    """One form as it was sent. What was written in it are the person's elements."""

    title: str  # what the form was called then; set where a page needs it

    class State(models.TextChoices):
        OPEN = "open"
        DONE = "done"

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    ref = models.CharField(max_length=32, unique=True, default=opaque_ref, editable=False)
    organisation = OrganisationField(db_index=False)  # two indexes below begin with it
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="submissions")
    touchpoint = models.CharField(max_length=60)
    clause = models.CharField(max_length=20)
    version = models.CharField(max_length=60)
    state = models.CharField(max_length=4, choices=State.choices, default=State.OPEN)
    once = models.BinaryField(max_length=32, help_text="Tells a repeat of the same sending.")
    salt = SealedTextField(category="system.operations")
    wishes = models.JSONField(default=dict, help_text="What waits for a yes by mail, as worded.")
    left = models.JSONField(default=list, help_text="The fields that were sent and are not held.")
    entry = models.UUIDField(null=True, help_text="Its entry on the ledger.")
    sent_at = models.DateTimeField()

    class Privacy:
        not_personal: ClassVar = (
            *("id", "organisation", "ref", "person", "touchpoint", "clause", "version", "state"),
            *("once", "wishes", "left", "entry", "sent_at"),
        )

    class Meta(Scoped.Meta):
        ordering: ClassVar = ["-sent_at", "-id"]
        indexes: ClassVar = [models.Index(fields=["organisation", "state", "-sent_at"])]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "once"], name="forms_sent_once")
        ]

    def __str__(self) -> str:
        return f"{self.touchpoint} {self.ref[:8]}"


class Appointment(Scoped):
    """A booked time. Two people cannot have the same one."""

    submission = models.OneToOneField(
        Submission, on_delete=models.CASCADE, primary_key=True, related_name="appointment"
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Privacy:
        not_personal: ClassVar = ("submission", "organisation", "starts_at", "ends_at")

    class Meta(Scoped.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "starts_at"], name="forms_one_appointment_a_slot"
            )
        ]

    def __str__(self) -> str:
        return f"appointment {self.starts_at:%Y-%m-%d %H:%M}"


class ServiceCase(Scoped):
    """Something handed in for service, with the number on its receipt."""

    submission = models.OneToOneField(
        Submission, on_delete=models.CASCADE, primary_key=True, related_name="case"
    )
    number = models.PositiveIntegerField()

    class Privacy:
        not_personal: ClassVar = ("submission", "organisation", "number")

    class Meta(Scoped.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "number"], name="forms_one_case_number")
        ]

    def __str__(self) -> str:
        return f"case {self.number}"


class SignUp(Scoped):
    """A form that asks for nothing but a yes, until whoever reads its address confirms it.

    Until then there is no person: what was written is sealed under a key of the row's own, and
    goes with it when the time is over.
    """

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    ref = models.CharField(max_length=32, unique=True, default=opaque_ref, editable=False)
    touchpoint = models.CharField(max_length=60)
    version = models.CharField(max_length=60)
    content = SealedJSONField(category="user", subject="self")
    wishes = models.JSONField(default=dict, help_text="What was ticked, as worded.")
    once = models.BinaryField(max_length=32, help_text="Tells a repeat of the same sending.")
    about = models.UUIDField(null=True, help_text="What of another part it belongs to.")
    tries = models.PositiveSmallIntegerField(default=0, help_text="Of sending the mail.")
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Privacy:
        not_personal: ClassVar = (
            *("id", "organisation", "ref", "touchpoint", "version", "wishes", "once", "about"),
            *("tries", "asked_at", "expires_at"),
        )

    class Meta(Scoped.Meta):
        indexes: ClassVar = [models.Index(fields=["expires_at"])]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "once"], name="forms_asked_once")
        ]

    def __str__(self) -> str:
        return f"{self.touchpoint} {self.ref[:8]}, not confirmed"
