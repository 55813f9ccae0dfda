"""The channel's line of the console, and what waits there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from troth.channels.campaigns.actions import MODERATE, SEND, WRITE
from troth.channels.campaigns.conduct import conduct
from troth.channels.campaigns.models import Campaign


def _waiting(request: Any) -> int:
    able = MODERATE in request.actor.abilities
    return Campaign.objects.filter(state=Campaign.State.WAITING).count() if able else 0


RAIL: list[dict[str, Any]] = [
    {
        "key": "c",
        "label": "Campaigns",
        "icon": "campaigns",
        "url": "campaigns:index",
        "need": WRITE,
        "order": 30,
        "count": _waiting,
    }
]


def waiting(request: Any) -> Iterable[dict[str, Any]]:
    """Campaigns to be read, those that came back to their author, and a stop of everything."""
    if count := _waiting(request):
        what = "campaign waits" if count == 1 else "campaigns wait"
        yield {"text": f"{count} {what} to be read", "url": reverse("campaigns:queue")}
    if WRITE in request.actor.abilities:
        mine = Campaign.objects.filter(state=Campaign.State.REJECTED, author=request.actor.ref)
        for campaign in mine:
            url = reverse("campaigns:campaign", args=[campaign.ref])
            yield {"text": f"“{campaign.name}” was rejected", "url": url}
    if SEND in request.actor.abilities and conduct().stopped_at is not None:
        yield {"text": "All campaigns are stopped", "url": reverse("campaigns:settings")}
