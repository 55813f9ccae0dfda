"""The channel's line of the console, and the lists that wait for somebody."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from troth.channels.imports.actions import ABILITY
from troth.channels.imports.models import Import

WAITING = (Import.State.MAPPING, Import.State.TRIED)


def _waiting(_request: Any) -> int:
    return Import.objects.filter(state__in=WAITING).count()


RAIL: list[dict[str, Any]] = [
    {
        "key": "m",
        "label": "Imports",
        "icon": "upload",
        "url": "imports:index",
        "need": ABILITY,
        "order": 25,
        "count": _waiting,
    }
]


def waiting(request: Any) -> Iterable[dict[str, Any]]:
    """Lists that wait for the next step, as one line."""
    count = _waiting(request) if ABILITY in request.actor.abilities else 0
    if count:
        lists = "list waits" if count == 1 else "lists wait"
        yield {"text": f"{count} {lists} to be brought in", "url": reverse("imports:index")}
