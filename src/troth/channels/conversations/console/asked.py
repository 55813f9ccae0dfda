"""Who asked to be let read something, and still waits for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from troth.channels.conversations.actions.asking import ASKED
from troth.channels.conversations.models import Conversation, Event
from troth.core import clock
from troth.core.staff.models import Grant

OPEN_FOR: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Asking:
    """One member asks to read one conversation, on a ground."""

    member: str
    conversation: Conversation
    ground: str
    at: datetime


def asked_for(conversation: UUID | None = None) -> list[Asking]:
    """What was asked in the last week and not granted since, the newest first, once a member."""
    events = Event.objects.filter(did=ASKED, happened_at__gt=clock.now() - OPEN_FOR)
    if conversation is not None:
        events = events.filter(conversation=conversation)
    found: dict[tuple[str, UUID], Asking] = {}
    for event in events.select_related("conversation").order_by("-happened_at"):
        member = event.actor.partition(":")[2]
        one = Asking(member, event.conversation, event.detail["ground"], event.happened_at)
        found.setdefault((member, event.conversation_id), one)
    given: dict[tuple[str, UUID], datetime] = {}
    records = {one.conversation.pk for one in found.values()}
    for grant in Grant.objects.filter(record__in=records).select_related("member"):
        key = (grant.member.ref, grant.record)
        given[key] = max(given.get(key, grant.given_at), grant.given_at)
    return [one for key, one in found.items() if key not in given or given[key] < one.at]
