"""Targets: by when a conversation should be answered and solved, and clocks that stand still.

A target counts office hours. While a conversation waits for the person, or is on hold, its clocks
stand; what was left when they stopped is left when they go on.
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Final
from uuid import UUID

from troth.channels.conversations.hours import Hours
from troth.channels.conversations.models import Conversation, Desk, Queue
from troth.core.asking import look_up
from troth.core.notices.versions import current
from troth.core.organisations.models import Organisation
from troth.core.organisations.scope import current_organisation_id

STANDING: Final = frozenset({"waiting", "hold", "solved", "closed"})
DUE: Final = ("first_answer_due_at", "next_answer_due_at", "solve_due_at")


def desk_of() -> Desk:
    """The organisation's desk, made as it stands by default if there is none."""
    return next(iter(look_up(Desk, 1)), None) or Desk.objects.get_or_create()[0]


def hours_of(desk: Desk) -> Hours:
    """The office hours of the organisation in scope."""
    country = current().rules.policy.company.calendar
    spelled = tuple(
        (day, tuple(tuple(span) for span in spans)) for day, spans in sorted(desk.hours.items())
    )
    return _hours(spelled, _zone(current_organisation_id()), country)


@lru_cache(maxsize=256)
def _hours(
    weekly: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...], zone: str, country: str
) -> Hours:
    return Hours.of(dict(weekly), zone=zone, country=country)


@lru_cache(maxsize=1024)
def _zone(organisation: UUID) -> str:
    return Organisation.objects.values_list("time_zone", flat=True).get(pk=organisation)


def begin(conversation: Conversation, queue: Queue | None, hours: Hours, now: datetime) -> None:
    """Start the clocks of a conversation that is new, or new in this queue."""
    first, solve = (queue.first_answer_minutes, queue.solve_minutes) if queue else (None, None)
    opened = conversation.opened_at
    if conversation.first_answer_at is None:
        conversation.first_answer_due_at = hours.after(opened, first) if first else None
    conversation.solve_due_at = hours.after(opened, solve) if solve else None
    if conversation.state in STANDING:
        conversation.paused_at = now


def next_answer(conversation: Conversation, queue: Queue | None) -> int:
    """The minutes within which what the person wrote now should be answered; 0 for no target. The
    first answer has one of its own.
    """
    if conversation.first_answer_at is None or conversation.next_answer_due_at is not None:
        return 0
    return (queue.next_answer_minutes or 0) if queue else 0


def answered(conversation: Conversation, now: datetime) -> None:
    """Staff wrote."""
    conversation.first_answer_at = conversation.first_answer_at or now
    conversation.next_answer_due_at = None


def turn(conversation: Conversation, state: str, hours: Hours, now: datetime) -> None:
    """Set the state, and stop the clocks or let them go on."""
    conversation.state = state
    if state in STANDING:
        conversation.paused_at = conversation.paused_at or now
        return
    since, conversation.paused_at = conversation.paused_at, None
    if since is None:
        return
    for name in DUE:
        due = getattr(conversation, name)
        if due is not None and due > since:
            setattr(conversation, name, hours.after(now, hours.between(since, due)))


def due_at(conversation: Conversation) -> datetime | None:
    """The next thing that is due, or nothing while its clocks stand still."""
    if conversation.paused_at is not None:
        return None
    first = conversation.first_answer_due_at if conversation.first_answer_at is None else None
    found = [first, conversation.next_answer_due_at, conversation.solve_due_at]
    return min((due for due in found if due is not None), default=None)
