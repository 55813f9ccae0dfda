"""The channel's line of the console, and domains that wait to be entered."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from troth.channels.domains.clauses import offered
from troth.channels.domains.models import Domain
from troth.channels.domains.permissions import ABILITY


def _open(_request: Any) -> int:
    return Domain.objects.filter(state=Domain.State.ORDERED).count()


RAIL: list[dict[str, Any]] = [
    {
        "key": "d",
        "label": "Domains",
        "icon": "globe",
        "url": "domains:list",
        "need": ABILITY,
        "order": 38,
        "count": _open,
        "where": offered,
    }
]


def waiting(request: Any) -> Iterable[dict[str, Any]]:
    """Those that somebody has to enter in the registry, as one line."""
    count = _open(request) if ABILITY in request.actor.abilities and offered() else 0
    if count:
        words = "domain waits" if count == 1 else "domains wait"
        yield {"text": f"{count} {words} to be entered", "url": reverse("domains:list")}
