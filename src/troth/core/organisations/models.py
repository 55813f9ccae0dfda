from __future__ import annotations

from typing import ClassVar

from django.db import models

from troth.core.ids import opaque_ref, row_id


class Organisation(models.Model):
    """A company on this installation: the controller of its own data. The host is one too."""

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=200)
    host = models.CharField(max_length=253, blank=True, help_text="The host name of its site.")
    accent = models.CharField(max_length=7, default="#1f6f5c")
    time_zone = models.CharField(max_length=40, default="UTC", help_text="Of its office hours.")
    is_host = models.BooleanField(default=False, help_text="It runs this installation.")
    ref = models.CharField(max_length=32, unique=True, default=opaque_ref, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Privacy:
        not_personal: ClassVar = (
            *("id", "slug", "name", "host", "accent", "time_zone", "is_host", "ref", "created_at"),
        )

    class Meta:
        ordering: ClassVar = ["slug"]

    def __str__(self) -> str:
        return self.name
