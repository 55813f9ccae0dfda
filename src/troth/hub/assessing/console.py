"""The line of the console, and the word to an owner when an assessment failed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from troth.core.assess.models import Assessment
from troth.core.staff.models import Role

RAIL: list[dict[str, Any]] = [
    {
        "key": "e",
        "label": "Assessment",
        "icon": "assessment",
        "url": "assessing:index",
        "need": str(Role.Ability.LEDGER_READ),
        "order": 75,
    }
]


def waiting(request: Any) -> Iterable[dict[str, Any]]:
    """The last assessment, where a check of it failed."""
    if Role.Ability.LEDGER_READ not in request.actor.abilities:
        return
    last = Assessment.objects.defer("document").first()
    if last and last.failed:
        number = f"{last.failed} checks" if last.failed > 1 else "One check"
        yield {
            "text": f"{number} of the last assessment failed",
            "url": reverse("assessing:index"),
        }
