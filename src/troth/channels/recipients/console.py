"""The channel's line of the console, and the recipients that somebody has to see to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from troth.core.recipients.binding import ABILITY
from troth.core.recipients.models import Suspension


def _suspended(_request: Any) -> int:
    return Suspension.objects.filter(lifted_at=None).count()


RAIL: list[dict[str, Any]] = [
    {
        "key": "y",
        "label": "Recipients",
        "icon": "share",
        "url": "recipients:index",
        "need": ABILITY,
        "order": 45,
        "count": _suspended,
    }
]


def waiting(request: Any) -> Iterable[dict[str, Any]]:
    """Suspended recipients, as one line each."""
    if ABILITY not in request.actor.abilities:
        return
    for found in Suspension.objects.filter(lifted_at=None):
        yield {
            "text": f"{found.recipient} is suspended: {found.get_ground_display().lower()}",
            "url": reverse("recipients:one", args=[found.recipient]),
            "clause": found.clause,
        }
