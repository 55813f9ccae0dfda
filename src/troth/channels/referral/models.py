from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.db import models

from troth.core.ids import row_id
from troth.core.organisations.scoped import Scoped
from troth.core.sealing.fields import SealedJSONField


class Referral(Scoped):
    """An invitation on its way. Name and address of the friend are here, sealed under a key of the
    row's own, and nowhere else; row and key go when the mail has left.
    """

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    version = models.CharField(max_length=60)
    content = SealedJSONField(category="user", subject="self")
    tries = models.PositiveSmallIntegerField(default=0, help_text="Of sending the mail.")
    expires_at = models.DateTimeField()

    class Privacy:
        not_personal: ClassVar = ("id", "organisation", "version", "tries", "expires_at")

    class Meta(Scoped.Meta):
        indexes: ClassVar = [models.Index(fields=["expires_at"])]

    def __str__(self) -> str:
        return "an invitation on its way"


class Invited(Scoped):
    """That an address was invited, as a keyed digest: nobody can read whose it is, nor when it was.

    It is no digest of any other table, so that the two cannot be joined.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)  # random: has no time
    digest = models.BinaryField(max_length=32)

    class Privacy:
        # One-way, and without the organisation's key nobody can even test a guess.
        not_personal: ClassVar = ("id", "organisation", "digest")

    class Meta(Scoped.Meta):
        verbose_name_plural = "invited"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "digest"], name="referral_invited_once")
        ]

    def __str__(self) -> str:
        return "somebody invited"
