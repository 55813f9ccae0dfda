from __future__ import annotations

from typing import ClassVar

from django.db import models

from troth.core.ids import row_id
from troth.core.organisations.scoped import Scoped
from troth.core.people.models import Person
from troth.core.sealing.fields import SealedTextField


class Sealed(Scoped):
    """A customer with five sealed values."""

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    name = SealedTextField(category="user.name")
    email = SealedTextField(category="user.contact.email")
    phone = SealedTextField(category="user.contact.phone_number")
    address = SealedTextField(category="user.contact.address")
    message = SealedTextField(category="user.content.private")

    class Privacy:
        not_personal: ClassVar = ("id", "organisation", "person")

    class Meta(Scoped.Meta):
        pass

    def __str__(self) -> str:
        return f"sealed {self.pk}"


class Unsealed(Scoped):
    """The same customer in clear: what a plain Django application would have."""

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    name = models.TextField()
    email = models.TextField()
    phone = models.TextField()
    address = models.TextField()
    message = models.TextField()

    class Privacy:
        # Made-up values, in a database that is thrown away.
        not_personal: ClassVar = (
            *("id", "organisation", "person", "name", "email", "phone", "address", "message"),
        )

    class Meta(Scoped.Meta):
        pass

    def __str__(self) -> str:
        return f"unsealed {self.pk}"
