"""What every page of the console knows, also those that channels bring."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from troth.hub.console import purposes, rail
from troth.hub.console.wording import short


def console(request: Any) -> dict[str, Any]:
    """The rail, the search and the purpose of the task, for members of the staff."""
    member = getattr(request, "member", None)
    if member is None:
        return {}
    accepted = member.undertaking_at is not None
    searches = accepted and "people.search" in request.actor.abilities
    return {
        "console": {
            "home_url": reverse("console:home"),
            "rail": list(rail.items(request)) if accepted else [],
            "head": "console/head.html",
            "search": "console/search.html" if searches else "",
            "foot": "console/rail_foot.html",
            "find_url": reverse("console:find"),
            "purposes": purposes.offered(request) if accepted else [],
            "purpose": purposes.picked(request) if accepted else None,
            "purpose_url": reverse("console:purpose"),
            "role": member.role.name,
            "me": short(member.ref),
        }
    }
