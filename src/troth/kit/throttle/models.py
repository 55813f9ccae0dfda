from __future__ import annotations

from typing import ClassVar

from django.db import models


class Count(models.Model):
    """How often a caller did a thing in the current window."""

    key = models.BinaryField(primary_key=True, max_length=16)
    window = models.BigIntegerField(help_text="The window's number since 1970.")
    count = models.PositiveIntegerField()

    class Privacy:
        # A digest under a key that changes every day: it tells nobody, and nothing after the day.
        not_personal: ClassVar = ("key", "window", "count")

    def __str__(self) -> str:
        return f"{self.count} in window {self.window}"
