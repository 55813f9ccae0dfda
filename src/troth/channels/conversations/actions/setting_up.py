"""Setting up the desk: hours, queues, ready-made replies, tags. No word of a person is in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from troth.channels.conversations import acts
from troth.channels.conversations.models import (
    CannedReply,
    Conversation,
    Desk,
    Queue,
    QueueMember,
    Tag,
)
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.errors import Denied, Invalid
from troth.core.ledger.api import record
from troth.core.organisations.scope import current_organisation_id
from troth.core.staff.models import Membership

NEED: Final = "desk.manage"
DAYS: Final = 7


class QueueDenied(Denied):
    """Conversations stand in it."""


class NameInvalid(Invalid):
    """There is one of this name."""


class HoursInvalid(Invalid):
    """A time that cannot be one, or spans that overlap."""


@action
def set_desk(desk: Desk, *, actor: Actor, given: Mapping[str, Any]) -> Desk:
    """Change how the desk answers; `given` holds fields of `Desk`. Raises `HoursInvalid`."""
    actor.needs(NEED)
    for name, value in given.items():
        setattr(desk, name, check_hours(value) if name == "hours" else value)
    desk.save(update_fields=list(given))
    _record(actor, "desk")
    return desk


def check_hours(hours: Mapping[str, Sequence[Sequence[str]]]) -> dict[str, list[list[str]]]:
    """The hours of a week in order; `24:00` may end a day. Raises `HoursInvalid`."""
    found: dict[str, list[list[str]]] = {}
    for day in range(DAYS):
        spans = sorted([str(start), str(end)] for start, end in hours.get(str(day), ()))
        ends = ""
        for start, end in spans:
            if not (_is_time(start) and _is_time(end) and ends <= start < end):
                raise HoursInvalid(
                    "These hours cannot be.",
                    why="Each span begins before it ends, and none overlaps another.",
                    do="Write times as 09:00 and 17:30.",
                )
            ends = end
        if spans:
            found[str(day)] = spans
    return found


def _is_time(text: str) -> bool:
    hour, _, minute = text.partition(":")
    digits = len(text) == 5 and hour.isdecimal() and minute.isdecimal() and text.isascii()  # noqa: PLR2004 - HH:MM
    return digits and (text == "24:00" or (hour < "24" and minute < "60"))


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueGiven:
    """How a queue is to be. Minutes are of the desk's hours; None is no target."""

    name: str
    takes: Sequence[str] = ()
    round_robin: bool = False
    most: int = 5
    first_answer_minutes: int | None = None
    next_answer_minutes: int | None = None
    solve_minutes: int | None = None
    order: int = 0
    members: Sequence[Membership] = ()


@action
def set_queue(queue: Queue | None, *, actor: Actor, given: QueueGiven) -> Queue:
    """Make a queue, or change one and who takes from it. Raises `NameInvalid`."""
    actor.needs(NEED)
    queue = queue or Queue()
    if Queue.objects.filter(name=given.name).exclude(pk=queue.pk).exists():
        raise NameInvalid("There is a queue of this name.", do="Give it another.")
    fields = (
        *("name", "round_robin", "most", "first_answer_minutes", "next_answer_minutes"),
        *("solve_minutes", "order"),
    )
    for name in fields:
        setattr(queue, name, getattr(given, name))
    queue.takes = list(given.takes)
    queue.save()
    wanted = {member.pk: member for member in given.members}
    QueueMember.objects.filter(queue=queue).exclude(member__in=wanted).delete()
    there = set(QueueMember.objects.filter(queue=queue).values_list("member_id", flat=True))
    for pk, member in wanted.items():
        if pk not in there:
            QueueMember.objects.create(queue=queue, member=member)
    _record(actor, "queue")
    return queue


@action
def remove_queue(queue: Queue, *, actor: Actor) -> None:
    """Remove a queue that holds no conversation. Raises `QueueDenied`."""
    actor.needs(NEED)
    if count := Conversation.objects.filter(queue=queue).count():
        raise QueueDenied(
            "Conversations stand in this queue.",
            why=f"There are {count}, also those that are over.",
            do="Move them to another queue first.",
        )
    queue.delete()
    _record(actor, "queue-removed")


@action
def set_canned(reply: CannedReply | None, *, actor: Actor, short: str, text: str) -> CannedReply:
    """Make or change a reply that a slash brings up. Raises `NameInvalid`."""
    actor.needs(NEED)
    reply = reply or CannedReply()
    if CannedReply.objects.filter(short=short).exclude(pk=reply.pk).exists():
        raise NameInvalid("There is a reply under this word.", do="Give it another.")
    reply.short, reply.text = short, text
    reply.save()
    _record(actor, "canned")
    return reply


@action
def remove_canned(reply: CannedReply, *, actor: Actor) -> None:
    """Remove a ready-made reply."""
    actor.needs(NEED)
    reply.delete()
    _record(actor, "canned-removed")


@action
def remove_tag(tag: Tag, *, actor: Actor) -> None:
    """Take a tag off every conversation and forget it."""
    actor.needs(NEED)
    tag.delete()
    _record(actor, "tag-removed")


@action
def rename_tag(tag: Tag, *, actor: Actor, name: str) -> Tag:
    """Call a tag something else, everywhere. Raises `NameInvalid`."""
    actor.needs(NEED)
    if Tag.objects.filter(name=name).exclude(pk=tag.pk).exists():
        raise NameInvalid("There is a tag of this name.", do="Give it another.")
    tag.name = name
    tag.save(update_fields=["name"])
    _record(actor, "tag")
    return tag


def _record(actor: Actor, did: str) -> None:
    record(
        act=acts.SET_UP,
        organisation=current_organisation_id(),
        actor=actor,
        detail={"did": did},
    )
