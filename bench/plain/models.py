from __future__ import annotations

from typing import ClassVar

from django.db import models


class Contact(models.Model):
    """What was written, in one row, in clear."""

    name = models.CharField(max_length=120)
    email = models.EmailField(max_length=254)
    website = models.URLField(max_length=300, blank=True)
    message = models.TextField(max_length=5000)
    sent_at = models.DateTimeField(auto_now_add=True)

    class Privacy:
        # Made-up values, in a database that is thrown away.
        not_personal: ClassVar = ("id", "name", "email", "website", "message", "sent_at")

    def __str__(self) -> str:
        return f"contact {self.pk}"
