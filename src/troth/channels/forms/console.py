"""The channel's lines of the console: the inbox, and what waits in it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from troth.channels.forms.models import Submission
from troth.channels.forms.queries import inbox


def _open(_request: Any) -> int:
    return inbox(Submission.State.OPEN).count()


RAIL: list[dict[str, Any]] = [
    {
        "key": "f",
        "label": "Forms",
        "icon": "list",
        "url": "forms:inbox",
        "need": "inbox.read",
        "order": 10,
        "count": _open,
    }
]


def waiting(request: Any) -> Iterable[dict[str, Any]]:
    """The open submissions, as one line."""
    count = _open(request) if "inbox.read" in request.actor.abilities else 0
    if count:
        yield {"text": f"{count} open among what came by forms", "url": reverse("forms:inbox")}
