"""What happened to a conversation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from troth.channels.conversations.models import Conversation, Event


@dataclass(frozen=True, slots=True)
class Line:
    """One event: who (kind and reference) did what, when."""

    actor: str
    did: str
    detail: dict[str, Any]
    at: datetime


def history(conversation: Conversation) -> list[Line]:
    """Oldest first, with what came from conversations merged into it."""
    places = [conversation.pk]
    places += Conversation.objects.filter(merged_into=conversation).values_list("pk", flat=True)
    events = Event.objects.filter(conversation__in=places).order_by("happened_at", "id")
    return [Line(one.actor, one.did, one.detail, one.happened_at) for one in events]
