from __future__ import annotations

from typing import ClassVar

from django.db import models

from troth.core.ids import row_id
from troth.core.organisations.scoped import Scoped
from troth.core.people.models import Person
from troth.core.sealing.rows import SealedPart, SealedRowField


class Sealed(Scoped):
    """A customer whose five values are read together, and so sealed together."""

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    values = SealedRowField(subject="person")
    name = SealedPart(category="user.name", within="values")
    email = SealedPart(category="user.contact.email", within="values")
    phone = SealedPart(category="user.contact.phone_number", within="values")
    address = SealedPart(category="user.contact.address", within="values")
    message = SealedPart(category="user.content.private", within="values")

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
