"""The channel's line of the console: cases that wait for a second person, and those that press."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from troth.channels.cases import wording
from troth.core.cases import api as cases
from troth.core.cases.entering import APPROVE, OPEN


def _count(request: Any) -> int:
    return cases.waiting_for(request.actor).count()


RAIL: list[dict[str, Any]] = [
    {
        "key": "k",
        "label": "Cases",
        "icon": "shield",
        "url": "casework:index",
        "need": OPEN,
        "order": 42,
        "count": _count,
    }
]


def waiting(request: Any) -> Iterable[dict[str, Any]]:
    """What waits for a second person, and what is past its day. No name, no word of a case."""
    for case in cases.waiting_for(request.actor)[:20]:
        yield {
            "text": f"{wording.kind(case)}: waits for a second person",
            "url": reverse("casework:case", args=[case.ref]),
            "due": case.ends_at.date() if case.ends_at else None,
            "clause": case.clause,
        }
    if not {OPEN, APPROVE} & request.actor.abilities:
        return
    for case, why in list(cases.overdue())[:20]:
        yield {
            "text": f"{wording.kind(case)}: {wording.CLOCKS[why][1]}",
            "url": reverse("casework:case", args=[case.ref]),
            "due": case.ends_at.date() if case.ends_at else None,
            "clause": case.clause,
        }
