"""The desk: its settings, its queues, who is there."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db.models import Q

from troth.channels.conversations import targets
from troth.channels.conversations.models import (
    CannedReply,
    Desk,
    FollowUp,
    Presence,
    Queue,
    SavedView,
)
from troth.core import clock
from troth.core.actors import Actor

AWAY: Final = timedelta(seconds=60)


def desk() -> Desk:
    """The organisation's desk, made as it stands by default if there is none."""
    return targets.desk_of()


def queues() -> list[Queue]:
    """In order."""
    return list(Queue.objects.prefetch_related("members"))


def canned() -> list[CannedReply]:
    return list(CannedReply.objects.all())


def saved_views(*, actor: Actor) -> list[SavedView]:
    """The member's own and everybody's."""
    return list(SavedView.objects.filter(Q(member=None) | Q(member__ref=actor.ref)))


def follow_ups(*, actor: Actor) -> list[FollowUp]:
    """What the member has to come back to, the next first."""
    mine = FollowUp.objects.filter(member__ref=actor.ref, done_at=None)
    return list(mine.select_related("conversation").order_by("due_at"))


def online() -> bool:
    """Whether somebody takes chats now, at whatever hour: hours are for targets alone."""
    return Presence.objects.filter(available=True, seen_at__gt=clock.now() - AWAY).exists()
