"""The channel's line of the console, and contests that wait for their draw."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from troth.channels.surveys.building import ABILITY
from troth.channels.surveys.models import Survey

RAIL: list[dict[str, Any]] = [
    {
        "key": "q",
        "label": "Surveys",
        "icon": "chart",
        "url": "surveys:list",
        "need": ABILITY,
        "order": 35,
    }
]


def waiting(request: Any) -> Iterable[dict[str, Any]]:
    """Contests that are closed and not drawn."""
    if ABILITY not in request.actor.abilities:
        return
    closed = Survey.objects.filter(state=Survey.State.CLOSED, kind=Survey.Kind.CONTEST)
    for survey in closed.filter(drawn_at=None):
        url = reverse("surveys:one", args=[survey.ref])
        yield {"text": f"“{survey.title}” waits for its draw", "url": url}
