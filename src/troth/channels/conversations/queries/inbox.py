"""The list of conversations: numbers, states, times; never a word of one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any, Final, Self

from django.db.models import F, Q, QuerySet

from troth.channels.conversations import targets
from troth.channels.conversations.models import Conversation
from troth.core import clock
from troth.core.actors import Actor

PAGE: Final = 50
LIVE: Final = ("open", "waiting", "hold")
ORDERS: Final[dict[str, tuple[Any, ...]]] = {
    "changed": ("-changed_at", "-id"),
    "oldest": ("opened_at", "id"),
    "priority": ("-priority", "changed_at"),
    "due": (
        F("next_answer_due_at").asc(nulls_last=True),
        F("solve_due_at").asc(nulls_last=True),
        "id",
    ),
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What of the inbox is shown. `assignee` is a member's reference, ``me`` or ``nobody``."""

    state: str = ""
    queue: str = ""
    assignee: str = ""
    way: str = ""
    priority: int = 0
    tag: str = ""
    overdue: bool = False
    order: str = "changed"  # changed, oldest, due, priority

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Self:
        """From a query string or a saved view; what is not known is left out."""
        found: dict[str, Any] = {}
        for field in fields(cls):
            value = given.get(field.name)
            if value in (None, ""):
                continue
            if field.name == "priority":
                found["priority"] = int(value) if str(value).isdigit() else 0
            elif field.name == "overdue":
                found["overdue"] = str(value).lower() in ("1", "true", "on")
            else:
                found[field.name] = str(value)
        return cls(**found)

    def as_dict(self) -> dict[str, Any]:
        """Only what differs from the default, as a saved view keeps it."""
        plain = asdict(type(self)())
        return {name: value for name, value in asdict(self).items() if value != plain[name]}


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


def chosen(filters: Filters, *, actor: Actor) -> QuerySet[Conversation]:
    """The conversations of a filter, in its order."""
    plain = {
        "queue__ref": filters.queue,
        "way": filters.way,
        "priority": filters.priority,
        "taggings__tag__name": filters.tag,
        "state": "" if filters.state == "live" else filters.state,
    }
    found = listed().filter(**{name: value for name, value in plain.items() if value})
    if filters.state == "live":
        found = found.filter(state__in=LIVE)
    if filters.assignee == "nobody":
        found = found.filter(assignee=None)
    elif filters.assignee:
        who = actor.ref if filters.assignee == "me" else filters.assignee
        found = found.filter(assignee__ref=who)
    if filters.overdue:
        found = found.filter(overdue(clock.now()))
    return found.order_by(*ORDERS.get(filters.order, ORDERS["changed"]))


def inbox(*, actor: Actor, filters: Filters, page: int = 1) -> tuple[list[Row], int]:
    """A page of 50, and how many there are in all."""
    actor.needs("inbox.read")
    found = chosen(filters, actor=actor)
    first = PAGE * (max(page, 1) - 1)
    return rows(found[first : first + PAGE], actor=actor), found.count()


def rows(found: Iterable[Conversation], *, actor: Actor) -> list[Row]:
    return [_row(one, actor, clock.now()) for one in found]


def counts(*, actor: Actor) -> dict[str, int]:
    """Of the usual views: mine, unassigned, open, overdue, waiting."""
    found = Conversation.objects.filter(last_seq__gt=0, merged_into=None, state__in=LIVE)
    return {
        "mine": found.filter(assignee__ref=actor.ref).count(),
        "unassigned": found.filter(assignee=None).count(),
        "open": found.filter(state="open").count(),
        "waiting": found.filter(state="waiting").count(),
        "overdue": found.filter(overdue(clock.now())).count(),
    }


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
