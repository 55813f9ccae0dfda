"""What is done now and then for every desk: turns, targets, chats that stand still, what has to go.

Each function works in the organisation in scope, does a bounded amount, and returns how much, so
that it can be called until nothing is left.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce, Greatest

from troth.channels.conversations.actions.changing import held, named, tell
from troth.channels.conversations.actions.handing import AWAY, distribute
from troth.channels.conversations.actions.securing import end_secure_forms
from troth.channels.conversations.actions.settling import OVER, close
from troth.channels.conversations.mailing import acts as mail_acts
from troth.channels.conversations.models import (
    Conversation,
    Event,
    Presence,
    Queue,
    RawMail,
    SecureForm,
)
from troth.channels.conversations.queries.inbox import overdue
from troth.channels.conversations.targets import due_at
from troth.core import clock
from troth.core.actors import Actor
from troth.core.ids import row_id
from troth.kit.live import bus

WORKER: Final = Actor.system("desk")
BATCH: Final = 100
LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)
LEFT: Final = timedelta(minutes=30)  # after an answer, a visitor who says nothing has gone
FORGOTTEN: Final = timedelta(hours=24)  # a chat that nobody answered
STUCK: Final = timedelta(days=90)  # a mail that nobody has decided about


def hand_out() -> int:
    """Give what waits to whose turn it is, where somebody is there. Returns how many."""
    there = Presence.objects.filter(available=True, seen_at__gt=clock.now() - AWAY)
    if not there.exists():
        return 0
    queues = Queue.objects.filter(round_robin=True)
    waits = Conversation.objects.filter(
        queue=OuterRef("pk"), assignee=None, state="open", last_seq__gt=0
    )
    return sum(distribute(queue, actor=WORKER) for queue in queues.filter(Exists(waits)))


def note_overdue() -> int:
    """Note each target that was missed, once, and tell who has to know. Returns how many."""
    now = clock.now()
    late = Conversation.objects.filter(overdue(now), merged_into=None).exclude(state__in=OVER)
    told = Event.objects.filter(conversation=OuterRef("pk"), did="overdue")
    answered = Q(first_answer_at__isnull=False)
    since = Greatest(
        _missed("next_answer_due_at", now),
        _missed("solve_due_at", now),
        Case(When(answered, then=Value(LONG_AGO)), default=_missed("first_answer_due_at", now)),
    )
    told = told.filter(happened_at__gte=OuterRef("since"))
    late = late.annotate(since=since).filter(~Exists(told))
    done = 0
    for one in late.select_related("assignee")[:BATCH]:
        due = due_at(one)
        with transaction.atomic():
            Event.objects.create(
                id=row_id(),
                conversation=one,
                actor=named(WORKER),
                did="overdue",
                detail={"due": due.isoformat() if due else ""},
                happened_at=now,
            )
            tell(one, kind="overdue")
            if one.assignee_id is not None:
                news = {"kind": "overdue", "conversation": str(one.pk)}
                bus.publish(f"member:{one.assignee_id}", news)
        done += 1
    return done


def _missed(due: str, now: datetime) -> Any:
    """A target's moment if it has passed."""
    return Case(When(**{f"{due}__lte": now, "then": F(due)}), default=Value(LONG_AGO))


def close_idle() -> int:
    """End chats that stand still: the visitor has gone, or nobody ever answered. Returns how many.

    A chat left without an answer stays in the lists for a day; one with an address can be made a
    ticket until then.
    """
    now = clock.now()
    last = Greatest(
        Coalesce("person_last_at", "opened_at"), Coalesce("staff_last_at", "opened_at"), "opened_at"
    )
    chats = Conversation.objects.filter(way=Conversation.Way.CHAT).annotate(last=last)
    gone = Q(state=Conversation.State.WAITING, last__lt=now - LEFT)
    forgotten = Q(state__in=("open", "hold"), last__lt=now - FORGOTTEN)
    idle = list(chats.filter(gone | forgotten).order_by("changed_at")[:BATCH])
    for chat in idle:
        close(chat, actor=WORKER)
    return len(idle)


def end_forms() -> int:
    """End secure forms of chats that are over, or go on by mail. Returns how many chats had any."""
    over = Q(conversation__state__in=OVER) | ~Q(conversation__way=Conversation.Way.CHAT)
    ids = SecureForm.objects.filter(over, gone_at=None).values_list("conversation_id", flat=True)
    found = list(ids.order_by().distinct()[:BATCH])
    for one in found:
        with transaction.atomic():
            end_secure_forms(held(one), actor=WORKER)
    return len(found)


def forget_stuck() -> int:
    """Throw away mails that nobody has decided about for a season: held, or in quarantine."""
    stuck = RawMail.objects.filter(
        state__in=(RawMail.State.HELD, RawMail.State.QUARANTINE), came_at__lt=clock.now() - STUCK
    )
    found = list(stuck.defer("content")[:BATCH])
    if not found:
        return 0
    with transaction.atomic():
        for raw in found:
            raw.delete()  # its key goes with it, see `rights`
        mail_acts.lapsed(len(found), actor=WORKER)
    return len(found)
