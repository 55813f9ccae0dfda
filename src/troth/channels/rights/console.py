"""The channel's line of the console: requests that wait, with the late ones counted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from django.db.models import QuerySet
from django.urls import reverse

from troth.channels.rights import wording
from troth.core import clock
from troth.core.rights import api as rights
from troth.core.rights.api import Request
from troth.core.rights.asking import counting
from troth.core.rights.kinds import CHANGING, TALKED

ABILITY: Final = "rights.handle"


def waits_for_staff() -> QuerySet[Request]:
    """Open requests that somebody of the staff has to do something about."""
    by_hand = rights.open_requests().filter(state=Request.State.OPEN, kind__in=TALKED | CHANGING)
    return by_hand | rights.open_requests().filter(state=Request.State.STUCK)


def _count(request: Any) -> int:
    return waits_for_staff().count() if ABILITY in request.actor.abilities else 0


RAIL: list[dict[str, Any]] = [
    {
        "key": "r",
        "label": "Requests",
        "icon": "requests",
        "url": "requests:queue",
        "need": ABILITY,
        "order": 40,
        "count": _count,
    }
]


def waiting(request: Any) -> Iterable[dict[str, Any]]:
    """The reminders: what is late or due within days, each with its clause, and no name."""
    if ABILITY not in request.actor.abilities:
        return
    ticking = list(rights.open_requests().filter(due_at__isnull=False, paused_at=None)[:50])
    if not ticking:
        return  # where no policy is published there is no calendar to count by either
    counts, now = counting(), clock.now()
    for found in ticking:
        if wording.standing(found, counts).kind == "good" or found.due_at is None:
            continue
        yield {
            "text": f"{wording.kind(found.kind)}: {wording.left(found.due_at, now, counts)}",
            "url": reverse("requests:request", args=[found.ref]),
            "due": counts.day(found.due_at),
            "clause": found.clause,
        }
