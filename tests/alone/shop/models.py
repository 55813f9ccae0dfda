from __future__ import annotations

from typing import ClassVar

from django.db import models

from troth.core.api import Person, Scoped, SealedTextField, row_id


class Order(Scoped):
    """What somebody ordered, with a note that is nobody else's business."""

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE)
    article = models.CharField(max_length=40)
    note = SealedTextField(category="user.content.private")

    class Privacy:
        not_personal: ClassVar = ("id", "organisation", "person", "article")

    class Meta(Scoped.Meta):
        pass

    def __str__(self) -> str:
        return self.article
