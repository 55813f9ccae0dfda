from __future__ import annotations

from typing import ClassVar

from django.db import models


class Count(models.Model):
    """How often a caller did a thing in one window."""

    key = models.BinaryField(primary_key=True, max_length=16)
    window = models.BigIntegerField(help_text="When it ends, in seconds since 1970.")
    count = models.PositiveIntegerField()

    class Privacy:
        # A keyed digest of caller and window, removed minutes after the window's end.
        not_personal: ClassVar = ("key", "window", "count")

    def __str__(self) -> str:
        return f"{self.count} until {self.window}"
