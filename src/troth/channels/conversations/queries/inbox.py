"""The list of conversations: numbers, states, times; never a word of one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from troth.channels.conversations import targets
from troth.channels.conversations.models import Conversation
from troth.core import clock
from troth.core.actors import Actor


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the inbox."""

    ref: str
    number: int
    way: str
    state: str
    priority: int
    queue: str
    assignee: str  # a member's reference, or ""
    tags: tuple[str, ...]
    opened_at: datetime
    changed_at: datetime
    due_at: datetime | None
    overdue: bool
    waiting_since: datetime | None
    mine: bool
    revision: int


def listed() -> QuerySet[Conversation]:
    """What an inbox may show: begun by a message, and not gone on in another."""
    found = Conversation.objects.filter(last_seq__gt=0, merged_into=None)
    return found.select_related("queue", "assignee").prefetch_related("taggings__tag")


def overdue(now: datetime) -> Q:
    """Something of it was due before `now`, and its clocks go."""
    late = Q(first_answer_at=None, first_answer_due_at__lt=now)
    late |= Q(next_answer_due_at__lt=now) | Q(solve_due_at__lt=now)
    return late & Q(paused_at=None)


def rows(found: Iterable[Conversation], *, actor: Actor) -> list[Row]:
    return [_row(one, actor, clock.now()) for one in found]


def _row(one: Conversation, actor: Actor, now: datetime) -> Row:
    due = targets.due_at(one)
    answered = one.staff_last_at and one.person_last_at and one.staff_last_at >= one.person_last_at
    assignee = one.assignee.ref if one.assignee else ""
    return Row(
        ref=one.ref,
        number=one.number,
        way=one.way,
        state=one.state,
        priority=one.priority,
        queue=one.queue.name if one.queue else "",
        assignee=assignee,
        tags=tuple(tagging.tag.name for tagging in one.taggings.all()),
        opened_at=one.opened_at,
        changed_at=one.changed_at,
        due_at=due,
        overdue=due is not None and due < now,
        waiting_since=None if answered else one.person_last_at,
        mine=bool(assignee) and assignee == actor.ref,
        revision=one.revision,
    )
