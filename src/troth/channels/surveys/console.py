"""The channel's line of the console, and contests that wait for their draw."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from troth.channels.surveys.building import ABILITY
from troth.channels.surveys.models import Survey
from troth.core import clock

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
    """Contests whose time is over and that are not drawn."""
    if ABILITY not in request.actor.abilities:
        return
    contests = Survey.objects.filter(kind=Survey.Kind.CONTEST, drawn_at=None)
    for survey in contests.exclude(state=Survey.State.DRAFT).filter(closes_at__lte=clock.now()):
        url = reverse("surveys:one", args=[survey.ref])
        yield {"text": f"“{survey.title}” waits for its draw", "url": url}
