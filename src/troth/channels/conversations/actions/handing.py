"""Who has a conversation: whoever takes it, or by turns."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db.models import Count, F, Q

from troth.channels.conversations import reading
from troth.channels.conversations.actions.changing import (
    ANSWER,
    changed,
    held,
    member_who_acts,
)
from troth.channels.conversations.models import Conversation, Queue, QueueMember
from troth.channels.conversations.refusals import NotYoursDenied
from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.staff import grants
from troth.core.staff.models import Membership, Role
from troth.kit.live import bus

AWAY: Final = timedelta(seconds=60)
LIVE: Final = ("open", "waiting", "hold")


@action
def take(conversation: Conversation, *, actor: Actor, revision: int | None = None) -> Conversation:
    """Take it oneself: its bodies open from now on. `StaleDenied` if a colleague was quicker, and
    `NotYoursDenied` where it is a colleague's, or over.
    """
    actor.needs(ANSWER)
    member = member_who_acts(actor)
    found = held(conversation, revision)
    if found.assignee_id == member.pk:
        return found
    may_move(found, actor=actor, to=member)
    return give(found, member, actor=actor, did="taken")


def may_move(found: Conversation, *, actor: Actor, to: Membership | None = None) -> None:
    """Raise `NotYoursDenied` unless the actor may have it moved (to somebody).

    Whoever has a conversation reads it. One that waits for somebody is anybody's to take. What a
    colleague has, or what is over, is moved by them, under a grant, or by who gives grants, and by
    those not to themselves: to read it they need a ground too, which the person sees. Who tries to
    have it themselves tries to read it: that is on the ledger.
    """
    free = found.assignee_id is None and found.state != Conversation.State.CLOSED
    if free or actor.kind == "system":
        return
    me = member_who_acts(actor)
    if found.assignee_id == me.pk or grants.in_force([found.pk]).filter(member=me).exists():
        return
    if Role.Ability.GRANTS_GIVE in actor.abilities and to != me:
        return
    what = "This conversation is not yours to take."
    why = "A colleague has it." if found.assignee_id else "It is over."
    do = "Ask them to hand it to you, or ask for a grant with a ground."
    if to == me:
        raise reading.refusal(found, actor=actor, what=what, why=why, do=do)
    raise NotYoursDenied(what, why=why, do=do)


@action
def release(conversation: Conversation, *, actor: Actor, revision: int | None) -> Conversation:
    """Give it back to its queue, for anybody."""
    actor.needs(ANSWER)
    found = held(conversation, revision)
    may_move(found, actor=actor)
    found.assignee = None
    return changed(found, ["assignee"], actor=actor, did="released")


@action
def distribute(queue: Queue, *, actor: Actor) -> int:
    """Give what waits in a queue by turns to who is there and has room; returns how many."""
    if not queue.round_robin:
        return 0
    waiting = Conversation.objects.filter(
        queue=queue, assignee=None, state="open", last_seq__gt=0, merged_into=None
    ).order_by("-priority", "opened_at")
    return sum(_by_turn(held(one), queue, actor=actor) for one in waiting[:100])


def hand_out(conversation: Conversation, *, actor: Actor) -> Conversation:
    """Give it to whose turn it is, where its queue goes by turns. What nobody has written into
    waits for its first message.
    """
    queue = conversation.queue
    if queue is None or not queue.round_robin or conversation.last_seq == 0:
        return conversation
    found = held(conversation)
    _by_turn(found, queue, actor=actor)
    return found


def _by_turn(conversation: Conversation, queue: Queue, *, actor: Actor) -> bool:
    turn = _whose_turn(queue)
    if turn is None or conversation.assignee_id is not None:
        return False
    turn.last_given_at = clock.now()
    turn.save(update_fields=["last_given_at"])
    give(conversation, turn.member, actor=actor, did="given")
    return True


def _whose_turn(queue: Queue) -> QueueMember | None:
    """Who is there, takes chats, has room, and had one longest ago. All places of the queue are
    held, so that two conversations that come at once do not go to one member.
    """
    now = clock.now()
    places = QueueMember.objects.select_for_update(of=("self",)).filter(queue=queue).order_by("pk")
    there = [
        place.pk
        for place in places.select_related("member__presence").filter(
            member__presence__available=True, member__presence__seen_at__gt=now - AWAY
        )
    ]
    room = Count("member__conversations", filter=Q(member__conversations__state__in=LIVE))
    free = QueueMember.objects.filter(pk__in=there).annotate(has=room).filter(has__lt=queue.most)
    order = F("last_given_at").asc(nulls_first=True)
    return free.select_related("member").order_by(order, "pk").first()


def give(found: Conversation, to: Membership, *, actor: Actor, did: str) -> Conversation:
    """Have a member have it, and tell them. Whether they may is for who asks to have looked at."""
    found.assignee = to
    given = changed(found, ["assignee"], actor=actor, did=did, to=to.ref)
    news = {"kind": "yours", "conversation": str(found.pk)}
    bus.publish(f"member:{to.pk}", news)
    return given
