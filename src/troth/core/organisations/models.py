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
    provider = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        related_name="clients",
        help_text="Of whom it is a client: the host, or a reseller.",
    )
    is_reseller = models.BooleanField(default=False, help_text="It has clients of its own.")
    opened_at = models.DateTimeField(null=True, help_text="When a client accepted its contract.")
    ref = models.CharField(max_length=32, unique=True, default=opaque_ref, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Privacy:
        not_personal: ClassVar = (
            *("id", "slug", "name", "host", "accent", "time_zone", "is_host", "ref", "created_at"),
            *("provider", "is_reseller", "opened_at"),
        )

    class Meta:
        ordering: ClassVar = ["slug"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        """Whether it may be at work: a client is, once it accepted its contract."""
        return self.provider_id is None or self.opened_at is not None
