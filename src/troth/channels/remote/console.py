"""The channel's line of the console, and sessions that wait for their note."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from troth.channels.remote import queries
from troth.channels.remote.clauses import find
from troth.channels.remote.offering import ABILITY

RAIL: list[dict[str, Any]] = [
    {
        "key": "w",
        "label": "Remote help",
        "icon": "eye",
        "url": "remote:list",
        "need": str(ABILITY),
        "order": 15,
        "where": lambda: find() is not None,
    }
]


def waiting(request: Any) -> Iterable[dict[str, Any]]:
    """The member's own sessions without a note, where there is a page to write it on."""
    if ABILITY not in request.actor.abilities or find() is None:
        return
    for session in queries.waiting(request.actor):
        url = reverse("remote:one", args=[session.ref])
        yield {"text": "A remote session waits for your note", "url": url}
