"""The channel's lines of the console, where the policy has something of it, and what waits."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from troth.channels.cases.api import open_reports
from troth.channels.community.clauses import POST, STORY, place
from troth.channels.community.forum.moderating import KIND, RUN
from troth.channels.community.helping.writing import WRITE
from troth.channels.community.models import Story


def _forum() -> bool:
    return place(POST) is not None


RAIL: list[dict[str, Any]] = [
    {
        "key": "u",
        "label": "Forum",
        "icon": "chat",
        "url": "community:queue",
        "need": RUN,
        "order": 36,
        "where": _forum,
    },
    {
        "key": "b",
        "label": "Help articles",
        "icon": "help",
        "url": "community:articles",
        "need": WRITE,
        "order": 37,
    },
]


def waiting(request: Any) -> Iterable[dict[str, Any]]:
    """Reports of posts nobody has decided, and stories that were agreed to."""
    if RUN in request.actor.abilities and place(POST) is not None:
        for case, about in open_reports(f"{KIND}.")[:10]:
            yield {"text": "A post was reported", "url": about or case}
    if WRITE in request.actor.abilities and place(STORY) is not None:
        ready = Story.objects.filter(agreed__isnull=False, published_at=None)
        if ready.exists():
            url = reverse("community:told-stories")
            yield {"text": "A story was agreed to and can be published", "url": url}
